#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "gateway/store/store.hpp"

namespace demat::store::conformance {

/// A clock that the test moves; thread-safe.
class TestClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return Instant(Duration(micros_.load())); }
  void advance(Duration by) { micros_ += by.count(); }

 private:
  std::atomic<std::int64_t> micros_{1'772'000'000'000'000};
};

/// One store of an implementation, with what it needs around it; open again gives the same data.
class Host {
 public:
  virtual ~Host() = default;
  /// Closes the store, when it is open, and opens it again.
  virtual Store& reopen() = 0;
  [[nodiscard]] virtual Store& store() = 0;
};

/// How an implementation enters the suite.
struct Implementation {
  std::string name;
  std::function<std::unique_ptr<Host>(const Clock&)> make;  ///< a new, empty store
  friend void PrintTo(const Implementation& implementation, std::ostream* out) {
    *out << implementation.name;
  }
};

inline constexpr std::size_t inline_payload = 4096;  ///< hosts set this boundary, so that tests stay small

/// The fixture of all cases: `store` is empty and open.
class StoreSuite : public testing::TestWithParam<Implementation> {
 protected:
  void SetUp() override {
    host = GetParam().make(clock);
    ASSERT_NE(host, nullptr);
  }
  [[nodiscard]] Store& store() { return host->store(); }

  [[nodiscard]] StagedPayload stage(std::string_view bytes);
  /// A flow of authority `authority` with business key and NomFic `key`.
  [[nodiscard]] static NewFlow wanted(const std::string& key, const std::string& authority = "123456782");
  /// Accepts and expects a new flow.
  flow::Flow accept_new(const std::string& key, std::string_view bytes);
  /// Takes a new flow to `ready` for destination "helios".
  flow::Flow ready_flow(const std::string& key);
  /// Takes a new flow to `sending` with an open attempt, under a lease of worker "w".
  Claim sending_flow(const std::string& key, Duration lease = std::chrono::minutes(1));
  flow::Flow step(const FlowId& id, flow::Trigger trigger);
  [[nodiscard]] flow::Flow current(const FlowId& id);
  [[nodiscard]] Claim claim_one(std::vector<flow::State> states, Duration lease = std::chrono::minutes(1));
  flow::Return import(const std::string& name, std::string_view bytes);

  TestClock clock;
  std::unique_ptr<Host> host;
};

[[nodiscard]] std::string content_of(const ByteSource& source);

}  // namespace demat::store::conformance
