#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace demat::pages {

struct OptionInfo {
  std::vector<std::string> names;  ///< "--url", "-c"; one name without dashes for a positional
  std::string help;
  bool positional = false;
  bool takes_value = false;
  bool required = false;
  bool repeats = false;              ///< more than one value
  std::vector<std::string> choices;  ///< when only these are allowed
};

struct CommandInfo {
  std::vector<std::string> path;  ///< "returns", "list"; empty: the program itself
  std::string help;
  std::vector<OptionInfo> options;
  std::vector<std::string> subcommands;
};

struct ProgramInfo {
  std::string name;
  std::string footer;
  std::vector<CommandInfo> commands;  ///< the program itself first, then depth first
};

/// What a command line offers. `name`: of the program, when the app has none.
[[nodiscard]] ProgramInfo describe(const CLI::App& app, const std::string& name);

}  // namespace demat::pages
