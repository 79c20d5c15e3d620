#include "gateway/config/cross_checks.hpp"

#include <algorithm>
#include <set>

#include "gateway/config/cross_checks_mail.hpp"
#include "gateway/config/cross_checks_prefecture.hpp"
#include "gateway/config/cross_checks_rules.hpp"
#include "gateway/config/cross_checks_signature.hpp"
#include "gateway/config/cross_checks_signer.hpp"
#include "gateway/config/cross_checks_steering.hpp"
#include "gateway/config/cross_checks_trust.hpp"
#include "gateway/config/section_checks.hpp"

namespace demat::config {
namespace {

void check_top(const Settings& settings, Section top) {
  top.require(!settings.data_folder.empty(), "data_folder", "où garder les flux",
              "where flows are to be kept");
  top.require(!settings.schema_folder.empty(), "schema_folder", "où sont les schémas",
              "where the schema packs are");
  std::error_code error;
  if (!settings.schema_folder.empty() && !std::filesystem::is_directory(settings.schema_folder, error)) {
    top.complain("config.file", "schema_folder", "dossier absent : " + settings.schema_folder.string(),
                 "no such folder: " + settings.schema_folder.string());
    return;
  }
  for (const auto& [protocol, version] : settings.schema_versions) {
    if (settings.schema_folder.empty() ||
        std::filesystem::is_regular_file(settings.schema_folder / protocol / version / "pack.toml", error))
      continue;
    const std::string pack = (std::filesystem::path(protocol) / version).string();
    top.complain("config.file", "schemas." + protocol, "aucun jeu de schémas " + pack,
                 "no schema pack " + pack);
  }
}

void check_http(const Settings& settings, Section http) {
  http.require(!settings.http.listen.empty(), "listen", "adresse d'écoute", "address to listen on");
  http.require(!settings.http.certificate.empty(), "certificate", "certificat TLS du serveur",
               "TLS certificate of the server");
  http.require(!settings.http.key.empty(), "key", "clé TLS du serveur", "TLS key of the server");
  http.file(settings.http.certificate, "certificate");
  http.private_key(settings.http.key, "key");
  http.require(!settings.http.client_ca.empty() || !settings.http.client_trust.empty(), "client_ca",
               "l'autorité qui émet les certificats des clients, sans laquelle personne ne peut déposer",
               "the authority that issues client certificates, without which nobody can post");
  http.file(settings.http.client_ca, "client_ca");
}

bool is_sftp(LinkMode mode) {
  return mode == LinkMode::passtrans_sftp;
}

void check_helios(const Settings& settings, const Destination& to, Section& section) {
  section.require(!to.host.empty(), "host", "machine à joindre", "machine to reach");
  section.require(!to.user.empty(), "user", "compte chez le destinataire", "account at the recipient");
  section.require(!to.p_msg.empty(), "p_msg", "modèle de P_MSG", "template of P_MSG");
  section.require(!to.p_appli.empty(), "p_appli", "valeur de P_APPLI", "value of P_APPLI");
  section.require(!to.send_directory.empty(), "send_directory", "répertoire de dépôt", "deposit directory");
  section.require(!to.return_directory.empty(), "return_directory", "répertoire des retours",
                  "return directory");
  if (is_sftp(to.mode)) {
    section.require(!to.known_hosts.empty(), "known_hosts", "sans elle le serveur SFTP ne peut être vérifié",
                    "without it the SFTP server cannot be verified");
    section.require(!to.key.empty() || !to.password.empty(), "key", "clé ou mot de passe SFTP",
                    "SFTP key or password");
  } else {
    section.require(!to.password.empty(), "password_file", "mot de passe FTP", "FTP password");
  }
  if (to.mode == LinkMode::passtrans_ftps) {
    section.require(!to.ca.empty(), "ca", "sans elle le serveur FTPS ne peut être vérifié",
                    "without it the FTPS server cannot be verified");
  }
  section.file(to.known_hosts, "known_hosts");
  if (!to.prefecture.post_url.empty() || !to.prefecture.mail_host.empty())
    section.complain("config.conflict", "mode", "post_url et mail_* vont avec mode = \"prefecture\"",
                     "post_url and mail_* go with mode = \"prefecture\"");
  if (settings.environment == "production" && to.mode == LinkMode::ftp_simulator) {
    section.complain("config.environment", "mode", "le simulateur n'a pas sa place en production",
                     "the simulator has no place in production");
  }
}

void check_destination(const Settings& settings, const Destination& to, Section section) {
  section.require(!to.name.empty(), "name", "nom de la destination", "name of the destination");
  if (to.mode == LinkMode::prefecture)
    check_prefecture(to, section);
  else
    check_helios(settings, to, section);
  section.file(to.ca, "ca");
  section.private_key(to.key, "key");
  if (settings.environment == "test" && to.environment != "test") {
    section.complain("config.environment", "environment",
                     "une passerelle de test ne parle qu'à des destinations de test",
                     "a test gateway talks to test destinations only");
  }
}

/// the State asks for eight years of traces; nothing shorter is accepted.
void check_retention(const Settings& settings, Section section) {
  constexpr std::chrono::hours eight_years = std::chrono::hours(24) * 2922;
  if (settings.retention.traces < eight_years)
    section.complain("config.floor", "traces", "les traces se gardent 8 ans au moins (2922d)",
                     "traces are kept 8 years at least (2922d)");
}

template <class T>
void check_names(const std::vector<T>& items, const std::string& kind, const SectionLines& lines,
                 Complaints& complaints) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].name.empty() && !seen.insert(items[i].name).second) {
      Section(kind + "[" + std::to_string(i) + "]", lines, complaints)
          .complain("config.conflict", "name", "« " + items[i].name + " » est déjà pris",
                    "\"" + items[i].name + "\" is already taken");
    }
  }
}

}  // namespace

void cross_check(const Settings& settings, const SectionLines& lines, Complaints& complaints) {
  check_top(settings, Section("", lines, complaints));
  check_http(settings, Section("http", lines, complaints));
  for (std::size_t i = 0; i < settings.destinations.size(); ++i) {
    check_destination(settings, settings.destinations[i],
                      Section("destination[" + std::to_string(i) + "]", lines, complaints));
  }
  for (std::size_t i = 0; i < settings.signers.size(); ++i)
    check_signer(settings.signers[i], Section("signer[" + std::to_string(i) + "]", lines, complaints));
  check_names(settings.destinations, "destination", lines, complaints);
  check_names(settings.signers, "signer", lines, complaints);
  check_names(settings.trusts, "trust", lines, complaints);
  check_trust(settings, lines, complaints);
  check_names(settings.signature_policies, "signature_policy", lines, complaints);
  check_names(settings.timestamps, "timestamp", lines, complaints);
  check_signatures(settings, lines, complaints);
  check_rules(settings, lines, complaints);
  check_names(settings.windows, "window", lines, complaints);
  check_steering(settings, lines, complaints);

  const auto& antivirus = settings.antivirus;
  Section section("antivirus", lines, complaints);
  if (antivirus.enabled)
    section.require(!antivirus.host.empty() || !antivirus.socket.empty(), "socket", "socket ou host de clamd",
                    "socket or host of clamd");
  if (!antivirus.host.empty() && !antivirus.socket.empty())
    section.complain("config.conflict", "socket", "donnez host ou socket, pas les deux",
                     "give host or socket, not both");
  Section retry("pipeline.retry", lines, complaints);
  if (settings.pipeline.retry.max < settings.pipeline.retry.first)
    retry.complain("config.conflict", "max", "plus court que first", "shorter than first");
  check_mail(settings.mail, Section("mail", lines, complaints));
  check_retention(settings, Section("retention", lines, complaints));
  Section checks("checks", lines, complaints);
  checks.require(!settings.checks.encodings.empty(), "encodings", "au moins un encodage",
                 "at least one encoding");
}

}  // namespace demat::config
