#include "protocols/xades/sign.hpp"

#include <gtest/gtest.h>

#include "protocols/xades/splice.hpp"
#include "protocols/xml/parser.hpp"
#include "signing_kit.hpp"

using namespace demat;
using test::make_pes;
using test::PesWish;
using test::replaced;

namespace {

constexpr std::string_view xades_1_1_1_on_root =
    " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" xmlns:xad=\"http://uri.etsi.org/01903/v1.1.1#\""
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

PesWish wish(std::vector<std::string> depense, std::vector<std::string> recette = {}, std::string root = {},
             std::string encoding = "ISO-8859-1", std::string declarations = {}) {
  PesWish w;
  w.encoding = std::move(encoding);
  w.root_id = std::move(root);
  w.depense_ids = std::move(depense);
  w.recette_ids = std::move(recette);
  w.root_declarations = std::move(declarations);
  return w;
}

std::string with_crlf(const std::string& text) {
  std::string out;
  for (const char c : text)
    out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

struct Document {
  const char* name;
  std::string bytes;
  std::size_t signatures;
  bool global;
  bool schema_valid;  ///< the State's schema accepts it once signed
};

std::vector<Document> documents() {
  const auto one = make_pes();
  return {
      {"one bordereau", one, 1, false, true},
      {"UTF-8", make_pes(wish({"BORD1"}, {}, "", "UTF-8")), 1, false, true},
      {"two bordereaux", make_pes(wish({"A", "B"})), 2, false, true},
      {"depense and recette", make_pes(wish({"D1", "D2"}, {"R1"}, "PES1")), 3, false, false},
      {"global: no bordereau has an Id", make_pes(wish({"", ""}, {}, "PES1")), 1, true, true},
      {"global: one bordereau has none", make_pes(wish({"A", ""}, {}, "PES1")), 1, true, true},
      {"global: an Id begins with a digit", make_pes(wish({"1A"}, {}, "PES1")), 1, true, false},
      {"accented Id", make_pes(wish({"Bordereau_d_été"})), 1, false, true},
      {"ds and xad bound otherwise above",
       make_pes(wish({"A"}, {}, "", "ISO-8859-1", std::string(xades_1_1_1_on_root))), 1, false, true},
      {"CR LF", with_crlf(one), 1, false, true},
      {"spaces in the end tag", replaced(one, "</Bordereau>", "</Bordereau \n >"), 1, false, true},
      {"comment that looks like an end tag",
       replaced(one, "</Bordereau>", "<!-- </Bordereau> --></Bordereau>"), 1, false, true},
      {"empty element",
       replaced(one, one.substr(one.find("<Bordereau"), one.find("</PES_D") - one.find("<Bordereau")),
                "<Bordereau Id='A' />"),
       1, false, false},
      {"its first signature Id is taken",
       replaced(replaced(one, "<Bordereau Id=\"BORD1\"", "<Bordereau Id=\"A\""), "<Piece>",
                "<Piece Id=\"A_SIG_1_SP\">"),
       1, false, false},
      {"an Id another would get", make_pes(wish({"A", "A_SIG_1"})), 2, false, true},
  };
}

std::string sign(const std::string& bytes) {
  const auto document = xml::parse(bytes);
  if (!document) throw std::runtime_error(document.error().code);
  const auto output = xades::sign_pes(*document, bytes, test::make_request(test::ordinary_identity()));
  if (!output) throw std::runtime_error(output.error().code + " " + output.error().detail);
  return *output;
}

}  // namespace

TEST(SignPes, WhatItMakesVerifiesWithBothEngines) {
  for (const auto& d : documents()) {
    SCOPED_TRACE(d.name);
    const auto output = sign(d.bytes);
    EXPECT_TRUE(xades::only_signatures_added(d.bytes, output));
    const auto parsed = xml::parse(output);
    ASSERT_TRUE(parsed) << parsed.error().en;
    for (const auto engine : {xades::Engine::own, xades::Engine::xmlsec}) {
      const auto report = xades::verify_pes(*parsed, test::make_options(engine));
      ASSERT_TRUE(report) << report.error().code;
      for (const auto& f : report->findings().findings)
        ADD_FAILURE() << f.code << " " << f.en;
      EXPECT_TRUE(report->passed());
      ASSERT_EQ(report->signatures.size(), d.signatures);
      EXPECT_EQ(report->signatures.front().global, d.global);
      EXPECT_EQ(report->signatures.front().role, "Maire adjointe à l'été & <finances>");
      EXPECT_EQ(report->signatures.front().signing_time, test::signing_time_text);
    }
  }
}

TEST(SignPes, StockXmlsecAgrees) {
  if (!test::has_tool("xmlsec1")) GTEST_SKIP() << "xmlsec1 is not installed";
  const test::TemporaryFolder folder;
  const auto certificate = folder.write("root.pem", test::ordinary_identity().certificate_pem());
  for (const auto& d : documents()) {
    SCOPED_TRACE(d.name);
    const auto output = sign(d.bytes);
    const auto file = folder.write("signed.xml", output);
    // xmlsec1 verifies the first signature it meets, or the one at the XPath given.
    for (std::size_t i = 1; i <= d.signatures; ++i) {
      const auto ran = test::run(
          "xmlsec1 --verify --enabled-key-data x509 --enabled-reference-uris same-doc --id-attr:Id Bordereau "
          "--id-attr:Id http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller:PES_Aller --node-xpath "
          "\"(//*[local-name()"
          "='Signature'])[" +
          std::to_string(i) + "]\" --trusted-pem " + certificate.string() + " " + file.string());
      EXPECT_EQ(ran.code, 0) << ran.output;
      EXPECT_NE(ran.output.find("2/2"), std::string::npos) << ran.output;
    }
  }
}

TEST(SignPes, TheStatesSchemaAccepts) {
  const auto schema = test::shared_folder() / "schemas/pes/v5.30";
  if (test::shared_folder().empty() || !std::filesystem::exists(schema))
    GTEST_SKIP() << "no published schemas";
  if (!test::has_tool("xmllint")) GTEST_SKIP() << "xmllint is not installed";
  std::filesystem::path entry;
  for (const auto& file : std::filesystem::recursive_directory_iterator(schema))
    if (file.path().filename() == "PES_Aller.xsd" && file.path().parent_path().filename() == "Rev0")
      entry = file.path();
  ASSERT_FALSE(entry.empty());
  const test::TemporaryFolder folder;
  for (const auto& d : documents()) {
    if (!d.schema_valid) continue;
    const auto file = folder.write("signed.xml", sign(d.bytes));
    const auto ran = test::run("xmllint --nonet --noout --schema " + entry.string() + " " + file.string());
    EXPECT_EQ(ran.code, 0) << d.name << ": " << ran.output;
  }
}

TEST(SignPes, WritesTheLayoutOfTheProfile) {
  const auto output = sign(make_pes());
  const auto at = output.find("<ds:Signature ");
  ASSERT_NE(at, std::string::npos);
  for (const auto* piece :
       {"<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"BORD1_SIG_1\"><ds:SignedInfo>",
        "<ds:Reference URI=\"#BORD1\">",
        "<ds:Reference Type=\"http://uri.etsi.org/01903/v1.2.2#SignedProperties\" URI=\"#BORD1_SIG_1_SP\">",
        "<ds:SignatureValue Id=\"BORD1_SIG_1_SV\">", "Target=\"#BORD1_SIG_1\"",
        "<xad:SigningTime>2026-01-15T10:30:00Z</xad:SigningTime>",
        "<ds:X509SerialNumber>1234567890123456789012345678901234567890</ds:X509SerialNumber>",
        "<xad:Identifier>urn:oid:1.2.250.1.131.1.5.18.21.1.7</xad:Identifier>",
        "<xad:DigestValue>roF9+cfRHNPtVJolhdqfIqGMVuUXX8aR4rpiquf0u5E=</xad:DigestValue>",
        "<xad:City>N&#xEE;mes</xad:City><xad:PostalCode>30000</xad:PostalCode><xad:CountryName>France</"
        "xad:CountryName>",
        "<xad:ClaimedRole>Maire adjointe &#xE0; l'&#xE9;t&#xE9; &amp; &lt;finances&gt;</xad:ClaimedRole>",
        "</ds:Object></ds:Signature></Bordereau>"})
    EXPECT_NE(output.find(piece, at), std::string::npos) << piece;
}

TEST(SignPes, RefusesWhatItCannotSign) {
  const auto one = make_pes();
  struct Case {
    const char* code;
    std::string bytes;
  };
  const std::vector<Case> cases = {
      {"xades.already_signed", sign(one)},
      {"xades.no_id", make_pes(wish({"A", ""}))},
      {"xades.no_id", make_pes(wish({""}, {}, "1PES"))},
      {"xades.no_id", make_pes(wish({"A b"}))},
      {"xades.nothing_to_sign", make_pes(wish({}, {}, "PES1"))},
      {"xades.duplicate_id", make_pes(wish({"A", "A"}))},
      {"xades.duplicate_id", make_pes(wish({"A"}, {}, "A"))},
      {"xades.instruction", replaced(one, "</Bordereau>", "<?essai </Bordereau> ?></Bordereau>")},
      {"xades.relative_namespace", replaced(one, "<Piece>", "<Piece xmlns:r=\"r\">")},
      {"xades.not_pes_aller", "<PES_Aller Id=\"A\"/>"},
      {"xades.not_pes_aller", "<a xmlns=\"http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller\"/>"},
  };
  for (const auto& c : cases) {
    const auto document = xml::parse(c.bytes);
    ASSERT_TRUE(document);
    const auto output = xades::sign_pes(*document, c.bytes, test::make_request(test::ordinary_identity()));
    ASSERT_FALSE(output) << c.code;
    EXPECT_EQ(output.error().code, c.code);
    EXPECT_EQ(output.error().outlook, Outlook::permanent);
    EXPECT_FALSE(output.error().fr.empty());
    EXPECT_FALSE(output.error().en.empty());
  }
}

TEST(SignPes, RefusesABlankOrImpossibleStatement) {
  const auto bytes = make_pes();
  const auto document = xml::parse(bytes);
  ASSERT_TRUE(document);
  for (auto member : {&xades::SignerStatement::role, &xades::SignerStatement::city,
                      &xades::SignerStatement::postal_code, &xades::SignerStatement::country})
    for (const auto* value : {"", " \t", "a\x01", "\xE9t\xE9", "\xED\xA0\x80"}) {
      auto request = test::make_request(test::ordinary_identity());
      request.statement.*member = value;
      const auto output = xades::sign_pes(*document, bytes, request);
      ASSERT_FALSE(output);
      EXPECT_EQ(output.error().code, "xades.statement");
    }
}

TEST(SignPes, TroubleWithOurOwnKeyMeansWaiting) {
  const auto bytes = make_pes();
  const auto document = xml::parse(bytes);
  ASSERT_TRUE(document);
  test::IdentityWish small, expired, elliptic;
  small.rsa_bits = 1024;
  expired.not_after = "20250101000000Z";
  elliptic.elliptic = true;
  for (const auto& bad : {small, expired, elliptic}) {
    const auto identity = test::make_identity(bad);
    const auto output = xades::sign_pes(*document, bytes, test::make_request(identity));
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().code, "xades.signer_certificate");
    EXPECT_EQ(output.error().outlook, Outlook::waiting);
  }
  auto request = test::make_request(test::ordinary_identity());
  request.sign = [](std::string_view) -> Result<Bytes> {
    return failure(waiting_error("essai.token", "a", "b"));
  };
  const auto output = xades::sign_pes(*document, bytes, request);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, "essai.token");
}

TEST(VerifyOwnOutput, NoticesAForeignChangeAndAWrongSignature) {
  const auto before = make_pes();
  const auto after = sign(before);
  EXPECT_TRUE(xades::verify_own_output(before, after, test::make_options()));
  const auto moved = xades::verify_own_output(before, after + " ", test::make_options());
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, "xades.bytes_changed");
  const auto other =
      xades::verify_own_output(before, replaced(after, "30000", "30001"), test::make_options());
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, "xades.self_check");
  EXPECT_EQ(other.error().detail, "xades.digest_properties");
}
