#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "protocols/pes/rules.hpp"

/// What one pass over a flow leaves for the rules to judge. Internal to this folder.
namespace demat::pes {

using rules::max_hits;
inline constexpr std::size_t max_domains = 64;  ///< domains kept; five exist

using rules::Hit;

/// The first places and how many there are in all.
struct Hits {
  std::vector<Hit> first;
  std::size_t total = 0;

  void add(Hit hit) {
    ++total;
    if (first.size() < max_hits) first.push_back(std::move(hit));
  }
  void add(Place place, std::string value = {}) {
    add(Hit{.place = std::move(place), .subject = {}, .value = std::move(value)});
  }
  [[nodiscard]] bool full() const { return first.size() >= max_hits; }
};

struct DomainObserved {
  std::string name;
  Place place;
  bool has_bordereaux_by_nature = false;  ///< dépense or recette
  std::string id_ver;
  Place id_ver_place;
  bool dematerialisee = false;  ///< InfoDematerialisee is 1
  std::size_t content = 0;      ///< children other than the domain's own header
  std::size_t bordereaux = 0;
  Hits signed_bordereaux;    ///< with a signature of their own
  Hits unsigned_bordereaux;  ///< without
};

struct Observed {
  Header header;
  RuleOptions options;
  FlowFacts facts;
  Place root;
  std::map<std::string, Place, std::less<>> header_places;
  std::vector<DomainObserved> domains;
  std::size_t root_signatures = 0;
  Hits misplaced_signatures;
  Hits repeated_signatures;
  Hits wrong_counts;  ///< NbrPce is not the number of Piece

  /// The gateway would add a signature to this flow.
  [[nodiscard]] bool gateway_signs() const {
    return options.gateway_will_sign && facts.signatures == 0 && facts.to_be_signed;
  }
  [[nodiscard]] Place place_of(std::string_view field) const {
    const auto found = header_places.find(field);
    return found == header_places.end() ? root : found->second;
  }
};

/// A rule: what is known of it, and what breaks it.
struct Rule {
  rules::RuleInfo info;
  Hits (*check)(const Observed&);
};
[[nodiscard]] std::span<const Rule> rule_table();

}  // namespace demat::pes
