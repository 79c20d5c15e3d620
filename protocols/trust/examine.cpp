#include <fmt/format.h>

#include <algorithm>

#include "protocols/trust/check.hpp"
#include "protocols/trust/material.hpp"
#include "protocols/trust/path.hpp"
#include "protocols/trust/revocation.hpp"

namespace demat::trust {
namespace {

constexpr std::chrono::days soon{30};

Finding finding(std::string_view code, Severity severity, const std::string& file, std::string fr,
                std::string en) {
  return {std::string(code), severity, {0, file}, std::move(fr), std::move(en)};
}

void examine_period(const KnownCertificate& one, Instant now, Report& report) {
  const auto& facts = one.facts;
  if (facts.not_after < now)
    report.add(finding("trust.authority_expired", Severity::warning, one.file,
                       fmt::format("L'autorité « {} » n'est plus valable depuis le {}.", facts.name,
                                   french_time(facts.not_after)),
                       fmt::format("The authority \"{}\" has not been valid since {}.", facts.name,
                                   english_time(facts.not_after))));
  else if (facts.not_after < now + soon)
    report.add(finding(
        "trust.authority_expires", Severity::warning, one.file,
        fmt::format("L'autorité « {} » arrive à son terme le {}.", facts.name, french_time(facts.not_after)),
        fmt::format("The authority \"{}\" comes to its end at {}.", facts.name,
                    english_time(facts.not_after))));
}

void examine_issuer(const TrustProfile::Material& material, std::size_t index, Instant now, Report& report) {
  const auto& known = material.certificates[index];
  X509* const issuer = material.parsed[index].get();
  const Path path = find_path(material, issuer, {}, now);
  if (path.unknown || !path.flaws.empty()) {
    report.add(finding("trust.issuer_without_path", Severity::error, known.file,
                       fmt::format("L'émetteur « {} » ne remonte à aucune racine du profil : aucun de ses "
                                   "certificats ne sera admis.",
                                   known.facts.name),
                       fmt::format("The issuer \"{}\" leads to no anchor of the profile: none of its "
                                   "certificates will be accepted.",
                                   known.facts.name)));
  }
}

/// Whether responses speak for what this authority issues, so that it needs no list.
bool answers_ocsp(const TrustProfile::Material& material, const KnownCertificate& authority) {
  const auto by = material.rules.revocation_by;
  if (by == RevocationSource::crl) return false;
  if (by == RevocationSource::ocsp && authority.part == Part::issuer) return true;
  return std::ranges::any_of(
      material.ocsp, [&](const KnownOcsp& one) { return one.signed_by.contains(authority.facts.sha256); });
}

/// Whether a fresh list speaks for what this authority issues.
void examine_lists(const TrustProfile::Material& material, const KnownCertificate& authority, Instant now,
                   Report& report) {
  const KnownCrl* best = nullptr;
  for (const auto& crl : material.crls)
    if (crl.signed_by.contains(authority.facts.sha256) &&
        (best == nullptr || crl.facts.this_update > best->facts.this_update))
      best = &crl;
  const auto severity =
      material.rules.revocation == Revocation::required ? Severity::error : Severity::warning;
  if (best == nullptr && answers_ocsp(material, authority)) return;
  if (best == nullptr)
    report.add(finding("trust.crl_missing", severity, authority.file,
                       fmt::format("Aucune liste de révocation de « {} ».", authority.facts.name),
                       fmt::format("No revocation list of \"{}\".", authority.facts.name)));
  else if (is_stale(best->facts, material.rules, now))
    report.add(finding("trust.crl_stale", severity, best->facts.file,
                       fmt::format("La liste de révocation de « {} », du {}, est périmée.",
                                   authority.facts.name, french_time(best->facts.this_update.value_or(now))),
                       fmt::format("The revocation list of \"{}\", of {}, is stale.", authority.facts.name,
                                   english_time(best->facts.this_update.value_or(now)))));
}

}  // namespace

Report TrustProfile::examine(Instant now) const {
  Report report;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < material_->certificates.size(); ++i) {
    const auto& known = material_->certificates[i];
    if (known.part == Part::issuer) examine_issuer(*material_, i, now, report);
    // An authority may be an anchor and an issuer.
    if (!seen.insert(known.facts.sha256).second) continue;
    examine_period(known, now, report);
    if (material_->rules.revocation != Revocation::off) examine_lists(*material_, known, now, report);
  }
  for (const auto& crl : material_->crl_facts)
    if (!crl.authentic)
      report.add(
          finding("trust.crl_of_nobody", Severity::warning, crl.file,
                  fmt::format("La liste de révocation de « {} » n'est signée par aucune autorité du "
                              "profil : elle est ignorée.",
                              crl.issuer_name),
                  fmt::format("The revocation list of \"{}\" is signed by no authority of the profile: "
                              "it is ignored.",
                              crl.issuer_name)));
  for (const auto& response : material_->ocsp_facts) {
    if (!response.authentic)
      report.add(finding("trust.ocsp_of_nobody", Severity::warning, response.file,
                         fmt::format("La réponse OCSP de « {} » n'est signée au nom d'aucune autorité du "
                                     "profil : elle est ignorée.",
                                     response.responder),
                         fmt::format("The OCSP response of \"{}\" is signed in the name of no authority of "
                                     "the profile: it is ignored.",
                                     response.responder)));
  }
  return report;
}

}  // namespace demat::trust
