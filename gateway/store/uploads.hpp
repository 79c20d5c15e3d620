#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/store/payload.hpp"
#include "gateway/store/store.hpp"

namespace demat::store {

using UploadId = Strong<struct UploadIdTag>;  ///< UUIDv7, unguessable

/// A file that comes in several requests.
struct Upload {
  UploadId id;
  IdentityId identity;
  AuthorityId authority;
  std::string file_name;
  std::uint64_t size = 0;  ///< of the whole file, told at the beginning
  std::optional<Sha256> sha256;
  std::uint64_t offset = 0;  ///< bytes that are durable
  bool finished = false;     ///< answered; nothing more is taken
  Instant created_at{};
  Instant touched_at{};
};

/// Takes bytes at the end of an upload. Nobody else has the upload meanwhile. What was written is made
/// durable by `sync`, and as far as possible when the writer is dropped. Not thread-safe.
class UploadWriter {
 public:
  virtual ~UploadWriter() = default;
  /// Errors: `upload.too_long`, `store.disk_full`, `store.io`.
  [[nodiscard]] virtual Status append(std::string_view bytes) = 0;
  /// The offset up to which the bytes survive a power cut.
  [[nodiscard]] virtual Result<std::uint64_t> sync() = 0;
  [[nodiscard]] virtual const Upload& upload() const = 0;
  /// A complete file, hashed, to be accepted; the upload keeps its bytes until `finish`. Errors:
  /// `upload.incomplete`, `upload.digest` (not the digest told at the beginning).
  [[nodiscard]] virtual Result<StagedPayload> staged() = 0;
};

/// Uploads that may be resumed: their rows and how far they got; the bytes lie in files of their own folder.
/// A part of Store: same durability, thread-safety and errors.
class Uploads {
 public:
  virtual ~Uploads() = default;

  /// A new upload; id and times are set here. Error: `upload.too_many` when the identity has `most` open
  /// ones.
  [[nodiscard]] virtual Result<Upload> create(Upload upload, std::size_t most) = 0;
  [[nodiscard]] virtual Result<std::optional<Upload>> find(const UploadId& id) = 0;
  /// The right to go on at the upload's offset. Errors: `upload.unknown`, `upload.busy` (another request has
  /// it), `upload.offset` (the offset is another one).
  [[nodiscard]] virtual Result<std::unique_ptr<UploadWriter>> open(const UploadId& id,
                                                                   std::uint64_t offset) = 0;
  /// It has been answered for good: its bytes go, its row stays until it expires.
  [[nodiscard]] virtual Status finish(const UploadId& id) = 0;
  [[nodiscard]] virtual Status remove(const UploadId& id) = 0;
  /// Drops uploads without news since `before`, and files that no row names; returns how many uploads.
  [[nodiscard]] virtual Result<std::size_t> expire(Instant before) = 0;
};

}  // namespace demat::store
