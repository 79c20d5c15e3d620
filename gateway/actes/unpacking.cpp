#include "gateway/actes/unpacking.hpp"

#include <algorithm>

#include "protocols/archive/reader.hpp"
#include "protocols/base/limits.hpp"

namespace demat::actes_road {
namespace {

/// Small files stay in memory until the envelope is accepted; beyond this, they are staged on disk too.
constexpr std::uint64_t max_in_memory = 33'554'432;

class Unpacker final : public archive::EntrySink {
 public:
  explicit Unpacker(const NewPayload& new_payload) : new_payload_(new_payload) {}

  Status begin(const archive::Entry& entry) override {
    auto writer = new_payload_();
    if (!writer) return failure(writer.error());
    writer_ = std::move(*writer);
    start_.clear();
    out_.members.push_back({entry.name, entry.size, {}, {}});
    const bool small = entry.size <= limits::inline_payload;
    if (small) in_memory_ += entry.size;
    if (small && in_memory_ <= max_in_memory) return {};
    return writer_->reserve(std::max<std::uint64_t>(entry.size, limits::inline_payload + 1));
  }

  Status piece(std::string_view bytes) override {
    if (start_.size() < actes::media_window) start_ += bytes.substr(0, actes::media_window - start_.size());
    return writer_->append(bytes);
  }

  Status end() override {
    auto payload = writer_->finish();
    if (!payload) return failure(payload.error());
    auto& member = out_.members.back();
    member.media = actes::sniff(start_);
    member.sha256 = payload->sha256();
    out_.payloads.push_back(std::move(*payload));
    return {};
  }

  Unpacked take() { return std::move(out_); }

 private:
  const NewPayload& new_payload_;
  std::unique_ptr<store::PayloadWriter> writer_;
  std::string start_;
  std::uint64_t in_memory_ = 0;
  Unpacked out_;
};

}  // namespace

Result<Unpacked> unpack(const ByteSource& archive, const NewPayload& new_payload) {
  Unpacker sink(new_payload);
  archive::Limits limits;
  limits.entries = max_members;
  if (const auto read = archive::read_tar_gz(archive, sink, limits); !read) return failure(read.error());
  return sink.take();
}

}  // namespace demat::actes_road
