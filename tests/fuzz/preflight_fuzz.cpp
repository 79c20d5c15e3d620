// links: demat_preflight demat_pes demat_rules demat_xml demat_base
// The pre-flight rules over anything that is XML: tree and stream are judged alike, within bounds.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocols/pes/header.hpp"
#include "protocols/preflight/preflight.hpp"
#include "protocols/xml/parser.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using demat::fuzz::require;

void check(const demat::Report& report) {
  const auto rules = demat::preflight::all_rules().size();
  require(report.findings.size() <= rules * (demat::rules::max_hits + 1),
          "more findings than rules may have");
  for (const auto& finding : report.findings) {
    require(demat::preflight::find_rule(finding.code) != nullptr, "a finding of no rule");
    require(!finding.fr.empty() && !finding.en.empty(), "a finding without words");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const demat::MemorySource source({reinterpret_cast<const char*>(data), size});
  const auto document = demat::xml::parse(source.view());
  const auto header = demat::pes::read_header(source);
  if (!document || !header) return 0;

  demat::preflight::Preflight of_tree({});
  for (auto* visitor : of_tree.visitors())
    document->visit(*visitor);
  const auto by_tree = of_tree.finish(*header);
  check(by_tree);

  demat::preflight::Preflight of_stream({});
  for (auto* visitor : of_stream.visitors())
    if (!demat::xml::stream(source, *visitor)) return 0;
  const auto by_stream = of_stream.finish(*header);
  require(by_tree.findings.size() == by_stream.findings.size(), "tree and stream are judged apart");
  for (std::size_t i = 0; i < by_tree.findings.size(); ++i)
    require(by_tree.findings[i].code == by_stream.findings[i].code, "tree and stream are judged apart");
  return 0;
}
