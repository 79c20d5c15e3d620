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

/// Decisions, Environment: clients have theirs in client_ca, signers in [[trust]].
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
  const auto& trusts = settings.trusts;
  if (std::none_of(trusts.begin(), trusts.end(), [&](const Trust& one) { return one.name == to.trust; }))
    section.complain("config.conflict", "trust", "aucun [[trust]] ne se nomme « " + to.trust + " »",
                     "no [[trust]] is named \"" + to.trust + "\"");
}

}  // namespace

void check_trust(const Settings& settings, const SectionLines& lines, Complaints& complaints) {
  const auto section = [&](const char* kind, std::size_t index) {
    return Section(kind + ("[" + std::to_string(index)) + "]", lines, complaints);
  };
  for (std::size_t i = 0; i < settings.trusts.size(); ++i)
    check_profile(settings.trusts[i], section("trust", i));
  for (std::size_t i = 0; i < settings.destinations.size(); ++i)
    check_destination_trust(settings, settings.destinations[i], section("destination", i));
  if (settings.environment == "production" && settings.trusts.empty())
    Section("", lines, complaints)
        .complain("config.trust", "environment",
                  "la production demande un profil de confiance pour les signataires ([[trust]])",
                  "production requires a trust profile for signers ([[trust]])");
}

}  // namespace demat::config
