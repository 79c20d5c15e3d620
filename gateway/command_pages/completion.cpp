#include "gateway/command_pages/completion.hpp"

#include <algorithm>

namespace demat::pages {
namespace {

std::string path_text(const CommandInfo& command) {
  std::string out;
  for (const auto& word : command.path)
    out += "/" + word;
  return out;
}

/// The program's own options are understood after every command.
std::vector<OptionInfo> options_of(const ProgramInfo& program, const CommandInfo& command) {
  auto out = command.options;
  if (!command.path.empty())
    for (const auto& option : program.commands.front().options)
      if (std::ranges::none_of(out, [&](const auto& own) { return own.names == option.names; }))
        out.push_back(option);
  std::erase_if(out, [](const auto& option) { return option.positional; });
  return out;
}

std::string words_of(const ProgramInfo& program, const CommandInfo& command) {
  std::string out;
  for (const auto& sub : command.subcommands)
    out += sub + " ";
  for (const auto& option : options_of(program, command))
    for (const auto& name : option.names)
      out += name + " ";
  return out;
}

/// "path option) ... ;;" lines for the options of all commands that `use` gives something for.
template <class Use>
std::string cases(const ProgramInfo& program, Use use) {
  std::string out;
  for (const auto& command : program.commands)
    for (const auto& option : options_of(program, command)) {
      const std::string done = use(option);
      if (done.empty()) continue;
      for (const auto& name : option.names)
        out += "      '" + path_text(command) + " " + name + "') " + done + " ;;\n";
    }
  return out;
}

std::string steps(const ProgramInfo& program) {
  std::string out;
  for (const auto& command : program.commands)
    for (const auto& sub : command.subcommands)
      out += "      '" + path_text(command) + " " + sub + "') path='" + path_text(command) + "/" + sub +
             "' ;;\n";
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words)
    out += (out.empty() ? "" : " ") + word;
  return out;
}

/// For a fish string in single quotes.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

}  // namespace

std::string bash_completion(const ProgramInfo& program) {
  const std::string& name = program.name;
  std::string out = "# bash completion for " + name + ", made by \"" + name + " completion bash\"\n_" + name +
                    "() {\n  local cur=${COMP_WORDS[COMP_CWORD]} path='' word='' takes='' words='' i\n"
                    "  for ((i = 1; i < COMP_CWORD; i++)); do\n    word=${COMP_WORDS[i]}\n"
                    "    if [ -n \"$takes\" ]; then takes=''; continue; fi\n"
                    "    case \"$path $word\" in\n";
  out += steps(program);
  out += cases(program, [](const OptionInfo& option) {
    return option.takes_value ? std::string("takes=yes") : std::string();
  });
  out += "    esac\n  done\n  if [ -n \"$takes\" ]; then\n    case \"$path $word\" in\n";
  out += cases(program, [](const OptionInfo& option) {
    return option.choices.empty() ? std::string() : "words='" + joined(option.choices) + "'";
  });
  out += "      *) words='' ;;\n    esac\n  else\n    case \"$path\" in\n";
  for (const auto& command : program.commands)
    out += "      '" + path_text(command) + "') words='" + words_of(program, command) + "' ;;\n";
  out +=
      "    esac\n  fi\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n}\n"
      "complete -o default -F _" +
      name + " " + name + "\n";
  return out;
}

std::string zsh_completion(const ProgramInfo& program) {
  std::string script = bash_completion(program);
  // zsh has no mapfile; word splitting is what compgen's lines need.
  const std::string read = "mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")";
  script.replace(script.find(read), read.size(), "COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))");
  return "#compdef " + program.name + "\nautoload -U +X bashcompinit && bashcompinit\n" + script;
}

std::string fish_completion(const ProgramInfo& program) {
  std::string out = "# fish completion for " + program.name + "\n";
  for (const auto& command : program.commands) {
    std::string when = "__fish_use_subcommand";
    if (!command.path.empty()) {
      when = "__fish_seen_subcommand_from " + command.path.front();
      if (command.path.size() > 1) when += "; and __fish_seen_subcommand_from " + command.path.back();
    }
    const std::string line = "complete -c " + program.name + " -n " + quoted(when);
    for (const auto& sub : command.subcommands)
      out += line + " -f -a " + sub + "\n";
    for (const auto& option : command.options) {
      if (option.positional) continue;
      out += line;
      for (const auto& name : option.names)
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (option.takes_value) out += " -r";
      if (!option.choices.empty()) out += " -f -a " + quoted(joined(option.choices));
      out += " -d " + quoted(option.help) + "\n";
    }
  }
  return out;
}

}  // namespace demat::pages
