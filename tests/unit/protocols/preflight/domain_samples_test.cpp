#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases.hpp"
#include "enclosed.hpp"
#include "tests/support/pes_domains.hpp"

/// The sample flows break no rule, whichever pack is in force: what they teach is right.
namespace demat::preflight::test {
namespace {

std::vector<std::string> findings_of(const std::string& flow, const std::string& version) {
  Options options;
  options.rules.version = version;
  options.gateway_will_sign = true;
  options.pack = pack();
  std::vector<std::string> out;
  for (const auto& finding : judged(flow, options).findings)
    out.push_back(finding.code + " " + finding.place.path + ": " + finding.en);
  return out;
}

TEST(SampleFlows, BreakNoRule) {
  namespace s = samples;
  const std::vector<std::pair<const char*, std::string>> flows{
      {"depense", s::depense({}, {.bordereaux = 2})},
      {"recette", s::recette({}, {}, s::sample_attachments(2, 500, 1))},
      {"facture", s::facture({}, {.titres = 3})},
      {"patients", s::facture({}, {.type = "10"})},
      {"titres with their ASAP", s::recette_with_asap({}, {.titres = 3})},
      {"marche", s::marche()},
      {"amendment", s::marche({}, {.modification = 1, .sequence = 2})},
      {"concession", s::concession()},
      {"changed concession", s::concession({}, {.modification = 1, .sequence = 2})}};
  for (const auto* version : {"5.17", "5.30"})
    for (const auto& [name, flow] : flows)
      EXPECT_THAT(findings_of(flow, version), testing::IsEmpty()) << name << " under " << version;
}

}  // namespace
}  // namespace demat::preflight::test
