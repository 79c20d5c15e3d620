#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "gateway/flow/flow.hpp"
#include "gateway/store/store.hpp"
#include "gateway/store/writer.hpp"

namespace demat::store {

/// The secret that chains the journal (HMAC-SHA256). Copyable handle; computing is thread-safe.
class JournalKey {
 public:
  /// Makes a new key file, mode 0600, durable. Error: `store.io`.
  [[nodiscard]] static Status create(const std::filesystem::path& file);
  /// Throws Refusal when the file is missing or damaged.
  [[nodiscard]] static JournalKey load(const std::filesystem::path& file);

  /// HMAC of `data`, 32 bytes.
  [[nodiscard]] std::string mac(std::string_view data) const;

 private:
  struct Impl;
  explicit JournalKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

/// What is appended; sequence and chain value are the journal's.
struct JournalEntry {
  FlowId flow;  ///< empty for what concerns no flow
  Instant at{};
  std::string code;
  flow::State from = flow::State::received;
  flow::State to = flow::State::received;
  std::string actor;
  std::string reason;
  std::string detail = "{}";
  std::string payloads;  ///< SHA-256 of the documents that came with it, comma separated
};

/// The hash chain of events: each value covers the one before it and every column of its event; the head of
/// the chain is kept under a MAC of its own, so that cut-off last events are noticed too. Used on the
/// writer's thread; `verify` on any connection.
class Journal final : public Participant {
 public:
  Journal(Connection& db, JournalKey key);

  void append(Connection& db, const JournalEntry& entry);

  [[nodiscard]] static JournalCheck verify(Connection& db, const JournalKey& key);

  /// Removes the events up to `through` behind a signed checkpoint; the chain value there.
  /// (journal_points.cpp)
  std::string cut(Connection& db, std::uint64_t through, Instant now, const std::string& actor,
                  const std::string& reason);
  /// Calls `told` on the writer's thread after each commit that added events. From any thread.
  void watch(std::function<void()> told) {
    const std::lock_guard lock(told_mutex_);
    told_ = std::move(told);
  }

  /// Writes the head down as an anchor, at once.
  void anchor(Connection& db, Instant now);

  void item_begins() override { mark_ = head_; }
  void item_undone() override { head_ = mark_; }
  void before_commit(Connection& db) override;
  void committed(Connection&) override {
    if (saved_.sequence != head_.sequence) tell();
    saved_ = head_;
    saved_anchor_ = anchored_;
  }
  void undone(Connection&, bool) override {
    head_ = saved_;
    anchored_ = saved_anchor_;
  }

 private:
  struct Head {
    std::uint64_t sequence = 0;
    std::string chain;
    Instant at{};
  };
  /// An anchor each thousand events, and each day that has any.
  static constexpr std::uint64_t anchor_every = 1000;
  [[nodiscard]] bool anchor_due() const;
  void tell() {
    const std::lock_guard lock(told_mutex_);
    if (told_) told_();
  }

  JournalKey key_;
  Head head_;
  Head saved_;
  Head mark_;
  Head anchored_;
  Head saved_anchor_;
  std::mutex told_mutex_;
  std::function<void()> told_;
};

/// What the macs of anchors and checkpoints cover.
[[nodiscard]] std::string anchor_bytes(std::uint64_t sequence, Instant at, std::string_view chain);
[[nodiscard]] std::string checkpoint_bytes(std::uint64_t sequence, Instant at, std::string_view chain,
                                           std::string_view actor, std::string_view reason);
/// Where the verification of the chain begins: the last checkpoint, or nothing and an empty chain.
struct ChainStart {
  std::uint64_t sequence = 0;
  std::string chain;
  bool sound = true;  ///< false: a checkpoint's mac is wrong
};
[[nodiscard]] ChainStart chain_start(Connection& db, const JournalKey& key);

}  // namespace demat::store
