#pragma once

#include <string>
#include <string_view>

#include "protocols/base/finding.hpp"

/// What things are called in reports. Internal to this folder.
namespace demat::report {

/// Part of a flow that findings stand under: "Dépense, bordereau 12 (2026)"; "Flux" for the flow itself.
[[nodiscard]] Words section_title(const Subject& subject);
/// What it is about within that: "mandat 134, ligne 2"; empty for the section itself.
[[nodiscard]] Words part_title(const Subject& subject);
/// "erreur", "error"
[[nodiscard]] Words severity_word(Severity severity);

/// Valid UTF-8 on one line, without controls or marks that turn the direction of writing: nothing that a
/// document holds may steer a terminal.
[[nodiscard]] std::string plain(std::string_view text);
/// The same for HTML.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace demat::report
