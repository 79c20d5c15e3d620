#include "protocols/marche/decp_writer.hpp"

#include <algorithm>
#include <array>

#include "protocols/marche/labels.hpp"

namespace demat::marche {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out.push_back(c);
  }
  return out;
}

const Words not_carried{"le PES ne la porte pas", "the PES does not carry it"};

constexpr std::array<DecpWord, 7> id_kinds{{{"01", "SIRET"},
                                            {"05", "TVA"},
                                            {"06", "HORS-UE"},
                                            {"07", "TAHITI"},
                                            {"08", "RIDET"},
                                            {"10", "FRWF"},
                                            {"11", "IREP"}}};

constexpr std::array<DecpWord, 7> place_kinds{{{"01", "Code postal"},
                                               {"02", "Code commune"},
                                               {"03", "Code canton"},
                                               {"04", "Code arrondissement"},
                                               {"05", "Code département"},
                                               {"06", "Code région"},
                                               {"07", "Code pays"}}};

}  // namespace

void XmlText::indent() {
  out_.append(2 * depth_, ' ');
}

void XmlText::open(std::string_view name) {
  indent();
  out_ += "<" + std::string(name) + ">\n";
  ++depth_;
}

void XmlText::close(std::string_view name) {
  --depth_;
  indent();
  out_ += "</" + std::string(name) + ">\n";
}

void XmlText::leaf(std::string_view name, std::string_view text) {
  indent();
  out_ += "<" + std::string(name) + ">" + escaped(text) + "</" + std::string(name) + ">\n";
}

Values split_values(std::string_view text) {
  Values out;
  while (!text.empty()) {
    const auto end = std::min(text.find(';'), text.size());
    if (const auto one = trimmed(text.substr(0, end)); !one.empty()) out.emplace_back(one);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::optional<std::string> DecpContract::value(std::string_view item,
                                               std::optional<std::string> of_pes) const {
  const auto given = given_.find(item);
  return given == given_.end() ? std::move(of_pes) : given->second;
}

void DecpContract::required(std::string_view item, std::optional<std::string> of_pes) {
  const auto known = value(item, std::move(of_pes));
  if (known) return xml.leaf(item, *known);
  const auto items = decp_items();
  const bool may_be_given =
      std::any_of(items.begin(), items.end(), [&](const DecpItem& i) { return i.name == item; });
  missing(std::string(item), not_carried, may_be_given ? item : std::string_view{});
}

void DecpContract::optional(std::string_view item, std::optional<std::string> of_pes) {
  if (const auto known = value(item, std::move(of_pes))) xml.leaf(item, *known);
}

void DecpContract::required_list(std::string_view item, std::string_view element, Values of_pes,
                                 std::string_view never) {
  if (const auto given = value(item, std::nullopt)) of_pes = split_values(*given);
  if (!never.empty() && std::find(of_pes.begin(), of_pes.end(), never) != of_pes.end())
    return missing(std::string(item),
                   {"« " + std::string(never) + " » ne vaut pas pour ce type de contrat",
                    "\"" + std::string(never) + "\" is not for this kind of contract"},
                   item);
  if (of_pes.empty()) return missing(std::string(item), not_carried, item);
  xml.open(item);
  for (const auto& one : of_pes)
    xml.leaf(element, one);
  xml.close(item);
}

void DecpContract::required_within(const std::string& path, std::string_view element,
                                   std::optional<std::string> of_pes, std::string_view given_as) {
  const auto known = given_as.empty() ? std::move(of_pes) : value(given_as, std::move(of_pes));
  if (known) return xml.leaf(element, *known);
  missing(path + "/" + std::string(element), not_carried, given_as);
}

void DecpContract::whole(const Contrat& contract) {
  if (contract.dropped == 0) return;
  const auto count = std::to_string(contract.dropped);
  missing("elements_non_lus", {count + " éléments du contrat dépassent les limites de lecture",
                               count + " parts of the contract are beyond the limits of reading"});
}

void DecpContract::missing(std::string item, Words why, std::string_view given_as) {
  out_.missing.push_back({id_, std::move(item), std::move(why), std::string(given_as)});
}

void DecpContract::omitted(std::string item, Words why, std::string_view given_as) {
  out_.omitted.push_back({id_, std::move(item), std::move(why), std::string(given_as)});
}

void DecpContract::party(const std::string& path, const Operateur& operateur) {
  const auto kind = word_of(id_kinds, operateur.nature_id);
  if (!kind || !operateur.id.present())
    return missing(path + "/typeIdentifiant",
                   {"la nature d'identifiant « " + operateur.nature_id.text + " » n'existe pas dans les DECP",
                    "the kind of identifier \"" + operateur.nature_id.text + "\" does not exist in DECP"});
  xml.leaf("typeIdentifiant", *kind);
  xml.leaf("id", operateur.id.text);
}

std::optional<std::string> text_of(const Leaf& leaf) {
  if (leaf.text.empty()) return std::nullopt;
  return leaf.text;
}

std::optional<std::string> text_of(const Leaf& leaf, std::size_t longest) {
  return leaf.text.size() > longest ? std::nullopt : text_of(leaf);
}

std::optional<std::string> cpv_of(const Leaf& leaf) {
  constexpr std::size_t code = 8;
  const auto digits = [](std::string_view text) {
    return text.find_first_not_of("0123456789") == std::string_view::npos;
  };
  const std::string_view text = leaf.text;
  const bool alone = text.size() == code && digits(text);
  const bool keyed = text.size() == code + 2 && text[code] == '-' && digits(text.substr(0, code)) &&
                     digits(text.substr(code + 1));
  return alone || keyed ? text_of(leaf) : std::nullopt;
}

std::optional<std::string> date_of(const Leaf& leaf) {
  if (!leaf.date()) return std::nullopt;
  return leaf.text.substr(0, 10);
}

std::optional<std::string> count_of(const Leaf& leaf) {
  const auto number = leaf.number();
  if (!number || *number == 0) return std::nullopt;
  return std::to_string(*number);
}

std::optional<std::string> amount_of(std::optional<Cents> cents) {
  if (!cents || *cents < 100) return std::nullopt;
  return decimal(*cents);
}

std::optional<std::string> yes_no_of(const Leaf& leaf) {
  if (!leaf.present()) return std::nullopt;
  return leaf.yes() ? "oui" : "non";
}

std::optional<std::string> word_of(std::span<const DecpWord> words, const Leaf& leaf) {
  for (const auto& one : words)
    if (leaf.is(one.code)) return std::string(one.word);
  return std::nullopt;
}

Values words_of(std::span<const DecpWord> words, const std::vector<Leaf>& leaves) {
  Values out;
  for (const auto& leaf : leaves)
    if (auto word = word_of(words, leaf); word && std::find(out.begin(), out.end(), *word) == out.end())
      out.push_back(std::move(*word));
  return out;
}

void write_place(DecpContract& out, const Contrat& contract) {
  const Lieu none;
  const auto& lieu = contract.lieu ? *contract.lieu : none;
  out.xml.open("lieuExecution");
  out.required_within("lieuExecution", "code", text_of(lieu.code));
  out.required_within("lieuExecution", "typeCode", word_of(place_kinds, lieu.type));
  out.xml.close("lieuExecution");
}

}  // namespace demat::marche
