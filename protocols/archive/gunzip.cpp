#include "protocols/archive/gunzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "protocols/archive/refusal.hpp"

namespace demat::archive::detail {
namespace {

constexpr int gzip_only = 15 + 16;  // zlib: the largest window, gzip header and trailer required

// zlib takes bytes, not characters.
Bytef* bytes(char* data) {
  return reinterpret_cast<Bytef*>(data);
}

}  // namespace

struct Gunzip::State {
  const ByteSource& source;
  const Limits& limits;
  z_stream stream{};
  std::array<char, piece_bytes> packed{};
  std::array<char, piece_bytes> unpacked{};
  std::size_t read = 0;
  std::size_t given = 0;
  bool ended = false;

  [[nodiscard]] Status refill();
  [[nodiscard]] Status check(int code) const;
  [[nodiscard]] Status check_sizes() const;
};

Status Gunzip::State::refill() {
  if (stream.avail_in > 0) return {};
  const auto got = source.read(read, packed);
  if (!got) return failure(got.error());
  if (*got == 0) return failure(read < source.size() ? unreadable() : refusal(Reason::truncated));
  if (read == 0 && (packed[0] != '\x1f' || (*got > 1 && packed[1] != '\x8b')))
    return failure(refusal(Reason::not_gzip));
  read += *got;
  stream.next_in = bytes(packed.data());
  stream.avail_in = static_cast<uInt>(*got);
  return {};
}

Status Gunzip::State::check(int code) const {
  if (code == Z_MEM_ERROR) throw std::bad_alloc();
  if (code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR) return {};
  return failure(refusal(Reason::damaged));
}

Status Gunzip::State::check_sizes() const {
  if (given > limits.total) return failure(refusal(Reason::total));
  const std::size_t consumed = std::max<std::size_t>(read - stream.avail_in, 1);
  if (given > limits.ratio_from && given / consumed >= limits.ratio) return failure(refusal(Reason::ratio));
  return {};
}

Gunzip::Gunzip(const ByteSource& source, const Limits& limits)
    : state_(std::make_unique<State>(State{.source = source, .limits = limits})) {
  if (inflateInit2(&state_->stream, gzip_only) != Z_OK) throw std::bad_alloc();
}

Gunzip::~Gunzip() {
  inflateEnd(&state_->stream);
}

std::size_t Gunzip::total() const {
  return state_->given;
}

Result<std::string_view> Gunzip::next() {
  State& state = *state_;
  if (state.source.size() > state.limits.archive) return failure(refusal(Reason::too_large));
  if (state.source.size() == 0) return failure(refusal(Reason::not_gzip));
  while (!state.ended) {
    if (auto more = state.refill(); !more) return failure(more.error());
    state.stream.next_out = bytes(state.unpacked.data());
    state.stream.avail_out = static_cast<uInt>(state.unpacked.size());
    const int code = inflate(&state.stream, Z_NO_FLUSH);
    if (auto fine = state.check(code); !fine) return failure(fine.error());
    const std::size_t made = state.unpacked.size() - state.stream.avail_out;
    state.given += made;
    if (auto fine = state.check_sizes(); !fine) return failure(fine.error());
    if (code == Z_STREAM_END) {
      state.ended = true;
      if (state.read - state.stream.avail_in != state.source.size())
        return failure(refusal(Reason::trailing));
    }
    if (made > 0) return std::string_view(state.unpacked.data(), made);
  }
  return std::string_view();
}

}  // namespace demat::archive::detail
