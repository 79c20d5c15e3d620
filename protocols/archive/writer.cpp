#include "protocols/archive/writer.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "protocols/archive/file_list.hpp"
#include "protocols/archive/refusal.hpp"

namespace demat::archive {
namespace {

using detail::Reason;
using detail::refusal;

struct FreeWriter {
  void operator()(struct archive* writer) const { archive_write_free(writer); }
};
struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

/// What libarchive's callback needs; the first failure stays.
struct Output {
  const PieceSink& sink;
  std::size_t most;
  std::uint64_t written = 0;
  std::optional<Error> failed;
  std::exception_ptr thrown;
  bool over = false;  ///< the end was written, or given up: what still comes is thrown away
};

/// libarchive calls this from C: nothing may be thrown through it.
la_ssize_t put(struct archive* writer, void* data, const void* bytes, std::size_t size) noexcept {
  auto& output = *static_cast<Output*>(data);
  if (output.over) return static_cast<la_ssize_t>(size);
  if (!output.failed && size > output.most - output.written) output.failed = refusal(Reason::too_large);
  try {
    if (!output.failed && !output.thrown) {
      auto taken = output.sink(std::string_view(static_cast<const char*>(bytes), size));
      if (!taken) output.failed = std::move(taken.error());
    }
  } catch (...) {
    output.thrown = std::current_exception();
  }
  if (output.failed || output.thrown) {
    archive_set_error(writer, EIO, "refused");
    return ARCHIVE_FATAL;
  }
  output.written += size;
  return static_cast<la_ssize_t>(size);
}

class TarGz {
 public:
  TarGz(const WriteOptions& options, const PieceSink& sink)
      : options_(options),
        output_{sink, options.most, 0, std::nullopt, nullptr, false},
        writer_(archive_write_new()) {
    if (!writer_) throw std::bad_alloc();
    auto* writer = writer_.get();
    require(archive_write_add_filter_gzip(writer));
    require(archive_write_set_filter_option(writer, "gzip", "timestamp", nullptr));
    const std::string level = fmt::format("{}", options.level);
    require(archive_write_set_filter_option(writer, "gzip", "compression-level", level.c_str()));
    require(archive_write_set_format_ustar(writer));
    // No zeros behind the gzip member.
    require(archive_write_set_bytes_per_block(writer, static_cast<int>(piece_bytes)));
    require(archive_write_set_bytes_in_last_block(writer, 1));
  }

  // libarchive ends an archive when it is released, also one that was given up.
  ~TarGz() { output_.over = true; }
  TarGz(const TarGz&) = delete;
  TarGz& operator=(const TarGz&) = delete;

  [[nodiscard]] Status open() {
    return done(archive_write_open(writer_.get(), &output_, nullptr, put, nullptr));
  }
  [[nodiscard]] Status add(const File& file);
  [[nodiscard]] Result<std::uint64_t> close() {
    if (auto closed = done(archive_write_close(writer_.get())); !closed) return failure(closed.error());
    return output_.written;
  }

 private:
  /// Options that libarchive is known to have.
  void require(int code) const {
    if (code != ARCHIVE_OK) throw std::logic_error(archive_error_string(writer_.get()));
  }
  [[nodiscard]] Status done(int code) const {
    if (output_.thrown) std::rethrow_exception(output_.thrown);
    if (output_.failed) return failure(*output_.failed);
    if (code == ARCHIVE_OK) return {};
    const char* what = archive_error_string(writer_.get());
    throw std::runtime_error(fmt::format("libarchive: {}", what != nullptr ? what : "failed"));
  }
  [[nodiscard]] Status copy(const ByteSource& content);

  const WriteOptions& options_;
  Output output_;  // before writer_, whose end may still call put()
  std::unique_ptr<struct archive, FreeWriter> writer_;
  std::array<char, piece_bytes> buffer_{};
};

Status TarGz::add(const File& file) {
  const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
  if (!entry) throw std::bad_alloc();
  archive_entry_copy_pathname(entry.get(), file.name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_uid(entry.get(), 0);
  archive_entry_set_gid(entry.get(), 0);
  archive_entry_set_mtime(entry.get(), options_.time, 0);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.content->size()));
  if (auto begun = done(archive_write_header(writer_.get(), entry.get())); !begun) return begun;
  if (auto copied = copy(*file.content); !copied) return copied;
  return done(archive_write_finish_entry(writer_.get()));
}

Status TarGz::copy(const ByteSource& content) {
  for (std::size_t offset = 0; offset < content.size();) {
    const std::size_t wanted = std::min(buffer_.size(), content.size() - offset);
    const auto got = content.read(offset, std::span(buffer_).first(wanted));
    if (!got) return failure(got.error());
    if (*got == 0) return failure(detail::unreadable());
    const la_ssize_t put_bytes = archive_write_data(writer_.get(), buffer_.data(), *got);
    if (put_bytes != static_cast<la_ssize_t>(*got))
      return done(put_bytes < 0 ? static_cast<int>(put_bytes) : ARCHIVE_FATAL);
    offset += *got;
  }
  return {};
}

}  // namespace

Result<std::uint64_t> write_tar_gz(std::span<const File> files, const WriteOptions& options,
                                   const PieceSink& sink) {
  if (auto fine = detail::check_files(files, max_written_name); !fine) return failure(fine.error());
  TarGz archive(options, sink);
  if (auto opened = archive.open(); !opened) return failure(opened.error());
  for (const File& file : files)
    if (auto added = archive.add(file); !added) return failure(added.error());
  return archive.close();
}

}  // namespace demat::archive
