#include "protocols/archive/tar_header.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "protocols/archive/refusal.hpp"

namespace demat::archive::detail {
namespace {

// Offsets and lengths of the fields (POSIX pax, ustar interchange format).
constexpr std::size_t name_length = 100;
constexpr std::size_t size_at = 124;
constexpr std::size_t size_length = 12;
constexpr std::size_t checksum_at = 148;
constexpr std::size_t checksum_length = 8;
constexpr std::size_t type_at = 156;
constexpr std::size_t link_at = 157;
constexpr std::size_t magic_at = 257;
constexpr std::size_t prefix_at = 345;
constexpr std::size_t prefix_length = 155;

/// A field up to its first NUL.
std::string_view text(std::string_view block, std::size_t at, std::size_t length) {
  const std::string_view field = block.substr(at, length);
  return field.substr(0, std::min(field.find('\0'), field.size()));
}

/// Octal digits among blanks, or GNU's base 256 (first bit set), which is refused when negative or absurd.
std::optional<std::uint64_t> number(std::string_view field) {
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  std::uint64_t value = 0;
  if ((static_cast<unsigned char>(field.front()) & 0x80U) != 0) {
    if (field.front() != '\x80') return std::nullopt;
    for (const char c : field.substr(1)) {
      if (value > (most >> 8U)) return std::nullopt;
      value = (value << 8U) | static_cast<unsigned char>(c);
    }
    return value;
  }
  const std::size_t start = std::min(field.find_first_not_of(' '), field.size());
  std::size_t i = start;
  for (; i < field.size() && field[i] >= '0' && field[i] <= '7'; ++i)
    value = (value << 3U) | static_cast<std::uint64_t>(field[i] - '0');
  const auto is_end = [](char c) { return c == ' ' || c == '\0'; };
  if (i == start || !std::all_of(field.begin() + static_cast<std::ptrdiff_t>(i), field.end(), is_end))
    return std::nullopt;
  return value;
}

/// Old tars summed signed characters; both are in use where a name has accents.
bool checksum_fits(std::string_view block) {
  const auto stated = number(block.substr(checksum_at, checksum_length));
  std::uint64_t plain = 0;
  std::int64_t with_sign = 0;
  for (std::size_t i = 0; i < block_bytes; ++i) {
    const char c = i >= checksum_at && i < checksum_at + checksum_length ? ' ' : block[i];
    plain += static_cast<unsigned char>(c);
    with_sign += static_cast<signed char>(c);
  }
  return stated && (*stated == plain || static_cast<std::int64_t>(*stated) == with_sign);
}

struct Record {
  std::string_view key;
  std::string_view value;
};

/// Takes "LENGTH KEY=VALUE\n" off `records`.
std::optional<Record> take_record(std::string_view& records) {
  std::size_t length = 0;
  const auto [end, problem] = std::from_chars(records.data(), records.data() + records.size(), length);
  const auto digits = static_cast<std::size_t>(end - records.data());
  if (problem != std::errc() || length > records.size() || length < digits + 3 || records[digits] != ' ' ||
      records[length - 1] != '\n')
    return std::nullopt;
  const std::string_view body = records.substr(digits + 1, length - digits - 2);
  records.remove_prefix(length);
  const std::size_t equals = body.find('=');
  if (equals == 0 || equals == body.npos) return std::nullopt;
  // Readers in C would stop at a NUL, and then read something else than we do.
  const std::string_view key = body.substr(0, equals);
  if (!std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c <= '~'; })) return std::nullopt;
  return Record{body.substr(0, equals), body.substr(equals + 1)};
}

bool is_sparse(std::string_view key) {
  return key.starts_with("GNU.sparse") || key == "SCHILY.realsize" || key == "SUN.holesdata";
}

Status set_size(std::string_view digits, Extension& extension) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (problem != std::errc() || end != digits.data() + digits.size() ||
      value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) ||
      (extension.size && *extension.size != value))
    return failure(refusal(Reason::header));
  extension.size = value;
  return {};
}

Status set_name(std::string_view name, Extension& extension) {
  // Two different names would let two readers see two different files.
  if (name.find('\0') != name.npos || (extension.name && *extension.name != name))
    return failure(refusal(Reason::header));
  extension.name = std::string(name);
  return {};
}

}  // namespace

Result<TarHeader> read_tar_header(std::string_view block, bool first) {
  const std::string_view magic = block.substr(magic_at, 6);
  const bool posix = magic == std::string_view("ustar\0", 6);
  const bool known = posix || magic == "ustar ";
  if (first && block.starts_with("\x1f\x8b")) return failure(refusal(Reason::nested_gzip));
  if (!checksum_fits(block)) return failure(refusal(first && !known ? Reason::not_tar : Reason::checksum));
  const auto size = number(block.substr(size_at, size_length));
  if (!size) return failure(refusal(Reason::header));
  TarHeader header{.name = std::string(text(block, 0, name_length)),
                   .size = *size,
                   .type = block[type_at],
                   .linked = block[link_at] != '\0'};
  const std::string_view prefix = posix ? text(block, prefix_at, prefix_length) : std::string_view();
  if (!prefix.empty()) header.name = std::string(prefix) + "/" + header.name;
  return header;
}

bool is_zero(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == '\0'; });
}

Status read_pax(std::string_view records, Extension& extension) {
  while (!records.empty()) {
    const auto record = take_record(records);
    if (!record) return failure(refusal(Reason::header));
    Status taken;
    if (is_sparse(record->key))
      taken = failure(refusal(Reason::sparse));
    else if (record->key == "linkpath")
      taken = failure(refusal(Reason::link));
    else if (record->key == "path")
      taken = set_name(record->value, extension);
    else if (record->key == "size")
      taken = set_size(record->value, extension);
    if (!taken) return taken;
  }
  return {};
}

Status check_global_pax(std::string_view records) {
  while (!records.empty()) {
    const auto record = take_record(records);
    if (!record || record->key == "path" || record->key == "size" || record->key == "linkpath" ||
        is_sparse(record->key))
      return failure(refusal(Reason::header));
  }
  return {};
}

}  // namespace demat::archive::detail
