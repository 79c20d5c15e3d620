#pragma once

#include <cstddef>
#include <string_view>

#include "protocols/base/error.hpp"

/// What the two forms of splicing share. Internal to this folder.
namespace demat::xades {

// The very texts that Assembly writes: only our own signatures are taken out.
inline constexpr std::string_view signature_begin = "<ds:Signature xmlns:ds=";
inline constexpr std::string_view signature_end = "</ds:Signature>";

/// The qualified name of the tag whose '<' is at `begin`.
[[nodiscard]] std::string_view tag_name(std::string_view bytes, std::size_t begin);

/// How many bytes two texts share from the start; whole blocks first, which is as fast as memory.
[[nodiscard]] std::size_t common_prefix(std::string_view a, std::string_view b);

[[nodiscard]] Error bytes_changed(std::string_view detail);

}  // namespace demat::xades
