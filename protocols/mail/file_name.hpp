#pragma once

#include <string_view>

namespace demat::mail {

/// The usual extension of a media type, with its dot: ".pdf"; ".bin" when unknown.
[[nodiscard]] std::string_view usual_extension(std::string_view media_type);

}  // namespace demat::mail
