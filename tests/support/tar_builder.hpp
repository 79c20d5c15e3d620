#pragma once

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

namespace demat::samples {

/// Tar archives by hand, byte by byte: also those that no tool would write.
class TarBuilder {
 public:
  struct Header {
    std::string name = "a.xml";
    std::string body = {};
    char type = '0';
    std::string link = {};
    std::string prefix = {};
    std::string magic = std::string(
        "ustar\0"
        "00",
        8);
    std::string size_field = {};  ///< instead of the size of `body`
    bool wrong_checksum = false;
  };

  TarBuilder& add(const Header& header) {
    std::string block(512, '\0');
    block.replace(0, std::min<std::size_t>(header.name.size(), 100), header.name, 0, 100);
    block.replace(100, 7, "0000644");
    block.replace(108, 7, "0000000");
    block.replace(116, 7, "0000000");
    const std::string size = header.size_field.empty() ? octal(header.body.size(), 11) : header.size_field;
    block.replace(124, size.size(), size);
    block.replace(136, 11, octal(1'500'000'000, 11));
    block[156] = header.type;
    block.replace(157, header.link.size(), header.link);
    block.replace(257, header.magic.size(), header.magic);
    block.replace(345, header.prefix.size(), header.prefix);
    block.replace(148, 8, "        ");
    std::uint64_t sum = header.wrong_checksum ? 1 : 0;
    for (const char c : block)
      sum += static_cast<unsigned char>(c);
    block.replace(148, 8, octal(sum, 6) + std::string("\0 ", 2));
    bytes_ += block + header.body + std::string((512 - header.body.size() % 512) % 512, '\0');
    return *this;
  }
  TarBuilder& file(const std::string& name, const std::string& body = "content") {
    return add({.name = name, .body = body});
  }
  TarBuilder& pax(const std::string& records, char type = 'x') {
    return add({.name = "PaxHeaders/x", .body = records, .type = type});
  }
  TarBuilder& raw(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  /// The tar with its two blocks of zeros.
  [[nodiscard]] std::string tar() const { return bytes_ + std::string(1'024, '\0'); }
  [[nodiscard]] std::string open_tar() const { return bytes_; }

  [[nodiscard]] static std::string record(const std::string& key, const std::string& value) {
    const std::size_t rest = key.size() + value.size() + 3;
    std::size_t length = rest + 1;
    while (length != rest + std::to_string(length).size())
      ++length;
    return std::to_string(length) + " " + key + "=" + value + "\n";
  }

 private:
  static std::string octal(std::uint64_t value, int digits) {
    std::string out(static_cast<std::size_t>(digits), '0');
    for (auto at = out.rbegin(); at != out.rend(); ++at, value >>= 3U)
      *at = static_cast<char>('0' + (value & 7U));
    return out;
  }
  std::string bytes_;
};

inline std::string gzip(std::string_view plain, int level = 6) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::string out(deflateBound(&stream, plain.size()), '\0');
  std::string input(plain);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (code != Z_STREAM_END) throw std::runtime_error("deflate");
  return out;
}

}  // namespace demat::samples
