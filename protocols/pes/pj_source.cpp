#include "protocols/pes/pj_source.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>

namespace demat::pes {
namespace {

constexpr int gzip_only = 15 + 16;  // zlib: the largest window, gzip header and trailer required
constexpr std::size_t skipped_bytes = 16'384;

Error damaged() {
  return permanent_error("pj.damaged", "Le contenu gzip de la pièce jointe est abîmé.",
                         "The gzip content of the attachment is damaged.");
}

}  // namespace

struct PjSource::State {
  State(std::string_view packed, std::size_t bytes) : gzip(packed), size(bytes) {
    if (packed.size() > 0xFFFFFFFFU) throw std::length_error("a gzip larger than zlib takes at once");
    if (inflateInit2(&stream, gzip_only) != Z_OK) throw std::bad_alloc();
    restart();
  }
  ~State() { inflateEnd(&stream); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void restart() {
    if (inflateReset2(&stream, gzip_only) != Z_OK) throw std::bad_alloc();
    // zlib does not write there.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));  // NOLINT
    stream.avail_in = static_cast<uInt>(gzip.size());
    position = 0;
  }

  /// Fills `buffer`, or less at the end.
  [[nodiscard]] Result<std::size_t> next(std::span<char> buffer) {
    const std::size_t wanted = std::min(buffer.size(), size - position);
    std::size_t made = 0;
    while (made < wanted) {
      stream.next_out = reinterpret_cast<Bytef*>(buffer.data() + made);
      stream.avail_out = static_cast<uInt>(std::min<std::size_t>(wanted - made, 0x40000000U));
      const auto room = stream.avail_out;
      const int code = inflate(&stream, Z_NO_FLUSH);
      if (code == Z_MEM_ERROR) throw std::bad_alloc();
      if (code != Z_OK && code != Z_STREAM_END) return failure(damaged());
      made += room - stream.avail_out;
      if (code == Z_STREAM_END && inflateReset2(&stream, gzip_only) != Z_OK) return failure(damaged());
    }
    position += made;
    return made;
  }

  std::string_view gzip;
  std::size_t size;
  std::size_t position = 0;
  z_stream stream{};
};

PjSource::PjSource(std::string_view gzip, std::size_t size) : state_(std::make_unique<State>(gzip, size)) {}
PjSource::~PjSource() = default;

std::size_t PjSource::size() const {
  return state_->size;
}

Result<std::size_t> PjSource::read(std::size_t offset, std::span<char> buffer) const {
  auto& state = *state_;
  if (offset >= state.size) return std::size_t{0};
  if (offset < state.position) state.restart();
  std::array<char, skipped_bytes> skipped;
  while (state.position < offset) {
    const auto some = std::min(skipped.size(), offset - state.position);
    if (const auto got = state.next(std::span(skipped).first(some)); !got) return got;
  }
  return state.next(buffer);
}

}  // namespace demat::pes
