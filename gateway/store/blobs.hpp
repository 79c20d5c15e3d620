#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/store/staging.hpp"
#include "gateway/store/writer.hpp"

namespace demat::store {

/// Payloads, small in table `payload`, large as files blobs/ab/cdef..., named by their SHA-256. As a
/// participant of the group transaction it makes the names of all new files durable before the COMMIT, with
/// one fsync per folder. What is not const runs on the writer's thread only.
class Blobs final : public Participant {
 public:
  /// `folder`/blobs and `folder`/tmp exist.
  explicit Blobs(const std::filesystem::path& folder);

  /// Makes the folders blobs/00..ff and tmp.
  [[nodiscard]] static Status create_folders(const std::filesystem::path& folder);

  /// Stores a staged payload within the current transaction; the same bytes again cost nothing. Throws
  /// Refusal.
  void keep(Connection& db, StagedPayload& payload);

  /// The current transaction has taken the bytes of `name` out of its row: its file, if it has one, goes
  /// after the commit, or after a later one when the disk would not let it go. What a crash leaves over is an
  /// orphan for the next start.
  void discard(const Sha256& name);

  /// Reads a stored payload; empty when no row has it. Throws Refusal `payload.purged`, or `store.corrupt`
  /// when its file is gone.
  [[nodiscard]] std::optional<Payload> open(Connection& db, const Sha256& name) const;

  /// The file of `name` is there with this size.
  [[nodiscard]] bool has_file(const Sha256& name, std::uint64_t size) const;

  /// Removes the temporary files of former processes; returns how many. What is being staged stays.
  std::size_t sweep_temporary() const;
  /// Hands over the names of all blob files, up to `piece` at a time, on the caller's thread, until `visitor`
  /// returns false.
  void visit(std::size_t piece, const std::function<bool(const std::vector<Sha256>&)>& visitor) const;
  /// Those of `names` that no row names, as far as `db` sees.
  [[nodiscard]] static std::vector<Sha256> unnamed(Connection& db, const std::vector<Sha256>& names);
  /// Removes the files of `names` that no row names; returns how many. On the writer's thread, with its
  /// connection: nothing gets a name meanwhile.
  std::size_t remove_unnamed(Connection& db, const std::vector<Sha256>& names) const;

  void item_begins() override;
  void item_undone() override;
  void before_commit(Connection& db) override;
  void committed(Connection& db) override;
  void undone(Connection& db, bool unsure) override;

  /// Where payloads are written before they are kept.
  [[nodiscard]] const std::shared_ptr<StagingFolder>& staging() const { return staging_; }
  /// Where the file of `name` lies, if it has one. Throws Refusal for what is no digest.
  [[nodiscard]] std::filesystem::path path_of(const Sha256& name) const;

 private:
  void publish(FileBacking& staged, const Sha256& name);
  void revive(Connection& db, const StagedPayload& payload, FileBacking* file);
  [[nodiscard]] static bool is_named(Connection& db, const Sha256& name);
  void remove_if_unnamed(Connection& db, const Sha256& name);
  void forget();

  std::filesystem::path blobs_;
  std::shared_ptr<StagingFolder> staging_;
  std::vector<Sha256> fresh_;      // published by this group, in order
  std::vector<Sha256> abandoned_;  // published by items that were undone
  std::vector<Sha256> discarded_;  // to be unlinked after the commit
  std::set<Sha256> stubborn_;      // would not go; tried again after each commit
  std::size_t mark_ = 0;
  std::size_t discarded_mark_ = 0;
  std::set<std::filesystem::path> unsynced_;
};

}  // namespace demat::store
