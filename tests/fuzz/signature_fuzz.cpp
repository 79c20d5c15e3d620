// What arrives signed: structure, statement and digests, by our own code; what is not in memory gives the
// same verdict.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocols/xades/profile.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using demat::fuzz::require;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  demat::xades::VerifyOptions options;
  options.now = demat::xades::Instant(std::chrono::seconds(1'800'000'000));
  options.accepted_policies = {demat::xades::helios_policy_1_7()};
  options.engine = demat::xades::Engine::own;
  const auto document = demat::xml::parse_borrowed(bytes);
  const demat::MemorySource source(bytes);
  const auto lean = demat::xml::parse_lean(source, {}, 24);
  require(document.has_value() == lean.has_value(), "one road reads what the other refuses");
  if (!document) return 0;
  const auto report = demat::xades::verify_pes(*document, options);
  require(report.has_value(), "a bad signature is a report, not an error");
  // Nobody signed this input with a key: it passes only if it is a seed whose signature stands.
  for (const auto& signature : report->signatures)
    if (signature.indication == demat::xades::Indication::passed)
      require(!signature.certificate_der.empty(), "passed without a certificate");
  if (lean->lean()) {
    const auto other = demat::xades::verify_pes(*lean, options);
    require(other && (!other->passed() || report->passed()),
            "a lean document passes where the whole one does not");
  }
  return 0;
}
