#include "gateway/config/cross_checks_trust.hpp"

#include <algorithm>

#include "gateway/config/section_checks.hpp"

namespace demat::config {
namespace {

void check_profile(const Trust& trust, Section section) {
  section.require(!trust.name.empty(), "name", "nom du profil de confiance", "name of the trust profile");
  section.require(!trust.folder.empty(), "folder", "dossier des autorités (anchors/, issuers/, crls/)",
                  "folder of the authorities (anchors/, issuers/, crls/)");
  if (trust.folder.empty()) return;
  for (const char* inner : {"anchors", "issuers"}) {
    std::error_code error;
    const auto folder = trust.folder / inner;
    if (!std::filesystem::is_directory(folder, error))
      section.complain("config.file", "folder", "dossier absent : " + folder.string(),
                       "no such folder: " + folder.string());
  }
}

/// Where lists may be fetched from: names of hosts, or all below one.
void check_fetching(const Trust& trust, Section section) {
  if (trust.fetch && trust.fetch_hosts.empty())
    section.complain("config.missing", "fetch_hosts",
                     "fetch demande la liste des hôtes chez qui aller : fetch_hosts",
                     "fetch requires the list of hosts to go to: fetch_hosts");
  for (const auto& host : trust.fetch_hosts)
    if (host.empty() || host == "*" || host.find_first_of("/:@ ") != std::string::npos)
      section.complain("config.range", "fetch_hosts", "un nom d'hôte, sans port ni chemin : « " + host + " »",
                       "a host name, without port or path: \"" + host + "\"");
}

bool is_known(const Settings& settings, const std::string& name) {
  return std::ranges::any_of(settings.trusts, [&](const Trust& one) { return one.name == name; });
}

/// Who opens doors and who signs are two sets (signature 3.0): a profile serves one of them.
void check_client_trust(const Settings& settings, Section http) {
  const auto& name = settings.http.client_trust;
  if (name.empty()) return;
  if (!settings.http.client_ca.empty())
    http.complain("config.conflict", "client_trust", "client_ca ou client_trust, pas les deux",
                  "client_ca or client_trust, not both");
  if (!is_known(settings, name))
    http.complain("config.conflict", "client_trust", "aucun [[trust]] ne se nomme « " + name + " »",
                  "no [[trust]] is named \"" + name + "\"");
  for (const auto& to : settings.destinations)
    if (to.trust == name)
      http.complain("config.conflict", "client_trust",
                    "le profil des clients est à part de ceux des signataires : « " + name +
                        " » juge aussi ceux de " + to.name,
                    "the profile of clients is kept apart from those of signers: \"" + name +
                        "\" also judges those of " + to.name);
}

/// Decisions, Environment: clients have theirs in client_ca or client_trust, signers in [[trust]].
void check_destination_trust(const Settings& settings, const Destination& to, Section section) {
  if (to.trust.empty()) {
    if (settings.environment == "production")
      section.complain(
          "config.trust", "trust",
          "en production, chaque destination nomme le profil de confiance ([[trust]]) qui juge les "
          "signataires",
          "in production each destination names the trust profile ([[trust]]) that judges signers");
    return;
  }
  if (!is_known(settings, to.trust))
    section.complain("config.conflict", "trust", "aucun [[trust]] ne se nomme « " + to.trust + " »",
                     "no [[trust]] is named \"" + to.trust + "\"");
}

}  // namespace

void check_trust(const Settings& settings, const SectionLines& lines, Complaints& complaints) {
  const auto section = [&](const char* kind, std::size_t index) {
    return Section(kind + ("[" + std::to_string(index)) + "]", lines, complaints);
  };
  for (std::size_t i = 0; i < settings.trusts.size(); ++i) {
    check_profile(settings.trusts[i], section("trust", i));
    check_fetching(settings.trusts[i], section("trust", i));
  }
  check_client_trust(settings, Section("http", lines, complaints));
  for (std::size_t i = 0; i < settings.destinations.size(); ++i)
    check_destination_trust(settings, settings.destinations[i], section("destination", i));
  if (settings.environment == "production" && settings.trusts.empty())
    Section("", lines, complaints)
        .complain("config.trust", "environment",
                  "la production demande un profil de confiance pour les signataires ([[trust]])",
                  "production requires a trust profile for signers ([[trust]])");
}

}  // namespace demat::config
