#include <gtest/gtest.h>

#include "cases.hpp"
#include "tests/support/marche_flows.hpp"

namespace demat::preflight::test {
namespace {

TEST(PreflightMarche, FindsNothingInContractsThatAreRight) {
  for (const auto& flow :
       {samples::marche_flow(), samples::marche_modification_flow(), samples::concession_flow()}) {
    const auto report = judged(flow);
    for (const auto& finding : report.findings)
      ADD_FAILURE() << finding.code << " " << finding.place.path << ": " << finding.fr;
  }
}

}  // namespace
}  // namespace demat::preflight::test
