#pragma once

#include <string_view>
#include <vector>

#include "gateway/transport/peer.hpp"

/// Readers of what FTP servers answer to a listing. Names come out by listed_name(); sub-directories are left
/// out; unsafe names stay in, for the caller to report (fetch() refuses them).
namespace demat::transport {

/// MLSD (RFC 3659 §7): one "fact=value;… name" per line.
[[nodiscard]] std::vector<RemoteFile> parse_mlsd(std::string_view text, std::string_view directory);

/// LIST in the Unix and the DOS shape. Nothing when a line has neither: ask with NLST then.
[[nodiscard]] std::optional<std::vector<RemoteFile>> parse_list(std::string_view text,
                                                                std::string_view directory);

/// NLST: one name per line, sizes unknown (0).
[[nodiscard]] std::vector<RemoteFile> parse_nlst(std::string_view text, std::string_view directory);

}  // namespace demat::transport
