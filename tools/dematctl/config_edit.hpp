#pragma once

#include <string>
#include <string_view>

namespace demat::ctl {

/// The TOML text with `protocol = "version"` in its section [schemas], every other line as it was, comments
/// included; the section is added at the end when there is none.
[[nodiscard]] std::string with_schema_version(std::string_view toml, std::string_view protocol,
                                              std::string_view version);

}  // namespace demat::ctl
