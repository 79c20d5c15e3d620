#include "protocols/archive/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "tests/support/libarchive_view.hpp"
#include "tests/support/shared.hpp"
#include "tests/support/tar_builder.hpp"

namespace demat::archive {
namespace {

using samples::gzip;
using samples::TarBuilder;

class Collect final : public EntrySink {
 public:
  std::map<std::string, std::string> files;
  std::size_t fail_at = 0;  ///< fails the call of this number, from 1
  std::size_t calls = 0;

  [[nodiscard]] Status begin(const Entry& entry) override {
    current_ = entry.name;
    files[current_];
    return step();
  }
  [[nodiscard]] Status piece(std::string_view bytes) override {
    files[current_] += bytes;
    return step();
  }
  [[nodiscard]] Status end() override { return step(); }

 private:
  [[nodiscard]] Status step() {
    if (++calls == fail_at) return failure(waiting_error("test.sink", "plein", "full"));
    return {};
  }
  std::string current_;
};

std::string verdict(std::string_view bytes, const Limits& limits = {}) {
  Collect sink;
  const auto read = read_tar_gz(MemorySource(bytes), sink, limits);
  return read ? "ok" : read.error().code;
}

TEST(TarReader, GivesFilesInOrder) {
  const std::string large(300'000, 'x');
  const std::string bytes =
      gzip(TarBuilder().file("b.xml", "<b/>").file("a.pdf", large).file("empty", "").tar());
  const auto entries = list_tar_gz(MemorySource(bytes));
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 3U);
  EXPECT_EQ((*entries)[0].name, "b.xml");
  EXPECT_EQ((*entries)[1].name, "a.pdf");
  EXPECT_EQ((*entries)[1].size, 300'000U);
  EXPECT_EQ((*entries)[2].place, 2U);
  Collect sink;
  const auto read = read_tar_gz(MemorySource(bytes), sink);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->entries, 3U);
  EXPECT_EQ(read->bytes, 300'004U);
  EXPECT_EQ(sink.files,
            (std::map<std::string, std::string>{{"b.xml", "<b/>"}, {"a.pdf", large}, {"empty", ""}}));
}

struct Case {
  const char* what;
  std::string code;
  std::string bytes;
  Limits limits = {};
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.what;
}

class TarVerdicts : public testing::TestWithParam<Case> {};

TEST_P(TarVerdicts, AreAsStated) {
  EXPECT_EQ(verdict(GetParam().bytes, GetParam().limits), GetParam().code);
}

std::string with_name(const std::string& name) {
  return gzip(TarBuilder().file(name).tar());
}
std::string with_type(char type) {
  return gzip(TarBuilder().add({.type = type, .link = ""}).tar());
}
std::string with_pax(const std::string& key, const std::string& value, char type = 'x') {
  return gzip(TarBuilder().pax(TarBuilder::record(key, value), type).file("a.xml").tar());
}

std::vector<Case> name_cases() {
  return {
      {"plain", "ok", with_name("034-210340001-20240101-N_1-DE-1-1_0.xml")},
      {"utf-8", "ok", with_name("délibération.pdf")},
      {"latin-1", "ok", with_name("d\xe9lib\xe9ration.pdf")},
      {"windows-1252", "archive.name_encoding",
       with_name("l\x92"
                 "acte.pdf")},
      {"absolute", "archive.absolute_path", with_name("/etc/passwd")},
      {"absolute for windows", "archive.absolute_path", with_name("\\server\\x")},
      {"parent", "archive.parent_path", with_name("../a.xml")},
      {"parent inside", "archive.parent_path", with_name("x/../../a.xml")},
      {"parent alone", "archive.parent_path", with_name("..")},
      {"directory part", "archive.directory", with_name("x/a.xml")},
      {"here", "archive.directory", with_name("./a.xml")},
      {"backslash", "archive.directory", with_name("x\\a.xml")},
      {"directory by its name", "archive.directory", with_name("x/")},
      {"ustar prefix", "archive.directory", gzip(TarBuilder().add({.name = "a.xml", .prefix = "x"}).tar())},
      {"dot", "archive.name_unsafe", with_name(".")},
      {"no name", "archive.name_unsafe", with_name("")},
      {"line feed", "archive.name_control", with_name("a\nb.xml")},
      {"escape", "archive.name_control", with_name("a\x1b[2J.xml")},
      {"bidirectional override", "archive.name_control", with_name("a\xe2\x80\xaeld.pdf")},
      {"zero width", "archive.name_control", with_name("a\xe2\x80\x8b.pdf")},
      {"same name", "archive.duplicate", gzip(TarBuilder().file("a.xml").file("a.xml").tar())},
      {"case", "archive.duplicate", gzip(TarBuilder().file("A.xml").file("a.XML").tar())},
      {"accents", "archive.duplicate", gzip(TarBuilder().file("été.pdf").file("ETE.pdf").tar())},
      {"composed or not", "archive.duplicate",
       gzip(TarBuilder().file("\u00e9.pdf").file("e\u0301.pdf").tar())},
      {"both charsets", "archive.duplicate", gzip(TarBuilder().file("é.pdf").file("\xe9.pdf").tar())},
      {"ligature", "archive.duplicate", gzip(TarBuilder().file("œuvre").file("oeuvre").tar())},
      {"pax path", "ok", with_pax("path", "délib.xml")},
      {"pax absolute", "archive.absolute_path", with_pax("path", "/a.xml")},
      {"pax parent", "archive.parent_path", with_pax("path", "../a.xml")},
      {"pax longest", "ok", with_pax("path", std::string(255, 'a'))},
      {"pax too long", "archive.name_too_long", with_pax("path", std::string(256, 'a'))},
      {"pax much too long", "archive.extension_too_long", with_pax("path", std::string(20'000, 'a'))},
      {"pax NUL", "archive.header", with_pax("path", std::string("a\0b", 3))},
      {"gnu long name", "ok",
       gzip(TarBuilder()
                .add({.name = "L", .body = std::string(200, 'n') + '\0', .type = 'L'})
                .file("x")
                .tar())},
      {"gnu too long", "archive.name_too_long",
       gzip(TarBuilder()
                .add({.name = "L", .body = std::string(2'000, 'n') + '\0', .type = 'L'})
                .file("x")
                .tar())},
      {"gnu endless", "archive.extension_too_long",
       gzip(TarBuilder().add({.name = "L", .body = std::string(200'000, 'n'), .type = 'L'}).file("x").tar())},
  };
}

std::vector<Case> type_cases() {
  return {
      {"v7", "ok", gzip(TarBuilder().add({.magic = ""}).tar())},
      {"gnu", "ok", gzip(TarBuilder().add({.magic = std::string("ustar  \0", 8)}).tar())},
      {"old type", "ok", with_type('\0')},
      {"hard link", "archive.link", with_type('1')},
      {"symbolic link", "archive.link", with_type('2')},
      {"character device", "archive.special_file", with_type('3')},
      {"block device", "archive.special_file", with_type('4')},
      {"directory", "archive.directory", with_type('5')},
      {"fifo", "archive.special_file", with_type('6')},
      {"contiguous", "archive.unsupported", with_type('7')},
      {"gnu sparse", "archive.sparse", with_type('S')},
      {"gnu volume", "archive.unsupported", with_type('V')},
      {"gnu multi-volume", "archive.unsupported", with_type('M')},
      {"gnu long link", "archive.link", with_type('K')},
      {"link target of a file", "archive.link", gzip(TarBuilder().add({.link = "/etc/passwd"}).tar())},
      {"pax link", "archive.link", with_pax("linkpath", "/etc/passwd")},
      {"pax sparse", "archive.sparse", with_pax("GNU.sparse.major", "1")},
      {"pax real size", "archive.sparse", with_pax("SCHILY.realsize", "1000000")},
      {"pax times", "ok", with_pax("mtime", "1500000000.5")},
      {"pax size", "ok", with_pax("size", "7")},
      {"pax size of words", "archive.header", with_pax("size", "7x")},
      {"pax negative size", "archive.header", with_pax("size", "-7")},
      {"pax size beyond all", "archive.total", with_pax("size", "9223372036854775807")},
      {"pax size overflow", "archive.header", with_pax("size", "9223372036854775808")},
      {"global comment", "ok", with_pax("comment", "of a tool", 'g')},
      {"global path", "archive.header", with_pax("path", "b.xml", 'g')},
      {"malformed pax", "archive.header", gzip(TarBuilder().pax("99 path=a\n").file("a").tar())},
      {"pax without equals", "archive.header", gzip(TarBuilder().pax("8 path\n\n").file("a").tar())},
      {"pax key with NUL", "archive.header", with_pax(std::string("\0time", 5), "1")},
      {"two extensions", "archive.header",
       gzip(TarBuilder()
                .pax(TarBuilder::record("path", "a"))
                .pax(TarBuilder::record("path", "b"))
                .file("c")
                .tar())},
      {"two paths", "archive.header",
       gzip(TarBuilder()
                .pax(TarBuilder::record("path", "a") + TarBuilder::record("path", "b"))
                .file("c")
                .tar())},
      {"extension of nothing", "archive.header",
       gzip(TarBuilder().file("a").pax(TarBuilder::record("path", "b")).tar())},
      {"base-256 size", "ok",
       gzip(TarBuilder()
                .add({.body = "1234567", .size_field = std::string("\x80\0\0\0\0\0\0\0\0\0\0\x07", 12)})
                .tar())},
      {"negative size", "archive.header",
       gzip(TarBuilder().add({.size_field = std::string(12, '\xff')}).tar())},
      {"size of words", "archive.header", gzip(TarBuilder().add({.size_field = "size"}).tar())},
      {"wrong checksum", "archive.checksum", gzip(TarBuilder().add({.wrong_checksum = true}).tar())},
  };
}

std::string changed(std::string bytes, std::size_t from_end) {
  bytes[bytes.size() - from_end] = static_cast<char>(bytes[bytes.size() - from_end] ^ 0x55);
  return bytes;
}

std::vector<Case> stream_cases() {
  const std::string good = gzip(TarBuilder().file("a.xml", std::string(5'000, 'a')).tar());
  TarBuilder many;
  for (int i = 0; i < 11; ++i)
    many.file("f" + std::to_string(i));
  const std::string tar = TarBuilder().file("a.xml").tar();
  return {
      {"empty file", "archive.not_gzip", ""},
      {"one byte", "archive.truncated", "\x1f"},
      {"xml", "archive.not_gzip", "<?xml version='1.0'?><x/>"},
      {"bare tar", "archive.not_gzip", tar},
      {"gzip of nothing", "archive.not_tar", gzip("")},
      {"gzip of text", "archive.not_tar", gzip(std::string(2'000, 't'))},
      {"gzip of gzip", "archive.nested_gzip", gzip(gzip(TarBuilder().raw(std::string(4'000, 'r')).tar(), 0))},
      {"no file", "archive.empty", gzip(TarBuilder().tar())},
      {"cut", "archive.truncated", good.substr(0, good.size() - 20)},
      {"cut in the trailer", "archive.truncated", good.substr(0, good.size() - 3)},
      {"wrong length", "archive.damaged", changed(good, 1)},
      {"wrong checksum", "archive.damaged", changed(good, 5)},
      {"tail", "archive.trailing", good + "x"},
      {"zeros behind", "archive.trailing", good + std::string(512, '\0')},
      {"second member", "archive.trailing", good + good},
      {"tail in the tar", "archive.trailing", gzip(tar + "x")},
      {"second archive in the tar", "archive.trailing", gzip(tar + tar)},
      {"zeros in the tar", "ok", gzip(tar + std::string(10'240, '\0'))},
      {"no end of the tar", "archive.truncated", gzip(TarBuilder().file("a").open_tar())},
      {"body cut", "archive.truncated",
       gzip(TarBuilder().file("a", std::string(2'000, 'b')).open_tar().substr(0, 1'500))},
      {"padding cut", "archive.truncated", gzip(TarBuilder().file("a").open_tar().substr(0, 600))},
      {"too many", "archive.too_many_entries", gzip(many.tar()), {.entries = 10}},
      {"not too many", "ok", gzip(many.tar()), {.entries = 11}},
      {"archive too large", "archive.too_large", good, {.archive = good.size() - 1}},
      {"archive as large", "ok", good, {.archive = good.size()}},
      {"total", "archive.total", good, {.total = 5'000}},
      {"bomb by ratio", "archive.ratio",
       gzip(TarBuilder().file("a", std::string(20'000'000, '\0')).tar(), 9)},
      {"bomb in the padding", "archive.ratio", gzip(tar + std::string(20'000'000, '\0'), 9)},
      {"small and regular", "ok", gzip(TarBuilder().file("a", std::string(1'000'000, '\0')).tar(), 9)},
  };
}

INSTANTIATE_TEST_SUITE_P(Names, TarVerdicts, testing::ValuesIn(name_cases()));
INSTANTIATE_TEST_SUITE_P(Types, TarVerdicts, testing::ValuesIn(type_cases()));
INSTANTIATE_TEST_SUITE_P(Streams, TarVerdicts, testing::ValuesIn(stream_cases()));

// What we take, another reader sees with the same names and sizes.
TEST(TarReader, AgreesWithLibarchiveOnWhatItTakes) {
  std::size_t taken = 0;
  for (const auto& cases : {name_cases(), type_cases(), stream_cases()}) {
    for (const Case& c : cases) {
      const auto entries = list_tar_gz(MemorySource(c.bytes), c.limits);
      if (!entries) continue;
      ++taken;
      std::vector<std::pair<std::string, std::uint64_t>> ours;
      for (const Entry& entry : *entries)
        ours.emplace_back(entry.raw_name, entry.size);
      EXPECT_EQ(ours, samples::seen_by_libarchive(c.bytes)) << c.what;
    }
  }
  EXPECT_GT(taken, 10U);
}

TEST(TarReader, NamesTheFileAtFault) {
  const auto read = list_tar_gz(MemorySource(gzip(TarBuilder().file("été.pdf").file("Ete.pdf").tar())));
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().fr.find("« Ete.pdf »"), std::string::npos);
  EXPECT_EQ(read.error().outlook, Outlook::permanent);
}

TEST(TarReader, EveryByteCutOrChangedIsNoticed) {
  const std::string good = gzip(TarBuilder().file("a.xml", "<a>1</a>").file("b.xml", "<b/>").tar());
  for (std::size_t i = 0; i < good.size(); ++i) {
    EXPECT_NE(verdict(good.substr(0, i)), "ok") << "cut at " << i;
    // Time, level and system of the gzip header mean nothing, nor do the last bits of the deflate stream.
    if ((i < 3 || i >= 10) && i != good.size() - 9) {
      std::string wrong = good;
      wrong[i] = static_cast<char>(wrong[i] ^ 0x10);
      EXPECT_NE(verdict(wrong), "ok") << "changed at " << i;
    }
  }
}

TEST(TarReader, StopsAtTheFirstFailureOfTheSink) {
  const std::string bytes = gzip(TarBuilder().file("a", "1").file("b", "").file("c", "2").tar());
  Collect counting;
  ASSERT_TRUE(read_tar_gz(MemorySource(bytes), counting));
  ASSERT_EQ(counting.calls, 8U);
  for (std::size_t n = 1; n <= counting.calls; ++n) {
    Collect sink;
    sink.fail_at = n;
    const auto read = read_tar_gz(MemorySource(bytes), sink);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, "test.sink");
    EXPECT_EQ(sink.calls, n);
  }
}

/// Fails, or ends before its size, at a given read.
class BrokenSource final : public ByteSource {
 public:
  BrokenSource(std::string_view bytes, std::size_t fail_from, bool says_so)
      : bytes_(bytes), fail_from_(fail_from), says_so_(says_so) {}
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    if (offset >= fail_from_) {
      if (says_so_) return failure(waiting_error("test.disk", "disque", "disk"));
      return std::size_t{0};
    }
    return MemorySource(bytes_).read(offset, buffer.first(std::min<std::size_t>(buffer.size(), 100)));
  }
  [[nodiscard]] std::size_t size() const override { return bytes_.size(); }

 private:
  std::string_view bytes_;
  std::size_t fail_from_;
  bool says_so_;
};

TEST(TarReader, AFailingSourceIsNotTheArchivesFault) {
  const std::string bytes = gzip(TarBuilder().file("a", std::string(2'000, 'a')).tar(), 0);
  for (const std::size_t from : {std::size_t{0}, std::size_t{100}, std::size_t{1'000}}) {
    Collect sink;
    const auto told = read_tar_gz(BrokenSource(bytes, from, true), sink);
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code, "test.disk");
    const auto silent = read_tar_gz(BrokenSource(bytes, from, false), sink);
    ASSERT_FALSE(silent);
    EXPECT_EQ(silent.error().code, "archive.source");
    EXPECT_EQ(silent.error().outlook, Outlook::waiting);
  }
  EXPECT_TRUE(list_tar_gz(BrokenSource(bytes, bytes.size(), true)));
}

TEST(TarReader, ReadsTheReferenceArchives) {
  const auto shared = samples::shared_folder(DEMAT_SOURCE_DIR);
  if (!shared) GTEST_SKIP() << "no reference material beside the sources";
  const std::map<std::string, std::vector<std::string>> expected{
      {"SIC-EACT--210600730--20180115-1.tar.gz",
       {"EACT--210600730--20180115-1.xml", "006-210600730-20180115-007-AR-1-1_0.xml",
        "CO_DE-006-210600730-20180115-007-AR-1-1_1.jpg"}},
      {"reponse_prefecture.tar.gz",
       {"034-491011698-20190829-201908291002-AI-2-1_0.xml",
        "034-491011698-20190829-201908291002-AI-2-1_1.pdf", "TACT--SPREF001-491011698-20190829-689.xml",
        "logo_s2low.jpg", "message_body.html"}},
  };
  for (const auto& [name, files] : expected) {
    const auto path = *shared / "fixtures" / "archives" / name;
    ASSERT_TRUE(std::filesystem::exists(path)) << path;
    const std::string bytes = samples::read_file(path);
    const auto entries = list_tar_gz(MemorySource(bytes));
    ASSERT_TRUE(entries) << name << ": " << entries.error().code;
    std::vector<std::string> names;
    for (const Entry& entry : *entries)
      names.push_back(entry.name);
    EXPECT_THAT(names, testing::UnorderedElementsAreArray(files));
  }
}

}  // namespace
}  // namespace demat::archive
