// links: demat_base demat_xml demat_xades demat_baseline
// A XAdES that comes beside a file: what passes covers these bytes and no others, by the two references that
// are allowed, and whatever comes with it is bounded.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocols/baseline/detached.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace demat;
using fuzz::require;

constexpr std::string_view content = "un acte\n";
constexpr auto ds = "http://www.w3.org/2000/09/xmldsig#";

void check_passed(const xml::Document& document, const baseline::BaselineReport& report) {
  const auto& told = report.signature;
  require(!told.certificate_der.empty() && told.certificate, "passed without a certificate");
  require(told.signed_at.has_value(), "passed without a time");
  const auto references = document.root().children("SignedInfo", ds).front().children("Reference", ds);
  require(references.size() == 2, "passed with other than two references");
  std::size_t beside = 0;
  for (const auto& reference : references)
    beside += reference.has_attribute("URI") ? 0U : 1U;
  require(beside == 1, "passed with other than one file");
  const auto other = baseline::verify_detached(document, MemorySource("un autre acte\n"));
  require(other && other->signature.indication == xades::Indication::failed, "passes for any file");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = baseline::detached_xml({reinterpret_cast<const char*>(data), size});
  if (!text) return 0;
  const auto document = xml::parse_borrowed(*text);
  if (!document) return 0;
  const auto report = baseline::verify_detached(*document, MemorySource(content));
  require(report.has_value(), "a bad signature is a report, not an error");
  require(report->stamps.size() <= 16 && report->signature.offered.size() <= 32, "more than is looked at");
  if (report->signature.indication == xades::Indication::passed) check_passed(*document, *report);
  return 0;
}
