#include "protocols/archive/zip.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "protocols/archive/file_list.hpp"
#include "protocols/archive/refusal.hpp"

namespace demat::archive {
namespace {

using detail::Reason;
using detail::refusal;

// PKWARE APPNOTE 6.3: signatures, "sizes follow" (bit 3) and "names are UTF-8" (bit 11), deflate.
constexpr std::uint32_t local_header = 0x04034b50;
constexpr std::uint32_t descriptor = 0x08074b50;
constexpr std::uint32_t central_header = 0x02014b50;
constexpr std::uint32_t end_of_directory = 0x06054b50;
constexpr std::uint16_t version = 20;
constexpr std::uint16_t made_on_unix = (3U << 8U) | version;
constexpr std::uint16_t flags = (1U << 3U) | (1U << 11U);
constexpr std::uint16_t deflated = 8;
constexpr std::uint32_t regular_0644 = 0100644U << 16U;
constexpr int raw_deflate = -15;
constexpr int memory_level = 8;
constexpr std::uint64_t most_bytes = std::numeric_limits<std::uint32_t>::max();

class Bytes {
 public:
  Bytes& u16(std::uint32_t value) { return put(value, 2); }
  Bytes& u32(std::uint64_t value) { return put(value, 4); }
  Bytes& text(std::string_view value) {
    out_ += value;
    return *this;
  }
  [[nodiscard]] std::string_view view() const { return out_; }

 private:
  Bytes& put(std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i, value >>= 8U)
      out_ += static_cast<char>(value & 0xFFU);
    return *this;
  }
  std::string out_;
};

/// MS-DOS time and date, which begin in 1980 and count two seconds.
std::pair<std::uint16_t, std::uint16_t> dos_time(std::int64_t seconds) {
  using namespace std::chrono;
  constexpr std::int64_t first = 315'532'800;   // 1980-01-01
  constexpr std::int64_t last = 4'354'819'198;  // 2107-12-31 23:59:58
  const sys_seconds at{std::chrono::seconds(std::clamp(seconds, first, last))};
  const auto day = floor<days>(at);
  const year_month_day date(day);
  const hh_mm_ss time(at - day);
  const auto years = static_cast<unsigned>(static_cast<int>(date.year()) - 1980);
  const auto hours = static_cast<unsigned>(time.hours().count());
  const auto minutes = static_cast<unsigned>(time.minutes().count());
  const auto half_seconds = static_cast<unsigned>(time.seconds().count() / 2);
  return {static_cast<std::uint16_t>((hours << 11U) | (minutes << 5U) | half_seconds),
          static_cast<std::uint16_t>((years << 9U) | (static_cast<unsigned>(date.month()) << 5U) |
                                     static_cast<unsigned>(date.day()))};
}

struct Written {
  std::string_view name;
  std::uint64_t offset = 0;
  std::uint64_t packed = 0;
  std::uint64_t size = 0;
  uLong checksum = 0;
};

class Deflater {
 public:
  explicit Deflater(int level) {
    if (deflateInit2(&stream_, level, Z_DEFLATED, raw_deflate, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  template <class Put>
  [[nodiscard]] Status run(std::span<char> input, bool last, const Put& put) {
    stream_.next_in = reinterpret_cast<Bytef*>(input.data());
    stream_.avail_in = static_cast<uInt>(input.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(output_.data());
      stream_.avail_out = static_cast<uInt>(output_.size());
      deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
      const std::string_view made(output_.data(), output_.size() - stream_.avail_out);
      if (auto taken = put(made); !taken) return taken;
    } while (stream_.avail_out == 0);
    return {};
  }

 private:
  z_stream stream_{};
  std::array<char, piece_bytes> output_{};
};

class Zip {
 public:
  Zip(const WriteOptions& options, const PieceSink& sink)
      : options_(options),
        sink_(sink),
        most_(std::min<std::uint64_t>(options.most, most_bytes)),
        time_(dos_time(options.time)) {}

  [[nodiscard]] Status add(const File& file);
  [[nodiscard]] Result<std::uint64_t> close();

 private:
  [[nodiscard]] Status put(std::string_view bytes) {
    if (bytes.empty()) return {};
    if (bytes.size() > most_ - written_) return failure(refusal(Reason::too_large));
    written_ += bytes.size();
    return sink_(bytes);
  }
  [[nodiscard]] Status pack(const ByteSource& content, Written& entry);

  const WriteOptions& options_;
  const PieceSink& sink_;
  std::uint64_t most_;
  std::pair<std::uint16_t, std::uint16_t> time_;
  std::uint64_t written_ = 0;
  std::vector<Written> entries_;
  std::array<char, piece_bytes> buffer_{};
};

Status Zip::add(const File& file) {
  if (file.content->size() > most_bytes) return failure(refusal(Reason::too_large, file.name));
  Written entry{.name = file.name, .offset = written_};
  Bytes header;
  header.u32(local_header).u16(version).u16(flags).u16(deflated).u16(time_.first).u16(time_.second);
  header.u32(0).u32(0).u32(0).u16(static_cast<std::uint32_t>(file.name.size())).u16(0).text(file.name);
  if (auto begun = put(header.view()); !begun) return begun;
  if (auto packed = pack(*file.content, entry); !packed) return packed;
  Bytes trailer;
  trailer.u32(descriptor).u32(entry.checksum).u32(entry.packed).u32(entry.size);
  if (auto ended = put(trailer.view()); !ended) return ended;
  entries_.push_back(entry);
  return {};
}

Status Zip::pack(const ByteSource& content, Written& entry) {
  Deflater deflater(options_.level);
  const std::uint64_t start = written_;
  const auto out = [this](std::string_view made) { return put(made); };
  entry.checksum = crc32(0, nullptr, 0);
  while (entry.size < content.size()) {
    const std::size_t wanted = std::min<std::size_t>(buffer_.size(), content.size() - entry.size);
    const auto got = content.read(static_cast<std::size_t>(entry.size), std::span(buffer_).first(wanted));
    if (!got) return failure(got.error());
    if (*got == 0) return failure(detail::unreadable());
    const auto piece = std::span(buffer_).first(*got);
    entry.checksum =
        crc32(entry.checksum, reinterpret_cast<const Bytef*>(piece.data()), static_cast<uInt>(piece.size()));
    if (auto packed = deflater.run(piece, false, out); !packed) return packed;
    entry.size += *got;
  }
  if (auto packed = deflater.run({}, true, out); !packed) return packed;
  entry.packed = written_ - start;
  return {};
}

Result<std::uint64_t> Zip::close() {
  const std::uint64_t start = written_;
  for (const Written& entry : entries_) {
    Bytes header;
    header.u32(central_header).u16(made_on_unix).u16(version).u16(flags).u16(deflated);
    header.u16(time_.first).u16(time_.second).u32(entry.checksum).u32(entry.packed).u32(entry.size);
    header.u16(static_cast<std::uint32_t>(entry.name.size())).u16(0).u16(0).u16(0).u16(0);
    header.u32(regular_0644).u32(entry.offset).text(entry.name);
    if (auto done = put(header.view()); !done) return failure(done.error());
  }
  const auto count = static_cast<std::uint32_t>(entries_.size());
  Bytes end;
  end.u32(end_of_directory).u16(0).u16(0).u16(count).u16(count);
  end.u32(written_ - start).u32(start).u16(0);
  if (auto done = put(end.view()); !done) return failure(done.error());
  return written_;
}

}  // namespace

Result<std::uint64_t> write_zip(std::span<const File> files, const WriteOptions& options,
                                const PieceSink& sink) {
  if (auto fine = detail::check_files(files, Limits{}.name); !fine) return failure(fine.error());
  Zip zip(options, sink);
  for (const File& file : files)
    if (auto added = zip.add(file); !added) return failure(added.error());
  return zip.close();
}

}  // namespace demat::archive
