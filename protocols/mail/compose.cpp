#include "protocols/mail/compose.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "protocols/base/digest.hpp"
#include "protocols/base/file_name.hpp"
#include "protocols/base/utf8.hpp"
#include "protocols/mail/encoding.hpp"
#include "protocols/mail/file_name.hpp"

namespace demat::mail {
namespace {

constexpr std::size_t max_address = 254;  // RFC 5321 4.5.3.1.3, without the brackets

/// atext of RFC 5322 3.2.3 and the dot.
bool is_address_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
}

bool dots_are_single(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' && text.find("..") == text.npos;
}

bool is_one_line(std::string_view text) {
  return is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

/// The inside of <>: no blank, no bracket, one line.
bool is_message_id(std::string_view id) {
  return !id.empty() && id.size() <= max_message_id && id.find('@') != id.npos &&
         std::all_of(id.begin(), id.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != '<' && c != '>'; });
}

bool is_media_type(std::string_view type) {
  const auto fits = [](char c) { return is_address_char(c) || c == '/'; };
  return type.size() <= 127 && std::count(type.begin(), type.end(), '/') == 1 && type.front() != '/' &&
         type.back() != '/' && std::all_of(type.begin(), type.end(), fits);
}

std::optional<Error> problem_of_addresses(const Outgoing& mail) {
  if (mail.to.empty())
    return permanent_error("mail.no_recipient", "Le message n'a pas de destinataire.",
                           "The mail has no recipient.");
  std::vector<Address> all = mail.to;
  all.push_back(mail.from);
  for (const Address& one : all) {
    if (!is_one_line(one.name))
      return permanent_error("mail.header_injection", "Un nom contient un caractère de contrôle.",
                             "A name holds a control character.");
    if (!is_address(one.address))
      return permanent_error("mail.address", "Une adresse de messagerie n'est pas valable.",
                             "A mail address is not valid.");
  }
  return std::nullopt;
}

std::optional<Error> problem_of(const Outgoing& mail) {
  if (!is_one_line(mail.subject))
    return permanent_error("mail.header_injection", "L'objet du message contient un caractère de contrôle.",
                           "The subject of the mail holds a control character.");
  if (!is_message_id(mail.message_id) || (!mail.in_reply_to.empty() && !is_message_id(mail.in_reply_to)))
    return permanent_error("mail.message_id", "Le Message-ID n'est pas valable.",
                           "The Message-ID is not valid.");
  for (const OutgoingFile& file : mail.files)
    if (!is_media_type(file.media_type))
      return permanent_error("mail.media_type", "Le type d'une pièce jointe n'est pas valable.",
                             "The media type of an attachment is not valid.");
  return problem_of_addresses(mail);
}

std::string mailbox(const Address& one, std::size_t used) {
  if (one.name.empty()) return one.address;
  const bool plain = detail::is_plain_ascii(one.name) && one.name.find_first_of("\"\\") == one.name.npos &&
                     one.name.find("=?") == one.name.npos && one.name.size() <= 60;
  const std::string name = plain ? fmt::format("\"{}\"", one.name) : detail::encoded_words(one.name, used);
  return fmt::format("{}\r\n <{}>", name, one.address);
}

std::string address_header(std::string_view name, const std::vector<Address>& all) {
  std::string out = fmt::format("{}: ", name);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) out += ",\r\n ";
    out += mailbox(all[i], i == 0 ? name.size() + 2 : 1);
  }
  return out + "\r\n";
}

/// Neither base64 nor quoted-printable can make a line with "=_" (RFC 2045 6.7), so the boundary is in no
/// part.
std::string boundary_of(const Outgoing& mail) {
  constexpr std::size_t digits = 32;
  return "=_" + sha256(mail.boundary_seed + "\n" + mail.message_id).str().substr(0, digits);
}

std::string text_part(const std::string& text) {
  return "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
         detail::quoted_printable(utf8_replaced(text));
}

std::string file_part(const OutgoingFile& file) {
  const std::string name = safe_file_name(file.name, "piece" + std::string(usual_extension(file.media_type)));
  return fmt::format(
      "Content-Type: {}{}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: "
      "attachment{}\r\n\r\n{}",
      file.media_type, detail::parameter("name", detail::look_alike(name)),
      detail::parameter("filename", name), detail::base64_lines(file.bytes));
}

}  // namespace

bool is_address(std::string_view address) {
  const std::size_t at = address.find('@');
  if (at == address.npos || address.size() > max_address) return false;
  const std::string_view local = address.substr(0, at);
  const std::string_view domain = address.substr(at + 1);
  const auto in_domain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
  };
  return dots_are_single(local) && dots_are_single(domain) && local.size() <= 64 && local.front() != '-' &&
         domain.front() != '-' && std::all_of(local.begin(), local.end(), is_address_char) &&
         std::all_of(domain.begin(), domain.end(), in_domain);
}

Result<std::string> compose(const Outgoing& mail) {
  if (auto problem = problem_of(mail)) return failure(*problem);
  std::string out = fmt::format("Date: {}\r\n", detail::date_text(mail.date));
  out += address_header("From", {mail.from});
  out += address_header("To", mail.to);
  out += detail::text_header("Subject", mail.subject);
  out += fmt::format("Message-ID: <{}>\r\n", mail.message_id);
  if (!mail.in_reply_to.empty()) out += fmt::format("In-Reply-To: <{}>\r\n", mail.in_reply_to);
  if (mail.automatic) out += "Auto-Submitted: auto-generated\r\n";
  out += "MIME-Version: 1.0\r\n";
  if (mail.files.empty()) return out + text_part(mail.text);
  const std::string boundary = boundary_of(mail);
  out += fmt::format("Content-Type: multipart/mixed;\r\n boundary=\"{}\"\r\n\r\n", boundary);
  out += fmt::format("--{}\r\n{}", boundary, text_part(mail.text));
  for (const OutgoingFile& file : mail.files)
    out += fmt::format("--{}\r\n{}", boundary, file_part(file));
  return out + fmt::format("--{}--\r\n", boundary);
}

}  // namespace demat::mail
