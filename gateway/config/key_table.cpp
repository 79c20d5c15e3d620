#include "gateway/config/key_table.hpp"

#include <cctype>

namespace demat::config {

bool Context::is_credential(const std::filesystem::path& file) const {
  return !credentials.empty() && file.parent_path() == credentials;
}

std::filesystem::path Context::locate(const std::string& given) const {
  const std::filesystem::path path(given);
  std::error_code error;
  if (!credentials.empty() && !path.has_parent_path() && std::filesystem::exists(credentials / path, error))
    return credentials / path;
  return folder / path;
}

/// systemd guards its credentials itself, by access lists that look like a group's right to read.
Result<std::string> read_secret(const Context& context, const std::string& given) {
  const auto file = context.locate(given);
  return read_secret_file(file, context.is_credential(file));
}

void complain_type(Context& context, const KeyPlace& place, std::string_view wanted_fr,
                   std::string_view wanted_en) {
  context.complaints.add("config.type", place, "il faut " + std::string(wanted_fr),
                         "must be " + std::string(wanted_en));
}

void complain_range(Context& context, const KeyPlace& place, const std::string& low,
                    const std::string& high) {
  context.complaints.add("config.range", place, "il faut une valeur de " + low + " à " + high,
                         "must be from " + low + " to " + high);
}

void complain_choice(Context& context, const KeyPlace& place, const std::string& given,
                     std::span<const std::string_view> allowed) {
  std::string list;
  for (const std::string_view word : allowed)
    list += (list.empty() ? "\"" : ", \"") + std::string(word) + "\"";
  context.complaints.add("config.range", place, "« " + given + " » n'est pas admis ; choix : " + list,
                         "\"" + given + "\" is not allowed; choices: " + list);
}

void complain_unknown(Context& context, const KeyPlace& place, std::string_view name,
                      std::span<const std::string_view> known) {
  const std::string meant = nearest(name, known);
  if (meant.empty()) {
    context.complaints.add("config.unknown_key", place, "nom inconnu", "unknown name");
    return;
  }
  context.complaints.add("config.unknown_key", place, "nom inconnu ; vouliez-vous dire « " + meant + " » ?",
                         "unknown name; did you mean \"" + meant + "\"?");
}

std::string environment_name(std::string_view section, std::string_view key) {
  std::string name = "DEMAT_";
  const auto append = [&name](std::string_view part) {
    for (const char c : part) {
      const auto byte = static_cast<unsigned char>(c);
      name += std::isalnum(byte) != 0 ? static_cast<char>(std::toupper(byte)) : '_';
    }
  };
  append(section);
  if (!section.empty()) name += '_';
  append(key);
  return name;
}

}  // namespace demat::config
