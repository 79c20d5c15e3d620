#include "gateway/store/uploads.hpp"
#include "protocols/base/digest.hpp"
#include "tests/unit/gateway/store/conformance/suite.hpp"

// Uploads that come in pieces.

namespace demat::store::conformance {
namespace {

using std::chrono::hours;

Upload of_size(std::uint64_t size, const std::string& identity = "me") {
  Upload upload;
  upload.identity = IdentityId{identity};
  upload.authority = AuthorityId{"123456782"};
  upload.file_name = "a.xml";
  upload.size = size;
  return upload;
}

void add(Uploads& uploads, const UploadId& id, std::uint64_t offset, std::string_view bytes) {
  auto writer = uploads.open(id, offset);
  ASSERT_TRUE(writer) << writer.error().code;
  ASSERT_TRUE((*writer)->append(bytes));
  ASSERT_EQ((*writer)->sync().value(), offset + bytes.size());
}

TEST_P(StoreSuite, AnUploadGoesOnAfterAReopening) {
  const auto made = store().uploads().create(of_size(10), 5).value();
  add(store().uploads(), made.id, 0, "01234");
  auto& uploads = host->reopen().uploads();
  ASSERT_TRUE(store().recover(clock.now()));
  EXPECT_EQ(uploads.find(made.id).value()->offset, 5U);
  add(uploads, made.id, 5, "56789");
  auto writer = uploads.open(made.id, 10);
  ASSERT_TRUE(writer);
  auto payload = (*writer)->staged();
  ASSERT_TRUE(payload) << payload.error().code;
  EXPECT_EQ(payload->sha256(), sha256("0123456789"));
  EXPECT_EQ(payload->sha1(), sha1("0123456789"));
  const auto outcome = store().accept(wanted("A"), std::move(*payload));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(content_of(**store().open_payload(sha256("0123456789"))), "0123456789");
  writer->reset();
  ASSERT_TRUE(uploads.finish(made.id));
  EXPECT_EQ(content_of(**store().open_payload(sha256("0123456789"))), "0123456789") << "the blob is its own";
  EXPECT_EQ(uploads.open(made.id, 10).error().code, "upload.unknown");
}

TEST_P(StoreSuite, AStagedUploadSurvivesItsPayload) {
  auto& uploads = store().uploads();
  const auto made = uploads.create(of_size(3), 5).value();
  add(uploads, made.id, 0, "abc");
  for (int i = 0; i < 2; ++i) {
    auto writer = uploads.open(made.id, 3);
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->staged()) << "dropped unused: a later try finds the bytes again";
  }
}

TEST_P(StoreSuite, UploadsKeepToTheirOffsetAndSize) {
  auto& uploads = store().uploads();
  const auto made = uploads.create(of_size(4), 5).value();
  EXPECT_EQ(uploads.open(made.id, 1).error().code, "upload.offset");
  EXPECT_EQ(uploads.open(UploadId{"../../etc/passwd"}, 0).error().code, "upload.unknown");
  {
    auto writer = uploads.open(made.id, 0);
    ASSERT_TRUE(writer);
    EXPECT_EQ(uploads.open(made.id, 0).error().code, "upload.busy");
    EXPECT_EQ(uploads.remove(made.id).error().code, "upload.busy");
    EXPECT_EQ((*writer)->append("12345").error().code, "upload.too_long");
    ASSERT_TRUE((*writer)->append("12"));
    EXPECT_EQ((*writer)->staged().error().code, "upload.incomplete");
  }
  EXPECT_EQ(uploads.find(made.id).value()->offset, 2U) << "what came before the client went away is kept";
  auto wrong = of_size(2);
  wrong.sha256 = sha256("ab");
  const auto other = uploads.create(wrong, 5).value();
  add(uploads, other.id, 0, "ax");
  EXPECT_EQ((*uploads.open(other.id, 2))->staged().error().code, "upload.digest");
}

TEST_P(StoreSuite, UploadsAreFewPerCallerAndExpire) {
  auto& uploads = store().uploads();
  const auto first = uploads.create(of_size(4), 1).value();
  EXPECT_EQ(uploads.create(of_size(4), 1).error().code, "upload.too_many");
  EXPECT_TRUE(uploads.create(of_size(4, "other"), 1));
  add(uploads, first.id, 0, "1");
  clock.advance(hours(2));
  add(uploads, first.id, 1, "2");
  EXPECT_EQ(uploads.expire(clock.now() - hours(1)).value(), 1U) << "the one with news stays";
  EXPECT_TRUE(uploads.find(first.id).value());
  clock.advance(hours(2));
  EXPECT_EQ(uploads.expire(clock.now() - hours(1)).value(), 1U);
  EXPECT_FALSE(uploads.find(first.id).value());
  EXPECT_TRUE(uploads.create(of_size(4), 1));
}

}  // namespace
}  // namespace demat::store::conformance
