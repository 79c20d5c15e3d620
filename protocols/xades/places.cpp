#include "protocols/xades/places.hpp"

#include <algorithm>

#include "protocols/xades/names.hpp"
#include "protocols/xades/text.hpp"

namespace demat::xades {
namespace {

bool is_domain(const xml::Element& element) {
  return element.ns().empty() &&
         (element.name() == "PES_DepenseAller" || element.name() == "PES_RecetteAller");
}

bool is_name_start(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

}  // namespace

bool is_pes_aller(const xml::Element& root) {
  return root.name() == "PES_Aller" && root.ns() == names::pes_aller_ns;
}

bool is_bordereau(const xml::Element& element) {
  if (element.name() != "Bordereau" || !element.ns().empty() || !element.has_parent()) return false;
  const auto domain = element.parent();
  return is_domain(domain) && domain.has_parent() && !domain.parent().has_parent() &&
         is_pes_aller(domain.parent());
}

std::vector<Signable> bordereaux(const xml::Element& root) {
  std::vector<Signable> found;
  for (const auto& domain : root.children()) {
    if (!is_domain(domain)) continue;
    for (const auto& child : domain.children("Bordereau", ""))
      found.push_back({child, child.attribute("Id")});
  }
  return found;
}

std::set<std::string> dematerialised_domains(const xml::Element& root) {
  std::set<std::string> found;
  for (const auto& domain : root.children()) {
    if (!is_domain(domain)) continue;
    const auto header = domain.name() == "PES_DepenseAller" ? "EnTeteDepense" : "EnTeteRecette";
    for (const auto& block : domain.children(header, ""))
      for (const auto& leaf : block.children("InfoDematerialisee", "")) {
        const std::string value(trimmed(leaf.attribute("V")));
        if (value == "1" || value == "true") found.emplace(domain.name());
      }
  }
  return found;
}

bool is_ncname(std::string_view text) {
  if (text.empty() || !is_name_start(static_cast<unsigned char>(text.front()))) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_name_start(static_cast<unsigned char>(c)) || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

std::unordered_map<std::string, std::size_t> count_ids(const xml::Document& document) {
  std::unordered_map<std::string, std::size_t> ids;
  for (const auto& element : document.with_attribute("Id"))
    ++ids[std::string(trimmed(element.attribute("Id")))];
  for (const auto& other : document.oddities().other_ids)
    ++ids[std::string(trimmed(other))];
  return ids;
}

}  // namespace demat::xades
