#include "protocols/archive/writer.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "protocols/archive/reader.hpp"
#include "protocols/archive/zip.hpp"
#include "tests/support/libarchive_view.hpp"

namespace demat::archive {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string path = (fs::temp_directory_path() / "archive_test.XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = path;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

struct Ran {
  int code = -1;
  std::string output;
};

Ran run(const std::string& command) {
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("popen");
  Ran ran;
  std::array<char, 4'096> buffer{};
  for (std::size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    ran.output.append(buffer.data(), got);
  const int status = pclose(pipe);
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

using Write = Result<std::uint64_t> (*)(std::span<const File>, const WriteOptions&, const PieceSink&);

struct Sample {
  std::string xml = "<actes:Acte>" + std::string(1'000, 'a') + "</actes:Acte>";
  std::string pdf = [] {
    std::string noise(400'000, '\0');
    std::uint32_t x = 1;
    for (char& c : noise)
      c = static_cast<char>((x = x * 1'664'525U + 1'013'904'223U) >> 24U);
    return noise;
  }();
  MemorySource xml_source{xml};
  MemorySource pdf_source{pdf};
  MemorySource empty_source{std::string_view()};
  std::vector<File> files{{"EACT--210340001--20240101-1.xml", &xml_source},
                          {"99_DE-acte.pdf", &pdf_source},
                          {"vide", &empty_source}};
};

constexpr WriteOptions options{.time = 1'700'000'000};

std::string written(Write write, const std::vector<File>& files, const WriteOptions& with = options) {
  std::string out;
  const auto done = write(files, with, [&](std::string_view piece) -> Status {
    out += piece;
    return {};
  });
  if (!done) return done.error().code;
  EXPECT_EQ(*done, out.size());
  return out;
}

TEST(TarWriter, WritesWhatToolsRead) {
  const Sample sample;
  const std::string bytes = written(write_tar_gz, sample.files);
  const Folder folder;
  const fs::path path = folder.write("a.tar.gz", bytes);
  EXPECT_EQ(run("gzip -t " + path.string()).output, "");
  const Ran listed = run("TZ=UTC LC_ALL=C tar tvf " + path.string() + " --numeric-owner");
  EXPECT_EQ(listed.code, 0);
  EXPECT_EQ(listed.output,
            "-rw-r--r-- 0/0            1025 2023-11-14 22:13 EACT--210340001--20240101-1.xml\n"
            "-rw-r--r-- 0/0          400000 2023-11-14 22:13 99_DE-acte.pdf\n"
            "-rw-r--r-- 0/0               0 2023-11-14 22:13 vide\n");
  ASSERT_EQ(run("tar xf " + path.string() + " -C " + folder.path().string()).code, 0);
  std::ifstream in(folder.path() / "99_DE-acte.pdf", std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), sample.pdf);
}

TEST(TarWriter, OurReaderTakesIt) {
  const Sample sample;
  const std::string bytes = written(write_tar_gz, sample.files);
  const auto entries = list_tar_gz(MemorySource(bytes));
  ASSERT_TRUE(entries) << entries.error().code;
  ASSERT_EQ(entries->size(), 3U);
  EXPECT_EQ((*entries)[1].size, sample.pdf.size());
  EXPECT_EQ(samples::seen_by_libarchive(bytes).size(), 3U);
}

TEST(TarWriter, SaysNothingOfTheMachine) {
  const Sample sample;
  const std::string bytes = written(write_tar_gz, sample.files);
  EXPECT_EQ(bytes, written(write_tar_gz, sample.files));
  // RFC 1952: no flags (name, comment, extra), no time.
  EXPECT_EQ(bytes.substr(0, 8), std::string("\x1f\x8b\x08\0\0\0\0\0", 8));
  EXPECT_NE(bytes, written(write_tar_gz, sample.files, {.time = 1'700'000'001}));
}

TEST(ZipWriter, WritesWhatPythonReads) {
  Sample sample;
  sample.files.push_back({"pièce.xml", &sample.xml_source});
  const Folder folder;
  const fs::path path = folder.write("a.zip", written(write_zip, sample.files));
  folder.write(
      "look.py",
      "import sys, zipfile\n"
      "z = zipfile.ZipFile(sys.argv[1])\n"
      "assert z.testzip() is None\n"
      "for i in z.infolist():\n"
      "    print(ascii(i.filename), i.file_size, i.date_time, oct(i.external_attr >> 16), i.flag_bits)\n");
  const Ran looked = run("/usr/bin/python3 " + (folder.path() / "look.py").string() + " " + path.string());
  EXPECT_EQ(looked.code, 0);
  EXPECT_EQ(looked.output,
            "'EACT--210340001--20240101-1.xml' 1025 (2023, 11, 14, 22, 13, 20) 0o100644 2056\n"
            "'99_DE-acte.pdf' 400000 (2023, 11, 14, 22, 13, 20) 0o100644 2056\n"
            "'vide' 0 (2023, 11, 14, 22, 13, 20) 0o100644 2056\n"
            "'pi\\xe8ce.xml' 1025 (2023, 11, 14, 22, 13, 20) 0o100644 2056\n");
}

TEST(ZipWriter, SaysNothingOfTheMachine) {
  const Sample sample;
  const std::string here = written(write_zip, sample.files);
  setenv("TZ", "Pacific/Noumea", 1);
  const std::string there = written(write_zip, sample.files);
  unsetenv("TZ");
  EXPECT_EQ(here, there);
}

class Writers : public testing::TestWithParam<Write> {};

INSTANTIATE_TEST_SUITE_P(Both, Writers, testing::Values(&write_tar_gz, &write_zip),
                         [](const auto& param) { return param.index == 0 ? "Tar" : "Zip"; });

TEST_P(Writers, RefuseNamesThatOurReaderRefuses) {
  const MemorySource one("1");
  const auto refused = [&](const std::vector<std::string>& names) {
    std::vector<File> files;
    for (const auto& name : names)
      files.push_back({name, &one});
    return written(GetParam(), files);
  };
  EXPECT_EQ(refused({}), "archive.empty");
  EXPECT_EQ(refused({"/a"}), "archive.absolute_path");
  EXPECT_EQ(refused({"../a"}), "archive.parent_path");
  EXPECT_EQ(refused({"a/b"}), "archive.directory");
  EXPECT_EQ(refused({"a\nb"}), "archive.name_control");
  EXPECT_EQ(refused({""}), "archive.name_unsafe");
  EXPECT_EQ(refused({"\xe9"}), "archive.name_encoding");
  EXPECT_EQ(refused({"a", "A"}), "archive.duplicate");
  EXPECT_EQ(refused({std::string(256, 'a')}), "archive.name_too_long");
}

TEST_P(Writers, StopAtTheFirstFailureOfTheSink) {
  const Sample sample;
  std::size_t pieces = 0;
  ASSERT_TRUE(GetParam()(sample.files, options, [&](std::string_view) -> Status {
    ++pieces;
    return {};
  }));
  ASSERT_GT(pieces, 2U);
  for (std::size_t n = 1; n <= pieces; ++n) {
    std::size_t calls = 0;
    const auto done = GetParam()(sample.files, options, [&](std::string_view) -> Status {
      if (++calls == n) return failure(waiting_error("test.disk", "disque", "disk"));
      return {};
    });
    ASSERT_FALSE(done) << n;
    EXPECT_EQ(done.error().code, "test.disk");
    EXPECT_EQ(calls, n);
  }
}

TEST_P(Writers, LetExceptionsOfTheSinkOut) {
  const Sample sample;
  const PieceSink throwing = [](std::string_view) -> Status { throw std::length_error("sink"); };
  EXPECT_THROW((void)GetParam()(sample.files, options, throwing), std::length_error);
}

TEST_P(Writers, KeepToTheSizeAllowed) {
  const Sample sample;
  const std::string whole = written(GetParam(), sample.files);
  EXPECT_EQ(written(GetParam(), sample.files, {.time = options.time, .most = whole.size()}), whole);
  EXPECT_EQ(written(GetParam(), sample.files, {.time = options.time, .most = whole.size() - 1}),
            "archive.too_large");
}

class EndingSource final : public ByteSource {
 public:
  explicit EndingSource(bool says_so) : says_so_(says_so) {}
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    if (offset < 10'000) {
      buffer[0] = 'x';
      return std::size_t{1};
    }
    if (says_so_) return failure(waiting_error("test.disk", "disque", "disk"));
    return std::size_t{0};
  }
  [[nodiscard]] std::size_t size() const override { return 20'000; }

 private:
  bool says_so_;
};

TEST_P(Writers, AFileThatEndsTooSoonEndsNothing) {
  for (const bool says_so : {false, true}) {
    const EndingSource source(says_so);
    const std::vector<File> files{{"a", &source}};
    std::string out;
    const auto done = GetParam()(files, options, [&](std::string_view piece) -> Status {
      out += piece;
      return {};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, says_so ? "test.disk" : "archive.source");
    EXPECT_FALSE(list_tar_gz(MemorySource(out)));  // nothing that looks whole was left behind
  }
}

}  // namespace
}  // namespace demat::archive
