#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace demat::actes {

enum class Media : std::uint8_t { other, pdf, jpeg, png, xml };

/// What the first bytes of a file say it is, whatever its name says (actes 2.3, 4.2). 512 bytes are enough.
inline constexpr std::size_t media_window = 512;
[[nodiscard]] Media sniff(std::string_view first_bytes);

/// "application/pdf"; "application/octet-stream" for other.
[[nodiscard]] std::string_view mime_type(Media media);
/// "pdf"; "bin" for other.
[[nodiscard]] std::string_view extension(Media media);
[[nodiscard]] std::optional<Media> media_of_mime(std::string_view mime);

}  // namespace demat::actes
