#include "protocols/archive/reader.hpp"

#include <algorithm>
#include <utility>

#include "protocols/archive/gunzip.hpp"
#include "protocols/archive/names.hpp"
#include "protocols/archive/refusal.hpp"
#include "protocols/archive/tar_header.hpp"

namespace demat::archive {
namespace {

using detail::block_bytes;
using detail::Extension;
using detail::Reason;
using detail::refusal;
using detail::TarHeader;

/// Cuts the unpacked stream into blocks and runs.
class Blocks {
 public:
  Blocks(const ByteSource& source, const Limits& limits) : gunzip_(source, limits) {}

  /// Up to `most` bytes, as many as there are without copying; empty at the end.
  [[nodiscard]] Result<std::string_view> some(std::uint64_t most) {
    if (rest_.empty()) {
      auto next = gunzip_.next();
      if (!next) return next;
      rest_ = *next;
    }
    const std::string_view run =
        rest_.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(most, rest_.size())));
    rest_.remove_prefix(run.size());
    return run;
  }

  /// Exactly `size` bytes, or fewer at the end.
  [[nodiscard]] Result<std::string> exactly(std::size_t size) {
    std::string out;
    while (out.size() < size) {
      const auto run = some(size - out.size());
      if (!run) return failure(run.error());
      if (run->empty()) break;
      out += *run;
    }
    return out;
  }

 private:
  detail::Gunzip gunzip_;
  std::string_view rest_;
};

std::uint64_t padding(std::uint64_t size) {
  return (block_bytes - size % block_bytes) % block_bytes;
}

class TarReader {
 public:
  TarReader(const ByteSource& source, EntrySink& sink, const Limits& limits)
      : blocks_(source, limits), sink_(sink), limits_(limits) {}

  [[nodiscard]] Result<Contents> run() {
    while (true) {
      auto block = blocks_.exactly(block_bytes);
      if (!block) return failure(block.error());
      const bool whole = block->size() == block_bytes;
      if (!whole) return failure(refusal(first_ ? Reason::not_tar : Reason::truncated));
      if (detail::is_zero(*block)) break;
      auto header = detail::read_tar_header(*block, first_);
      if (!header) return failure(header.error());
      first_ = false;
      if (auto done = take(*header); !done) return failure(done.error());
    }
    if (auto done = finish(); !done) return failure(done.error());
    return contents_;
  }

 private:
  [[nodiscard]] Status take(const TarHeader& header);
  [[nodiscard]] Status take_extension(const TarHeader& header);
  [[nodiscard]] Status take_long_name(std::string bytes);
  [[nodiscard]] Status take_file(const TarHeader& header);
  [[nodiscard]] Status copy(std::uint64_t size);
  [[nodiscard]] Status finish();

  Blocks blocks_;
  EntrySink& sink_;
  const Limits& limits_;
  NameSet names_;
  Extension extension_;
  bool extended_ = false;  ///< an extension waits for its file
  bool first_ = true;
  Contents contents_;
};

Status TarReader::take(const TarHeader& header) {
  switch (header.type) {
    case '0':
    case '\0':
      return take_file(header);
    case 'x':
    case 'g':
    case 'L':
      return take_extension(header);
    case '1':
    case '2':
    case 'K':
      return failure(refusal(Reason::link));
    case '5':
      return failure(refusal(Reason::directory));
    case '3':
    case '4':
    case '6':
      return failure(refusal(Reason::special_file));
    case 'S':
      return failure(refusal(Reason::sparse));
    default:
      return failure(refusal(Reason::unsupported));
  }
}

Status TarReader::take_extension(const TarHeader& header) {
  if (header.size > limits_.extension) return failure(refusal(Reason::extension_too_long));
  const std::uint64_t stored = header.size + padding(header.size);
  auto bytes = blocks_.exactly(static_cast<std::size_t>(stored));
  if (!bytes) return failure(bytes.error());
  if (bytes->size() < stored) return failure(refusal(Reason::truncated));
  bytes->resize(static_cast<std::size_t>(header.size));
  if (header.type == 'g') return detail::check_global_pax(*bytes);
  // Extensions in a row would be a bomb of headers, and readers differ on which of them counts.
  if (std::exchange(extended_, true)) return failure(refusal(Reason::header));
  return header.type == 'L' ? take_long_name(std::move(*bytes)) : detail::read_pax(*bytes, extension_);
}

Status TarReader::take_long_name(std::string bytes) {
  while (!bytes.empty() && bytes.back() == '\0')
    bytes.pop_back();
  if (bytes.find('\0') != std::string::npos) return failure(refusal(Reason::header));
  extension_.name = std::move(bytes);
  return {};
}

Status TarReader::take_file(const TarHeader& header) {
  const Extension extension = std::exchange(extension_, {});
  extended_ = false;
  if (header.linked) return failure(refusal(Reason::link));
  if (contents_.entries >= limits_.entries) return failure(refusal(Reason::too_many_entries));
  Entry entry{.raw_name = extension.name.value_or(header.name),
              .size = extension.size.value_or(header.size),
              .place = contents_.entries};
  auto name = entry_name(entry.raw_name, limits_.name);
  if (!name) return failure(name.error());
  entry.name = std::move(*name);
  if (auto added = names_.add(entry.name); !added) return added;
  // Known before the bytes come: nobody reserves space for a size that is a lie.
  if (entry.size > limits_.total) return failure(refusal(Reason::total, entry.name));
  ++contents_.entries;
  contents_.bytes += entry.size;
  if (auto begun = sink_.begin(entry); !begun) return begun;
  if (auto copied = copy(entry.size); !copied) return copied;
  return sink_.end();
}

Status TarReader::copy(std::uint64_t size) {
  for (std::uint64_t left = size; left > 0;) {
    const auto run = blocks_.some(left);
    if (!run) return failure(run.error());
    if (run->empty()) return failure(refusal(Reason::truncated));
    if (auto taken = sink_.piece(*run); !taken) return taken;
    left -= run->size();
  }
  const auto skipped = blocks_.exactly(static_cast<std::size_t>(padding(size)));
  if (!skipped) return failure(skipped.error());
  if (skipped->size() < padding(size)) return failure(refusal(Reason::truncated));
  return {};
}

/// After the first block of zeros only zeros may come, to the end of the gzip member.
Status TarReader::finish() {
  while (true) {
    const auto run = blocks_.some(piece_bytes);
    if (!run) return failure(run.error());
    if (run->empty()) break;
    if (!detail::is_zero(*run)) return failure(refusal(Reason::trailing));
  }
  if (extended_) return failure(refusal(Reason::header));
  if (contents_.entries == 0) return failure(refusal(Reason::empty));
  return {};
}

class ListSink final : public EntrySink {
 public:
  std::vector<Entry> entries;

  [[nodiscard]] Status begin(const Entry& entry) override {
    entries.push_back(entry);
    return {};
  }
  [[nodiscard]] Status piece(std::string_view) override { return {}; }
  [[nodiscard]] Status end() override { return {}; }
};

}  // namespace

Result<Contents> read_tar_gz(const ByteSource& source, EntrySink& sink, const Limits& limits) {
  return TarReader(source, sink, limits).run();
}

Result<std::vector<Entry>> list_tar_gz(const ByteSource& source, const Limits& limits) {
  ListSink sink;
  if (auto read = read_tar_gz(source, sink, limits); !read) return failure(read.error());
  return std::move(sink.entries);
}

}  // namespace demat::archive
