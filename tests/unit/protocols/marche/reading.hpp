#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocols/marche/reader.hpp"
#include "tests/support/marche_flows.hpp"

/// Reading for the tests of this folder.
namespace demat::marche::test {

struct Contrats final : ContratSink {
  std::vector<Marche> marches;
  std::vector<Concession> concessions;

  void marche(const Marche& contract) override { marches.push_back(contract); }
  void concession(const Concession& contract) override { concessions.push_back(contract); }
};

inline Contrats read(const std::string& xml) {
  const MemorySource source(xml);
  Contrats out;
  EXPECT_TRUE(read_contrats(source, out).has_value());
  return out;
}

}  // namespace demat::marche::test
