// PDFs that anybody may post: the check, the signatures, the stamp.
// links: demat_base demat_gateway_base demat_papers

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/papers/pdf_check.hpp"
#include "gateway/papers/pdf_signature.hpp"
#include "gateway/papers/stamp.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using demat::fuzz::require;
using namespace demat::papers;

demat::Result<Stamped> stamped(const demat::MemorySource& source, std::string& copy) {
  Stamp stamp;
  stamp.id_acte = "034-200000019-20261121-FUZZ-DE";
  return stamp_pdf(source, stamp, {}, {"acte.pdf", "", "", {}},
                   [&copy](std::string_view part) -> demat::Status {
                     copy.append(part);
                     return {};
                   });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const demat::MemorySource source({reinterpret_cast<const char*>(data), size});
  const auto checked = check_pdf(source, "acte.pdf");
  require(checked.has_value(), "memory that cannot be read");
  for (const auto& finding : checked->report.findings)
    require(!finding.code.empty() && !finding.fr.empty() && !finding.en.empty(), "a finding without words");
  require(checked->report.refused() || checked->pages > 0, "a PDF without pages is let through");

  const auto signatures = check_signatures(source, "acte.pdf");
  require(signatures.has_value(), "memory that cannot be read");
  for (const auto& one : signatures->signatures)
    require(one.intact || signatures->report.findings.size() > 0, "a broken signature that is not told");

  std::string copy;
  const auto done = stamped(source, copy);
  if (!done) return 0;
  if (done->outcome == StampOutcome::separate_page) {
    require(copy.empty() && !done->page.empty(), "an altered original, or no page");
    return 0;
  }
  require(signatures->signatures.empty(), "a signed document was altered");
  const auto again = check_pdf(demat::MemorySource(copy), "acte.pdf");
  require(again && again->pages > 0, "a stamped copy without pages");
  return 0;
}
