#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "protocols/archive/limits.hpp"
#include "protocols/base/byte_source.hpp"
#include "protocols/base/result.hpp"

namespace demat::archive {

/// One file to put into an archive. `content` must outlive the writing.
struct File {
  std::string name;  ///< UTF-8, without a directory
  const ByteSource* content = nullptr;
};

/// Takes the next bytes of what is being written; its first failure stops the writing and comes out of it.
using PieceSink = std::function<Status(std::string_view)>;

struct WriteOptions {
  std::int64_t time =
      0;          ///< seconds since 1970, UTC, noted for every file; the caller's, for reproducible bytes
  int level = 6;  ///< of deflate, 1 to 9
  std::size_t most = Limits{}.archive;  ///< bytes of the archive (actes 2.3)
};

/// Writes `files` in their order as a flat tar.gz (actes 2.1): ustar, uid and gid 0, mode 0644, no owner
/// names; a gzip header without name and time. The same files, names and options give the same bytes. Returns
/// the bytes written. Streams: memory does not depend on the sizes. Codes archive.*, and those of sources and
/// sink. Thread-safe.
[[nodiscard]] Result<std::uint64_t> write_tar_gz(std::span<const File> files, const WriteOptions& options,
                                                 const PieceSink& sink);

}  // namespace demat::archive
