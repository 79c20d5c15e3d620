#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/archive/limits.hpp"
#include "protocols/base/byte_source.hpp"
#include "protocols/base/result.hpp"

namespace demat::archive {

/// One file of an archive.
struct Entry {
  std::string name;        ///< UTF-8, without a directory: what people read
  std::string raw_name;    ///< the bytes of the archive, UTF-8 or ISO-8859-1
  std::uint64_t size = 0;  ///< bytes
  std::size_t place = 0;   ///< 0-based
};

/// Receives the files of an archive in its order: begin, pieces (none for an empty file), end. The first
/// failure it returns stops the reading and comes out of it.
class EntrySink {
 public:
  virtual ~EntrySink() = default;
  [[nodiscard]] virtual Status begin(const Entry& entry) = 0;
  [[nodiscard]] virtual Status piece(std::string_view bytes) = 0;
  [[nodiscard]] virtual Status end() = 0;
};

struct Contents {
  std::size_t entries = 0;
  std::uint64_t bytes = 0;  ///< of the files, without headers
};

/// Reads a flat tar.gz (actes 2.1) of unknown origin, in memory that does not depend on its size: ordinary
/// files with plain and distinct names, in a gzip of one member with nothing after it. What the sink received
/// counts only when this succeeds: the checksum of the whole is known at the end. Codes archive.*; failures
/// of the source and of the sink come out as they are. Thread-safe.
[[nodiscard]] Result<Contents> read_tar_gz(const ByteSource& source, EntrySink& sink,
                                           const Limits& limits = {});

/// The files of an archive, every byte of it read and checked. As read_tar_gz().
[[nodiscard]] Result<std::vector<Entry>> list_tar_gz(const ByteSource& source, const Limits& limits = {});

}  // namespace demat::archive
