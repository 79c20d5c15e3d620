#include "protocols/xml/text_gate.hpp"

#include <gtest/gtest.h>

#include "protocols/base/digest.hpp"

namespace demat::xml::detail {
namespace {

constexpr auto head = TextGate::head_bytes;

std::string through(const std::vector<std::string>& pieces) {
  TextGate gate;
  for (const auto& piece : pieces)
    gate.add(piece);
  return gate.take();
}

TEST(TextGate, ShortTextsPassUnchanged) {
  EXPECT_EQ(through({"12", " é", "x"}), "12 éx");
  EXPECT_EQ(through({}), "");
}

TEST(TextGate, BlanksCountAsOneSpace) {
  TextGate gate;
  for (int i = 0; i < 1000; ++i)
    gate.add(std::string(1000, '\n'));
  EXPECT_TRUE(gate.blank());
  EXPECT_EQ(gate.take(), " ");
}

struct Case {
  const char* name;
  std::string text;
  bool base64;
};

std::string lines(std::size_t symbols) {
  std::string out;
  for (std::size_t i = 0; i < symbols; ++i) {
    out += 'A';
    if (i % 76 == 75) out += "\r\n";
  }
  return out;
}

TEST(TextGate, LongTextsStayShortAndAreBase64ExactlyWhenTheWholeIs) {
  const std::vector<Case> cases = {
      {"multiple of four", lines(400'000), true},
      {"padding", lines(400'001) + "AA=", true},
      {"two paddings", lines(400'000) + "AA==", true},
      {"one symbol too many", lines(400'001), false},
      {"three paddings", lines(400'001) + "===", false},
      {"text after the padding", lines(400'000) + "AA==AAAA", false},
      {"wrong symbol at the end", lines(399'999) + "-", false},
      {"wrong symbol in the head", "!" + lines(399'999), false},
      {"text",
       [] {
         std::string out;
         for (int i = 0; i < 50'000; ++i)
           out += "é à ";
         return out;
       }(),
       false},
  };
  for (const auto& item : cases) {
    for (const std::size_t piece : {std::size_t{300}, std::size_t{100'000}, item.text.size()}) {
      TextGate gate;
      for (std::size_t at = 0; at < item.text.size();) {
        auto end = std::min(item.text.size(), at + piece);
        while (end < item.text.size() && (static_cast<unsigned char>(item.text[end]) & 0xC0U) == 0x80U)
          ++end;
        gate.add(std::string_view{item.text}.substr(at, end - at));
        at = end;
      }
      const auto out = gate.take();
      EXPECT_LE(out.size(), head + 8) << item.name;
      EXPECT_GT(out.size(), head - 8) << item.name;
      const auto symbols = std::count_if(out.begin(), out.end(), [](char c) { return !std::isspace(c); });
      const bool is_base64 = decode_base64(out).ok && symbols % 4 == 0;
      EXPECT_EQ(is_base64, item.base64) << item.name << " in pieces of " << piece;
    }
  }
}

}  // namespace
}  // namespace demat::xml::detail
