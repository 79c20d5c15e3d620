#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "fake_gateway.hpp"
#include "protocols/base/digest.hpp"
#include "tests/support/pes_samples.hpp"
#include "tests/support/shared.hpp"
#include "tools/dematctl/commands_show.hpp"
#include "tools/dematctl/safe_folder.hpp"

/// Attachments taken out: what their names and contents cannot do, and that good ones come out whole.
namespace demat::ctl {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class ExtractTest : public testing::Test {
 protected:
  ExtractTest() {
    folder_ = fs::path(testing::TempDir()) /
              ("extract-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~ExtractTest() override { fs::remove_all(folder_); }

  static std::string coded(std::string_view content) { return base64(as_bytes(samples::gzip(content))); }
  static std::string pj(const std::string& nom, const std::string& content, const std::string& id = "A1") {
    return "<PJ><Contenu><Fichier MIMEType=\"application/pdf\">" + content +
           "</Fichier></Contenu><IdUnique V=\"" + id + "\"/><NomPJ V=\"" + nom +
           "\"/><TypePJ V=\"003\"/></PJ>";
  }
  std::string flow(const std::string& attachments) const {
    const std::string text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><n:PES_Aller "
        "xmlns:n=\"http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller\"><PES_PJ>" +
        attachments + "</PES_PJ></n:PES_Aller>";
    std::ofstream(folder_ / "flow.xml", std::ios::binary) << text;
    return (folder_ / "flow.xml").string();
  }
  Exit run(const std::string& what, bool list = false) {
    Session session = gateway_.session();
    return extract(session, {what, folder_ / "out", list});
  }
  std::vector<std::string> files() const {
    std::vector<std::string> out;
    if (!fs::exists(folder_ / "out")) return out;
    for (const auto& entry : fs::directory_iterator(folder_ / "out"))
      out.push_back(entry.path().filename().string());
    return out;
  }
  std::string content(const std::string& name) const { return samples::read_file(folder_ / "out" / name); }

  fs::path folder_;
  FakeGateway gateway_;
};

TEST_F(ExtractTest, EachComesOutAsItWas) {
  const std::string large(3'000'000, 'x');
  ASSERT_EQ(run(flow(pj("un.pdf", coded("%PDF un")) + pj("deux.xml", coded(large)))), Exit::ok)
      << gateway_.err.str();
  EXPECT_THAT(files(), UnorderedElementsAre("un.pdf", "deux.xml"));
  EXPECT_EQ(content("un.pdf"), "%PDF un");
  EXPECT_EQ(content("deux.xml"), large);
  struct stat about {};
  ASSERT_EQ(::stat((folder_ / "out/un.pdf").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 077U, 0U) << "attachments speak of people";
  EXPECT_THAT(gateway_.out.str(), HasSubstr("deux.xml  (dépense)  3,0 Mo"));
}

TEST_F(ExtractTest, NothingIsReplacedOrFollowed) {
  fs::create_directories(folder_ / "out");
  std::ofstream(folder_ / "out/a.pdf") << "mine";
  std::ofstream(folder_ / "secret") << "kept";
  fs::create_symlink(folder_ / "secret", folder_ / "out/b.pdf");
  fs::create_symlink(folder_ / "nowhere", folder_ / "out/c.pdf");
  ASSERT_EQ(run(flow(pj("a.pdf", coded("A")) + pj("b.pdf", coded("B")) + pj("c.pdf", coded("C")) +
                     pj("../secret", coded("D")) + pj("A.PDF", coded("E")))),
            Exit::ok)
      << gateway_.err.str();
  EXPECT_EQ(content("a.pdf"), "mine");
  EXPECT_EQ(samples::read_file(folder_ / "secret"), "kept");
  EXPECT_FALSE(fs::exists(folder_ / "nowhere"));
  EXPECT_THAT(files(), UnorderedElementsAre("a.pdf", "b.pdf", "c.pdf", "a-2.pdf", "b-2.pdf", "c-2.pdf",
                                            "secret", "A-3.PDF"));
  EXPECT_EQ(content("A-3.PDF"), "E") << "names that differ by case alone are one elsewhere";
}

TEST_F(ExtractTest, ManyOfOneNameAllHaveTheirs) {
  constexpr std::size_t many = 10'002;
  auto folder = SafeFolder::open(folder_ / "out");
  ASSERT_TRUE(folder.has_value());
  std::string last;
  for (std::size_t i = 0; i < many; ++i) {
    ASSERT_TRUE(folder->begin().has_value());
    const auto kept = folder->keep(i % 2 == 0 ? "a.pdf" : "A.pdf");
    ASSERT_TRUE(kept.has_value()) << i << ": " << kept.error().en;
    last = *kept;
  }
  EXPECT_EQ(last, "A-10002.pdf");
  EXPECT_EQ(files().size(), many);
}

TEST_F(ExtractTest, ANumberThatIsTakenIsPassedOver) {
  ASSERT_EQ(run(flow(pj("a-2.pdf", coded("1")) + pj("a.pdf", coded("2")) + pj("a.pdf", coded("3")) +
                     pj("a.pdf", coded("4")))),
            Exit::ok);
  EXPECT_THAT(files(), UnorderedElementsAre("a-2.pdf", "a.pdf", "a-3.pdf", "a-4.pdf"));
}

TEST_F(ExtractTest, OneThatIsBrokenDoesNotKeepTheOthers) {
  EXPECT_EQ(run(flow(pj("bad.pdf", "????", "BAD") + pj("none.pdf", "", "NONE") +
                     pj("cut.pdf", coded("abcdef").substr(0, 24), "CUT") +
                     pj("bomb.pdf", coded(std::string(50'000'000, '\0')), "BOMB") +
                     "<PJ><IdUnique V=\"BARE\"/></PJ>" + pj("good.pdf", coded("good"), "GOOD"))),
            Exit::refused);
  EXPECT_THAT(files(), UnorderedElementsAre("good.pdf")) << "and no half file stays";
  for (const char* code : {"pj.base64", "pj.empty", "pj.truncated", "pj.ratio"})
    EXPECT_THAT(gateway_.out.str(), HasSubstr(code));
}

TEST_F(ExtractTest, ACutDocumentLeavesWhatCameBefore) {
  const std::string file =
      flow(pj("one.pdf", coded("one")) + pj("two.pdf", coded(std::string(100'000, 'y'))));
  fs::resize_file(file, fs::file_size(file) - 120);
  EXPECT_EQ(run(file), Exit::refused);
  EXPECT_THAT(gateway_.err.str(), HasSubstr("xml.malformed"));
  EXPECT_THAT(files(), UnorderedElementsAre("one.pdf"));
}

TEST_F(ExtractTest, ListingWritesNothing) {
  EXPECT_EQ(run(flow(pj("un.pdf", coded("%PDF un"))), true), Exit::ok);
  EXPECT_FALSE(fs::exists(folder_ / "out"));
  EXPECT_THAT(gateway_.out.str(), HasSubstr("un.pdf"));
  EXPECT_EQ(run(flow(""), true), Exit::ok);
  EXPECT_THAT(gateway_.out.str(), HasSubstr("aucune pièce jointe"));
}

TEST_F(ExtractTest, AFolderThatCannotBeWrittenIsTold) {
  std::ofstream(folder_ / "out") << "a file";
  EXPECT_EQ(run(flow(pj("un.pdf", coded("un")))), Exit::usage);
  EXPECT_THAT(gateway_.err.str(), HasSubstr("ctl.file"));
}

TEST_F(ExtractTest, OneObjectForEach) {
  FakeGateway gateway(true);
  Session session = gateway.session();
  EXPECT_EQ(
      extract(session, {flow(pj("un.pdf", coded("un"), "A") + pj("b.pdf", "????", "B")), folder_ / "out"}),
      Exit::refused);
  std::istringstream lines(gateway.out.str());
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  const auto first = json::parse(line).as_object();
  EXPECT_EQ(first.at("file"), "un.pdf");
  EXPECT_EQ(first.at("size"), 2);
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_EQ(json::parse(line).at("broken").at("code"), "pj.base64");
}

TEST_F(ExtractTest, AFlowOfTheGatewayToo) {
  const std::string sent = samples::read_file(flow(pj("un.pdf", coded("un"))));
  gateway_.answers("GET /v1/flows/F/documents", 200,
                   R"({"items":[{"number":1,"role":"original","sha256":")" + sha256(sent).str() + "\"}]}");
  gateway_.answers("GET /v1/flows/F/documents/1", 200, sent);
  EXPECT_EQ(run("F"), Exit::ok) << gateway_.err.str();
  EXPECT_EQ(content("un.pdf"), "un");
  EXPECT_EQ(run("NOBODY"), Exit::not_found);
}

}  // namespace
}  // namespace demat::ctl
