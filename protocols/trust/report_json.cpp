#include <openssl/crypto.h>

#include <algorithm>
#include <boost/json.hpp>

#include "protocols/trust/flow_report.hpp"
#include "protocols/trust/level.hpp"

namespace demat::trust {
namespace {

namespace json = boost::json;

json::value time_json(const std::optional<Instant>& when) {
  return when ? json::value(xades::format_instant(*when)) : json::value(nullptr);
}

json::object verdict_json(const Verdict& verdict) {
  json::object out{{"indication", xades::to_string(verdict.indication)}};
  if (!verdict.sub_indication.empty()) out["sub_indication"] = verdict.sub_indication;
  return out;
}

json::array texts_json(const std::vector<std::string>& texts) {
  json::array out;
  for (const auto& text : texts)
    out.emplace_back(text);
  return out;
}

json::array findings_json(const std::vector<Finding>& findings) {
  json::array out;
  for (const auto& one : findings)
    out.push_back(json::object{{"code", one.code},
                               {"severity", demat::to_string(one.severity)},
                               {"line", one.place.line},
                               {"path", one.place.path},
                               {"fr", one.fr},
                               {"en", one.en}});
  return out;
}

json::object certificate_json(const CertificateFacts& one) {
  return json::object{{"subject", one.subject},
                      {"issuer", one.issuer},
                      {"name", one.name},
                      {"given_name", one.given_name},
                      {"surname", one.surname},
                      {"organisation", one.organisation},
                      {"siren", one.siren},
                      {"email", one.email},
                      {"serial", one.serial},
                      {"serial_decimal", one.serial_decimal},
                      {"sha256", one.sha256},
                      {"sha1", one.sha1},
                      {"not_before", xades::format_instant(one.not_before)},
                      {"not_after", xades::format_instant(one.not_after)},
                      {"key", one.key_kind},
                      {"key_bits", one.key_bits},
                      {"signature_digest", one.signature_digest},
                      {"key_usage", texts_json(one.key_usage)},
                      {"extended_key_usage", texts_json(one.extended_key_usage)},
                      {"policies", texts_json(one.policies)},
                      {"qualified", one.qualified},
                      {"qualified_device", one.qualified_device}};
}

json::array path_json(const std::vector<PathElement>& path) {
  json::array out;
  for (const auto& one : path)
    out.push_back(json::object{{"subject", one.facts.subject},
                               {"sha256", one.facts.sha256},
                               {"not_after", xades::format_instant(one.facts.not_after)},
                               {"anchor", one.anchor},
                               {"authorised_issuer", one.authorised_issuer}});
  return out;
}

json::array revocation_json(const std::vector<RevocationFacts>& all) {
  json::array out;
  for (const auto& one : all)
    out.push_back(json::object{{"certificate", one.certificate},
                               {"sha256", one.sha256},
                               {"status", one.status},
                               {"kind", one.kind},
                               {"source", one.source},
                               {"evidence", one.evidence},
                               {"crl_number", one.crl_number},
                               {"this_update", time_json(one.this_update)},
                               {"next_update", time_json(one.next_update)},
                               {"revoked_at", time_json(one.revoked_at)},
                               {"reason", one.reason}});
  return out;
}

json::array stamps_json(const std::vector<StampFacts>& all) {
  json::array out;
  for (const auto& one : all)
    out.push_back(json::object{{"accepted", one.accepted},
                               {"time", time_json(one.time)},
                               {"authority", one.authority},
                               {"sha256", one.sha256},
                               {"serial", one.serial},
                               {"policy", one.policy},
                               {"fr", one.fr},
                               {"en", one.en}});
  return out;
}

json::array checks_json(const std::vector<Check>& checks) {
  json::array out;
  for (const auto& one : checks) {
    json::object row{{"code", one.code},
                     {"outcome", to_string(one.outcome)},
                     {"source", one.source},
                     {"fr", one.fr},
                     {"en", one.en}};
    if (!one.sub_indication.empty()) row["sub_indication"] = one.sub_indication;
    out.push_back(std::move(row));
  }
  return out;
}

json::array references_json(const std::vector<xades::ReferenceFacts>& all) {
  json::array out;
  for (const auto& one : all)
    out.push_back(json::object{{"uri", one.uri},
                               {"element", one.element},
                               {"transforms", texts_json(one.transforms)},
                               {"digest_method", one.digest_method},
                               {"expected", one.expected},
                               {"computed", one.computed},
                               {"ok", one.ok}});
  return out;
}

json::value level_json(const SignedPart& part) {
  if (!part.signer.certificate) return nullptr;
  const auto level = level_of(*part.signer.certificate, part.signer.level, part.signer.profile);
  return json::object{{"name", level.name}, {"fr", level.fr}, {"en", level.en}};
}

json::value file_json(const std::optional<FileFacts>& file) {
  if (!file) return nullptr;
  return json::object{{"name", file->name},     {"size", file->size},
                      {"sha256", file->sha256}, {"encoding", file->encoding},
                      {"root", file->root},     {"nom_fic", file->nom_fic},
                      {"schema", file->schema}, {"schema_valid", file->schema_valid}};
}

/// How the flow is signed (signature 1.5, R2).
const char* kind_of(const FlowReport& report) {
  const auto is_global = [](const SignedPart& part) { return part.signature.global; };
  const auto xades = [](const SignedPart& part) { return part.signature.format == "XAdES"; };
  if (report.parts.empty() || !std::ranges::all_of(report.parts, xades)) return "documents";
  if (std::ranges::none_of(report.parts, is_global)) return "bordereaux";
  return report.parts.size() == 1 ? "global" : "bordereaux_and_global";
}

/// What a part tells about what was signed, and how.
void add_statement(const SignatureInput& signature, json::object& out) {
  out["line"] = signature.line;
  out["signing_time"] = signature.signing_time;
  out["references"] = references_json(signature.references);
  out["policy_facts"] = json::object{{"description", signature.policy_facts.description},
                                     {"digest", signature.policy_facts.digest},
                                     {"expected", signature.policy_facts.expected},
                                     {"spuri", signature.policy_facts.spuri}};
  out["place"] = json::object{{"city", signature.place.city},
                              {"postal_code", signature.place.postal_code},
                              {"country", signature.place.country}};
}

json::object part_json(const SignedPart& part) {
  const auto& signature = part.signature;
  json::object out{{"id", signature.id},
                   {"covers", signature.covers},
                   {"element", signature.element},
                   {"global", signature.global},
                   {"verdict", verdict_json(part.verdict)},
                   {"role", signature.role},
                   {"policy", signature.policy},
                   {"signed_at", time_json(signature.signed_at)},
                   {"judged_for", xades::format_instant(part.signer.signed_at)},
                   {"time_source", part.signer.time_source},
                   {"format", signature.format},
                   {"digest", signature.digest},
                   {"level", part.signer.level}};
  out["extent"] =
      signature.extent
          ? json::value(json::object{{"covered", signature.extent->covered}, {"of", signature.extent->of}})
          : json::value(nullptr);
  out["certificate"] = part.signer.certificate ? json::value(certificate_json(*part.signer.certificate))
                                               : json::value(nullptr);
  out["level_deduced"] = level_json(part);
  add_statement(signature, out);
  out["path"] = path_json(part.signer.path);
  out["revocation"] = revocation_json(part.signer.revocation);
  out["time_stamps"] = stamps_json(part.signer.stamps);
  out["checks"] = checks_json(part.signer.checks);
  out["findings"] = findings_json(signature.findings);
  return out;
}

}  // namespace

std::string to_json(const FlowReport& report) {
  json::object out{{"verdict", verdict_json(report.verdict)},
                   {"judged_at", xades::format_instant(report.judged_at)},
                   {"received_at", xades::format_instant(report.received)},
                   {"every_bordereau_covered", report.covered}};
  out["profile"] = report.profile.empty()
                       ? json::value(nullptr)
                       : json::value(json::object{
                             {"name", report.profile}, {"version", report.version}, {"rules", report.rules}});
  out["file"] = file_json(report.file);
  out["kind"] = kind_of(report);
  out["software"] = json::object{{"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)}};
  out["findings"] = findings_json(report.document_findings);
  json::array parts;
  for (const auto& part : report.parts)
    parts.push_back(part_json(part));
  out["signatures"] = std::move(parts);
  json::array evidence;
  for (const auto& one : report.evidence)
    evidence.push_back(json::object{
        {"kind", to_string(one.kind)}, {"sha256", one.sha256.str()}, {"size", one.bytes->size()}});
  out["evidence"] = std::move(evidence);
  return json::serialize(out);
}

}  // namespace demat::trust
