#include "gateway/store/spool.hpp"

#include <fcntl.h>

#include "gateway/store/connection.hpp"

namespace demat::store {
namespace {

constexpr std::size_t chunk = 65'536;

FileDescriptor nameless_file(const std::filesystem::path& folder) {
  auto opened = open_file(folder, O_TMPFILE | O_RDWR, 0600);
  if (!opened) throw Refusal(opened.error());
  return std::move(*opened);
}

}  // namespace

Spool::Spool(const std::filesystem::path& folder) : file_(nameless_file(folder)) {
  buffer_.reserve(chunk);
}

void Spool::add(std::string_view text) {
  buffer_.append(text);
  if (buffer_.size() >= chunk) flush();
}

void Spool::flush() {
  if (auto written = write_all(file_.number(), buffer_); !written) throw Refusal(written.error());
  size_ += buffer_.size();
  buffer_.clear();
}

Payload Spool::finish() && {
  flush();
  return std::make_shared<FileSource>(std::move(file_), size_);
}

}  // namespace demat::store
