// links: demat_archive demat_base demat_test_support PkgConfig::archive ZLIB::ZLIB
// Archives of unknown origin. Input that begins as gzip is taken as it is; other input describes the files of
// a tar, a line each, so that checksums are right and the reader gets beyond them: type, name, body, prefix,
// size field, separated by tabs; "\n" in a body is written "|". What we take, libarchive must see with the
// same names and sizes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/archive/names.hpp"
#include "protocols/archive/reader.hpp"
#include "protocols/archive/writer.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/libarchive_view.hpp"
#include "tests/support/tar_builder.hpp"

namespace {

using demat::fuzz::require;

std::string take_until(std::string_view& text, char end) {
  const std::size_t at = std::min(text.find(end), text.size());
  std::string taken(text.substr(0, at));
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

std::string described(std::string_view text) {
  demat::samples::TarBuilder builder;
  while (!text.empty()) {
    const std::string line = take_until(text, '\n');
    std::string_view rest = line;
    const std::string type = take_until(rest, '\t');
    demat::samples::TarBuilder::Header header{.name = take_until(rest, '\t'),
                                              .type = type.empty() ? '\0' : type[0]};
    header.body = take_until(rest, '\t');
    std::replace(header.body.begin(), header.body.end(), '|', '\n');
    header.prefix = take_until(rest, '\t').substr(0, 155);
    header.size_field = take_until(rest, '\t').substr(0, 12);
    if (type.size() > 1) header.magic = type[1] == 'g' ? std::string("ustar  \0", 8) : std::string();
    builder.add(header);
  }
  return demat::samples::gzip(builder.tar(), 1);
}

class CountingSink final : public demat::archive::EntrySink {
 public:
  std::vector<std::pair<std::string, std::uint64_t>> seen;

  [[nodiscard]] demat::Status begin(const demat::archive::Entry& entry) override {
    check();
    require(entry.name.find_first_of(std::string("/\\\0\n", 4)) == entry.name.npos && entry.name != ".." &&
                !entry.name.empty() && entry.raw_name.size() <= 255,
            "an unsafe name passes");
    require(names_.add(entry.name).has_value(), "a name comes twice");
    seen.emplace_back(entry.raw_name, entry.size);
    left_ = entry.size;
    return {};
  }
  [[nodiscard]] demat::Status piece(std::string_view bytes) override {
    require(!bytes.empty() && bytes.size() <= left_, "more bytes than the entry has");
    left_ -= bytes.size();
    return {};
  }
  [[nodiscard]] demat::Status end() override {
    check();
    return {};
  }

 private:
  void check() const { require(left_ == 0, "an entry ends before its bytes"); }
  std::uint64_t left_ = 0;
  demat::archive::NameSet names_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string bytes = text.starts_with("\x1f\x8b") ? std::string(text) : described(text);
  const demat::archive::Limits limits{.total = 8'388'608, .entries = 200};
  CountingSink sink;
  const auto read = demat::archive::read_tar_gz(demat::MemorySource(bytes), sink, limits);
  if (!read) {
    require(read.error().code.starts_with("archive.") && !read.error().fr.empty(),
            "a refusal without a reason");
    return 0;
  }
  require(read->entries == sink.seen.size(), "entries miscounted");
  require(sink.seen == demat::samples::seen_by_libarchive(bytes), "libarchive sees something else");
  return 0;
}
