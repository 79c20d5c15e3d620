#pragma once

#include <cstdint>
#include <span>

#include "protocols/archive/writer.hpp"

namespace demat::archive {

/// Writes `files` in their order as a zip without directories, UTF-8 names, times in UTC, for evidence
/// bundles. The same files and options give the same bytes, whatever locale and time zone. Streams: sizes and
/// checksums follow each file, as a forward-only sink wants. No zip64: archive.too_large from 4 GiB on (one
/// file or the whole), or over `options.most`. Returns the bytes written. Thread-safe.
[[nodiscard]] Result<std::uint64_t> write_zip(std::span<const File> files, const WriteOptions& options,
                                              const PieceSink& sink);

}  // namespace demat::archive
