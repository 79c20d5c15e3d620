#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/transport/peer.hpp"
#include "protocols/base/result.hpp"

/// Names and parameters that cross the border: what may leave, and what a listing may bring in (helios B6).
namespace demat::transport {

/// True for a plain file name: 1 to 255 bytes, not "." nor "..", no '/', no control character. Only such
/// names are fetched, deposited or removed.
[[nodiscard]] bool safe_name(std::string_view name);

/// The name while bytes are still on their way (stack N5): ".name.part". Stable, so a listing decides.
[[nodiscard]] std::string temporary_name(std::string_view name);

/// The directory without trailing slashes; "" for ".", "./" and "": the login directory. "/" stays.
[[nodiscard]] std::string plain_directory(std::string_view directory);

/// `directory` + "/" + `name`.
[[nodiscard]] std::string join_path(std::string_view directory, std::string_view name);

/// The listed name without the path some servers put before it (helios B6); nothing for "." and ".." and for
/// what lies in a sub-directory.
[[nodiscard]] std::optional<std::string> listed_name(std::string_view listed, std::string_view directory);

/// True for dot-files: the peer is still writing them, they are no returns yet.
[[nodiscard]] bool hidden(std::string_view name);

/// What a listing of the send directory tells of a deposit (stack N5): the final name counts with
/// `expected_size` only.
[[nodiscard]] Presence presence(const std::vector<RemoteFile>& files, std::string_view remote_name,
                                std::uint64_t expected_size);

/// Checks what a put is about to send: remote name safe, parameters without control characters and without
/// ';' when `in_meta`, none empty (rigs §1: libcurl does not filter CR/LF). Error: `transport.bad_parameter`.
[[nodiscard]] Status check_request(std::string_view destination, const PutRequest& request,
                                   bool with_parameters, bool in_meta);

}  // namespace demat::transport
