// links: demat_base demat_xml demat_xades demat_hostile_kit
// What arrives signed: structure, statement and digests. What passes is what its signature covers, xmlsec
// says the same, and what is not in memory gets the same verdict. Inputs are signed anew after many changes,
// so that they get past the cryptography.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "hostile_kit.hpp"
#include "protocols/xades/profile.hpp"
#include "protocols/xml/canonical.hpp"
#include "protocols/xml/dsig.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/fuzz/signed_mutator.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

using namespace demat;
using fuzz::require;
using xades::Indication;

constexpr auto ds = "http://www.w3.org/2000/09/xmldsig#";

xades::VerifyOptions options_for(xades::Engine engine) {
  xades::VerifyOptions options;
  options.now = xades::Instant(std::chrono::seconds(1'800'000'000));
  options.accepted_policies = {xades::helios_policy_1_7()};
  options.engine = engine;
  return options;
}

/// Recomputed from the document alone: one of the references covers the whole parent, and no more than two
/// exist.
void check_coverage(const xml::Document& document, const xml::Element& signature,
                    const xades::SignatureReport& report) {
  require(!report.certificate_der.empty(), "passed without a certificate");
  require(signature.has_parent(), "passed without a parent");
  const auto parent = signature.parent();
  require(report.signed_element == parent.path(), "the report tells of another element");
  const auto digest =
      xml::canonical_digest(document, parent, xml::C14n::exclusive, Digester::Algorithm::sha256, &signature);
  const auto references = signature.children("SignedInfo", ds).front().children("Reference", ds);
  require(references.size() == 2, "passed with other than two references");
  bool covered = false;
  for (const auto& reference : references) {
    const auto uri = reference.attribute("URI");
    const bool has_prefixes =
        !reference.children("Transforms", ds).front().children().back().children().empty();
    if (uri != "#" + parent.attribute("Id") && !uri.empty()) continue;
    const auto stated = decode_base64(reference.children("DigestValue", ds).front().text());
    covered = has_prefixes || (stated.ok && digest && stated.bytes == *digest);
  }
  require(covered, "passed, and its parent is not what was digested");
  std::size_t bearers = 0;
  for (const auto& element : document.with_attribute("Id"))
    bearers += element.attribute("Id") == parent.attribute("Id") ? 1U : 0U;
  require(bearers <= 1, "passed with an Id that others bear");
}

/// Whether the only trouble is one that xmlsec must have as well.
bool is_broken_by_cryptography(const xades::SignatureReport& report) {
  bool broken = false;
  for (const auto& finding : report.findings) {
    if (finding.code == "xades.enveloped_properties") return false;  // xmlsec empties the node set there
    if (finding.severity != Severity::error) continue;
    const bool mathematical = finding.code == "xades.digest_content" ||
                              finding.code == "xades.digest_properties" ||
                              finding.code == "xades.signature_value";
    if (!mathematical) return false;
    broken = true;
  }
  return broken;
}

void compare_with_xmlsec(const xml::Document& document, const xades::DocumentReport& own) {
  if (own.passed()) {
    const auto second = xades::verify_pes(document, options_for(xades::Engine::xmlsec));
    require(second && second->passed(), "xmlsec contradicts what passes");
  }
  const auto signatures = document.all("Signature", ds);
  for (std::size_t i = 0; i < own.signatures.size() && i < 4; ++i) {
    if (!is_broken_by_cryptography(own.signatures[i]) || own.signatures[i].certificate_der.empty()) continue;
    const auto verdict = xml::verify_signature(document, signatures[i], own.signatures[i].certificate_der);
    require(!verdict || !verdict->valid, "xmlsec accepts what our cryptography refuses");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto options = options_for(xades::Engine::own);
  const auto document = xml::parse_borrowed(bytes);
  const MemorySource source(bytes);
  const auto lean = xml::parse_lean(source);
  require(document.has_value() == lean.has_value(), "one road reads what the other refuses");
  if (!document) return 0;
  const auto report = xades::verify_pes(*document, options);
  require(report.has_value(), "a bad signature is a report, not an error");
  const auto signatures = document->all("Signature", ds);
  for (std::size_t i = 0; i < report->signatures.size(); ++i)
    if (report->signatures[i].indication == Indication::passed)
      check_coverage(*document, signatures[i], report->signatures[i]);
  compare_with_xmlsec(*document, *report);
  const auto other = xades::verify_pes(*lean, options);
  require(other && other->passed() == report->passed(), "the roads come to different verdicts");
  // Fewer texts in memory: only more may be refused.
  const auto leaner = xml::parse_lean(source, {}, 24);
  require(leaner.has_value(), "one road reads what the other refuses");
  const auto least = xades::verify_pes(*leaner, options);
  require(least && (!least->passed() || report->passed()),
          "a lean document passes where the whole one does not");
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  fuzz::SignedMutator mutator(seed);
  const auto kind = mutator.below(16);
  if (kind < 4) return LLVMFuzzerMutate(data, size, max_size);
  std::string bytes(reinterpret_cast<const char*>(data), size);
  try {
    if (kind == 4) {
      // Not the massive ones: they would not fit.
      static const auto cases = [] {
        auto all = test::hostile::stated_cases();
        for (const auto& group : {test::hostile::placing_cases(), test::hostile::writing_cases()})
          all.insert(all.end(), group.begin(), group.end());
        return all;
      }();
      bytes = cases[mutator.below(cases.size())].file({});
    }
    for (auto changes = mutator.below(3) + 1; changes > 0; --changes)
      bytes = mutator.changed(bytes);
    if (mutator.below(3) != 0 && bytes.size() <= max_size)
      bytes = test::hostile::resigned(bytes, {.signature = mutator.below(8) == 0 ? 1U : 0U});
  } catch (const std::exception&) {
    // No longer signed, or no XML: as good an input as any.
  }
  if (bytes.size() > max_size) bytes.resize(max_size);
  std::memcpy(data, bytes.data(), bytes.size());
  return bytes.size();
}
