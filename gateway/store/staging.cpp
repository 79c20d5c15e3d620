#include "gateway/store/staging.hpp"

#include <fcntl.h>

#include <algorithm>

#include "gateway/base/crash_point.hpp"
#include "protocols/base/digest.hpp"

namespace demat::store {
namespace {

class StagingWriter final : public PayloadWriter {
 public:
  StagingWriter(std::shared_ptr<StagingFolder> folder, std::size_t inline_limit)
      : folder_(std::move(folder)), inline_limit_(inline_limit), source_(*this) {}
  ~StagingWriter() override { folder_->remove(path_); }
  StagingWriter(const StagingWriter&) = delete;
  StagingWriter& operator=(const StagingWriter&) = delete;

  Status reserve(std::uint64_t bytes) override {
    // What stays in memory lands in the database: its pages and log take a multiple of it.
    constexpr std::uint64_t overhead = 1'000'000;
    if (auto room = check_room(folder_->path(), (bytes <= inline_limit_ ? 4 * bytes : bytes) + overhead);
        !room)
      return room;
    if (bytes <= inline_limit_) return {};
    if (!file_.is_open()) {
      if (auto moved = move_to_file(); !moved) return moved;
    }
    return reserve_space(file_.number(), bytes);
  }

  Status append(std::string_view bytes) override {
    if (!file_.is_open() && size_ + bytes.size() > inline_limit_) {
      if (auto moved = move_to_file(); !moved) return moved;
    }
    if (file_.is_open()) {
      if (auto written = write_all(file_.number(), bytes); !written) return written;
    } else {
      memory_.append(bytes);
    }
    sha256_.update(bytes);
    sha1_.update(bytes);
    size_ += bytes.size();
    return {};
  }

  std::uint64_t size() const override { return size_; }
  const ByteSource& so_far() const override { return source_; }

  Result<StagedPayload> finish() override {
    std::unique_ptr<StagedPayload::Backing> backing;
    if (file_.is_open()) {
      crash_point("staged_written");
      if (auto synced = sync_file(file_.number()); !synced) return failure(synced.error());
      crash_point("blob_fsynced");
      backing = std::make_unique<FileBacking>(folder_, std::exchange(path_, {}), std::move(file_), size_);
    } else {
      backing = std::make_unique<MemoryBacking>(std::move(memory_));
    }
    return StagedPayload(Sha256{hex(sha256_.finish())}, Sha1{hex(sha1_.finish())}, size_, std::move(backing));
  }

 private:
  /// Reads back what was written so far, wherever it is.
  class SoFar final : public ByteSource {
   public:
    explicit SoFar(const StagingWriter& writer) : writer_(writer) {}
    Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
      if (!writer_.file_.is_open()) return MemorySource(writer_.memory_).read(offset, buffer);
      return read_at(writer_.file_.number(), offset, buffer);
    }
    std::size_t size() const override { return writer_.size_; }
    std::string_view view() const override {
      return writer_.file_.is_open() ? std::string_view() : std::string_view(writer_.memory_);
    }

   private:
    const StagingWriter& writer_;
  };

  Status move_to_file() {
    auto path = folder_->fresh_path();
    auto opened = open_file(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    if (!opened) return failure(opened.error());
    path_ = std::move(path);
    if (auto written = write_all(opened->number(), memory_); !written) {
      folder_->remove(std::exchange(path_, {}));
      return written;
    }
    folder_->clear_up();  // the disk takes writes
    file_ = std::move(*opened);
    std::string().swap(memory_);
    return {};
  }

  std::shared_ptr<StagingFolder> folder_;
  std::size_t inline_limit_;
  std::string memory_;
  std::filesystem::path path_;
  FileDescriptor file_;
  std::size_t size_ = 0;
  Digester sha256_{Digester::Algorithm::sha256};
  Digester sha1_{Digester::Algorithm::sha1};
  SoFar source_;
};

}  // namespace

std::unique_ptr<PayloadWriter> make_payload_writer(std::shared_ptr<StagingFolder> folder,
                                                   std::size_t inline_limit) {
  return std::make_unique<StagingWriter>(std::move(folder), inline_limit);
}

}  // namespace demat::store
