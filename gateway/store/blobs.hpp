#pragma once

#include <filesystem>
#include <set>
#include <vector>

#include "gateway/store/staging.hpp"
#include "gateway/store/writer.hpp"

namespace demat::store {

/// Payloads, small in table `payload`, large as files blobs/ab/cdef..., named by their SHA-256. As a
/// participant of the group transaction it makes the names of all new files durable before the COMMIT, with
/// one fsync per folder. Everything but `open` runs on the writer's thread.
class Blobs final : public Participant {
 public:
  /// `folder`/blobs and `folder`/tmp exist.
  explicit Blobs(const std::filesystem::path& folder);

  /// Makes the folders blobs/00..ff and tmp.
  [[nodiscard]] static Status create_folders(const std::filesystem::path& folder);

  /// Stores a staged payload within the current transaction; the same bytes again cost nothing. Throws
  /// Refusal.
  void keep(Connection& db, StagedPayload& payload);

  /// Reads a stored payload. Throws Refusal `store.not_found`, or `store.corrupt` when its file is gone.
  [[nodiscard]] Payload open(Connection& db, const Sha256& name) const;

  /// The file of `name` is there with this size.
  [[nodiscard]] bool has_file(const Sha256& name, std::uint64_t size) const;

  /// Removes every temporary file; returns how many. Only while nothing is being staged.
  std::size_t sweep_temporary() const;
  /// Removes the blob files that no row names; returns how many.
  std::size_t remove_orphans(Connection& db) const;

  void item_begins() override;
  void item_undone() override;
  void before_commit(Connection& db) override;
  void committed(Connection& db) override;
  void undone(Connection& db, bool unsure) override;

  [[nodiscard]] const std::filesystem::path& staging_folder() const { return staging_; }

 private:
  [[nodiscard]] std::filesystem::path path_of(const Sha256& name) const;
  void publish(FileBacking& staged, const Sha256& name);
  void remove_if_unnamed(Connection& db, const Sha256& name) const;
  void forget();

  std::filesystem::path blobs_;
  std::filesystem::path staging_;
  std::vector<Sha256> fresh_;      // published by this group, in order
  std::vector<Sha256> abandoned_;  // published by items that were undone
  std::size_t mark_ = 0;
  std::set<std::filesystem::path> unsynced_;
};

}  // namespace demat::store
