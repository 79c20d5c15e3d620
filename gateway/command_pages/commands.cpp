#include "gateway/command_pages/commands.hpp"

#include <CLI/CLI.hpp>

namespace demat::pages {
namespace {

/// CLI11 tells allowed words only inside the name of the type: "TEXT:{sent,not-sent}".
std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const auto open = type.find('{');
  const auto close = type.find('}');
  std::vector<std::string> out;
  if (open == std::string::npos || close == std::string::npos) return out;
  for (auto begin = open + 1; begin < close;) {
    const auto end = std::min(type.find(',', begin), close);
    out.push_back(type.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

OptionInfo option_info(const CLI::Option& option) {
  OptionInfo info;
  info.positional = option.get_positional();
  if (info.positional) info.names.push_back(option.get_name(true));
  for (const auto& name : option.get_lnames())
    info.names.push_back("--" + name);
  for (const auto& name : option.get_snames())
    info.names.push_back("-" + name);
  info.help = option.get_description();
  info.takes_value = option.get_items_expected_max() > 0;
  info.required = option.get_required();
  info.repeats = option.get_items_expected_max() > 1;
  info.choices = choices_of(option);
  return info;
}

void add(const CLI::App& app, std::vector<std::string> path, std::vector<CommandInfo>& into) {
  CommandInfo info;
  info.path = path;
  info.help = app.get_description();
  for (const auto* option : app.get_options())
    info.options.push_back(option_info(*option));
  const auto subs = app.get_subcommands([](const CLI::App* sub) { return !sub->get_group().empty(); });
  for (const auto* sub : subs)
    info.subcommands.push_back(sub->get_name());
  into.push_back(std::move(info));
  for (const auto* sub : subs) {
    auto deeper = path;
    deeper.push_back(sub->get_name());
    add(*sub, std::move(deeper), into);
  }
}

}  // namespace

ProgramInfo describe(const CLI::App& app, const std::string& name) {
  ProgramInfo info;
  info.name = name;
  info.footer = app.get_footer();
  add(app, {}, info.commands);
  return info;
}

}  // namespace demat::pages
