#include "protocols/xades/verify.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "protocols/base/limits.hpp"
#include "protocols/xades/names.hpp"
#include "protocols/xades/places.hpp"
#include "protocols/xades/splice.hpp"
#include "protocols/xades/statement.hpp"
#include "protocols/xades/structure.hpp"
#include "protocols/xades/text.hpp"
#include "protocols/xml/canonical.hpp"
#include "protocols/xml/dsig.hpp"

namespace demat::xades {
namespace {

using xml::Element;
using IdCounts = std::unordered_map<std::string, std::size_t>;

void say(std::vector<Finding>& findings, std::string_view code, const Element& where,
         std::string_view value = {}) {
  findings.push_back(make_remark(code, Place{where.line(), where.path()}, value));
}

bool has_error(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& f) { return f.severity == Severity::error; });
}

/// Failed outweighs indeterminate, which outweighs passed.
Indication verdict(const std::vector<Finding>& findings) {
  Indication worst = Indication::passed;
  for (const auto& finding : findings) {
    const Indication one = consequence(finding);
    if (one == Indication::failed) return one;
    if (one == Indication::indeterminate) worst = one;
  }
  return worst;
}

/// Up to here xmlsec sees the whole document for each signature.
constexpr std::size_t few_signatures = 4;

/// Verifies one signature; digests and SignedInfo by our own code, in time linear in the element covered
/// (T52).
class SignatureVerifier {
 public:
  SignatureVerifier(const xml::Document& document, const VerifyOptions& options, const IdCounts& ids,
                    std::size_t signatures)
      : document_(document),
        options_(options),
        ids_(ids),
        many_(signatures > few_signatures),
        cache_(options.known_certificates, options.shelf) {}

  Result<SignatureReport> verify(const Element& signature) {
    SignatureReport report;
    report.id = signature.attribute("Id");
    report.line = signature.line();
    const auto parts = read_structure(signature, report.findings);
    if (parts) {
      report.signed_element = parts->parent.path();
      report.element_id = parts->parent.attribute("Id");
      report.global = !parts->parent.has_parent();
      check_statement(*parts, options_, report);
      const auto certificate = bound_certificate(*parts, cache_, report);
      check_ids(*parts, report);
      if (auto status = check_digests(*parts, report); !status) return failure(std::move(status.error()));
      if (certificate)
        if (auto status = check_value(*parts, *certificate, report); !status)
          return failure(std::move(status.error()));
    }
    report.indication = parts ? verdict(report.findings) : Indication::failed;
    return report;
  }

 private:
  /// What the signature points at must be unambiguous, whoever resolves it (T05, T51).
  void check_ids(const SignatureParts& parts, SignatureReport& report) {
    for (const auto& id : {report.element_id, report.id, parts.signed_properties.attribute("Id")}) {
      const auto found = ids_.find(id);
      if (!id.empty() && found != ids_.end() && found->second > 1)
        say(report.findings, "xades.duplicate_id", parts.signature, id);
    }
  }

  /// `element`: a path is only made once, for it counts the neighbours on its way.
  static void note_reference(const ReferenceParts& reference, std::string element, const Bytes& computed,
                             SignatureReport& report) {
    ReferenceFacts facts;
    facts.uri = short_text(reference.uri);
    facts.element = std::move(element);
    if (reference.declares_enveloped) facts.transforms.emplace_back(names::enveloped);
    facts.transforms.emplace_back(names::exc_c14n);
    facts.digest_method = names::sha256;
    facts.expected = base64(reference.digest);
    facts.computed = base64(computed);
    facts.ok = computed == reference.digest;
    report.references.push_back(std::move(facts));
  }

  Status check_digests(const SignatureParts& parts, SignatureReport& report) {
    const auto content =
        xml::canonical_digest(document_, parts.parent, xml::C14n::exclusive, Digester::Algorithm::sha256,
                              &parts.signature, parts.content.prefixes);
    if (!content) return failure(content.error());
    note_reference(parts.content, report.signed_element, *content, report);
    if (*content != parts.content.digest) say(report.findings, "xades.digest_content", parts.signature);
    const auto properties =
        xml::canonical_digest(document_, parts.signed_properties, xml::C14n::exclusive,
                              Digester::Algorithm::sha256, nullptr, parts.properties.prefixes);
    if (!properties) return failure(properties.error());
    note_reference(parts.properties, "SignedProperties", *properties, report);
    if (*properties != parts.properties.digest)
      say(report.findings, "xades.digest_properties", parts.signature);
    return {};
  }

  Status check_value(const SignatureParts& parts, const Certificate& certificate, SignatureReport& report) {
    const auto signed_info = xml::canonical(document_, parts.signed_info, xml::C14n::exclusive);
    if (!signed_info) return failure(signed_info.error());
    if (!certificate.verifies_rsa_sha256(*signed_info, parts.signature_value))
      say(report.findings, "xades.signature_value", parts.signature);
    // xmlsec would empty the SignedProperties under a wrong enveloped transform (T28): nothing to compare
    // then.
    const bool comparable =
        options_.engine == Engine::xmlsec && document_.keeps_bytes() && !parts.properties.declares_enveloped;
    if (!comparable || verdict(report.findings) == Indication::failed) return {};
    const auto second = ask_xmlsec(parts, certificate);
    if (!second) return failure(second.error());
    if (!second->valid) say(report.findings, "xades.xmlsec", parts.signature, second->reason);
    return {};
  }

  /// xmlsec walks the whole document for each reference (stack X13). When there are many signatures it gets
  /// the bordereau alone: exclusive canonicalisation depends on nothing outside, so the verdict is the same,
  /// and the time stays linear (signature 7.3, T52).
  Result<xml::DsigVerdict> ask_xmlsec(const SignatureParts& parts, const Certificate& certificate) {
    const bool depends_on_ancestors = !parts.content.prefixes.empty() || !parts.properties.prefixes.empty();
    if (!many_ || depends_on_ancestors || !parts.parent.has_parent())
      return xml::verify_signature(document_, parts.signature, certificate.der());
    const auto alone = xml::canonical(document_, parts.parent, xml::C14n::exclusive);
    if (!alone) return failure(alone.error());
    const auto copy = xml::parse(*alone);
    if (!copy) return failure(copy.error());
    return xml::verify_signature(*copy, copy->root().children().back(), certificate.der());
  }

  const xml::Document& document_;
  const VerifyOptions& options_;
  const IdCounts& ids_;
  bool many_;
  CertificateCache cache_;
};

/// How an agent recognises a bordereau: its Id, else its number, else its position.
std::string bordereau_name(const Signable& bordereau, std::size_t position) {
  if (!bordereau.id.empty()) return bordereau.id;
  for (const auto& block : bordereau.element.children("BlocBordereau", ""))
    for (const auto& number : block.children("IdBord", ""))
      if (number.has_attribute("V")) return "n° " + number.attribute("V");
  return std::to_string(position);
}

/// The domains whose bordereaux all want a signature: those that call themselves dematerialised, and those
/// where one has any. A flow may hold bordereaux on paper beside, in the other domain, which nobody may sign
/// (helios P2, P3). Domains of one name count together.
std::set<std::string> signed_domains(const Element& root,
                                     const std::unordered_set<const void*>& signed_elements) {
  auto names = dematerialised_domains(root);
  for (const auto& bordereau : bordereaux(root))
    if (signed_elements.contains(bordereau.element.handle()))
      names.emplace(bordereau.element.parent().name());
  return names;
}

/// RV3: by a signature of its own or by a global one. A signature that failed covers nothing, but its own
/// findings already say so: only bordereaux without any signature are named.
void check_coverage(const std::vector<Element>& signatures, const Element& root, DocumentReport& report) {
  std::unordered_set<const void*> signed_elements;
  std::unordered_set<const void*> sound_elements;
  for (std::size_t i = 0; i < signatures.size(); ++i) {
    if (!signatures[i].has_parent()) continue;
    const void* const parent = signatures[i].parent().handle();
    signed_elements.insert(parent);
    if (report.signatures[i].indication != Indication::failed) sound_elements.insert(parent);
  }
  report.every_bordereau_covered = true;
  if (sound_elements.contains(root.handle())) return;
  const bool global_tried = signed_elements.contains(root.handle());
  const auto asked = signed_domains(root, signed_elements);
  std::size_t position = 0;
  for (const auto& bordereau : bordereaux(root)) {
    ++position;
    if (sound_elements.contains(bordereau.element.handle())) continue;
    if (!global_tried && !asked.contains(std::string(bordereau.element.parent().name()))) continue;
    report.every_bordereau_covered = false;
    if (!global_tried && !signed_elements.contains(bordereau.element.handle()) &&
        report.document_findings.size() < limits::max_findings)
      say(report.document_findings, "xades.unsigned_bordereau", bordereau.element,
          bordereau_name(bordereau, position));
  }
}

using Crowds = std::unordered_map<const void*, std::pair<std::size_t, std::string>>;

/// How many signatures each element holds.
Crowds count_by_parent(const std::vector<Element>& signatures) {
  Crowds crowds;
  for (const auto& signature : signatures)
    if (signature.has_parent()) ++crowds[signature.parent().handle()].first;
  return crowds;
}

/// The report on one signature of several in one element (H8), which nothing more is asked of: looking for
/// each among all its siblings would cost their product.
std::optional<SignatureReport> crowded_out(const Element& signature, Crowds& crowds) {
  if (!signature.has_parent()) return std::nullopt;
  auto& [count, path] = crowds[signature.parent().handle()];
  if (count < 2) return std::nullopt;
  if (path.empty()) path = signature.parent().path() + "/Signature";
  SignatureReport report;
  report.id = signature.attribute("Id");
  report.line = signature.line();
  report.findings.push_back(make_remark("xades.two_signatures", Place{signature.line(), path}));
  report.indication = verdict(report.findings);
  return report;
}

Error self_check(const DocumentReport& report) {
  std::string codes;
  for (const auto& finding : report.findings().findings)
    if (finding.severity == Severity::error) codes += (codes.empty() ? "" : " ") + finding.code;
  return permanent_error(
      "xades.self_check",
      "La signature que la passerelle vient de produire ne se vérifie pas : le fichier n'est pas "
      "émis, prévenez l'exploitant.",
      "The signature just made by the gateway does not verify: the file is not sent, tell the "
      "operator.",
      codes);
}

}  // namespace

bool DocumentReport::passed() const {
  return !signatures.empty() && every_bordereau_covered && !has_error(document_findings) &&
         std::all_of(signatures.begin(), signatures.end(),
                     [](const SignatureReport& s) { return s.indication == Indication::passed; });
}

Report DocumentReport::findings() const {
  Report all;
  all.findings = document_findings;
  for (const auto& signature : signatures)
    all.findings.insert(all.findings.end(), signature.findings.begin(), signature.findings.end());
  return all;
}

Result<DocumentReport> verify_pes(const xml::Document& document, const VerifyOptions& options) {
  DocumentReport report;
  const auto root = document.root();
  const auto signatures = document.all("Signature", names::ds);
  if (signatures.empty()) {
    say(report.document_findings, "xades.none", root);
    return report;
  }
  if (signatures.size() > limits::max_signatures) {
    say(report.document_findings, "xades.too_many_signatures", root, std::to_string(limits::max_signatures));
    return report;
  }
  const auto ids = count_ids(document);
  const auto repeated =
      std::find_if(ids.begin(), ids.end(), [](const auto& entry) { return entry.second > 1; });
  if (repeated != ids.end()) say(report.document_findings, "xades.duplicate_id", root, repeated->first);
  const auto odd = document.oddities();
  if (odd.instruction) say(report.document_findings, "xades.instruction", *odd.instruction);  // S5
  if (odd.relative_namespace)
    say(report.document_findings, "xades.relative_namespace", *odd.relative_namespace);
  SignatureVerifier verifier(document, options, ids, signatures.size());
  auto crowds = count_by_parent(signatures);
  for (const auto& signature : signatures) {
    if (auto crowded = crowded_out(signature, crowds)) {
      report.signatures.push_back(std::move(*crowded));
      continue;
    }
    auto one = verifier.verify(signature);
    if (!one) return failure(std::move(one.error()));
    report.signatures.push_back(std::move(*one));
  }
  check_coverage(signatures, root, report);
  return report;
}

namespace {

Result<DocumentReport> verify_own(const Result<xml::Document>& document, const VerifyOptions& options) {
  if (!document) return failure(document.error());
  VerifyOptions own = options;
  own.engine = Engine::own;
  auto report = verify_pes(*document, own);
  if (report && !report->passed()) return failure(self_check(*report));
  return report;
}

}  // namespace

Result<DocumentReport> verify_own_output(std::string_view original, std::string_view signed_bytes,
                                         const VerifyOptions& options) {
  if (auto status = only_signatures_added(original, signed_bytes); !status)
    return failure(std::move(status.error()));
  return verify_own(xml::parse_borrowed(signed_bytes), options);
}

Result<DocumentReport> verify_own_output(const ByteSource& original, const ByteSource& signed_bytes,
                                         const VerifyOptions& options) {
  if (auto status = only_signatures_added(original, signed_bytes); !status)
    return failure(std::move(status.error()));
  return verify_own(xml::parse_lean(signed_bytes), options);
}

}  // namespace demat::xades
