#include "gateway/http/header_value.hpp"

#include <gtest/gtest.h>

namespace demat::http {
namespace {

TEST(HeaderValue, ReadsParameters) {
  const auto value = parse_header_value("Form-Data; name=\"a \\\"b\\\"\"; filename=x.xml ;");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->value, "form-data");
  EXPECT_EQ(value->parameter("name"), "a \"b\"");
  EXPECT_EQ(value->parameter("filename"), "x.xml");
  EXPECT_EQ(value->parameter("absent"), "");
}

TEST(HeaderValue, RefusesWhatIsMalformed) {
  for (const auto* text : {"", "; a=b", "form-data; name", "form-data; name=\"open", "a b; c=d",
                           "form-data; a=1; A=2", "form-data; name=\"x\"y=z"})
    EXPECT_FALSE(parse_header_value(text)) << text;
}

TEST(HeaderValue, PrefersTheExtendedFileName) {
  EXPECT_EQ(parse_header_value("form-data; filename=\"e.xml\"; filename*=UTF-8''%C3%A9.xml")->file_name(),
            "é.xml");
  EXPECT_EQ(parse_header_value("form-data; filename=\"e.xml\"; filename*=latin''%E9.xml")->file_name(),
            "e.xml");
  EXPECT_EQ(parse_header_value("form-data; filename=\"e.xml\"; filename*=UTF-8''%zz")->file_name(), "e.xml");
}

TEST(HeaderValue, KeepsOnlyTheLastComponent) {
  EXPECT_EQ(last_path_component("/etc/passwd"), "passwd");
  EXPECT_EQ(last_path_component("C:\\a\\b.xml"), "b.xml");
  EXPECT_EQ(last_path_component(".."), "");
  EXPECT_EQ(last_path_component("a\r\nb\x7f.xml"), "ab.xml");
  EXPECT_EQ(last_path_component(std::string(300, 'a')).size(), 255U);
}

TEST(HeaderValue, GivesNamesInUtf8) {
  EXPECT_EQ(last_path_component("\xe9t\xe9.xml"), "été.xml");
  EXPECT_EQ(last_path_component("été.xml"), "été.xml");
  EXPECT_EQ(last_path_component("a\xff\x85\xed\xa0\x80.xml"), "aÿí\u00a0.xml");  // C1 controls go too
  std::string longest(254, 'a');
  EXPECT_EQ(last_path_component(longest + "é"), longest);  // no half character
  EXPECT_EQ(last_path_component(longest + "\xe9"), longest);
}

TEST(HeaderValue, NamesADownload) {
  EXPECT_EQ(attachment("é\"1.xml"), "attachment; filename=\"___1.xml\"; filename*=UTF-8''%C3%A9%221.xml");
  EXPECT_EQ(attachment(""), "attachment; filename=\"document.xml\"; filename*=UTF-8''");
}

}  // namespace
}  // namespace demat::http
