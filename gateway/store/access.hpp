#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include "gateway/base/clock.hpp"
#include "gateway/store/readers.hpp"
#include "gateway/store/transaction.hpp"
#include "gateway/store/writer.hpp"

namespace demat::store {

/// What the parts of the SQLite store share: the one writer, the readers, journal and blobs. References
/// outlive it. Thread-safe.
struct Access {
  Writer& writer;
  Readers& readers;
  Journal& journal;
  const JournalKey& key;
  Blobs& blobs;
  const Clock& clock;
  const std::string& environment;

  /// Runs `work(Transaction&)` on the writer's thread; returns once it is on disk.
  template <class F>
  auto write(F&& work) const -> Result<std::invoke_result_t<F&, Transaction&>> {
    return writer.run([&](Connection& db) {
      Transaction tx{db, journal, blobs, clock.now(), environment};
      return work(tx);
    });
  }
  /// Runs `work(Connection&)` over one snapshot.
  template <class F>
  auto read(F&& work) const -> Result<std::invoke_result_t<F&, Connection&>> {
    return readers.run(std::forward<F>(work));
  }
  /// Reads what somebody may need who has just claimed a flow. A claim is answered before the commit of what
  /// it has seen, and readers see what is committed: where `work(Connection&)`, which gives an optional, does
  /// not know it there, the writer's own connection is asked.
  template <class F>
  auto read_for_claimant(F&& work) const -> Result<std::invoke_result_t<F&, Connection&>> {
    auto seen = readers.run(work);
    if (!seen || seen->has_value()) return seen;
    return writer.run_eagerly(work);
  }
};

}  // namespace demat::store
