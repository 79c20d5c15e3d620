#include "gateway/papers/pdf_signature.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cms_kit.hpp"
#include "pdf_kit.hpp"

namespace demat::papers {
namespace {

using kit::document;
using kit::Identity;
using kit::signed_pdf;
using testing::ElementsAre;
using testing::IsEmpty;

class Signatures : public testing::Test {
 protected:
  static SignatureCheck check(const std::string& pdf) {
    auto done = check_signatures(MemorySource(pdf), "acte.pdf");
    if (!done) throw std::runtime_error(done.error().code);
    return *done;
  }
  static std::vector<std::string> codes(const Report& report) {
    std::vector<std::string> found;
    for (const Finding& finding : report.findings)
      found.push_back(finding.code);
    return found;
  }
  static std::string plain() { return document({{}}).build(); }

  Identity mayor_{"Élodie Maire"};
};

TEST_F(Signatures, NoneIsFine) {
  const auto checked = check(plain());
  EXPECT_THAT(codes(checked.report), IsEmpty());
  EXPECT_THAT(checked.signatures, IsEmpty());
}

TEST_F(Signatures, AValidOneNamesItsSigner) {
  for (const char* sub_filter : {"ETSI.CAdES.detached", "adbe.pkcs7.detached"}) {
    const auto checked = check(signed_pdf(plain(), mayor_, {.sub_filter = sub_filter}));
    EXPECT_THAT(codes(checked.report), IsEmpty()) << checked.report.findings.front().fr;
    ASSERT_EQ(checked.signatures.size(), 1U);
    const PdfSignature& one = checked.signatures.front();
    EXPECT_TRUE(one.intact);
    EXPECT_EQ(one.field, "Signature1");
    EXPECT_EQ(one.sub_filter, sub_filter);
    EXPECT_EQ(one.bytes_after, 0U);
    EXPECT_EQ(one.signer.subject, "CN=Élodie Maire");
    EXPECT_EQ(one.signer.serial, "4D61");
    EXPECT_EQ(one.signer.digest, "SHA256");
    EXPECT_EQ(one.signer.in_validity_when_signed(), true);
    EXPECT_LT(one.signer.not_before, one.signer.not_after);
    EXPECT_EQ(as_text(one.signer.certificate_der), mayor_.certificate_der());
  }
}

TEST_F(Signatures, AChangeOfOneByteBreaksIt) {
  const std::string pdf = signed_pdf(plain(), mayor_);
  std::string changed = pdf;
  changed.replace(changed.find("Bonjour"), 7, "Bonsoir");
  EXPECT_THAT(codes(check(changed).report), ElementsAre("actes.pades.broken"));
  EXPECT_NE(check(changed).report.findings.front().fr.find("modifié après"), std::string::npos);
  EXPECT_EQ(check(changed).signatures.front().signer.subject, "CN=Élodie Maire");
}

TEST_F(Signatures, ASignatureOfSomethingElseIsBroken) {
  std::string pdf = signed_pdf(plain(), mayor_);
  const auto start = pdf.rfind("/Contents <") + 11;
  const std::string other = hex(as_bytes(mayor_.sign("other bytes")));
  pdf.replace(start, other.size(), other);
  EXPECT_THAT(codes(check(pdf).report), ElementsAre("actes.pades.broken"));
}

TEST_F(Signatures, AForeignValueIsBroken) {
  std::string pdf = signed_pdf(plain(), mayor_);
  const auto start = pdf.rfind("/Contents <") + 11;
  const auto end = pdf.find_last_not_of('0', pdf.find('>', start) - 1);
  pdf[end - 40] = pdf[end - 40] == '1' ? '2' : '1';  // inside the signature value, last in the CMS
  EXPECT_THAT(codes(check(pdf).report), ElementsAre("actes.pades.broken"));
}

TEST_F(Signatures, UnreadableOrWithoutCertificateIsBroken) {
  std::string pdf = signed_pdf(plain(), mayor_);
  pdf.replace(pdf.rfind("/Contents <") + 11, 8, "00000000");
  EXPECT_THAT(codes(check(pdf).report), ElementsAre("actes.pades.broken"));
  const auto bare = check(signed_pdf(plain(), mayor_, {.cms = {.certificate_inside = false}}));
  EXPECT_THAT(codes(bare.report), ElementsAre("actes.pades.broken"));
  EXPECT_NE(bare.report.findings.front().fr.find("certificat du signataire"), std::string::npos);
}

TEST_F(Signatures, TheRangeMustLeaveOutTheSignatureAndNothingElse) {
  const std::string pdf = signed_pdf(plain(), mayor_);
  const auto at = pdf.rfind("/ByteRange [") + 12;
  const auto end = pdf.find(']', at);
  const std::string range = pdf.substr(at, end - at);
  for (std::string other : {std::string("0 10 20 30"), std::string("0 0 10 10"), std::string("1 2 3"),
                            std::string("0 1 2 99999999999999"), std::string("0 -5 10 10"), std::string(),
                            "1" + range.substr(1)}) {
    other.resize(end - at, ' ');
    std::string changed = pdf;
    changed.replace(at, other.size(), other);
    const auto checked = check(changed);
    EXPECT_THAT(codes(checked.report), ElementsAre("actes.pades.broken")) << other;
    EXPECT_FALSE(checked.signatures.front().intact);
  }
}

TEST_F(Signatures, ANumberNoReaderTakesHidesNothing) {
  std::string pdf = signed_pdf(plain(), mayor_);
  const std::string huge = "0 18446744073709551615 1 1";
  pdf.replace(pdf.rfind("/ByteRange [") + 12, huge.size(), huge);
  EXPECT_THAT(codes(check(pdf).report), ElementsAre("actes.pades.broken"));
}

TEST_F(Signatures, TwoSignersOneAfterTheOther) {
  const Identity clerk("Secrétaire");
  const std::string pdf = signed_pdf(signed_pdf(plain(), mayor_), clerk, {.field = "Signature2"});
  const auto checked = check(pdf);
  EXPECT_THAT(codes(checked.report), IsEmpty());
  ASSERT_EQ(checked.signatures.size(), 2U);
  EXPECT_EQ(checked.signatures[0].signer.subject, "CN=Élodie Maire");
  EXPECT_GT(checked.signatures[0].bytes_after, 0U);
  EXPECT_EQ(checked.signatures[1].signer.subject, "CN=Secrétaire");
  EXPECT_EQ(checked.signatures[1].bytes_after, 0U);
  EXPECT_TRUE(checked.signatures[0].intact && checked.signatures[1].intact);
}

TEST_F(Signatures, AnUpdateAfterTheLastOneIsTold) {
  const std::string pdf =
      kit::updated_pdf(signed_pdf(plain(), mayor_), 1'500, "<< /Length 0 >>\nstream\n\nendstream");
  const auto checked = check(pdf);
  EXPECT_THAT(codes(checked.report), ElementsAre("actes.pades.updated"));
  EXPECT_TRUE(checked.signatures.front().intact);
  EXPECT_FALSE(checked.report.refused());
}

TEST_F(Signatures, TheOldSha1KindIsCheckedToo) {
  const kit::SigningChoice old{.sub_filter = "adbe.pkcs7.sha1", .cms = {.detached = false}};
  const std::string pdf = signed_pdf(plain(), mayor_, old);
  EXPECT_THAT(codes(check(pdf).report), IsEmpty());
  std::string changed = pdf;
  changed.replace(changed.find("Bonjour"), 7, "Bonsoir");
  EXPECT_THAT(codes(check(changed).report), ElementsAre("actes.pades.broken"));
}

TEST_F(Signatures, AnUnknownKindIsTold) {
  const auto checked = check(signed_pdf(plain(), mayor_, {.sub_filter = "adbe.x509.rsa_sha1"}));
  EXPECT_THAT(codes(checked.report), ElementsAre("actes.pades.unsupported"));
}

TEST_F(Signatures, CertificatesInsideAreHandedOn) {
  const Identity authority("Autorité");
  const auto checked = check(signed_pdf(plain(), mayor_, {.cms = {.beside = &authority}}));
  const Signer& signer = checked.signatures.at(0).signer;
  ASSERT_EQ(signer.offered.size(), 1U);
  EXPECT_EQ(as_text(signer.offered[0]), authority.certificate_der());
  EXPECT_EQ(as_text(signer.certificate_der), mayor_.certificate_der());
  EXPECT_FALSE(signer.value.empty());
  EXPECT_TRUE(signer.stamp_token.empty());
}

TEST_F(Signatures, TheNamedCertificateIsToldOf) {
  const auto plain_one = check(signed_pdf(plain(), mayor_));
  EXPECT_EQ(plain_one.signatures.at(0).signer.named, NamedCertificate::none);
  const auto named = check(signed_pdf(plain(), mayor_, {.cms = {.names_certificate = true}}));
  EXPECT_EQ(named.signatures.at(0).signer.named, NamedCertificate::same);
  EXPECT_THAT(codes(named.report), IsEmpty());
}

TEST_F(Signatures, AnotherCertificateOfTheSameKeyIsBroken) {
  // The twin has the same key, name and serial number: only the attribute tells them apart.
  const Identity twin = mayor_.twin();
  std::string pdf = signed_pdf(plain(), mayor_, {.cms = {.names_certificate = true}});
  const std::string mine = hex(as_bytes(mayor_.certificate_der()));
  const std::string other = hex(as_bytes(twin.certificate_der()));
  ASSERT_EQ(mine.size(), other.size());
  pdf.replace(pdf.find(mine), mine.size(), other);
  const auto checked = check(pdf);
  EXPECT_THAT(codes(checked.report), ElementsAre("actes.pades.broken"));
  EXPECT_NE(checked.report.findings.front().fr.find("désigne un autre certificat"), std::string::npos);
  EXPECT_FALSE(checked.signatures.at(0).intact);
}

TEST_F(Signatures, TheDictionaryMayTellTheTime) {
  const kit::SigningChoice pades{.made_at = "D:20260115113000+01'00'", .cms = {.attributes = false}};
  const auto checked = check(signed_pdf(plain(), mayor_, pades));
  EXPECT_EQ(checked.signatures.at(0).signer.signed_at, read_pdf_date("D:20260115103000Z"));
  const auto silent = check(signed_pdf(plain(), mayor_, {.cms = {.attributes = false}}));
  EXPECT_FALSE(silent.signatures.at(0).signer.signed_at);
}

TEST(PdfDate, ReadsWhatPdfAllows) {
  const auto seconds = [](std::string_view text) {
    const auto when = read_pdf_date(text);
    return when ? std::chrono::floor<std::chrono::seconds>(when->time_since_epoch()).count() : -1;
  };
  constexpr long long half_past_ten = 1'768'473'000;  // 2026-01-15T10:30:00Z
  for (const char* text :
       {"D:20260115103000Z", "D:20260115103000", "20260115103000Z", "D:20260115113000+01'00'",
        "D:20260115070000-0330", "D:20260115103000Z00'00'", "D:202601151030"})
    EXPECT_EQ(seconds(text), half_past_ten) << text;
  EXPECT_EQ(seconds("D:2026"), 1'767'225'600);
  for (const char* text : {"", "D:", "yesterday", "D:20261315103000Z", "D:20260230", "D:20260115253000Z",
                           "D:2026011", "D:20260115103000+25'00'", "D:20260115103000?"})
    EXPECT_EQ(seconds(text), -1) << text;
}

TEST_F(Signatures, PopplerAgrees) {
  const kit::Tools tools;
  const auto said = tools.run({"pdfsig", "-nocert", tools.file("signed.pdf", signed_pdf(plain(), mayor_))});
  if (said.text.find("Signature Validation") == std::string::npos) GTEST_SKIP() << "pdfsig: " << said.text;
  EXPECT_NE(said.text.find("Signature is Valid"), std::string::npos) << said.text;
  EXPECT_NE(said.text.find("Total document signed"), std::string::npos) << said.text;
}

class Detached : public Signatures {
 protected:
  static DetachedCheck check_file(const std::string& file, const std::string& pkcs7) {
    auto done = check_detached(MemorySource(file), pkcs7, "annexe.pdf");
    if (!done) throw std::runtime_error(done.error().code);
    return *done;
  }
};

TEST_F(Detached, DerPemAndBase64) {
  const std::string file = "the bytes of an annex";
  const std::string der = mayor_.sign(file);
  for (const auto& form : {der, kit::pem(der, "PKCS7"), kit::pem(der, "CMS"), base64(as_bytes(der))}) {
    const auto checked = check_file(file, form);
    EXPECT_TRUE(checked.intact);
    EXPECT_THAT(codes(checked.report), IsEmpty());
    ASSERT_EQ(checked.signers.size(), 1U);
    EXPECT_EQ(checked.signers.front().subject, "CN=Élodie Maire");
  }
}

TEST_F(Detached, AnotherFileOrGarbage) {
  const std::string der = mayor_.sign("the bytes of an annex");
  EXPECT_THAT(codes(check_file("other bytes", der).report), ElementsAre("actes.pkcs7.broken"));
  EXPECT_THAT(codes(check_file("the bytes of an annex", "garbage!").report),
              ElementsAre("actes.pkcs7.unreadable"));
  EXPECT_THAT(codes(check_file("the bytes of an annex", "").report), ElementsAre("actes.pkcs7.unreadable"));
  EXPECT_THAT(codes(check_file("the bytes of an annex", mayor_.certificate_der()).report),
              ElementsAre("actes.pkcs7.unreadable"));
  EXPECT_THAT(codes(check_file("other bytes", mayor_.sign("other", {.detached = false})).report),
              ElementsAre("actes.pkcs7.broken"));
}

}  // namespace
}  // namespace demat::papers
