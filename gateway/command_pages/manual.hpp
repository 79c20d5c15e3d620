#pragma once

#include <string>
#include <vector>

#include "gateway/command_pages/commands.hpp"

namespace demat::pages {

struct ManualText {
  int section = 1;
  std::string version;
  std::string summary;  ///< one line for whatis(1)
  /// Further parts after the commands: title and text, whose empty lines part paragraphs.
  std::vector<std::pair<std::string, std::string>> parts;
  std::vector<std::string> see_also;  ///< "dematd(8)"
};

/// The page in troff (man(7)).
[[nodiscard]] std::string manual(const ProgramInfo& program, const ManualText& text);

/// A configuration file's page from its commented sample: sections, keys, and the words beside them.
[[nodiscard]] std::string file_manual(const std::string& name, const std::string& sample,
                                      const ManualText& text);

/// Text as troff shows it: no request, no escape is seen in it.
[[nodiscard]] std::string troff(std::string_view text);

}  // namespace demat::pages
