#include "gateway/generation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace demat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Generation, WhatIsBoundToSomethingOpenWaitsForARestart) {
  config::Settings running;
  running.data_folder = "/a";
  running.http.port = 8443;
  running.log.file = "one.log";
  auto fresh = running;
  fresh.data_folder = "/b";
  fresh.http.port = 9443;
  fresh.log.file = "two.log";
  fresh.http.max_connections = 7;
  fresh.log.level = "debug";
  EXPECT_THAT(keep_until_restart(running, fresh), ElementsAre("data_folder", "http.port", "log.file"));
  EXPECT_EQ(fresh.data_folder, "/a");
  EXPECT_EQ(fresh.http.port, 8443);
  EXPECT_EQ(fresh.log.file, "one.log");
  EXPECT_EQ(fresh.http.max_connections, 7U) << "what can change does";
  EXPECT_EQ(fresh.log.level, "debug");
}

TEST(Generation, NothingIsKeptWhenNothingOfItChanged) {
  const config::Settings running;
  auto fresh = running;
  fresh.destinations.emplace_back().name = "new";
  EXPECT_THAT(keep_until_restart(running, fresh), IsEmpty());
  EXPECT_EQ(fresh.destinations.size(), 1U);
}

TEST(Generation, WhoHoldsTheOldOneKeepsIt) {
  CurrentGeneration current;
  const auto first = std::make_shared<Generation>();
  current.set(first);
  const auto held = current.get();
  current.set(std::make_shared<Generation>());
  EXPECT_EQ(held.get(), first.get());
  EXPECT_NE(current.get().get(), first.get());
}

TEST(Generation, AnUnreadableFileHasNoFingerprint) {
  EXPECT_EQ(fingerprint_of("/nowhere/dematd.toml"), "");
}

}  // namespace
}  // namespace demat
