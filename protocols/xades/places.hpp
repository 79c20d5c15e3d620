#pragma once

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "protocols/base/result.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::xades {

/// One element that a signature may cover (helios 5.2).
struct Signable {
  xml::Element element;
  std::string id;  ///< its Id; empty when absent
};

/// Whether `root` is PES_Aller of the Aller namespace.
[[nodiscard]] bool is_pes_aller(const xml::Element& root);

/// The bordereaux of dépense and recette, in document order.
[[nodiscard]] std::vector<Signable> bordereaux(const xml::Element& root);

/// Names of the domains of dépense and recette that call themselves dematerialised (helios P2).
[[nodiscard]] std::set<std::string> dematerialised_domains(const xml::Element& root);

/// Whether `element` is a bordereau of dépense or recette in its place.
[[nodiscard]] bool is_bordereau(const xml::Element& element);

/// Whether `text` is an NCName, as xs:ID asks (helios 5.2). Any character beyond ASCII counts as a letter.
[[nodiscard]] bool is_ncname(std::string_view text);

/// Every value of an `Id` attribute, blanks around it left out, with the number of elements that carry it.
/// What other readers take for an Id counts, too (`ID`, `id`, `xml:id`). Linear.
[[nodiscard]] std::unordered_map<std::string, std::size_t> count_ids(const xml::Document& document);

}  // namespace demat::xades
