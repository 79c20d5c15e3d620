#include "protocols/pes/rule_checks.hpp"

#include <algorithm>

#include "protocols/base/limits.hpp"
#include "protocols/rules/values.hpp"

namespace demat::pes::checks {
namespace {

using rules::all_digits;
using rules::characters;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Versions are numbers to the schema: "02" is 2.
bool is(std::uint64_t version, std::string_view text) {
  return rules::count(text) == version;
}

Hits at(Place place, std::string value = {}) {
  Hits hits;
  hits.add(std::move(place), std::move(value));
  return hits;
}

Hits field(const Observed& seen, std::string_view name, std::string_view value, bool broken) {
  return broken ? at(seen.place_of(name), rules::shown(value)) : Hits{};
}

void merge(Hits& into, const Hits& from) {
  for (const auto& hit : from.first)
    into.add(hit);
  into.total += from.total - from.first.size();
}

}  // namespace

Hits kind(const Observed& seen) {
  const auto k = seen.header.kind;
  if (k == Kind::aller || k == Kind::acquit_retour) return {};
  return at(seen.root, to_string(k));
}

/// Nothing declared means UTF-8 to any XML reader, Hélios included.
Hits encoding(const Observed& seen) {
  const auto& declared = seen.header.encoding;
  const auto effective = declared.empty() ? std::string("UTF-8") : declared;
  if (seen.options.encodings.contains(effective)) return {};
  return at({1, {}}, declared.empty() ? "aucun / none" : rules::shown(declared));
}

Hits nom_fic_missing(const Observed& seen) {
  return field(seen, "NomFic", "", seen.header.nom_fic.str().find_first_not_of(' ') == std::string::npos);
}

Hits nom_fic_too_long(const Observed& seen) {
  constexpr std::size_t longest = 100;
  const auto length = characters(seen.header.nom_fic.str());
  return field(seen, "NomFic", std::to_string(length), length > longest);
}

/// Three digits, not 000; returns and their acquits carry any three letters or digits (schemas 5.4).
Hits cod_col(const Observed& seen) {
  const auto& value = seen.header.cod_col;
  const bool back = seen.header.kind == Kind::acquit_retour;
  const bool good = value.size() == 3 && (back || all_digits(value)) && value != "000";
  return field(seen, "CodCol", value, !good);
}

/// 02A or 02B and 3 or 4 digits, or 6 or 7 digits (helios 2.2).
Hits id_post(const Observed& seen) {
  const std::string_view value = seen.header.id_post;
  const bool right_size = value.size() == 6 || value.size() == 7;
  const bool corsican = value.starts_with("02A") || value.starts_with("02B");
  const bool good = right_size && all_digits(corsican ? value.substr(3) : value);
  return field(seen, "IdPost", value, !good);
}

Hits cod_bud(const Observed& seen) {
  const auto& value = seen.header.cod_bud;
  const bool good =
      value.size() == 2 && (is_digit(value[0]) || (value[0] >= 'A' && value[0] <= 'Z')) && is_digit(value[1]);
  return field(seen, "CodBud", value, !good);
}

Hits id_coll_missing(const Observed& seen) {
  return field(seen, "IdColl", "", seen.header.id_coll.empty());
}

Hits id_coll(const Observed& seen) {
  constexpr std::size_t siret_digits = 14;
  const auto& value = seen.header.id_coll;
  return field(seen, "IdColl", value, value.size() > siret_digits || !all_digits(value));
}

Hits version(const Observed& seen) {
  return field(seen, "Version", seen.header.version, !is(2, seen.header.version));
}

Hits id_ver(const Observed& seen) {
  Hits hits;
  for (const auto& d : seen.domains) {
    const bool asks = d.has_bordereaux_by_nature || d.name == "PES_Marche";
    if (asks && !is(2, d.id_ver))
      hits.add(d.id_ver.empty() ? d.place : d.id_ver_place, rules::shown(d.id_ver));
  }
  return hits;
}

Hits pj_id_ver(const Observed& seen) {
  Hits hits;
  for (const auto& d : seen.domains)
    if (d.name == "PES_PJ" && !is(1, d.id_ver))
      hits.add(d.id_ver.empty() ? d.place : d.id_ver_place, rules::shown(d.id_ver));
  return hits;
}

Hits no_content(const Observed& seen) {
  const bool some = std::any_of(seen.domains.begin(), seen.domains.end(),
                                [](const DomainObserved& d) { return d.content > 0; });
  return some ? Hits{} : at(seen.root);
}

Hits uncovered(const Observed& seen) {
  Hits hits;
  if (seen.gateway_signs() || seen.root_signatures > 0) return hits;
  for (const auto& d : seen.domains)
    if (d.dematerialisee) merge(hits, d.unsigned_bordereaux);
  return hits;
}

Hits signed_on_paper(const Observed& seen) {
  Hits hits;
  for (const auto& d : seen.domains) {
    if (d.dematerialisee || !d.has_bordereaux_by_nature) continue;
    if (seen.root_signatures > 0 && d.bordereaux > 0)
      hits.add(d.place, d.name);
    else
      merge(hits, d.signed_bordereaux);
  }
  return hits;
}

Hits would_sign_paper(const Observed& seen) {
  Hits hits;
  if (!seen.gateway_signs()) return hits;
  for (const auto& d : seen.domains)
    if (d.has_bordereaux_by_nature && d.bordereaux > 0 && !d.dematerialisee) hits.add(d.place, d.name);
  return hits;
}

Hits nothing_to_sign(const Observed& seen) {
  const bool signable = seen.facts.all_bordereaux_have_id || seen.facts.root_has_id;
  return seen.gateway_signs() && !signable ? at(seen.root) : Hits{};
}

Hits misplaced(const Observed& seen) {
  return seen.misplaced_signatures;
}

Hits repeated(const Observed& seen) {
  return seen.repeated_signatures;
}

Hits too_many(const Observed& seen) {
  const auto count = seen.facts.signatures;
  return count > limits::max_signatures ? at(seen.root, std::to_string(count)) : Hits{};
}

Hits piece_count(const Observed& seen) {
  return seen.wrong_counts;
}

}  // namespace demat::pes::checks
