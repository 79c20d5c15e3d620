#include "protocols/pes/pj_content.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <new>
#include <optional>
#include <utility>

namespace demat::pes {
namespace {

constexpr int gzip_only = 15 + 16;  // zlib: the largest window, gzip header and trailer required
constexpr std::size_t packed_bytes = 49'152;
constexpr std::size_t content_bytes = 65'536;

constexpr std::uint8_t blank = 64;
constexpr std::uint8_t padding = 65;
constexpr std::uint8_t foreign = 66;

constexpr std::array<std::uint8_t, 256> symbol_values = [] {
  std::array<std::uint8_t, 256> out{};
  out.fill(foreign);
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < digits.size(); ++i)
    out[static_cast<unsigned char>(digits[i])] = static_cast<std::uint8_t>(i);
  for (const char c : std::string_view(" \t\r\n"))
    out[static_cast<unsigned char>(c)] = blank;
  out[static_cast<unsigned char>('=')] = padding;
  return out;
}();

std::uint8_t value_of(char c) {
  return symbol_values[static_cast<unsigned char>(c)];
}

Error refusal(std::string_view code, std::string_view fr, std::string_view en) {
  return permanent_error(code, fr, en);
}

Error not_base64() {
  return refusal(
      "pj.base64",
      "Le contenu de la pièce jointe n'est pas du base64. Refaites la pièce jointe dans le logiciel.",
      "The content of the attachment is not base64. Make the attachment again in the software.");
}

Error not_gzip() {
  return refusal("pj.not_gzip",
                 "Le contenu de la pièce jointe n'est pas compressé par gzip, comme Hélios le demande.",
                 "The content of the attachment is not compressed by gzip, as Hélios wants it.");
}

Error damaged() {
  return refusal(
      "pj.damaged",
      "Le contenu gzip de la pièce jointe est abîmé : il ne se décompresse pas. Refaites la pièce "
      "jointe dans le logiciel.",
      "The gzip content of the attachment is damaged: it does not unpack. Make the attachment again "
      "in the software.");
}

Error truncated() {
  return refusal("pj.truncated",
                 "Le contenu gzip de la pièce jointe est incomplet : la fin manque. Refaites la pièce jointe "
                 "dans le logiciel.",
                 "The gzip content of the attachment is incomplete: its end is missing. Make the attachment "
                 "again in the software.");
}

Error too_large() {
  return refusal("pj.too_large", "La pièce jointe est trop grosse une fois décompressée.",
                 "The attachment is too large once unpacked.");
}

Error too_dense() {
  return refusal("pj.ratio",
                 "La pièce jointe grossit démesurément à la décompression : ce n'est pas un document.",
                 "The attachment grows beyond measure when unpacked: this is no document.");
}

Error too_many_members() {
  return refusal("pj.members", "Le contenu gzip de la pièce jointe est fait de trop de morceaux.",
                 "The gzip content of the attachment is made of too many members.");
}

Error empty() {
  return refusal("pj.empty", "La pièce jointe est vide. Joignez le document.",
                 "The attachment is empty. Attach the document.");
}

Error empty_content() {
  return refusal("pj.empty_content", "Le document joint est vide : son gzip se lit mais ne contient rien.",
                 "The document attached is empty: its gzip reads and holds nothing.");
}

}  // namespace

struct PjContent::State {
  State(const PjLimits& given, Sink taker, PackedSink packed_taker)
      : limits(given), sink(std::move(taker)), packed_sink(std::move(packed_taker)) {
    if (inflateInit2(&stream, gzip_only) != Z_OK) throw std::bad_alloc();
  }
  ~State() { inflateEnd(&stream); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  [[nodiscard]] Status decode(std::string_view text);
  [[nodiscard]] Status decode_one(char c);
  [[nodiscard]] Status flush();
  [[nodiscard]] Status unpack();
  [[nodiscard]] Status inflate_once();
  [[nodiscard]] Status end_member();
  [[nodiscard]] Status check_sizes() const;
  [[nodiscard]] Status at_end();
  [[nodiscard]] bool starts_member() const;
  void put(std::uint32_t quad) {
    packed[held] = static_cast<unsigned char>(quad >> 16U);
    packed[held + 1] = static_cast<unsigned char>(quad >> 8U);
    packed[held + 2] = static_cast<unsigned char>(quad);
    held += 3;
  }

  PjLimits limits;
  Sink sink;
  PackedSink packed_sink;
  PjSizes sizes;
  z_stream stream{};
  std::array<unsigned char, packed_bytes + 4> packed{};
  std::array<char, content_bytes> content{};
  std::size_t held = 0;    // bytes in `packed`
  std::uint32_t bits = 0;  // of the symbols that make no byte yet
  unsigned symbols = 0;    // of them, 0 to 3
  unsigned paddings = 0;
  bool in_member = false;
  bool ended = false;  // only trailing bytes follow
  std::optional<Error> error;
};

/// Four symbols at once where they stand together, which is nearly everywhere.
Status PjContent::State::decode(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    while (symbols == 0 && paddings == 0 && at + 4 <= text.size() && held + 3 <= packed_bytes) {
      const std::uint32_t a = value_of(text[at]);
      const std::uint32_t b = value_of(text[at + 1]);
      const std::uint32_t c = value_of(text[at + 2]);
      const std::uint32_t d = value_of(text[at + 3]);
      if ((a | b | c | d) >= blank) break;
      put((a << 18U) | (b << 12U) | (c << 6U) | d);
      at += 4;
    }
    if (held + 3 > packed_bytes) {
      if (auto fine = flush(); !fine) return fine;
      continue;
    }
    if (at == text.size()) break;
    if (auto fine = decode_one(text[at++]); !fine) return fine;
  }
  return {};
}

Status PjContent::State::decode_one(char c) {
  const std::uint8_t value = value_of(c);
  if (value == blank) return {};
  if (value == foreign) return failure(not_base64());
  if (value == padding) {
    ++paddings;
    return symbols + paddings <= 4 && symbols >= 2 ? Status{} : failure(not_base64());
  }
  if (paddings > 0) return failure(not_base64());
  bits = (bits << 6U) | value;
  if (++symbols < 4) return {};
  put(bits);
  bits = 0;
  symbols = 0;
  return {};
}

Status PjContent::State::flush() {
  sizes.packed += held;
  if (packed_sink && held > 0) packed_sink({reinterpret_cast<const char*>(packed.data()), held});
  stream.next_in = packed.data();
  stream.avail_in = static_cast<uInt>(held);
  held = 0;
  return unpack();
}

bool PjContent::State::starts_member() const {
  return stream.avail_in > 0 && stream.next_in[0] == 0x1f &&
         (stream.avail_in == 1 || stream.next_in[1] == 0x8b);
}

Status PjContent::State::unpack() {
  // A full buffer may leave more behind although all input is taken.
  while (!ended && (stream.avail_in > 0 || (in_member && stream.avail_out == 0))) {
    if (!in_member && !starts_member()) {
      if (sizes.members == 0) return failure(not_gzip());
      ended = true;
      break;
    }
    in_member = true;
    if (auto fine = inflate_once(); !fine) return fine;
  }
  if (ended) sizes.trailing += stream.avail_in;
  return {};
}

Status PjContent::State::inflate_once() {
  stream.next_out = reinterpret_cast<Bytef*>(content.data());
  stream.avail_out = static_cast<uInt>(content.size());
  const int code = inflate(&stream, Z_NO_FLUSH);
  if (code == Z_MEM_ERROR) throw std::bad_alloc();
  const std::size_t made = content.size() - stream.avail_out;
  sizes.content += made;
  // Before what the stream says of itself: a bomb is told as one even when its end is broken.
  if (auto fine = check_sizes(); !fine) return fine;
  if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return failure(damaged());
  if (made > 0 && sink) {
    if (auto fine = sink(std::string_view(content.data(), made)); !fine) return fine;
  }
  return code == Z_STREAM_END ? end_member() : Status{};
}

Status PjContent::State::end_member() {
  if (++sizes.members > limits.members) return failure(too_many_members());
  in_member = false;
  if (inflateReset2(&stream, gzip_only) != Z_OK) return failure(damaged());
  return {};
}

Status PjContent::State::check_sizes() const {
  if (sizes.content > limits.content) return failure(too_large());
  const std::size_t consumed = std::max<std::size_t>(sizes.packed - stream.avail_in, 1);
  if (sizes.content > limits.ratio_from && sizes.content / consumed >= limits.ratio)
    return failure(too_dense());
  return {};
}

Status PjContent::State::at_end() {
  if (symbols == 1 || (paddings > 0 && symbols + paddings != 4)) return failure(not_base64());
  if (symbols >= 2) {
    const std::uint32_t last = bits << (6U * (4U - symbols));
    packed[held++] = static_cast<unsigned char>(last >> 16U);
    if (symbols == 3) packed[held++] = static_cast<unsigned char>(last >> 8U);
    symbols = 0;
  }
  if (auto fine = flush(); !fine) return fine;
  if (sizes.packed == 0) return failure(empty());
  if (in_member) return failure(truncated());
  return sizes.content == 0 ? failure(empty_content()) : Status{};
}

PjContent::PjContent(const PjLimits& limits, Sink sink, PackedSink packed)
    : state_(std::make_unique<State>(limits, std::move(sink), std::move(packed))) {}
PjContent::~PjContent() = default;
PjContent::PjContent(PjContent&&) noexcept = default;
PjContent& PjContent::operator=(PjContent&&) noexcept = default;

Status PjContent::add(std::string_view base64_piece) {
  if (state_->error) return failure(*state_->error);
  auto fine = state_->decode(base64_piece);
  if (!fine) state_->error = fine.error();
  return fine;
}

Status PjContent::finish() {
  if (state_->error) return failure(*state_->error);
  auto fine = state_->at_end();
  if (!fine) state_->error = fine.error();
  return fine;
}

const PjSizes& PjContent::sizes() const {
  return state_->sizes;
}

void PjContent::restart() {
  State& state = *state_;
  if (inflateReset2(&state.stream, gzip_only) != Z_OK) throw std::bad_alloc();
  state.stream.avail_in = 0;
  state.sizes = {};
  state.held = 0;
  state.bits = 0;
  state.symbols = state.paddings = 0;
  state.in_member = state.ended = false;
  state.error.reset();
}

}  // namespace demat::pes
