#include "protocols/actes/classification.hpp"

#include <algorithm>
#include <charconv>
#include <variant>

#include "protocols/actes/read.hpp"

namespace demat::actes {
namespace {

constexpr std::string_view signature_type = "99_SE";  ///< allowed for every nature
constexpr std::string_view other_type = "99_AU";      ///< of nature 6 alone since 2019
constexpr int other_nature = 6;

bool is_general(const PieceType& type) {
  return type.code.starts_with("99_");
}

/// 99_* first, then by label, then by code.
bool before(const PieceType& a, const PieceType& b) {
  if (is_general(a) != is_general(b)) return is_general(a);
  return a.label != b.label ? a.label < b.label : a.code < b.code;
}

const Matiere* child(const std::vector<Matiere>& among, int code) {
  const auto found =
      std::find_if(among.begin(), among.end(), [&](const Matiere& m) { return m.code == code; });
  return found == among.end() ? nullptr : &*found;
}

constexpr std::string_view builtin_default(int nature) {
  constexpr std::string_view types[] = {"99_DE", "99_AR", "99_AI", "99_DC", "99_BU", "99_AU"};
  return nature >= 1 && nature <= 6 ? types[nature - 1] : other_type;
}

}  // namespace

const Nature* Classification::nature(int code) const {
  const auto found =
      std::find_if(natures.begin(), natures.end(), [&](const Nature& n) { return n.code == code; });
  return found == natures.end() ? nullptr : &*found;
}

const Matiere* Classification::matiere(std::span<const int> path) const {
  const Matiere* found = nullptr;
  for (const int code : path) {
    found = child(found == nullptr ? matieres : found->children, code);
    if (found == nullptr) return nullptr;
  }
  return found;
}

std::string Classification::label(std::span<const int> path) const {
  std::string text;
  for (std::size_t levels = 1; levels <= path.size(); ++levels) {
    const auto* found = matiere(path.first(levels));
    if (found == nullptr) break;
    if (!text.empty()) text += " / ";
    text += found->label;
  }
  return text;
}

std::vector<PieceType> Classification::types(int wanted) const {
  const auto* own = nature(wanted);
  const auto& builtin = builtin_classification();
  if (own == nullptr || own->types.empty()) own = builtin.nature(wanted);
  if (own == nullptr) return {};
  auto found = own->types;
  if (wanted != other_nature) std::erase_if(found, [](const PieceType& t) { return t.code == other_type; });
  std::sort(found.begin(), found.end(), before);
  return found;
}

bool Classification::allows(int nature, std::string_view type) const {
  const auto allowed = types(nature);
  return std::any_of(allowed.begin(), allowed.end(), [&](const PieceType& t) { return t.code == type; });
}

std::string Classification::default_type(int wanted) const {
  const std::string usual{builtin_default(wanted)};
  const auto allowed = types(wanted);
  const auto is = [&](const PieceType& t) { return t.code == usual; };
  if (allowed.empty() || std::any_of(allowed.begin(), allowed.end(), is)) return usual;
  const auto other = std::find_if(allowed.begin(), allowed.end(), [](const PieceType& t) {
    return is_general(t) && t.code != signature_type;
  });
  return other == allowed.end() ? usual : other->code;
}

Result<Classification> read_classification(std::string_view xml) {
  auto message = read_message(xml);
  if (!message) return failure(message.error());
  if (auto* found = std::get_if<Classification>(&message->body)) return std::move(*found);
  return failure(permanent_error("actes.read.not_classification",
                                 "Ce document n'est pas un retour de classification (7-2).",
                                 "This document is no classification (7-2)."));
}

std::optional<std::vector<int>> parse_matieres(std::string_view text) {
  constexpr std::size_t levels = 5;
  std::vector<int> path;
  while (true) {
    int code = 0;
    const auto dot = text.find('.');
    const auto part = text.substr(0, dot);
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), code);
    if (part.empty() || error != std::errc{} || end != part.data() + part.size() || code < 0)
      return std::nullopt;
    path.push_back(code);
    if (dot == std::string_view::npos) break;
    text.remove_prefix(dot + 1);
  }
  if (path.size() > levels) return std::nullopt;
  return path;
}

}  // namespace demat::actes
