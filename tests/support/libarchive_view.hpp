#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace demat::samples {

/// Names (bytes) and sizes of the ordinary files of a tar.gz, as libarchive reads it.
inline std::vector<std::pair<std::string, std::uint64_t>> seen_by_libarchive(std::string_view bytes) {
  const auto release = [](struct archive* reader) { archive_read_free(reader); };
  const std::unique_ptr<struct archive, decltype(release)> reader(archive_read_new(), release);
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_format_tar(reader.get());
  // Else names of pax headers go through the locale.
  archive_read_set_options(reader.get(), "tar:hdrcharset=BINARY");
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
    throw std::runtime_error(archive_error_string(reader.get()));
  std::vector<std::pair<std::string, std::uint64_t>> seen;
  archive_entry* entry = nullptr;
  int code = ARCHIVE_OK;
  while ((code = archive_read_next_header(reader.get(), &entry)) == ARCHIVE_OK || code == ARCHIVE_WARN) {
    if (archive_entry_filetype(entry) != AE_IFREG) throw std::runtime_error("not an ordinary file");
    const char* raw = archive_entry_pathname(entry);
    const char* utf8 = raw != nullptr ? nullptr : archive_entry_pathname_utf8(entry);
    std::uint64_t size = 0;
    const void* piece = nullptr;
    std::size_t length = 0;
    la_int64_t offset = 0;
    while ((code = archive_read_data_block(reader.get(), &piece, &length, &offset)) == ARCHIVE_OK)
      size += length;
    if (code != ARCHIVE_EOF) throw std::runtime_error(archive_error_string(reader.get()));
    seen.emplace_back(raw != nullptr ? raw : (utf8 != nullptr ? utf8 : ""), size);
  }
  if (code != ARCHIVE_EOF) throw std::runtime_error(archive_error_string(reader.get()));
  return seen;
}

}  // namespace demat::samples
