#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/base/result.hpp"

namespace demat::archive::detail {

inline constexpr std::size_t block_bytes = 512;

/// One header block of a tar, as it lies there (POSIX ustar; GNU and v7 where they differ).
struct TarHeader {
  std::string name;  ///< bytes; with its ustar prefix and "/" when it has one
  std::uint64_t size = 0;
  char type = '0';
  bool linked = false;  ///< a link target is given
};

/// Reads a block of `block_bytes`. Refuses wrong checksums and malformed numbers; `first` tells whether a
/// block that is no header at all means that this is no tar.
[[nodiscard]] Result<TarHeader> read_tar_header(std::string_view block, bool first);

[[nodiscard]] bool is_zero(std::string_view bytes);

/// What pax records (POSIX pax, extended header) say of the next file.
struct Extension {
  std::optional<std::string> name;
  std::optional<std::uint64_t> size;
};

/// Adds the records of a pax header of type 'x' to `extension`. Refuses sparse files, links, and records that
/// are malformed or given twice with different values.
[[nodiscard]] Status read_pax(std::string_view records, Extension& extension);

/// A global header ('g') may say what it likes but names, sizes, links and sparse maps.
[[nodiscard]] Status check_global_pax(std::string_view records);

}  // namespace demat::archive::detail
