#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "protocols/base/byte_source.hpp"
#include "protocols/base/identifiers.hpp"
#include "protocols/base/result.hpp"

namespace demat::store {

/// Immutable bytes of the store, named by their SHA-256. Small ones are in memory, large ones read from their
/// file; no path is ever shown (stack D1). Keeps what it needs alive.
using Payload = std::shared_ptr<const ByteSource>;

/// Bytes that came in but belong to no row yet: in memory up to limits::inline_payload, else in an
/// unlinked-on-drop temporary file. Handing it to a Store operation makes it durable; dropping it leaves
/// nothing behind.
class StagedPayload {
 public:
  class Backing {
   public:
    virtual ~Backing() = default;
    /// The staged bytes for reading before they are stored.
    [[nodiscard]] virtual const ByteSource& bytes() const = 0;
  };
  StagedPayload(Sha256 sha256, Sha1 sha1, std::uint64_t size, std::unique_ptr<Backing> backing);
  ~StagedPayload();
  StagedPayload(StagedPayload&&) noexcept;
  StagedPayload& operator=(StagedPayload&&) noexcept;

  [[nodiscard]] const Sha256& sha256() const { return sha256_; }
  [[nodiscard]] const Sha1& sha1() const { return sha1_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] const ByteSource& bytes() const { return backing_->bytes(); }
  [[nodiscard]] Backing& backing() { return *backing_; }

 private:
  Sha256 sha256_;
  Sha1 sha1_;
  std::uint64_t size_ = 0;
  std::unique_ptr<Backing> backing_;
};

/// Receives a payload while it streams in, hashing as it goes. Not thread-safe, used by one task at a time.
class PayloadWriter {
 public:
  virtual ~PayloadWriter() = default;
  /// Takes the place for about so many bytes before the first one comes, so that a full disk shows while
  /// their source still has them. Errors: `store.disk_full`, `store.io` (waiting).
  [[nodiscard]] virtual Status reserve(std::uint64_t bytes) = 0;
  /// Errors: `store.disk_full`, `store.io` (waiting).
  [[nodiscard]] virtual Status append(std::string_view bytes) = 0;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// What has been written so far, for the header reader; valid until the next append.
  [[nodiscard]] virtual const ByteSource& so_far() const = 0;
  /// Ends the writing; a payload kept in a file is fsynced here.
  [[nodiscard]] virtual Result<StagedPayload> finish() = 0;
};

}  // namespace demat::store
