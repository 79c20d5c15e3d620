// Python's email package as a second opinion, in both directions (python_mail.py).

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>

#include "protocols/base/digest.hpp"
#include "protocols/mail/compose.hpp"

namespace demat::mail {
namespace {

namespace fs = std::filesystem;

class Oracle : public testing::Test {
 protected:
  Oracle() {
    std::string path = (fs::temp_directory_path() / "mail_test.XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp");
    folder = path;
  }
  ~Oracle() override { fs::remove_all(folder); }

  static std::string python(const std::string& verb, const fs::path& path) {
    const std::string command =
        fmt::format("/usr/bin/python3 {}/tests/unit/protocols/mail/python_mail.py {} {} 2>&1",
                    DEMAT_SOURCE_DIR, verb, path.string());
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("popen");
    std::string output;
    std::array<char, 4'096> buffer{};
    for (std::size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
      output.append(buffer.data(), got);
    EXPECT_EQ(pclose(pipe), 0) << output;
    return output;
  }

  static std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path folder;
};

std::string hexed(std::string_view text) {
  if (text.empty()) return "-";
  return hex(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

std::string without_returns(std::string text) {
  std::erase(text, '\r');
  return text;
}

/// As python_mail.py writes them; attachments and bodies in the order of the mail.
std::string facts(const Message& message) {
  std::string out = fmt::format("subject {}\nid {}\ndate {}\nfrom {} {}\n", hexed(message.subject),
                                hexed(message.message_id.value_or("")), message.date.value_or(-1),
                                hexed(message.from.name), message.from.address);
  std::vector<std::pair<std::string, std::string>> parts;
  for (const Body& body : message.bodies)
    parts.emplace_back(body.part,
                       fmt::format("body {} {}\n", body.media_type, hexed(without_returns(body.text))));
  for (const Attachment& file : message.attachments)
    parts.emplace_back(file.part,
                       fmt::format("file {} {} {}\n", file.media_type, hexed(file.name), hexed(file.bytes)));
  std::sort(parts.begin(), parts.end());  // fewer than ten at each level
  for (const auto& [part, line] : parts)
    out += line;
  return out;
}

TEST_F(Oracle, WeSeeInMailsOfPythonWhatPythonSees) {
  python("make", folder);
  std::size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".eml") continue;
    const std::string bytes = read(entry.path());
    const auto message = decode(MemorySource(bytes));
    ASSERT_TRUE(message) << entry.path().filename();
    fs::path expected = entry.path();
    expected.replace_extension(".expected");
    EXPECT_EQ(facts(*message), read(expected)) << entry.path().filename();
    EXPECT_TRUE(message->report.findings.empty()) << entry.path().filename();
    ++seen;
  }
  EXPECT_EQ(seen, 8U);
}

TEST_F(Oracle, PythonSeesInOurMailsWhatWePutThere) {
  std::string every_byte(256, '\0');
  for (std::size_t i = 0; i < every_byte.size(); ++i)
    every_byte[i] = static_cast<char>(i);
  const std::vector<Outgoing> mails{
      {.from = {"", "a@b.invalid"},
       .to = {{"", "c@d.invalid"}},
       .subject = "Essai",
       .text = "x\n",
       .message_id = "1@b",
       .date = 1'736'152'200},
      {.from = {"Démat = \"essai\", <mairie>", "a@b.invalid"},
       .to = {{"É", "c@d.invalid"}},
       .subject = std::string(70, 'a') + " été " + std::string(90, 'b') + " =?UTF-8?Q?faux?= €",
       .text = "Ligne très longue : " + std::string(200, 'x') + " \t\n.\n..\nFrom moi\n=\nfin €",
       .files = {{"délibération " + std::string(80, 'n') + ".pdf", "application/pdf",
                  every_byte + every_byte},
                 {"it's 100% (sûr);.xml", "application/xml", "<a/>"},
                 {"plain name.txt", "text/plain", "a\nb"},
                 {"vide.bin", "application/octet-stream", ""}},
       .message_id = "2@b",
       .date = 951'782'400,
       .boundary_seed = "s"},
  };
  for (const Outgoing& mail : mails) {
    const auto bytes = compose(mail);
    ASSERT_TRUE(bytes);
    std::ofstream(folder / "a.eml", std::ios::binary) << *bytes;
    std::string expected = fmt::format("subject {}\nid {}\ndate {}\nfrom {} {}\nbody text/plain {}\n",
                                       hexed(mail.subject), hexed(mail.message_id), mail.date,
                                       hexed(mail.from.name), mail.from.address, hexed(mail.text));
    for (const OutgoingFile& file : mail.files)
      expected += fmt::format("file {} {} {}\n", file.media_type, hexed(file.name), hexed(file.bytes));
    EXPECT_EQ(python("read", folder / "a.eml"), expected);
    const auto back = decode(MemorySource(*bytes));
    ASSERT_TRUE(back);
    EXPECT_EQ(facts(*back), expected);
  }
}

}  // namespace
}  // namespace demat::mail
