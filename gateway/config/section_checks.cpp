#include "gateway/config/section_checks.hpp"

#include <utility>

#include "gateway/config/secret_file.hpp"

namespace demat::config {

Section::Section(std::string name, const SectionLines& lines, Complaints& complaints)
    : name_(std::move(name)), complaints_(complaints) {
  const auto found = lines.find(name_);
  line_ = found == lines.end() ? 0 : found->second;
}

void Section::complain(std::string_view code, std::string_view key, std::string_view fr,
                       std::string_view en) {
  const std::string full = name_.empty() ? std::string(key) : name_ + "." + std::string(key);
  complaints_.add(code, KeyPlace{full, line_}, fr, en);
}

void Section::require(bool present, std::string_view key, std::string_view why_fr, std::string_view why_en) {
  if (!present)
    complain("config.missing", key, "manque : " + std::string(why_fr), "missing: " + std::string(why_en));
}

void Section::file(const std::filesystem::path& file, std::string_view key) {
  std::error_code error;
  if (!file.empty() && !std::filesystem::is_regular_file(file, error))
    complain("config.file", key, "fichier absent : " + file.string(), "no such file: " + file.string());
}

void Section::private_key(const std::filesystem::path& key_file, std::string_view key) {
  file(key_file, key);
  if (!key_file.empty() && open_to_others(key_file)) {
    complain("config.secret_mode", key,
             "tous peuvent lire cette clé ; faites : chmod 600 " + key_file.string(),
             "everybody may read this key; run: chmod 600 " + key_file.string());
  }
}

}  // namespace demat::config
