#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "protocols/trust/flow_report.hpp"
#include "protocols/trust/report_details.hpp"

namespace demat::trust {
namespace {

namespace json = boost::json;

/// The words of one language.
struct Words {
  Language language;
  std::string_view title, profile, no_profile, result, signature, whole, of, signer, role, when, certificate,
      issued_by, until, uncovered;
  std::string_view passed, failed, indeterminate;
  std::string_view yes, warning, no, unknown, not_run;
  std::string_view field;  ///< of a sentence in the report
};

constexpr Words french{Language::french,
                       "Vérification des signatures",
                       "Profil de confiance",
                       "aucun (autorité et révocation non contrôlées)",
                       "Résultat",
                       "Signature",
                       "le fichier entier",
                       "de",
                       "Signataire",
                       "en qualité de",
                       "Signé le",
                       "Certificat",
                       "délivré par",
                       "valable jusqu'au",
                       "Des bordereaux ne sont couverts par aucune signature valable.",
                       "VALABLE",
                       "NON VALABLE",
                       "INDÉTERMINÉ (à vérifier de nouveau plus tard)",
                       "oui",
                       "attention",
                       "NON",
                       "indéterminé",
                       "non contrôlé",
                       "fr"};
constexpr Words english{Language::english,
                        "Verification of signatures",
                        "Trust profile",
                        "none (authority and revocation not checked)",
                        "Result",
                        "Signature",
                        "the whole file",
                        "of",
                        "Signer",
                        "as",
                        "Signed at",
                        "Certificate",
                        "issued by",
                        "valid until",
                        "Some bordereaux are covered by no valid signature.",
                        "VALID",
                        "NOT VALID",
                        "INDETERMINATE (to be checked again later)",
                        "yes",
                        "warning",
                        "NO",
                        "unknown",
                        "not checked",
                        "en"};

std::string text_at(const json::object& object, std::string_view key) {
  const auto& value = object.at(key);
  return value.is_string() ? std::string(value.as_string()) : std::string();
}

std::string time_text(const std::string& iso, const Words& words) {
  const auto when = xades::parse_instant(iso);
  if (!when) return iso;
  return words.language == Language::french ? french_time(*when) : english_time(*when);
}

std::string verdict_text(const json::object& verdict, const Words& words) {
  const auto indication = text_at(verdict, "indication");
  std::string out(indication == "passed"   ? words.passed
                  : indication == "failed" ? words.failed
                                           : words.indeterminate);
  if (verdict.contains("sub_indication")) out += fmt::format(" [{}]", text_at(verdict, "sub_indication"));
  return out;
}

std::string_view mark(std::string_view outcome, const Words& words) {
  if (outcome == "pass") return words.yes;
  if (outcome == "warn") return words.warning;
  if (outcome == "fail") return words.no;
  if (outcome == "indeterminate") return words.unknown;
  return words.not_run;
}

void write_signer(const json::object& part, const Words& words, std::string& out) {
  const auto& certificate = part.at("certificate");
  if (certificate.is_object()) {
    const auto& facts = certificate.as_object();
    std::string who = text_at(facts, "name");
    if (const auto organisation = text_at(facts, "organisation"); !organisation.empty())
      who += ", " + organisation;
    if (const auto siren = text_at(facts, "siren"); !siren.empty()) who += " (SIREN " + siren + ")";
    if (const auto role = text_at(part, "role"); !role.empty())
      who += fmt::format(", {} « {} »", words.role, role);
    out += fmt::format("  {} : {}\n", words.signer, who);
    out += fmt::format("  {} : {} {}, {} {}, n° {}\n", words.certificate, words.issued_by,
                       text_at(facts, "issuer"), words.until, time_text(text_at(facts, "not_after"), words),
                       text_at(facts, "serial"));
  }
  if (const auto when = text_at(part, "signed_at"); !when.empty())
    out += fmt::format("  {} {}\n", words.when, time_text(when, words));
}

void write_part(const json::object& part, std::size_t number, const Words& words, std::string& out) {
  std::string what = text_at(part, "element");
  if (what.empty()) what = text_at(part, "covers");
  if (part.at("global").as_bool()) what = std::string(words.whole);
  out += fmt::format("\n{} {} ({} {})\n", words.signature, number, words.of, what.empty() ? "?" : what);
  write_signer(part, words, out);
  out += fmt::format("  {} : {}\n", words.result, verdict_text(part.at("verdict").as_object(), words));
  out += part_lines(part, words.language);
  for (const auto& check : part.at("checks").as_array()) {
    const auto& row = check.as_object();
    out += fmt::format("    [{}] {}\n", mark(text_at(row, "outcome"), words), text_at(row, words.field));
  }
  for (const auto& finding : part.at("findings").as_array())
    out += fmt::format("    - {}\n", text_at(finding.as_object(), words.field));
}

std::string write(const json::object& report, const Words& words) {
  std::string out = fmt::format("{} ({})\n", words.title, time_text(text_at(report, "judged_at"), words));
  out += file_lines(report, words.language);
  const auto& profile = report.at("profile");
  out +=
      fmt::format("{} : {}\n", words.profile,
                  profile.is_object() ? fmt::format("{} (version {})", text_at(profile.as_object(), "name"),
                                                    text_at(profile.as_object(), "version").substr(0, 12))
                                      : std::string(words.no_profile));
  out += fmt::format("{} : {}\n", words.result, verdict_text(report.at("verdict").as_object(), words));
  if (!report.at("every_bordereau_covered").as_bool()) out += fmt::format("{}\n", words.uncovered);
  for (const auto& finding : report.at("findings").as_array())
    out += fmt::format("- {}\n", text_at(finding.as_object(), words.field));
  std::size_t number = 0;
  for (const auto& part : report.at("signatures").as_array())
    write_part(part.as_object(), ++number, words, out);
  out += evidence_line(report, words.language);
  return out;
}

}  // namespace

Result<std::string> report_text(std::string_view text, Language language) {
  try {
    return write(json::parse(text).as_object(), language == Language::french ? french : english);
  } catch (const std::exception& broken) {
    return failure(permanent_error("trust.report_unreadable",
                                   "Le compte rendu de vérification des signatures est illisible.",
                                   "The report about signatures cannot be read.", broken.what()));
  }
}

}  // namespace demat::trust
