#include "gateway/command_pages/manual.hpp"

#include <sstream>

namespace demat::pages {
namespace {

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += between;
    out += word;
  }
  return out;
}

std::string heading(const std::string& name, const ManualText& text) {
  return ".TH " + upper(name) + " " + std::to_string(text.section) + " \"\" \"dematd " + troff(text.version) +
         "\" \"dematd\"\n.SH NAME\n" + troff(name) + " \\- " + troff(text.summary) + "\n";
}

std::string value_of(const OptionInfo& option) {
  if (!option.takes_value) return {};
  const std::string value = option.choices.empty() ? "VALUE" : joined(option.choices, "|");
  return " \\fI" + troff(value) + "\\fR" + (option.repeats ? " ..." : "");
}

std::string positional_text(const OptionInfo& option) {
  const std::string name = "\\fI" + troff(option.names.front()) + "\\fR" + (option.repeats ? " ..." : "");
  return option.required ? name : "[" + name + "]";
}

std::string synopsis(const ProgramInfo& program, const CommandInfo& command) {
  std::string out = "\\fB" + troff(program.name);
  for (const auto& word : command.path)
    out += " " + troff(word);
  out += "\\fR";
  for (const auto& option : command.options)
    if (option.required && !option.positional)
      out += " \\fB" + troff(option.names.front()) + "\\fR" + value_of(option);
  for (const auto& option : command.options)
    if (option.positional) out += " " + positional_text(option);
  return out;
}

std::string options_text(const CommandInfo& command) {
  std::string out;
  for (const auto& option : command.options) {
    if (option.positional && option.help.empty()) continue;
    out += ".TP\n\\fB" + troff(joined(option.names, ", ")) + "\\fR" +
           (option.positional ? std::string() : value_of(option)) + "\n" + troff(option.help) + "\n";
  }
  return out;
}

std::string commands_text(const ProgramInfo& program) {
  std::string out;
  for (const auto& command : program.commands) {
    if (command.path.empty() || !command.subcommands.empty()) continue;
    out += ".SS " + troff(joined(command.path, " ")) + "\n" + synopsis(program, command) + "\n.PP\n" +
           troff(command.help) + "\n" + options_text(command);
  }
  return out;
}

/// Lines that begin with a blank keep their shape.
std::string literal(const std::string& text) {
  return ".nf\n" + troff(text) + "\n.fi\n";
}

std::string parts_text(const ManualText& text) {
  std::string out;
  for (const auto& [title, body] : text.parts)
    out += ".SH " + troff(title) + "\n" + literal(body);
  if (!text.see_also.empty()) out += ".SH SEE ALSO\n" + troff(joined(text.see_also, ", ")) + "\n";
  return out;
}

}  // namespace

std::string troff(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    line_begins = c == '\n';
  }
  return out;
}

std::string manual(const ProgramInfo& program, const ManualText& text) {
  std::string out = heading(program.name, text);
  const auto& top = program.commands.front();
  out += ".SH SYNOPSIS\n\\fB" + troff(program.name) + "\\fR [\\fIOPTIONS\\fR] \\fICOMMAND\\fR ...\n";
  out += ".SH DESCRIPTION\n" + troff(top.help) + "\n";
  out += ".SH OPTIONS\n" + options_text(top);
  out += ".SH COMMANDS\n" + commands_text(program);
  if (!program.footer.empty()) out += ".SH NOTES\n" + literal(program.footer);
  return out + parts_text(text);
}

std::string file_manual(const std::string& name, const std::string& sample, const ManualText& text) {
  std::string out = heading(name, text) + ".SH DESCRIPTION\n";
  std::istringstream lines(sample);
  bool shaped = false;
  const auto shape = [&](bool wanted) {
    if (wanted != shaped) out += wanted ? ".nf\n" : ".fi\n";
    shaped = wanted;
  };
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('[')) {
      shape(false);
      out += ".SH \"" + troff(line) + "\"\n";
      continue;
    }
    shape(true);
    out += troff(line) + "\n";
  }
  shape(false);
  return out + parts_text(text);
}

}  // namespace demat::pages
