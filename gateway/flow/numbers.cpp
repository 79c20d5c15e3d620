#include "gateway/flow/numbers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <stdexcept>

namespace demat::flow {
namespace {

constexpr char separator = '\x1f';  // no XML 1.0 document can hold it
constexpr std::size_t year_length = 4;

constexpr std::array kinds{std::pair{NumberKind::pj, std::string_view("pj")},
                           std::pair{NumberKind::bordereau, std::string_view("bordereau")},
                           std::pair{NumberKind::signed_, std::string_view("signed")},
                           std::pair{NumberKind::marche, std::string_view("marche")},
                           std::pair{NumberKind::retour, std::string_view("retour")}};
constexpr std::array marche_states{std::pair{MarcheState::pending, std::string_view("pending")},
                                   std::pair{MarcheState::accepted, std::string_view("accepted")},
                                   std::pair{MarcheState::rejected, std::string_view("rejected")},
                                   std::pair{MarcheState::unnamed, std::string_view("unnamed")}};

template <class Words, class Value>
std::string_view word_of(const Words& words, Value value) {
  for (const auto& [one, word] : words)
    if (one == value) return word;
  throw std::logic_error("a value without a word");
}

template <class Value, class Words>
std::optional<Value> value_of(const Words& words, std::string_view text) {
  for (const auto& [one, word] : words)
    if (word == text) return one;
  return std::nullopt;
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const auto part : parts)
    out.append(part).push_back(separator);
  out.pop_back();
  return out;
}

std::vector<std::string_view> parts_of(std::string_view key) {
  std::vector<std::string_view> out;
  for (;;) {
    const auto end = key.find(separator);
    out.push_back(key.substr(0, end));
    if (end == key.npos) return out;
    key.remove_prefix(end + 1);
  }
}

unsigned whole_number(std::string_view text) {
  unsigned out = 0;
  const auto* last = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), last, out);
  return parsed.ec == std::errc{} && parsed.ptr == last ? out : 0;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(' ');
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// The reference behind the year, without what may pad it.
std::string_view reference_of(std::string_view contrat) {
  return without_zeros(trimmed(contrat.substr(std::min(year_length, contrat.size()))));
}

}  // namespace

std::string_view to_string(NumberKind kind) {
  return word_of(kinds, kind);
}
std::optional<NumberKind> number_kind_from(std::string_view text) {
  return value_of<NumberKind>(kinds, text);
}
std::string_view to_string(MarcheState state) {
  return word_of(marche_states, state);
}
std::optional<MarcheState> marche_state_from(std::string_view text) {
  return value_of<MarcheState>(marche_states, text);
}

std::string_view without_zeros(std::string_view number) {
  const auto first = number.find_first_not_of('0');
  return first == number.npos ? number.substr(0, std::min<std::size_t>(1, number.size()))
                              : number.substr(first);
}

std::string bordereau_key(const BordereauNumber& number, const Flow& flow) {
  return joined({number.domaine, flow.id_post, flow.cod_col, flow.cod_bud, number.exercice, number.type,
                 without_zeros(number.numero)});
}

BordereauNumber bordereau_of(std::string_view key) {
  constexpr std::size_t parts = 7;
  const auto part = parts_of(key);
  if (part.size() != parts) return {};
  return {std::string(part[0]), std::string(part[4]), std::string(part[5]), std::string(part[6])};
}

std::string marche_key(std::string_view contrat, unsigned sequence) {
  return joined({contrat, std::to_string(sequence)});
}

ContratSequence marche_of(std::string_view key) {
  const auto part = parts_of(key);
  if (part.size() != 2) return {};
  return {std::string(part[0]), whole_number(part[1])};
}

std::string retour_key(std::string_view domaine, const Sha256& retour) {
  return joined({domaine, retour.str()});
}

std::string retour_domaine_of(std::string_view key) {
  const auto part = parts_of(key);
  return part.size() == 2 ? std::string(part[0]) : std::string();
}

ContratSequence read_id_marche(std::string_view id_marche) {
  const auto dash = id_marche.rfind('-');
  if (dash == id_marche.npos) return {std::string(trimmed(id_marche)), 0};
  const auto sequence = whole_number(trimmed(id_marche.substr(dash + 1)));
  if (sequence == 0) return {std::string(trimmed(id_marche)), 0};
  return {std::string(trimmed(id_marche.substr(0, dash))), sequence};
}

bool same_contrat(std::string_view acquit, std::string_view contrat) {
  acquit = trimmed(acquit);
  contrat = trimmed(contrat);
  if (acquit == contrat) return true;
  return acquit.substr(0, year_length) == contrat.substr(0, year_length) && !reference_of(contrat).empty() &&
         reference_of(acquit) == reference_of(contrat);
}

}  // namespace demat::flow
