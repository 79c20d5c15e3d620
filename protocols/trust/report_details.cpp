#include "protocols/trust/report_details.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace demat::trust {
namespace {

namespace json = boost::json;

const json::object* object_at(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  return value != nullptr ? value->if_object() : nullptr;
}

const json::array* array_at(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  return value != nullptr ? value->if_array() : nullptr;
}

std::string text_at(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::int64_t number_at(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  return value != nullptr && value->is_number() ? value->to_number<std::int64_t>() : 0;
}

bool flag_at(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  return value != nullptr && value->is_bool() && value->as_bool();
}

std::string_view kind_text(std::string_view kind, bool french) {
  if (kind == "bordereaux") return french ? "par bordereau" : "one per bordereau";
  if (kind == "global")
    return french ? "une seule, pour tout le fichier" : "a single one, for the whole file";
  if (kind == "bordereaux_and_global")
    return french ? "par bordereau, et pour tout le fichier" : "per bordereau, and for the whole file";
  return french ? "par document" : "per document";
}

/// A bordereau's signature leaves out the attachments, which lie elsewhere in the file (signature 8.1).
std::string scope_text(const json::object& part, bool french) {
  if (const auto* extent = object_at(part, "extent")) {
    const auto covered = number_at(*extent, "covered"), of = number_at(*extent, "of");
    if (covered == of) return french ? "le fichier entier" : "the whole file";
    return fmt::format(
        fmt::runtime(french ? "les {} premiers octets sur {} ; le reste a été ajouté après la signature"
                            : "the first {} bytes of {}; the rest was added after the signature"),
        covered, of);
  }
  if (flag_at(part, "global"))
    return french ? "le fichier entier, pièces jointes comprises" : "the whole file, attachments included";
  if (text_at(part, "format") == "XAdES" && !text_at(part, "element").empty())
    return french ? "ce bordereau seul, sans les pièces jointes"
                  : "this bordereau alone, without the attachments";
  return {};
}

void add(std::string& out, std::string_view label, const std::string& text) {
  if (!text.empty()) out += fmt::format("  {} : {}\n", label, text);
}

std::string place_text(const json::object& part) {
  const auto* place = object_at(part, "place");
  if (place == nullptr) return {};
  std::string out = text_at(*place, "city");
  if (const auto code = text_at(*place, "postal_code"); !code.empty()) out += fmt::format(" ({})", code);
  if (const auto country = text_at(*place, "country"); !country.empty())
    out += (out.empty() ? "" : ", ") + country;
  return out;
}

std::string level_text(const json::object& part, bool french) {
  const auto* level = object_at(part, "level_deduced");
  if (level == nullptr) return {};
  return text_at(*level, "name") + (french ? " : " : ": ") + text_at(*level, french ? "fr" : "en");
}

/// The sentence of the check that decided.
std::string reason_text(const json::object& part, bool french) {
  const auto* checks = array_at(part, "checks");
  const auto* verdict = object_at(part, "verdict");
  if (checks == nullptr || verdict == nullptr) return {};
  const auto indication = text_at(*verdict, "indication");
  const std::string outcome = indication == "failed" ? "fail" : indication;
  for (const auto& check : *checks)
    if (check.is_object() && text_at(check.get_object(), "outcome") == outcome)
      return text_at(check.get_object(), french ? "fr" : "en");
  return {};
}

}  // namespace

std::string file_lines(const json::object& report, Language language) {
  const bool french = language == Language::french;
  std::string out;
  if (const auto* file = object_at(report, "file")) {
    std::string what = text_at(*file, "name");
    if (what.empty()) what = text_at(*file, "nom_fic");
    what += fmt::format(fmt::runtime(french ? " ({} octets)" : " ({} bytes)"), number_at(*file, "size"));
    out += fmt::format("{} : {}\n", french ? "Fichier" : "File", what);
    if (const auto digest = text_at(*file, "sha256"); !digest.empty())
      out += fmt::format("  SHA-256 : {}\n", digest);
    if (const auto schema = text_at(*file, "schema"); !schema.empty())
      out += fmt::format("  {} {} : {}\n", french ? "Schéma" : "Schema", schema,
                         flag_at(*file, "schema_valid") ? (french ? "conforme" : "valid")
                                                        : (french ? "NON CONFORME" : "NOT VALID"));
  }
  const auto* parts = array_at(report, "signatures");
  if (parts != nullptr && report.contains("kind"))
    out += fmt::format("Signatures : {} ({})\n", parts->size(), kind_text(text_at(report, "kind"), french));
  return out;
}

std::string part_lines(const json::object& part, Language language) {
  const bool french = language == Language::french;
  std::string out;
  add(out, french ? "Pourquoi" : "Why", reason_text(part, french));
  add(out, french ? "Porte sur" : "Covers", scope_text(part, french));
  if (const auto line = number_at(part, "line"); line > 0)
    add(out, french ? "Ligne" : "Line", std::to_string(line));
  add(out, french ? "Fait à" : "Made at", place_text(part));
  add(out, french ? "Niveau du certificat" : "Level of the certificate", level_text(part, french));
  const auto* references = array_at(part, "references");
  for (std::size_t i = 0; references != nullptr && i < references->size(); ++i) {
    const auto* one = references->at(i).if_object();
    if (one == nullptr || flag_at(*one, "ok")) continue;
    add(out, french ? "Ce qui a changé" : "What has changed", text_at(*one, "element"));
  }
  return out;
}

std::string evidence_line(const json::object& report, Language language) {
  const auto* evidence = array_at(report, "evidence");
  if (evidence == nullptr || evidence->empty()) return {};
  return fmt::format(
      fmt::runtime(language == Language::french
                       ? "\nPièces conservées à l'appui : {} (listes de révocation, réponses OCSP)\n"
                       : "\nKept as proof: {} (revocation lists, OCSP responses)\n"),
      evidence->size());
}

}  // namespace demat::trust
