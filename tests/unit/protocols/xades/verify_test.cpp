#include "protocols/xades/verify.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "protocols/xml/canonical.hpp"
#include "protocols/xml/parser.hpp"
#include "signing_kit.hpp"

using namespace demat;
using test::make_pes;
using test::replaced;
using xades::Indication;

namespace {

std::string sign_with(const std::string& bytes, const xades::SignRequest& request) {
  const auto document = xml::parse(bytes);
  if (!document) throw std::runtime_error(document.error().code);
  const auto output = xades::sign_pes(*document, bytes, request);
  if (!output) throw std::runtime_error(output.error().code);
  return *output;
}

std::string signed_pes() {
  static const std::string bytes = sign_with(make_pes(), test::make_request(test::ordinary_identity()));
  return bytes;
}

xades::DocumentReport verify(const std::string& bytes,
                             const xades::VerifyOptions& options = test::make_options()) {
  const auto document = xml::parse(bytes);
  if (!document) throw std::runtime_error(document.error().code);
  auto report = xades::verify_pes(*document, options);
  if (!report) throw std::runtime_error(report.error().code);
  return std::move(*report);
}

bool says(const xades::DocumentReport& report, std::string_view code) {
  const auto all = report.findings().findings;
  return std::any_of(all.begin(), all.end(), [&](const Finding& f) { return f.code == code; });
}

std::string codes(const xades::DocumentReport& report) {
  std::string all;
  for (const auto& f : report.findings().findings)
    all += f.code + " ";
  return all;
}

/// Signs the signature number `index` anew, digests first: what a signer with the ordinary key would have
/// made of this layout. `prefixes` is the PrefixList of the content's canonicalisation.
std::string resigned(std::string bytes, std::size_t index = 0, std::string_view prefixes = {}) {
  constexpr auto ds = "http://www.w3.org/2000/09/xmldsig#";
  std::size_t begin = bytes.find("<ds:Signature ");
  for (std::size_t i = 0; i < index; ++i)
    begin = bytes.find("<ds:Signature ", begin + 1);
  const auto replace_between = [&](std::string_view open, std::string_view close, std::size_t from,
                                   const Bytes& value) {
    const auto at = bytes.find(open, from) + open.size();
    bytes.replace(at, bytes.find(close, at) - at, base64(value));
    return at;
  };
  {
    const auto document = xml::parse(bytes);
    const auto signature = document->all("Signature", ds)[index];
    const auto object = signature.children("Object", ds).back();
    const auto properties = object.children().front().children().front();
    const auto content = *xml::canonical_digest(*document, signature.parent(), xml::C14n::exclusive,
                                                Digester::Algorithm::sha256, &signature, prefixes);
    const auto stated =
        *xml::canonical_digest(*document, properties, xml::C14n::exclusive, Digester::Algorithm::sha256);
    const auto first = replace_between("<ds:DigestValue>", "</ds:DigestValue>", begin, content);
    replace_between("<ds:DigestValue>", "</ds:DigestValue>", first, stated);
  }
  const auto document = xml::parse(bytes);
  const auto info = document->all("SignedInfo", ds)[index];
  const auto value =
      test::ordinary_identity().signer()(*xml::canonical(*document, info, xml::C14n::exclusive));
  replace_between("\">", "</ds:SignatureValue>", bytes.find("<ds:SignatureValue", begin), *value);
  return bytes;
}

struct Case {
  const char* code;
  Indication indication;
  const char* from;
  const char* to;
  bool resign = false;  ///< the signer itself made it so
};

/// One change to a rightly signed file; with `resign` the change is the signer's own and the cryptography is
/// sound.
const std::vector<Case> changes = {
    // Altered after signing
    {"xades.digest_content", Indication::failed, "<MtHT V=\"120.50\"/>", "<MtHT V=\"920.50\"/>"},
    {"xades.digest_content", Indication::failed, "</LigneDePiece>", "</LigneDePiece> "},
    {"xades.digest_properties", Indication::failed, "<xad:PostalCode>30000<", "<xad:PostalCode>30001<"},
    {"xades.digest_properties", Indication::failed, ":30:00Z", ":31:00Z"},
    {"xades.signature_value", Indication::failed, "<ds:SignatureValue Id=\"BORD1_SIG_1_SV\">",
     "<ds:SignatureValue Id=\"BORD1_SIG_1_SV\">AAAA"},
    {"xades.structure", Indication::failed, "<ds:SignatureValue Id=\"BORD1_SIG_1_SV\">",
     "<ds:SignatureValue Id=\"BORD1_SIG_1_SV\">!"},
    {"xades.certificate_unreadable", Indication::failed, "<ds:X509Certificate>", "<ds:X509Certificate>AAAA"},
    // Structure (S1)
    {"xades.position", Indication::failed, "</ds:Signature></Bordereau>",
     "</ds:Signature><Piece/></Bordereau>"},
    {"xades.reference", Indication::failed, "URI=\"#BORD1\"", "URI=\"\"", true},
    {"xades.reference", Indication::failed, "URI=\"#BORD1\"", "URI=\"#xpointer(id('BORD1'))\"", true},
    {"xades.reference", Indication::failed, "URI=\"#BORD1\"", "URI=\"file:///dev/null\"", true},
    {"xades.reference", Indication::failed, "<ds:Reference URI=\"#BORD1\"",
     "<ds:Reference Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\" URI=\"#BORD1\"", true},
    {"xades.unsigned_properties", Indication::failed, "URI=\"#BORD1_SIG_1_SP\"", "URI=\"#BORD1_SIG_1_SV\"",
     true},
    {"xades.canonicalization", Indication::failed,
     "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">",
     "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#WithComments\">", true},
    {"xades.algorithm", Indication::failed, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
     "http://www.w3.org/2000/09/xmldsig#hmac-sha1"},
    {"xades.algorithm", Indication::failed, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
     "http://www.w3.org/2000/09/xmldsig#rsa-sha1"},
    {"xades.transform", Indication::failed, "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
     "http://www.w3.org/TR/1999/REC-xslt-19991116"},
    {"xades.no_certificate", Indication::failed, "<ds:KeyInfo>", "<ds:Object/><ds:KeyInfo>"},
    {"xades.qualifying_properties", Indication::failed, "<ds:Object><xad:QualifyingProperties ",
     "<ds:Object><xad:QualifyingProperties xmlns:xad=\"http://uri.etsi.org/01903/v1.2.2#\"/>"
     "<xad:QualifyingProperties "},
    {"xades.target", Indication::failed, "Target=\"#BORD1_SIG_1\"", "Target=\"#BORD1_SIG_2\""},
    {"xades.structure", Indication::failed,
     "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Id=",
     "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" id="},
    {"xades.duplicate_id", Indication::failed, "<Piece>", "<Piece Id=\"BORD1\">", true},
    {"xades.duplicate_id", Indication::failed, "<Piece>", "<Piece Id=\"BORD1_SIG_1_SP\">", true},
    // Statement (H3, T38..T42)
    {"xades.signing_time", Indication::failed, "10:30:00Z<", "10:30:00<", true},
    {"xades.signing_time_future", Indication::failed, ">2026-01-15T10:30:00Z<", ">2026-01-16T10:30:00Z<",
     true},
    {"xades.certificate_period", Indication::indeterminate, ">2026-01-15T10:30:00Z<",
     ">2023-01-15T10:30:00Z<", true},
    {"xades.certificate_period", Indication::indeterminate, ">2026-01-15T10:30:00Z<",
     ">1970-01-01T00:00:00Z<", true},
    {"xades.policy_unknown", Indication::failed, ".1.7<", ".1.4<", true},
    {"xades.policy_digest", Indication::failed, ">roF9+cfRHNPtVJolhdqfIqGMVuUXX8aR4rpiquf0u5E=<",
     ">pYtFgzn09kQWZywqdIGVd1fFI07tjKmEAyQHr0l/YAk=<", true},
    {"xades.policy_missing", Indication::failed,
     "<xad:Identifier>urn:oid:1.2.250.1.131.1.5.18.21.1.7</xad:Identifier>", "", true},
    {"xades.role", Indication::failed, "<xad:ClaimedRole>",
     "<xad:ClaimedRole> </xad:ClaimedRole><xad:ClaimedRole>", true},
    {"xades.issuer_serial", Indication::failed, ">1234567890123456789012345678901234567890<", ">1234567890<",
     true},
    {"xades.issuer_serial", Indication::failed, "O=COMMUNE D ESSAI,", "O=COMMUNE D AILLEURS,", true},
    // Tolerated (signature 1.9): a remark, and it passes
    {"xades.policy_padding", Indication::passed, "iquf0u5E=<", "iquf0u5E<", true},
    {"xades.policy_spuri", Indication::passed, "<xad:SPURI>https", "<xad:SPURI>http", true},
    {"xades.production_place", Indication::passed, "<xad:PostalCode>30000</xad:PostalCode>", "", true},
    {"xades.key_info_extra", Indication::passed, "<ds:KeyInfo>", "<ds:KeyInfo><ds:KeyName>x</ds:KeyName>"},
    {"xades.extra_object", Indication::passed, "</ds:KeyInfo>", "</ds:KeyInfo><ds:Object><x/></ds:Object>"},
};

}  // namespace

TEST(VerifyPes, EachChangeHasItsCodeAndVerdict) {
  for (const auto& c : changes) {
    SCOPED_TRACE(std::string(c.code) + ": " + c.from + " -> " + c.to);
    auto bytes = replaced(signed_pes(), c.from, c.to);
    if (c.resign) bytes = resigned(std::move(bytes));
    for (const auto engine : {xades::Engine::own, xades::Engine::xmlsec}) {
      const auto report = verify(bytes, test::make_options(engine));
      ASSERT_EQ(report.signatures.size(), 1U);
      EXPECT_EQ(xades::to_string(report.signatures[0].indication),
                std::string(xades::to_string(c.indication)));
      EXPECT_TRUE(says(report, c.code)) << codes(report);
      EXPECT_EQ(report.passed(), c.indication == Indication::passed);
    }
  }
}

TEST(VerifyPes, ASoundLayoutSignedAnewPasses) {
  // Without this the table above could pass because signing anew breaks everything.
  EXPECT_TRUE(verify(resigned(signed_pes())).passed());
  for (const auto& [from, to] : std::vector<std::pair<const char*, const char*>>{
           {"Target=\"#BORD1_SIG_1\"", "Target=\"BORD1_SIG_1\""},
           {" Type=\"http://uri.etsi.org/01903/v1.2.2#SignedProperties\"", ""},
           {">2026-01-15T10:30:00Z<", ">2026-01-15T10:30:00.819Z<"},
           {"<xad:PostalCode>30000<", "<xad:PostalCode>30000               <"}}) {
    const auto report = verify(resigned(replaced(signed_pes(), from, to)));
    EXPECT_TRUE(report.passed()) << from << ": " << codes(report);
    EXPECT_TRUE(report.findings().findings.empty()) << from << ": " << codes(report);
  }
}

TEST(VerifyPes, TheOldNamespaceIsTolerated) {
  auto bytes = signed_pes();
  for (auto at = bytes.find("v1.2.2#"); at != std::string::npos; at = bytes.find("v1.2.2#", at))
    bytes.replace(at, 7, "v1.1.1#");
  const auto report = verify(resigned(bytes));
  EXPECT_TRUE(report.passed()) << codes(report);
  EXPECT_TRUE(says(report, "xades.namespace"));
}

TEST(VerifyPes, WhiteSpaceInValuesDoesNotMatter) {
  auto bytes = replaced(signed_pes(), "<ds:SignatureValue Id=\"BORD1_SIG_1_SV\">",
                        "<ds:SignatureValue Id=\"BORD1_SIG_1_SV\">\r\n\t ");
  bytes = replaced(bytes, "<ds:X509Certificate>", "<ds:X509Certificate>\n  ");
  EXPECT_TRUE(verify(bytes).passed());
}

TEST(VerifyPes, CommentsAreNotSigned) {
  EXPECT_TRUE(verify(replaced(signed_pes(), "<Piece>", "<!-- vu --><Piece>")).passed());
}

TEST(VerifyPes, ASignatureMovedToAnotherBordereauIsRefused) {
  test::PesWish wish;
  wish.depense_ids = {"A", "B"};
  auto bytes = sign_with(make_pes(wish), test::make_request(test::ordinary_identity()));
  const auto first = bytes.find("<ds:Signature ");
  const auto first_end = bytes.find("</ds:Signature>") + 15;
  const auto signature_of_a = bytes.substr(first, first_end - first);
  const auto second = bytes.find("<ds:Signature ", first_end);
  const auto second_end = bytes.find("</ds:Signature>", second) + 15;
  bytes.replace(second, second_end - second, signature_of_a);
  bytes.erase(first, signature_of_a.size());
  const auto report = verify(bytes);
  EXPECT_FALSE(report.passed());
  EXPECT_TRUE(says(report, "xades.reference")) << codes(report);
  EXPECT_TRUE(says(report, "xades.unsigned_bordereau")) << codes(report);
}

TEST(VerifyPes, NamesTheUnsignedBordereaux) {
  test::PesWish wish;
  wish.depense_ids = {"A", "B"};
  auto bytes = sign_with(make_pes(wish), test::make_request(test::ordinary_identity()));
  const auto first = bytes.find("<ds:Signature ");
  bytes.erase(first, bytes.find("</ds:Signature>") + 15 - first);
  const auto report = verify(bytes);
  EXPECT_EQ(report.signatures.size(), 1U);
  EXPECT_EQ(report.signatures[0].indication, Indication::passed);
  EXPECT_FALSE(report.every_bordereau_covered);
  EXPECT_FALSE(report.passed());
  ASSERT_EQ(report.document_findings.size(), 1U);
  EXPECT_EQ(report.document_findings[0].code, "xades.unsigned_bordereau");
  EXPECT_NE(report.document_findings[0].fr.find("A "), std::string::npos);
  EXPECT_EQ(report.document_findings[0].place.path, "/PES_Aller/PES_DepenseAller/Bordereau");
}

/// helios P2 and P3 are about each domain: what stays on paper may not be signed, whatever lies beside it.
TEST(VerifyPes, BordereauxOnPaperBesideSignedOnesWantNoSignature) {
  const auto signature = [](const std::string& bytes, std::size_t from = 0) {
    const auto first = bytes.find("<ds:Signature ", from);
    return std::pair{first, bytes.find("</ds:Signature>", first) + 15 - first};
  };
  test::PesWish wish;
  wish.depense_ids = {"A"};
  wish.recette_ids = {"B", "C"};
  auto bytes = sign_with(make_pes(wish), test::make_request(test::ordinary_identity()));
  const auto recette = [&] { return bytes.find("<PES_RecetteAller>"); };
  auto [at, size] = signature(bytes, recette());
  bytes.erase(at, size);
  EXPECT_TRUE(says(verify(bytes), "xades.unsigned_bordereau")) << "one of the domain is signed";
  std::tie(at, size) = signature(bytes, recette());
  bytes.erase(at, size);
  EXPECT_TRUE(says(verify(bytes), "xades.unsigned_bordereau")) << "the domain calls itself dematerialised";

  const std::string said = "<InfoDematerialisee V=\"1\"/>";
  const auto leaf = bytes.find(said, recette());
  for (const std::string on_paper : {"<InfoDematerialisee V=\"0\"/>", ""}) {
    auto mixed = bytes;
    mixed.replace(leaf, said.size(), on_paper);
    const auto report = verify(mixed);
    EXPECT_TRUE(report.passed()) << codes(report);
    EXPECT_TRUE(report.every_bordereau_covered);
  }
  bytes.replace(leaf, said.size(), "<InfoDematerialisee V=\" true \"/>");
  EXPECT_FALSE(verify(bytes).passed());
}

TEST(VerifyPes, ManySignaturesVerifyWithBothEngines) {
  // Beyond a few, xmlsec gets each bordereau alone; its verdict must still be heard.
  test::PesWish wish;
  wish.depense_ids.clear();
  for (int i = 0; i < 12; ++i)
    wish.depense_ids.push_back("B" + std::to_string(i));
  const auto bytes = sign_with(make_pes(wish), test::make_request(test::ordinary_identity()));
  for (const auto engine : {xades::Engine::own, xades::Engine::xmlsec}) {
    EXPECT_TRUE(verify(bytes, test::make_options(engine)).passed());
    const auto altered = replaced(bytes, "<IdBord V=\"7\"/>", "<IdBord V=\"8\"/>");
    const auto report = verify(altered, test::make_options(engine));
    EXPECT_FALSE(report.passed());
    EXPECT_EQ(report.signatures[6].indication, Indication::failed);
    EXPECT_EQ(report.signatures[5].indication, Indication::passed);
  }
}

TEST(VerifyPes, AGlobalSignatureOverSignedBordereauxIsSound) {
  // signature 1.5, the double case: the global one comes last and covers the inner ones.
  test::PesWish wish;
  wish.root_id = "PES1";
  wish.depense_ids = {"A"};
  const auto inner = sign_with(make_pes(wish), test::make_request(test::ordinary_identity()));
  wish.depense_ids = {""};
  const auto global = sign_with(make_pes(wish), test::make_request(test::ordinary_identity()));
  const auto at = global.find("<ds:Signature ");
  auto signature = global.substr(at, global.find("</ds:Signature>") + 15 - at);
  auto bytes = replaced(inner, "</n:PES_Aller>", signature + "</n:PES_Aller>");
  const auto document = xml::parse(bytes);
  const auto outer = document->all("Signature", "http://www.w3.org/2000/09/xmldsig#").back();
  ASSERT_FALSE(outer.parent().has_parent());
  const auto report = verify(bytes);
  ASSERT_EQ(report.signatures.size(), 2U);
  EXPECT_EQ(report.signatures[0].indication, Indication::passed) << codes(report);
  EXPECT_TRUE(report.signatures[1].global);
  EXPECT_TRUE(says(report, "xades.digest_content")) << "the inner signature came after this global one";
  const auto sound = verify(resigned(bytes, 1));
  EXPECT_TRUE(sound.passed()) << codes(sound);
  EXPECT_EQ(sound.signatures.size(), 2U);
}

TEST(VerifyPes, PrefixListsMayOnlyNameKnownPrefixes) {
  constexpr auto plain =
      "enveloped-signature\"></ds:Transform><ds:Transform Algorithm=\"http://www.w3.org/2001/10/"
      "xml-exc-c14n#\">";
  for (const auto& [prefixes, passes] : std::vector<std::pair<std::string, bool>>{
           {"", true}, {"n", true}, {"n #default xsi", true}, {"n intrus", false}}) {
    const auto list =
        std::string(plain) +
        "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"" +
        prefixes + "\"></ec:InclusiveNamespaces>";
    const auto bytes = resigned(replaced(signed_pes(), plain, list), 0, prefixes);
    for (const auto engine : {xades::Engine::own, xades::Engine::xmlsec}) {
      const auto report = verify(bytes, test::make_options(engine));
      EXPECT_EQ(report.passed(), passes) << prefixes << ": " << codes(report);
      EXPECT_EQ(says(report, "xades.prefix_list"), !passes) << prefixes;
    }
  }
}

/// Everything that the only signature of a document covers, as canonical text.
std::string covered(const xml::Document& document) {
  constexpr auto ds = "http://www.w3.org/2000/09/xmldsig#";
  const auto signature = document.all("Signature", ds).front();
  const auto properties = document.all("SignedProperties", "http://uri.etsi.org/01903/v1.2.2#").front();
  return *xml::canonical(document, signature.parent(), xml::C14n::exclusive, &signature) +
         *xml::canonical(document, properties, xml::C14n::exclusive) +
         *xml::canonical(document, document.all("SignedInfo", ds).front(), xml::C14n::exclusive);
}

TEST(VerifyPes, NoRandomChangeOfWhatIsSignedEverPasses) {
  const auto original = signed_pes();
  const auto intact = covered(*xml::parse(original));
  std::mt19937 random(20260115);  // fixed: a failure can be replayed
  std::size_t parsed = 0;
  std::size_t passed = 0;
  const std::string_view alphabet = "<>/\"'= &;#AZaz09-._:\n\xE9";
  for (int round = 0; round < 1500; ++round) {
    auto bytes = original;
    const auto at = std::uniform_int_distribution<std::size_t>(60, bytes.size() - 1)(random);
    const char c = alphabet[std::uniform_int_distribution<std::size_t>(0, alphabet.size() - 1)(random)];
    switch (round % 3) {
      case 0:
        bytes[at] = c;
        break;
      case 1:
        bytes.insert(at, 1, c);
        break;
      default:
        bytes.erase(at, 1);
        break;
    }
    const auto document = xml::parse(bytes);
    if (!document) continue;
    ++parsed;
    const auto own = xades::verify_pes(*document, test::make_options(xades::Engine::own));
    ASSERT_TRUE(own);
    const auto xmlsec = xades::verify_pes(*document, test::make_options(xades::Engine::xmlsec));
    ASSERT_TRUE(xmlsec);
    EXPECT_EQ(own->passed(), xmlsec->passed()) << "round " << round << " at " << at;
    if (!own->passed()) continue;
    ++passed;
    EXPECT_EQ(covered(*document), intact) << "round " << round << " at " << at;
  }
  EXPECT_GT(parsed, 300U);
  EXPECT_GT(passed, 0U) << "some changes are outside what is signed";
}

TEST(VerifyPes, AFileWithoutSignatureSaysSo) {
  const auto report = verify(make_pes());
  EXPECT_FALSE(report.passed());
  EXPECT_TRUE(says(report, "xades.none"));
}

TEST(VerifyPes, OnlyTheDesignatedCertificateCounts) {
  // T35: a second certificate in KeyInfo, before or after, changes nothing.
  const auto other = base64(test::make_identity().der);
  const auto element = "<ds:X509Certificate>" + other + "</ds:X509Certificate>";
  EXPECT_TRUE(verify(replaced(signed_pes(), "<ds:X509Data>", "<ds:X509Data>" + element)).passed());
  EXPECT_TRUE(verify(replaced(signed_pes(), "</ds:X509Data>", element + "</ds:X509Data>")).passed());
  // T39: another certificate of the same name in its place.
  const auto begin = signed_pes().find("<ds:X509Certificate>");
  const auto end = signed_pes().find("</ds:X509Certificate>") + 21;
  const auto report = verify(signed_pes().replace(begin, end - begin, element));
  EXPECT_TRUE(says(report, "xades.certificate_binding")) << codes(report);
  EXPECT_FALSE(report.passed());
}

TEST(VerifyPes, WeakKeysAreRefused) {
  for (const bool small : {true, false}) {
    test::IdentityWish wish;
    if (small) wish.rsa_bits = 1024;
    if (!small) wish.exponent = 3;
    const auto weak = test::make_identity(wish);
    // sign_pes refuses such keys: the ordinary signature is dressed with the weak certificate's data.
    auto bytes = signed_pes();
    const auto begin = bytes.find("<ds:X509Certificate>") + 20;
    bytes.replace(begin, bytes.find("</ds:X509Certificate>") - begin, base64(weak.der));
    Digester digester(Digester::Algorithm::sha256);
    digester.update(as_text(weak.der));
    const auto digest = bytes.find("<xad:DigestValue>") + 17;
    bytes.replace(digest, bytes.find("</xad:DigestValue>") - digest, base64(digester.finish()));
    const auto report = verify(bytes);
    EXPECT_TRUE(says(report, "xades.weak_key")) << codes(report);
    EXPECT_FALSE(report.passed());
  }
}

TEST(VerifyPes, TellsTheUsageOfTheCertificate) {
  for (const auto& usage : {std::optional<std::string>{}, std::optional<std::string>{"digitalSignature"}}) {
    test::IdentityWish wish;
    wish.key_usage = usage;
    const auto identity = test::make_identity(wish);
    const auto report = verify(sign_with(make_pes(), test::make_request(identity)));
    EXPECT_TRUE(report.passed());
    EXPECT_TRUE(says(report, "xades.key_usage"));
  }
}

TEST(VerifyPes, ReportsWhoWhatAndWhere) {
  const auto report = verify(signed_pes());
  ASSERT_EQ(report.signatures.size(), 1U);
  const auto& one = report.signatures[0];
  EXPECT_EQ(one.id, "BORD1_SIG_1");
  EXPECT_EQ(one.signed_element, "/PES_Aller/PES_DepenseAller/Bordereau");
  EXPECT_EQ(one.element_id, "BORD1");
  EXPECT_FALSE(one.global);
  EXPECT_EQ(one.policy_id, "urn:oid:1.2.250.1.131.1.5.18.21.1.7");
  EXPECT_EQ(one.certificate_der, test::ordinary_identity().der);
  EXPECT_EQ(one.certificate_sha256, sha256(as_text(test::ordinary_identity().der)).str());
  EXPECT_EQ(one.signed_at, test::signing_time());
}
