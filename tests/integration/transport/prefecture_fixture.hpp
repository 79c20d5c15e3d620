#pragma once

#include <gmock/gmock.h>

#include "tests/support/rig/prefecture_sim.hpp"
#include "transport_fixture.hpp"

namespace demat::transport {

using rig::PrefectureSim;

inline const std::string archive_name = "ABC-TACT--111111118--20260115-1.tar.gz";

/// Skipped where Dovecot is not installed.
class PrefectureTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string missing = rig::missing_for_prefecture();
    if (!missing.empty()) GTEST_SKIP() << missing;
  }
};

inline tl::expected<void, PutFailure> post(const config::Destination& to, const std::string& bytes,
                                           Transcript& transcript, const std::string& name = archive_name) {
  return put(*make_peer(to), name, bytes, transcript, {});
}

inline tl::expected<void, PutFailure> post(const config::Destination& to,
                                           const std::string& bytes = "archive") {
  Transcript transcript;
  return post(to, bytes, transcript);
}

}  // namespace demat::transport
