#pragma once

#include <string>
#include <string_view>

namespace demat::mail {

/// A name to show and to offer for download, from what a mail calls an attachment: the last part of any path,
/// without controls, invisible characters or leading dots, at most max_safe_name bytes with its extension
/// kept. `fallback` when nothing is left. UTF-8 in and out. Thread-safe.
[[nodiscard]] std::string safe_file_name(std::string_view name, std::string_view fallback);

/// The usual extension of a media type, with its dot: ".pdf"; ".bin" when unknown.
[[nodiscard]] std::string_view usual_extension(std::string_view media_type);

}  // namespace demat::mail
