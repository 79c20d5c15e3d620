// archive_pack OUT FILE...: packs files as the gateway packs an envelope (protocols/archive), for
// archive_bench.py. archive_pack --read ARCHIVE: reads an archive as the gateway does.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "protocols/archive/reader.hpp"
#include "protocols/archive/writer.hpp"

namespace {

using Stream = std::unique_ptr<FILE, int (*)(FILE*)>;

Stream open_stream(const std::string& path, const char* mode) {
  return {std::fopen(path.c_str(), mode), &std::fclose};
}

class FileSource final : public demat::ByteSource {
 public:
  explicit FileSource(const std::string& path)
      : file_(open_stream(path, "rb")), size_(std::filesystem::file_size(path)) {}

  [[nodiscard]] demat::Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    if (std::fseek(file_.get(), static_cast<long>(offset), SEEK_SET) != 0)
      return demat::failure(demat::waiting_error("bench.seek", "lecture impossible", "cannot read"));
    return std::fread(buffer.data(), 1, buffer.size(), file_.get());
  }
  [[nodiscard]] std::size_t size() const override { return size_; }

 private:
  Stream file_;
  std::size_t size_;
};

int complain(const demat::Error& error) {
  std::fprintf(stderr, "archive_pack: %s: %s\n", error.code.c_str(), error.en.c_str());
  return 1;
}

int list(const std::string& path) {
  const auto entries = demat::archive::list_tar_gz(FileSource(path));
  if (!entries) return complain(entries.error());
  for (const auto& entry : *entries)
    std::printf("%llu %s\n", static_cast<unsigned long long>(entry.size), entry.name.c_str());
  return 0;
}

int pack(const std::string& path, const std::vector<std::string>& names) {
  std::vector<std::unique_ptr<FileSource>> sources;
  std::vector<demat::archive::File> files;
  for (const std::string& name : names) {
    sources.push_back(std::make_unique<FileSource>(name));
    files.push_back({std::filesystem::path(name).filename().string(), sources.back().get()});
  }
  const Stream out = open_stream(path, "wb");
  const auto sink = [&](std::string_view piece) -> demat::Status {
    if (std::fwrite(piece.data(), 1, piece.size(), out.get()) == piece.size()) return {};
    return demat::failure(demat::waiting_error("bench.write", "écriture impossible", "cannot write"));
  };
  const auto written =
      demat::archive::write_tar_gz(files, {.time = 1'700'000'000, .most = ~std::size_t{0} >> 1U}, sink);
  return written ? 0 : complain(written.error());
}

/// Peak memory of this program alone; what wait() tells includes its parent's from before exec.
int with_peak(int code) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) std::printf("%s\n", line.c_str());
  return code;
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> given(words + 1, words + count);
  if (given.size() == 2 && given[0] == "--read") return with_peak(list(given[1]));
  if (given.size() < 2) {
    std::fprintf(stderr, "usage: archive_pack OUT FILE... | --read ARCHIVE\n");
    return 2;
  }
  return with_peak(pack(given[0], {given.begin() + 1, given.end()}));
}
