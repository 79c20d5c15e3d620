#include "gateway/http/multipart.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace demat::http {
namespace {

struct SeenPart {
  Part head;
  std::string data;
  bool ended = false;
};

/// Reads `body` in pieces of `step` bytes; the parts seen, or the error's code.
Result<std::vector<SeenPart>> read_in_steps(const std::string& body, std::size_t step) {
  std::vector<SeenPart> parts;
  PartHandler handler;
  handler.begin = [&](const Part& part) -> Status {
    parts.push_back({part, {}, false});
    return {};
  };
  handler.data = [&](std::string_view bytes) -> Status {
    parts.back().data.append(bytes);
    return {};
  };
  handler.end = [&]() -> Status {
    parts.back().ended = true;
    return {};
  };
  MultipartReader reader("XyZ", handler);
  for (std::size_t at = 0; at < body.size(); at += step) {
    auto status = reader.feed(std::string_view(body).substr(at, step));
    if (!status) return failure(std::move(status.error()));
  }
  if (auto status = reader.finish(); !status) return failure(std::move(status.error()));
  return parts;
}

constexpr std::size_t steps[] = {1, 2, 3, 5, 7, 64, 100'000};

TEST(Multipart, GivesPartsWhateverThePieces) {
  const std::string content = "line one\r\n--Xy? no, \r\n--Xy\r\r\n-- not a delimiter\r\n";
  const std::string body =
      "preamble\r\n--XyZ\r\nContent-Disposition: form-data; name=\"must_signed\"\r\n\r\n1\r\n"
      "--XyZ \t\r\ncontent-disposition: form-data; name=\"enveloppe\"; filename=\"C:\\dir\\flux 1.xml\"\r\n"
      "Content-Type: text/xml\r\n\r\n" +
      content + "\r\n--XyZ--\r\nepilogue";
  for (const auto step : steps) {
    const auto parts = read_in_steps(body, step);
    ASSERT_TRUE(parts) << parts.error().detail << " in steps of " << step;
    ASSERT_EQ(parts->size(), 2U);
    EXPECT_EQ((*parts)[0].head.name, "must_signed");
    EXPECT_EQ((*parts)[0].data, "1");
    EXPECT_EQ((*parts)[1].head.name, "enveloppe");
    EXPECT_EQ((*parts)[1].head.file_name, "flux 1.xml");
    EXPECT_EQ((*parts)[1].head.content_type, "text/xml");
    EXPECT_EQ((*parts)[1].data, content);
    EXPECT_TRUE((*parts)[1].ended);
  }
}

TEST(Multipart, TakesAnEmptyPart) {
  const std::string body =
      "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--XyZ--\r\n";
  for (const auto step : steps) {
    const auto parts = read_in_steps(body, step);
    ASSERT_TRUE(parts) << parts.error().detail;
    ASSERT_EQ(parts->size(), 1U);
    EXPECT_EQ((*parts)[0].data, "");
    EXPECT_TRUE((*parts)[0].ended);
  }
}

TEST(Multipart, RefusesWhatIsMalformed) {
  const std::string head = "Content-Disposition: form-data; name=\"a\"\r\n\r\n";
  const struct {
    const char* what;
    std::string body;
    const char* code;
  } cases[] = {
      {"empty body", "", "http.multipart"},
      {"no last delimiter", "--XyZ\r\n" + head + "data", "http.multipart"},
      {"last delimiter cut", "--XyZ\r\n" + head + "data\r\n--XyZ", "http.multipart"},
      {"no name", "--XyZ\r\nContent-Type: text/xml\r\n\r\nx\r\n--XyZ--", "http.multipart"},
      {"no head", "--XyZ\r\n\r\n\r\nx\r\n--XyZ--", "http.multipart"},
      {"not form-data", "--XyZ\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--XyZ--",
       "http.multipart"},
      {"name twice", "--XyZ\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nx\r\n--XyZ--",
       "http.multipart"},
      {"header without colon", "--XyZ\r\nnonsense\r\n\r\nx\r\n--XyZ--", "http.multipart"},
      {"delimiter runs on", "--XyZabc\r\n" + head + "x\r\n--XyZ--", "http.multipart"},
      {"long head", "--XyZ\r\nX-Long: " + std::string(9'000, 'a') + "\r\n" + head, "http.multipart_limit"},
      {"long preamble", std::string(70'000, 'p') + "\r\n--XyZ--", "http.multipart_limit"},
      {"long epilogue", "--XyZ\r\n" + head + "x\r\n--XyZ--" + std::string(140'000, 'e'),
       "http.multipart_limit"},
  };
  for (const auto& one : cases) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{4'096}}) {
      const auto parts = read_in_steps(one.body, step);
      ASSERT_FALSE(parts) << one.what;
      EXPECT_EQ(parts.error().code, one.code) << one.what << " in steps of " << step;
    }
  }
}

TEST(Multipart, LimitsTheNumberOfParts) {
  std::string body;
  for (std::size_t i = 0; i < MultipartReader::max_parts; ++i)
    body += "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n";
  EXPECT_TRUE(read_in_steps(body + "--XyZ--", 1'000));
  body += "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n";
  const auto parts = read_in_steps(body + "--XyZ--", 1'000);
  ASSERT_FALSE(parts);
  EXPECT_EQ(parts.error().code, "http.multipart_limit");
}

TEST(Multipart, HandsTheHandlersFailureBack) {
  PartHandler handler;
  handler.begin = [](const Part&) -> Status { return {}; };
  handler.data = [](std::string_view) -> Status { return failure(waiting_error("store.disk_full", "", "")); };
  handler.end = []() -> Status { return {}; };
  MultipartReader reader("XyZ", handler);
  const auto status =
      reader.feed("--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + std::string(100, 'x'));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, "store.disk_full");
}

TEST(Multipart, FindsTheBoundary) {
  const struct {
    const char* type;
    std::optional<std::string> boundary;
  } cases[] = {
      {"multipart/form-data; boundary=abc", "abc"},
      {"Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"", "a b"},
      {"multipart/form-data", std::nullopt},
      {"multipart/mixed; boundary=abc", std::nullopt},
      {"application/xml", std::nullopt},
      {"", std::nullopt},
      {"multipart/form-data; boundary=\"\"", std::nullopt},
      {"multipart/form-data; boundary=a; boundary=b", std::nullopt},
  };
  for (const auto& one : cases)
    EXPECT_EQ(multipart_boundary(one.type), one.boundary) << one.type;
  EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'b')));
}

}  // namespace
}  // namespace demat::http
