// Hostile PDFs and PKCS#7, with the outcome that docs/signatures.md promises for each (read by docs/check.py:
// number, name, outcome and code stay literals in this order).

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <functional>

#include "cms_kit.hpp"
#include "der_text.hpp"
#include "gateway/papers/pdf_signature.hpp"
#include "pdf_kit.hpp"
#include "protocols/base/digest.hpp"

namespace demat::papers {
namespace {

using kit::DerText;
using kit::Identity;
using kit::signed_pdf;

enum class Outcome { passed, warned, failed };

constexpr std::string_view file = "Délibération du 15 janvier";

const Identity& mayor() {
  static const Identity identity("Élodie Maire");
  return identity;
}
const Identity& clerk() {
  static const Identity identity("Secrétaire");
  return identity;
}

/// What one check said, whichever it was.
struct Said {
  Report report;
  bool intact = false;
};

struct Case {
  const char* number;
  const char* name;
  Outcome outcome;
  const char* code;
  std::function<Said()> check;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.number << ' ' << one.name;
}

Said pdf(const std::string& bytes) {
  auto done = check_signatures(MemorySource(bytes), "acte.pdf").value();
  const bool intact = !done.signatures.empty() && std::ranges::all_of(done.signatures, &PdfSignature::intact);
  return {std::move(done.report), intact};
}

Said detached(const std::string& pkcs7, std::string_view over = file) {
  auto done = check_detached(MemorySource(over), pkcs7, "acte.pdf").value();
  return {std::move(done.report), done.intact};
}

const std::string& sound_pdf() {
  static const auto bytes = signed_pdf(kit::document({{}}).build(), mayor());
  return bytes;
}

/// The numbers of the only ByteRange, changed in place.
Said ranged(const std::function<void(std::vector<long long>&)>& change) {
  auto bytes = sound_pdf();
  const auto at = bytes.rfind("/ByteRange [") + 12;
  const auto end = bytes.find(']', at);
  std::vector<long long> range;
  for (std::size_t from = at; from < end && range.size() < 4; from = bytes.find(' ', from) + 1)
    range.push_back(std::stoll(bytes.substr(from)));
  change(range);
  std::string text;
  for (const auto number : range)
    text += std::to_string(number) + " ";
  text.resize(end - at, ' ');
  return pdf(bytes.replace(at, text.size(), text));
}

/// The object that the only page draws.
int content_object() {
  const auto at = sound_pdf().find("/Contents ") + 10;
  return std::stoi(sound_pdf().substr(at));
}

std::string without(const std::string& key, const std::string& other) {
  auto bytes = sound_pdf();
  return bytes.replace(bytes.rfind(key), key.size(), other);
}

DerText signed_file() {
  return DerText::read(mayor().sign(file));
}

/// SignedData within ContentInfo, and its parts.
DerText& data_of(DerText& cms) {
  return cms.inside.at(1).inside.at(0);
}
DerText& signers_of(DerText& cms) {
  return data_of(cms).inside.back();
}
DerText& digests_of(DerText& cms) {
  return data_of(cms).inside.at(1);
}
DerText& certificates_of(DerText& cms) {
  return data_of(cms).inside.at(3);
}

/// Both signers of one file; the second's value altered when `second_bad`.
std::string two_signers(bool second_bad) {
  auto first = signed_file();
  auto second = DerText::read(clerk().sign(file));
  auto info = signers_of(second).inside.at(0);
  // Issuer and number of both certificates must differ for the signers to be told apart.
  if (second_bad) info.inside.back().bytes.back() ^= 1;
  signers_of(first).inside.push_back(info);
  certificates_of(first).inside.push_back(certificates_of(second).inside.at(0));
  return first.text();
}

std::string repeated(DerText cms, const std::function<DerText&(DerText&)>& part, std::size_t times) {
  auto& set = part(cms);
  const DerText one = set.inside.at(0);
  set.inside.assign(times, one);
  return cms.text();
}

std::string nested(std::size_t depth) {
  std::string deep;
  for (std::size_t i = 0; i < depth; ++i)
    deep += "\x30\x80";
  return deep;
}

std::vector<Case> range_cases() {
  return {
      {"D01", "RangeWithAWiderHole", Outcome::failed, "actes.pades.broken",
       [] { return ranged([](auto& r) { r[1] -= 10; }); }},
      {"D02", "RangeOverlapping", Outcome::failed, "actes.pades.broken",
       [] { return ranged([](auto& r) { r[2] = r[1] - 5; }); }},
      {"D03", "RangeBeyondTheEnd", Outcome::failed, "actes.pades.broken",
       [] { return ranged([](auto& r) { r[3] += 1'000; }); }},
      {"D04", "RangeNegative", Outcome::failed, "actes.pades.broken",
       [] { return ranged([](auto& r) { r[1] = -r[1]; }); }},
      {"D05", "RangeNotFromTheStart", Outcome::failed, "actes.pades.broken",
       [] { return ranged([](auto& r) { r[0] = 1; }); }},
      {"D06", "RangeOfSixNumbers", Outcome::failed, "actes.pades.broken",
       [] { return ranged([](auto& r) {
              r.insert(r.end(), {r[2] + r[3] - 2, 2});
            }); }},
      {"D07", "RangeThatStopsEarly", Outcome::failed, "actes.pades.broken",
       [] { return ranged([](auto& r) { r[3] -= 7; }); }},
      {"D08", "RangeMissing", Outcome::failed, "actes.pades.broken",
       [] { return pdf(without("/ByteRange", "/ByteRangX")); }},
      {"D09", "ContentsMissing", Outcome::failed, "actes.pades.broken",
       [] { return pdf(without("/Contents <", "/ContentX <")); }},
      {"D10", "ContentsOfAnotherFile", Outcome::failed, "actes.pades.broken",
       [] {
         const auto other = signed_pdf(kit::document({{}, {}}).build(), mayor());
         auto bytes = sound_pdf();
         const auto to = bytes.rfind("/Contents <");
         const auto from = other.rfind("/Contents <");
         const auto size = bytes.find('>', to) - to;
         return pdf(bytes.replace(to, size, other.substr(from, size)));
       }},
      {"D11", "BytesAfterTheCmsInTheHole", Outcome::passed, "",
       [] {
         auto bytes = sound_pdf();
         const auto end = bytes.find('>', bytes.rfind("/Contents <"));
         return pdf(bytes.replace(end - 4, 4, "ABCD"));
       }},
      {"D12", "UpdateAfterSigning", Outcome::warned, "actes.pades.updated",
       [] { return pdf(kit::updated_pdf(sound_pdf(), 1'500, "<< /Note (ajout) >>")); }},
      {"D13", "ContentReplacedAfterSigning", Outcome::failed, "actes.pades.changed",
       [] {
         const std::string other = "BT /F1 14 Tf 60 400 Td (Tout autre chose) Tj ET";
         return pdf(kit::updated_pdf(
             sound_pdf(), content_object(),
             "<< /Length " + std::to_string(other.size()) + " >>\nstream\n" + other + "\nendstream"));
       }},
      {"D15", "FontReplacedAfterSigning", Outcome::failed, "actes.pades.changed",
       [] {
         return pdf(kit::updated_pdf(sound_pdf(), 3, "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>"));
       }},
      {"D16", "PageAddedAfterSigning", Outcome::failed, "actes.pades.changed",
       [] {
         const auto with_page = kit::updated_pdf(
             sound_pdf(), 1'500, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 11 0 R >>");
         return pdf(kit::updated_pdf(with_page, 2, "<< /Type /Pages /Count 2 /Kids [10 0 R 1500 0 R] >>"));
       }},
      {"D19", "PageShownTwiceAfterSigning", Outcome::failed, "actes.pades.changed",
       [] {
         return pdf(kit::updated_pdf(sound_pdf(), 2, "<< /Type /Pages /Count 2 /Kids [10 0 R 10 0 R] >>"));
       }},
      {"D17", "PageReplacedAndSignedByASecond", Outcome::failed, "actes.pades.changed",
       [] {
         const auto changed =
             kit::updated_pdf(sound_pdf(), 3, "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>");
         return pdf(signed_pdf(changed, clerk(), {.field = "Signature2"}));
       }},
      {"D18", "SecondSignature", Outcome::passed, "",
       [] { return pdf(signed_pdf(sound_pdf(), clerk(), {.field = "Signature2"})); }},
      {"D14", "UnknownKindOfSignature", Outcome::warned, "actes.pades.unsupported",
       [] { return pdf(without("/SubFilter /ETSI.CAdES.detached", "/SubFilter /ETSI.CAdES.detaxxed")); }},
  };
}

std::vector<Case> cms_cases() {
  return {
      {"D20", "NoSigner", Outcome::failed, "actes.pkcs7.broken",
       [] {
         auto cms = signed_file();
         signers_of(cms).inside.clear();
         return detached(cms.text());
       }},
      {"D21", "TwoSignersOneBad", Outcome::failed, "actes.pkcs7.broken",
       [] { return detached(two_signers(true)); }},
      {"D22", "TwoSigners", Outcome::passed, "", [] { return detached(two_signers(false)); }},
      {"D23", "NoSignedAttributes", Outcome::failed, "actes.pkcs7.broken",
       [] {
         // The attributes taken away: the value was made over them, not over the file.
         auto cms = signed_file();
         auto& info = signers_of(cms).inside.at(0).inside;
         std::erase_if(info, [](const DerText& part) { return part.tag == 0xA0; });
         return detached(cms.text());
       }},
      {"D24", "OtherDigestThanTheAttributes", Outcome::failed, "actes.pkcs7.broken",
       [] {
         auto cms = signed_file();
         auto& oid = signers_of(cms).inside.at(0).inside.at(2).inside.at(0).bytes;
         oid.back() = 0x03;  // SHA-512 in place of SHA-256
         digests_of(cms).inside.at(0).inside.at(0).bytes.back() = 0x03;
         return detached(cms.text());
       }},
      {"D25", "DigestOfTheSetAlone", Outcome::failed, "actes.pkcs7.broken",
       [] {
         auto cms = signed_file();
         digests_of(cms).inside.clear();
         return detached(cms.text());
       }},
      {"D26", "AttachedContentOfAnotherFile", Outcome::failed, "actes.pkcs7.broken",
       [] { return detached(mayor().sign("Tout autre chose", {.detached = false})); }},
      {"D27", "NoSignedData", Outcome::failed, "actes.pkcs7.unreadable",
       [] {
         auto cms = signed_file();
         cms.inside.at(0).bytes.back() = 0x01;  // id-data
         return detached(cms.text());
       }},
      {"D28", "CutShort", Outcome::failed, "actes.pkcs7.unreadable",
       [] {
         const auto cms = mayor().sign(file);
         return detached(cms.substr(0, cms.size() - 10));
       }},
      {"D29", "BytesAfterTheCms", Outcome::passed, "", [] { return detached(mayor().sign(file) + "suite"); }},
      {"D30", "NestedTooDeep", Outcome::failed, "actes.pkcs7.unreadable",
       [] { return detached(nested(500'000)); }},
      {"D31", "IndefiniteLengths", Outcome::passed, "",
       [] {
         auto cms = signed_file();
         cms.indefinite = data_of(cms).indefinite = true;
         return detached(cms.text());
       }},
      {"D32", "TwentyThousandDigests", Outcome::failed, "actes.pkcs7.unreadable",
       [] {
         const std::string large(200'000, 'x');
         return detached(repeated(DerText::read(mayor().sign(large)), digests_of, 20'000), large);
       }},
      {"D33", "TwentyThousandSigners", Outcome::failed, "actes.pkcs7.unreadable",
       [] { return detached(repeated(signed_file(), signers_of, 20'000)); }},
      {"D34", "FiftyThousandCertificates", Outcome::failed, "actes.pkcs7.unreadable",
       [] { return detached(repeated(signed_file(), certificates_of, 50'000)); }},
      {"D37", "ThousandsOfCertificates", Outcome::failed, "actes.pkcs7.unreadable",
       [] { return detached(repeated(signed_file(), certificates_of, 4'000)); }},
      {"D35", "SignedAttributesOutOfOrder", Outcome::failed, "actes.pkcs7.broken",
       [] {
         // DER sorts a set; who signs another order signs something else.
         auto cms = signed_file();
         auto& info = signers_of(cms).inside.at(0).inside;
         const auto attributes =
             std::ranges::find_if(info, [](const DerText& part) { return part.tag == 0xA0; });
         attributes->inside.push_back(attributes->inside.front());
         return detached(cms.text());
       }},
      {"D36", "EmptyFile", Outcome::failed, "actes.pkcs7.broken",
       [] { return detached(mayor().sign(file), ""); }},
  };
}

std::vector<Case> all_cases() {
  auto all = range_cases();
  for (auto& one : cms_cases())
    all.push_back(std::move(one));
  return all;
}

class HostilePaper : public testing::TestWithParam<Case> {};

TEST_P(HostilePaper, HasThePromisedOutcome) {
  const auto& one = GetParam();
  const auto begin = std::clock();
  const auto said = one.check();
  // Far above what linear work takes, far below what a product of two lengths would.
  constexpr double seconds = 20;
  EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, seconds);
  std::string codes;
  for (const Finding& finding : said.report.findings)
    codes += finding.code + " ";
  EXPECT_EQ(said.report.refused(), one.outcome == Outcome::failed) << codes;
  if (one.outcome == Outcome::failed) EXPECT_FALSE(said.intact);
  if (one.outcome == Outcome::passed) {
    EXPECT_TRUE(said.intact);
    EXPECT_EQ(codes, "");
  } else {
    EXPECT_EQ(codes, std::string(one.code) + " ");
  }
}

INSTANTIATE_TEST_SUITE_P(Papers, HostilePaper, testing::ValuesIn(all_cases()),
                         [](const testing::TestParamInfo<Case>& info) {
                           return std::string(info.param.number) + "_" + info.param.name;
                         });

}  // namespace
}  // namespace demat::papers
