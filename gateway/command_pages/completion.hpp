#pragma once

#include <string>

#include "gateway/command_pages/commands.hpp"

namespace demat::pages {

/// A script for bash. Where nothing of the program fits, file names are offered.
[[nodiscard]] std::string bash_completion(const ProgramInfo& program);
/// The same for zsh, through its emulation of bash's completion.
[[nodiscard]] std::string zsh_completion(const ProgramInfo& program);
[[nodiscard]] std::string fish_completion(const ProgramInfo& program);

}  // namespace demat::pages
