#include "protocols/report/rules.hpp"

#include <algorithm>
#include <array>

#include "protocols/report/titles.hpp"

namespace demat::report {
namespace {

namespace json = boost::json;

struct LevelWords {
  std::string_view word;
  std::string_view fr;
  std::string_view en;
};

/// What Hélios turns down (helios 4.6).
constexpr std::array<LevelWords, 6> level_words{
    {{"flux", "le flux : Hélios le refuse en entier", "the flow: Hélios refuses all of it"},
     {"bordereau", "le bordereau : Hélios le rejette, le reste du flux passe",
      "the bordereau: Hélios rejects it, the rest of the flow passes"},
     {"piece", "la pièce : Hélios la rejette, le reste du bordereau peut passer",
      "the pièce: Hélios rejects it, the rest of the bordereau may pass"},
     {"pj", "la pièce justificative : Hélios la rejette", "the attachment: Hélios rejects it"},
     {"facture", "la facture : Hélios la rejette", "the invoice: Hélios rejects it"},
     {"marche", "le marché : Hélios le rejette", "the contract: Hélios rejects it"}}};

json::object words_json(std::string_view fr, std::string_view en) {
  return {{"fr", fr}, {"en", en}};
}

std::string text_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Words words_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_object()) return {};
  return {text_at(value->get_object(), "fr"), text_at(value->get_object(), "en")};
}

Words level_at(const json::object& rule) {
  const auto word = text_at(rule, "level");
  const auto* found = std::ranges::find(level_words, word, &LevelWords::word);
  if (found == level_words.end()) return {word, word};
  return {std::string(found->fr), std::string(found->en)};
}

Words weight_words(std::string_view word) {
  if (word == "error") return {"erreur : le flux est refusé", "error: the flow is refused"};
  if (word == "warning") return {"avertissement : le flux part", "warning: the flow leaves"};
  if (word == "info") return {"information : le flux part", "info: the flow leaves"};
  return {"éteinte : la règle n'est pas regardée", "off: the rule is not looked at"};
}

Words severity_at(const json::object& rule) {
  const auto word = text_at(rule, "severity");
  const auto usual = text_at(rule, "default_severity");
  auto out = weight_words(word);
  if (word != usual) {
    out.fr += " (réglage ; sinon " + weight_words(usual).fr + ")";
    out.en += " (configured; else " + weight_words(usual).en + ")";
  }
  return out;
}

Words versions_at(const json::object& rule) {
  const auto since = text_at(rule, "since");
  const auto until = text_at(rule, "until");
  if (since.empty() && until.empty()) return {};
  Words out;
  if (!since.empty()) out = {"depuis " + since, "since " + since};
  if (!until.empty()) {
    out.fr += (out.fr.empty() ? "" : ", ") + ("jusqu'à " + until);
    out.en += (out.en.empty() ? "" : ", ") + ("until " + until);
  }
  return out;
}

class Lines {
 public:
  explicit Lines(Language language) : language_(language) {}
  void add(const Words& label, const Words& words) {
    const auto& first = language_ == Language::english ? words.en : words.fr;
    if (first.empty()) return;
    const auto& name = language_ == Language::english ? label.en : label.fr;
    out_ += "  " + name + " : " + plain(first) + "\n";
    if (language_ == Language::both && words.en != words.fr) out_ += "      en: " + plain(words.en) + "\n";
  }
  std::string out_;

 private:
  Language language_;
};

}  // namespace

std::string_view domain_of(const rules::RuleInfo& rule) {
  static constexpr std::array<std::string_view, 8> domains{"depense", "recette", "tiers",   "banque",
                                                           "adresse", "pj",      "facture", "marche"};
  const auto first = std::min(rule.code.find('.'), rule.code.size() - 1);
  const auto rest = rule.code.substr(first + 1);
  const auto word = rest.substr(0, std::min(rest.find('.'), rest.size()));
  if (std::ranges::find(domains, word) != domains.end()) return word;
  const auto level = rules::to_string(rule.level);
  return std::ranges::find(domains, level) != domains.end() ? level : std::string_view("commun");
}

json::object to_json(const rules::RuleInfo& rule, std::optional<Severity> severity, bool configured) {
  json::object out{{"code", rule.code},
                   {"name", rule.name},
                   {"domain", domain_of(rule)},
                   {"level", rules::to_string(rule.level)},
                   {"severity", severity ? to_string(*severity) : "off"},
                   {"default_severity", to_string(rule.severity)},
                   {"configured", configured},
                   {"source", rule.source},
                   {"title", words_json(rule.title_fr, rule.title_en)},
                   {"message", words_json(rule.fr, rule.en)},
                   {"remedy", words_json(rule.remedy_fr, rule.remedy_en)}};
  if (!rule.since.empty()) out["since"] = rule.since;
  if (!rule.until.empty()) out["until"] = rule.until;
  return out;
}

std::string explain(const json::object& rule, const TextStyle& style) {
  const auto name = text_at(rule, "name");
  const auto code = text_at(rule, "code");
  const auto title = words_at(rule, "title");
  const std::string_view bold = style.colour ? "\x1b[1m" : "";
  const std::string_view end = style.colour ? "\x1b[0m" : "";
  std::string out(bold);
  out += plain(name == code ? code : name + "  " + code) + std::string(end) + "\n\n";
  const auto& first = style.language == Language::english ? title.en : title.fr;
  out += "  " + plain(first) + "\n";
  if (style.language == Language::both) out += "      en: " + plain(title.en) + "\n";
  out += "\n";
  Lines lines(style.language);
  lines.add({"en défaut", "turned down"}, level_at(rule));
  lines.add({"gravité", "severity"}, severity_at(rule));
  lines.add({"message", "message"}, words_at(rule, "message"));
  lines.add({"à faire", "to do"}, words_at(rule, "remedy"));
  lines.add({"versions", "versions"}, versions_at(rule));
  const auto source = text_at(rule, "source");
  lines.add({"source", "source"}, {source, source});
  return out + lines.out_;
}

}  // namespace demat::report
