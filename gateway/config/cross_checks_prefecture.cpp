#include "gateway/config/cross_checks_prefecture.hpp"

#include <algorithm>
#include <cctype>

namespace demat::config {
namespace {

bool is_alnum(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool all_of(std::string_view text, auto&& allowed) {
  return std::all_of(text.begin(), text.end(), allowed);
}

bool printable(std::string_view text) {
  return all_of(text, [](char c) { return c >= 0x20 && c != 0x7f; });
}

/// "sha256//" and 32 bytes in base64: the form of curl and of its users.
bool is_pin(std::string_view text) {
  constexpr std::string_view prefix = "sha256//";
  constexpr std::size_t length = 44;
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  if (text.size() != length || text.back() != '=') return false;
  text.remove_suffix(1);
  return all_of(text, [](char c) { return is_alnum(c) || c == '+' || c == '/'; });
}

/// What the ministry's schema takes for an address (actes 3.1): no '+', a last label of 2 to 6 letters.
bool is_return_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return false;
  const auto labels = [](std::string_view part, bool underscore) {
    const auto letter = [underscore](char c) {
      return is_alnum(c) || c == '-' || c == '.' || (underscore && c == '_');
    };
    return !part.empty() && part.front() != '.' && part.back() != '.' &&
           part.find("..") == std::string_view::npos && all_of(part, letter);
  };
  const std::string_view domain = text.substr(at + 1);
  const std::size_t dot = domain.rfind('.');
  if (dot == std::string_view::npos || !labels(text.substr(0, at), true) || !labels(domain, false))
    return false;
  const std::string_view last = domain.substr(dot + 1);
  return last.size() >= 2 && last.size() <= 6 &&
         all_of(last, [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; });
}

void check_post(const Destination& to, Section& section) {
  const Prefecture& there = to.prefecture;
  section.require(!there.post_url.empty(), "post_url", "adresse https où déposer les enveloppes",
                  "https address where envelopes are posted");
  if (!there.post_url.empty() && !post_url_from(there.post_url))
    section.complain(
        "config.url", "post_url",
        "une adresse https, sans identifiants ni « ? » : un secret n'a pas sa place dans une URL",
        "an https address, without credentials and without \"?\": a secret has no place in a URL");
  if (!to.host.empty() || to.port != 0)
    section.complain("config.conflict", "host", "avec mode = \"prefecture\" la machine est dans post_url",
                     "with mode = \"prefecture\" the machine is in post_url");
  section.require(!there.success_codes.empty(), "success_codes", "au moins un code de succès",
                  "at least one code of success");
  if (!printable(there.user_agent) || there.user_agent.empty())
    section.complain("config.range", "user_agent", "vide, ou caractère interdit",
                     "empty, or a forbidden character");
  if (to.user.empty() != to.password.empty())
    section.complain("config.conflict", "user", "user et password_file vont ensemble",
                     "user and password_file go together");
}

/// How the server is known before a byte of an envelope leaves (decisions, Actes; actes 8-2).
void check_identity(const Destination& to, Section& section) {
  const Prefecture& there = to.prefecture;
  section.require(!to.ca.empty() || !there.pins.empty(), "ca",
                  "sans elle (ou sans pins) le serveur ne peut être vérifié",
                  "without it (or pins) the server cannot be verified");
  if (!std::all_of(there.pins.begin(), there.pins.end(), is_pin))
    section.complain("config.pin", "pins",
                     "attendu : \"sha256//\" puis l'empreinte SHA-256 de la clé publique en base64",
                     "expected: \"sha256//\" and the SHA-256 of the public key in base64");
  if (!there.verify_hostname && there.pins.empty())
    section.complain("config.conflict", "verify_hostname", "sans ce contrôle, pins est obligatoire",
                     "without this check, pins is required");
  if (there.certificate.empty() != to.key.empty())
    section.complain("config.conflict", "certificate", "certificate et key vont ensemble",
                     "certificate and key go together");
  section.file(there.certificate, "certificate");
}

void check_mailbox(const Prefecture& there, Section& section) {
  section.require(!there.mail_host.empty(), "mail_host", "serveur IMAPS de notre boîte",
                  "IMAPS server of our mailbox");
  section.require(!there.mail_user.empty(), "mail_user", "compte de la boîte", "account of the mailbox");
  section.require(!there.mail_password.empty(), "mail_password_file", "mot de passe de la boîte",
                  "password of the mailbox");
  section.require(!there.mail_ca.empty(), "mail_ca", "sans elle le serveur IMAPS ne peut être vérifié",
                  "without it the IMAPS server cannot be verified");
  section.require(!there.mail_folder.empty(), "mail_folder", "dossier de la boîte", "folder of the mailbox");
  section.file(there.mail_ca, "mail_ca");
  const std::pair<std::string_view, const std::string&> texts[] = {
      {"mail_host", there.mail_host}, {"mail_user", there.mail_user}, {"mail_folder", there.mail_folder}};
  for (const auto& [key, text] : texts) {
    if (!printable(text))
      section.complain("config.range", key, "caractère interdit (ASCII seulement)",
                       "a forbidden character (ASCII only)");
  }
}

}  // namespace

std::optional<PostUrl> post_url_from(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme) || !printable(url)) return std::nullopt;
  if (url.find_first_of("@?#\\ \"<>") != std::string_view::npos) return std::nullopt;
  url.remove_prefix(scheme.size());
  const std::size_t slash = std::min(url.find('/'), url.size());
  const std::string_view place = url.substr(0, slash);
  const bool bracketed = place.starts_with('[');
  const std::size_t end = bracketed ? place.find(']') : std::string_view::npos;
  if (bracketed && end == std::string_view::npos) return std::nullopt;
  const std::size_t colon = place.find(':', bracketed ? end : 0);
  PostUrl out;
  out.host = place.substr(0, std::min(colon, place.size()));
  if (colon != std::string_view::npos) out.port = place.substr(colon + 1);
  out.path = slash == url.size() ? "/" : std::string(url.substr(slash));
  const bool number = all_of(out.port, [](char c) { return c >= '0' && c <= '9'; });
  if (out.host.empty() || !number || out.port.size() > 5) return std::nullopt;
  if (colon != std::string_view::npos && out.port.empty()) return std::nullopt;
  return out;
}

void check_prefecture(const Destination& to, Section& section) {
  const Prefecture& there = to.prefecture;
  if (to.listing_is_conclusive || to.put != PutMode::direct)
    section.complain("config.conflict", to.listing_is_conclusive ? "listing_is_conclusive" : "put",
                     "une préfecture ne montre pas ce qu'elle a reçu",
                     "a préfecture does not show what it has received");
  check_post(to, section);
  check_identity(to, section);
  check_mailbox(there, section);
  if (there.trigramme.size() != 3 || !all_of(there.trigramme, is_alnum))
    section.complain(there.trigramme.empty() ? "config.missing" : "config.range", "trigramme",
                     "trois lettres ou chiffres, donnés par le ministère à l'opérateur",
                     "three letters or digits, given by the ministry to the operator");
  if (to.environment == "production" && there.quadrigramme != "EACT")
    section.complain("config.environment", "quadrigramme", "en production : \"EACT\"",
                     "in production: \"EACT\"");
  section.require(!there.return_addresses.empty(), "return_addresses",
                  "l'adresse de notre boîte, à laquelle le ministère répond",
                  "the address of our mailbox, which the ministry answers to");
  for (const std::string& address : there.return_addresses) {
    if (!is_return_address(address))
      section.complain("config.range", "return_addresses",
                       "« " + address + " » n'est pas une adresse que le schéma du ministère admet",
                       "\"" + address + "\" is no address that the ministry's schema takes");
  }
}

}  // namespace demat::config
