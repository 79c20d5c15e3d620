#include "gateway/config/cross_checks_mail.hpp"

#include <algorithm>
#include <cctype>

namespace demat::config {
namespace {

bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_host(std::string_view text) {
  return !text.empty() && text.front() != '.' && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-';
  });
}

/// The rest of what an address must be is for who writes mails; this tells a slip of the pen.
bool like_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && printable(text) &&
         text.find_first_of("<>\"\\,;:()[]") == std::string_view::npos && is_host(text.substr(at + 1));
}

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

void check_server(const Mail& mail, Section& section) {
  const auto url = smtp_url_from(mail.url);
  if (!url) {
    section.complain("config.url", "url",
                     "attendu : \"smtp://machine:587\" ou \"smtps://machine\", rien de plus",
                     "expected: \"smtp://host:587\" or \"smtps://host\", and nothing more");
    return;
  }
  const bool clear = !url->tls && !mail.starttls;
  if (clear && !is_this_machine(url->host))
    section.complain("config.conflict", "starttls",
                     "sans chiffrement, seulement vers cette machine (localhost, 127.0.0.1)",
                     "without encryption, to this machine only (localhost, 127.0.0.1)");
  if (clear && !mail.user.empty())
    section.complain("config.conflict", "user", "un mot de passe ne part pas en clair",
                     "a password does not leave in clear");
}

}  // namespace

std::optional<SmtpUrl> smtp_url_from(std::string_view url) {
  SmtpUrl out;
  out.tls = url.starts_with("smtps://");
  if (!out.tls && !url.starts_with("smtp://")) return std::nullopt;
  url.remove_prefix(out.tls ? 8 : 7);
  const bool bracketed = url.starts_with('[');
  const std::size_t end = bracketed ? url.find(']') : 0;
  if (end == std::string_view::npos) return std::nullopt;
  const std::size_t colon = url.find(':', end);
  out.host = url.substr(0, std::min(colon, url.size()));
  const bool address = bracketed && std::all_of(out.host.begin() + 1, out.host.end() - 1, [](char c) {
                         return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '.';
                       });
  if (!address && !is_host(out.host)) return std::nullopt;
  if (colon == std::string_view::npos) return out;
  out.port = url.substr(colon + 1);
  const bool number =
      !out.port.empty() && out.port.size() <= 5 &&
      std::all_of(out.port.begin(), out.port.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!number || std::stoi(out.port) > 65'535 || std::stoi(out.port) == 0) return std::nullopt;
  return out;
}

void check_mail(const Mail& mail, Section section) {
  section.file(mail.ca, "ca");
  if (mail.retry_max < mail.retry_first)
    section.complain("config.conflict", "retry_max", "plus court que retry_first",
                     "shorter than retry_first");
  for (const auto& [key, text] : {std::pair{"from_name", &mail.from_name}, std::pair{"label", &mail.label},
                                  std::pair{"public_url", &mail.public_url}, std::pair{"user", &mail.user}})
    if (!one_line(*text)) section.complain("config.range", key, "sur une seule ligne", "on one line");
  if (!mail.helo.empty() && !is_host(mail.helo))
    section.complain("config.range", "helo", "un nom de machine", "the name of a machine");
  if (!mail.from.empty() && !like_address(mail.from))
    section.complain("config.range", "from", "une adresse telle que \"actes@exemple.fr\"",
                     "an address such as \"actes@exemple.fr\"");
  if (mail.user.empty() != mail.password.empty())
    section.complain("config.conflict", "user", "user et password_file vont ensemble",
                     "user and password_file go together");
  if (mail.url.empty()) return;
  section.require(!mail.from.empty(), "from", "l'adresse de l'expéditeur", "the address of the sender");
  check_server(mail, section);
}

}  // namespace demat::config
