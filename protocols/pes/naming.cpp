#include "protocols/pes/naming.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace demat::pes {
namespace {

constexpr std::array known_placeholders{
    std::string_view{"CodCol"}, std::string_view{"IdPost"},  std::string_view{"CodBud"},
    std::string_view{"TypFic"}, std::string_view{"NomFic"},  std::string_view{"Siren"},
    std::string_view{"Siret"},  std::string_view{"yymmdd"},  std::string_view{"NNN"},
    std::string_view{"P_DEST"}, std::string_view{"P_APPLI"}, std::string_view{"P_MSG"},
    std::string_view{"sha1"},
};

bool is_known(std::string_view name) {
  return std::find(known_placeholders.begin(), known_placeholders.end(), name) != known_placeholders.end();
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}

Error naming_error(std::string_view code, const std::string& fr, const std::string& en) {
  return permanent_error(code, fr, en);
}

Error unbalanced(std::string_view text) {
  const std::string shown(text);
  return naming_error(
      "naming.unbalanced",
      "Le modèle de nom « " + shown + " » a une accolade sans sa pareille : corrigez la configuration.",
      "The name template '" + shown + "' has a brace without its match: correct the configuration.");
}

Error unknown(std::string_view name) {
  const std::string shown(name);
  return naming_error(
      "naming.unknown_placeholder",
      "Le modèle de nom emploie {" + shown + "}, qui n'existe pas : corrigez la configuration.",
      "The name template uses {" + shown + "}, which does not exist: correct the configuration.");
}

Error missing(std::string_view name) {
  const std::string shown(name);
  return naming_error(
      "naming.missing_value",
      "La valeur de {" + shown + "} manque : le nom ou le paramètre d'envoi ne peut être formé.",
      "The value of {" + shown + "} is missing: the name or parameter cannot be formed.");
}

Error unsafe(std::string_view name) {
  const std::string shown(name);
  return naming_error(
      "naming.unsafe",
      "La valeur de {" + shown + "} contient un caractère interdit dans un nom ou un paramètre d'envoi.",
      "The value of {" + shown + "} has a character that a name or a parameter must not have.");
}

/// Control characters would end an FTP command; ';' separates the values of `site meta`; "%%" those of
/// Passtrans SFTP names (helios 3.2, 3.3). A value never brings them, templates do.
bool is_safe(std::string_view value, TemplateUse use) {
  if (std::any_of(value.begin(), value.end(), is_control)) return false;
  if (use == TemplateUse::parameter) return value.find(';') == std::string_view::npos;
  return value.find_first_of("/\\") == std::string_view::npos && value.find("%%") == std::string_view::npos;
}

Result<std::string> value_of(std::string_view name, const TemplateValues& values) {
  const bool counter = name == "NNN";
  const auto found = values.find(counter ? std::string_view{"Counter"} : name);
  if (found == values.end() || found->second.empty()) return failure(missing(name));
  auto value = found->second;
  if (counter && value.size() < 3) value.insert(0, 3 - value.size(), '0');
  return value;
}

/// Splits `text` into literals and placeholder names, in order.
template <class OnLiteral, class OnName>
Status walk(std::string_view text, OnLiteral on_literal, OnName on_name) {
  while (!text.empty()) {
    const auto brace = text.find_first_of("{}");
    if (brace == std::string_view::npos) {
      on_literal(text);
      return {};
    }
    on_literal(text.substr(0, brace));
    const auto end = text.find_first_of("{}", brace + 1);
    if (text[brace] == '}' || end == std::string_view::npos || text[end] == '{')
      return failure(unbalanced(text));
    const auto name = text.substr(brace + 1, end - brace - 1);
    if (!is_known(name)) return failure(unknown(name));
    if (Status status = on_name(name); !status) return status;
    text.remove_prefix(end + 1);
  }
  return {};
}

bool ends_with_no_case(std::string_view text, std::string_view lower_suffix) {
  if (text.size() < lower_suffix.size()) return false;
  text.remove_prefix(text.size() - lower_suffix.size());
  return std::equal(text.begin(), text.end(), lower_suffix.begin(),
                    [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

}  // namespace

Result<std::string> fill_template(std::string_view text, const TemplateValues& values, TemplateUse use) {
  std::string out;
  const auto status = walk(
      text, [&](std::string_view literal) { out += literal; },
      [&](std::string_view name) -> Status {
        auto value = value_of(name, values);
        if (!value) return failure(value.error());
        if (!is_safe(*value, use)) return failure(unsafe(name));
        out += *value;
        return {};
      });
  if (!status) return failure(status.error());
  const bool bad_name = use == TemplateUse::file_name && (out.empty() || out.starts_with('.'));
  if (bad_name) return failure(unsafe(text));
  return out;
}

Status check_template(std::string_view text) {
  if (text.empty() || std::any_of(text.begin(), text.end(), is_control)) return failure(unsafe(text));
  return walk(
      text, [](std::string_view) {}, [](std::string_view) -> Status { return {}; });
}

ReturnName classify_return_name(std::string_view name) {
  constexpr std::size_t longest_name = 255;
  const bool unsafe_characters = name.find_first_of("/\\") != std::string_view::npos ||
                                 std::any_of(name.begin(), name.end(), is_control);
  if (name.empty() || name.size() > longest_name || name.starts_with('.') || unsafe_characters)
    return ReturnName::unsafe;
  if (name.starts_with("PESALR2_")) return ReturnName::echo;
  if (ends_with_no_case(name, ".ocr") || ends_with_no_case(name, ".ocre")) return ReturnName::ocre;
  return ReturnName::fetch;
}

}  // namespace demat::pes
