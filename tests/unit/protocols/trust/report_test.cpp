// One report per flow: XAdES and trust joined, as JSON and as text.

#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/json.hpp>

#include "pki_kit.hpp"
#include "protocols/trust/level.hpp"

using namespace demat;

namespace {

const test::Pki& pki() {
  return test::ordinary_pki();
}

xades::SignatureReport signature(const test::Holder& holder, const char* id) {
  xades::SignatureReport one;
  one.id = std::string(id) + "_SIG_1";
  one.indication = xades::Indication::passed;
  one.signed_element = "/PES_Aller/PES_DepenseAller/Bordereau";
  one.element_id = id;
  one.signing_time = "2026-01-15T10:30:00Z";
  one.signed_at = test::at("2026-01-15T10:30:00Z");
  one.role = "Ordonnateur";
  one.certificate_der = holder.der();
  return one;
}

xades::DocumentReport document() {
  xades::DocumentReport made;
  made.signatures = {signature(pki().leaf, "BORD1"), signature(pki().leaf, "BORD2")};
  made.every_bordereau_covered = true;
  return made;
}

trust::FlowReport judged(const trust::TrustProfile* profile, const xades::DocumentReport& made) {
  const auto noon = test::at("2026-01-15T12:00:00Z");
  return trust::judge_flow(profile, made, noon, noon);
}

TEST(FlowReport, JoinsSignatureAndTrust) {
  const auto profile = test::profile_of(test::contents_of(pki()));
  const auto report = judged(&profile, document());
  EXPECT_EQ(report.verdict.indication, trust::Indication::passed);
  ASSERT_EQ(report.parts.size(), 2U);
  EXPECT_EQ(report.parts[1].signer.checks.size(), report.parts[0].signer.checks.size());
  EXPECT_EQ(report.parts[1].signature.element, "BORD2");
  EXPECT_TRUE(trust::findings_of(report, true).findings.empty());
}

TEST(FlowReport, OneBadSignatureIsEnough) {
  const auto profile = test::profile_of(test::contents_of(pki()));
  auto made = document();
  made.signatures[1].indication = xades::Indication::failed;
  made.signatures[1].findings = {xades::make_remark("xades.digest_content", {})};
  const auto report = judged(&profile, made);
  EXPECT_EQ(report.verdict.indication, trust::Indication::failed);
  EXPECT_EQ(report.verdict.sub_indication, "HASH_FAILURE");
  EXPECT_EQ(report.parts[0].verdict.indication, trust::Indication::passed);
  EXPECT_EQ(report.parts[0].signer.checks[1].code, "trust.naming.named");
  EXPECT_EQ(report.parts[1].signer.checks[1].code, "trust.naming.not_run") << "it proves nothing of itself";
  EXPECT_TRUE(trust::findings_of(report, true).findings.empty()) << "the verifier of the format says it";
}

TEST(FlowReport, AnUnsignedBordereauFails) {
  const auto profile = test::profile_of(test::contents_of(pki()));
  auto made = document();
  made.every_bordereau_covered = false;
  made.document_findings = {xades::make_remark("xades.unsigned_bordereau", {}, "BORD3")};
  const auto report = judged(&profile, made);
  EXPECT_EQ(report.verdict.indication, trust::Indication::failed);
  EXPECT_EQ(report.verdict.sub_indication, "SIGNED_DATA_NOT_FOUND");
}

TEST(FlowReport, DoubtIsAFindingOnlyWhereItWarns) {
  auto contents = test::contents_of(pki());
  contents.crls.pop_back();
  const auto profile = test::profile_of(std::move(contents));
  const auto report = judged(&profile, document());
  EXPECT_EQ(report.verdict.indication, trust::Indication::indeterminate);
  EXPECT_EQ(report.verdict.sub_indication, "TRY_LATER");
  EXPECT_TRUE(trust::findings_of(report, false).findings.empty());
  const auto warned = trust::findings_of(report, true);
  ASSERT_EQ(warned.findings.size(), 2U);
  EXPECT_EQ(warned.findings[0].severity, Severity::warning);
  EXPECT_EQ(warned.findings[0].code, "trust.revocation.missing");
}

TEST(FlowReport, IsJsonThatSaysWhoAndWhy) {
  const auto profile = test::profile_of(test::contents_of(pki()));
  const auto parsed = boost::json::parse(trust::to_json(judged(&profile, document()))).as_object();
  EXPECT_EQ(parsed.at("verdict").at("indication").as_string(), "passed");
  EXPECT_EQ(parsed.at("profile").at("version").as_string(), profile.version());
  const auto& first = parsed.at("signatures").as_array().at(0).as_object();
  EXPECT_EQ(first.at("certificate").at("name").as_string(), "Jeanne Essai");
  EXPECT_EQ(first.at("signed_at").as_string(), "2026-01-15T10:30:00Z");
  EXPECT_EQ(first.at("path").as_array().size(), 3U);
  EXPECT_TRUE(first.at("path").as_array().at(2).at("anchor").as_bool());
  EXPECT_TRUE(first.at("path").as_array().at(1).at("authorised_issuer").as_bool());
  ASSERT_EQ(first.at("revocation").as_array().size(), 2U);
  EXPECT_EQ(first.at("revocation").as_array().at(0).at("status").as_string(), "good");
  EXPECT_EQ(first.at("checks").as_array().at(0).at("code").as_string(), "trust.signature.sound");
}

TEST(FlowReport, ReadsWellForWhoIsNoCryptographer) {
  const auto profile = test::profile_of(test::contents_of(pki()));
  auto made = document();
  made.signatures.pop_back();
  const auto ended =
      test::issue({.not_after = "20260114000000Z", .policies = "1.2.250.1.999.1.2.1"}, &pki().sub);
  made.signatures.push_back(signature(ended, "BORD2"));
  const auto json = trust::to_json(judged(&profile, made));
  const auto french = trust::report_text(json, trust::Language::french);
  ASSERT_TRUE(french) << french.error().detail;
  for (const char* part :
       {"Vérification des signatures (15/01/2026 à 12 h 00 (UTC))", "Profil de confiance : essai (version ",
        "Résultat : NON VALABLE [EXPIRED]", "Signature 1 (de BORD1)",
        "Signataire : Jeanne Essai, COMMUNE D ESSAI (SIREN 000000000), en qualité de « Ordonnateur »",
        "Le certificat de Jeanne Essai n'est plus valable depuis le 14/01/2026 à 00 h 00 (UTC) ; la "
        "signature "
        "est datée du 15/01/2026 à 10 h 30 (UTC). Renouvelez"})
    EXPECT_NE(french->find(part), std::string::npos) << part << "\n" << *french;
  const auto english = trust::report_text(json, trust::Language::english);
  ASSERT_TRUE(english);
  EXPECT_NE(english->find("The certificate of Jeanne Essai has not been valid since 2026-01-14 00:00 UTC"),
            std::string::npos)
      << *english;
}

TEST(FlowReport, BracesInANameStayWhatTheyAre) {
  const auto holder = test::issue({.name = "{0} {1} {9}"}, nullptr);
  const auto profile = test::profile_of(test::contents_of(pki()));
  const auto report = trust::judge(&profile, test::question_of(holder));
  EXPECT_NE(report.checks.at(1).fr.find("{0} {1} {9}"), std::string::npos) << report.checks.at(1).fr;
}

TEST(FlowReport, OtherJsonIsNoReport) {
  for (const char* text : {"", "{}", "[1]", R"({"judged_at":1})"}) {
    const auto read = trust::report_text(text, trust::Language::french);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, "trust.report_unreadable");
  }
}

/// A signature as the verifier of XAdES tells it in full.
xades::DocumentReport told_in_full() {
  auto made = document();
  auto& one = made.signatures[0];
  one.line = 42;
  one.place = {"Montbrume", "34000", "France"};
  one.policy = {"Politique de signature", "roF9", "roF9", "https://exemple.fr/ps.pdf"};
  one.references = {
      {"#BORD1", "/PES_Aller/PES_DepenseAller/Bordereau", {"enveloped"}, "sha256", "AAAA", "BBBB", false}};
  return made;
}

TEST(FlowReport, TellsWhatWasSignedWhereAndHow) {
  const auto profile = test::profile_of(test::contents_of(pki()));
  auto report = judged(&profile, told_in_full());
  report.file = trust::FileFacts{"flux.xml", 1234, "aabb", "UTF-8", "PES_Aller", "FLUX-1", "5.30", true};
  const auto json = boost::json::parse(trust::to_json(report)).as_object();
  EXPECT_EQ(json.at("kind").as_string(), "bordereaux");
  EXPECT_EQ(json.at("file").at("schema").as_string(), "5.30");
  EXPECT_NE(json.at("profile").at("rules").as_string().find("revocation="), boost::json::string::npos);
  EXPECT_FALSE(json.at("software").at("openssl").as_string().empty());
  const auto& part = json.at("signatures").at(0);
  EXPECT_EQ(part.at("line").as_int64(), 42);
  EXPECT_EQ(part.at("references").at(0).at("computed").as_string(), "BBBB");
  EXPECT_EQ(part.at("policy_facts").at("spuri").as_string(), "https://exemple.fr/ps.pdf");
  const auto text = trust::report_text(trust::to_json(report), trust::Language::french).value();
  for (const char* line :
       {"Fichier : flux.xml (1234 octets)", "Schéma 5.30 : conforme", "Signatures : 2 (par bordereau)",
        "Ligne : 42", "Porte sur : ce bordereau seul, sans les pièces jointes",
        "Fait à : Montbrume (34000), France", "Ce qui a changé : /PES_Aller/PES_DepenseAller/Bordereau",
        "Niveau du certificat : inconnu", "Pièces conservées à l'appui : 2"})
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
}

TEST(FlowReport, SaysInFrenchWhyACertificateWasRevoked) {
  auto contents = test::contents_of(pki());
  test::ListWish wish;
  wish.number = 2;
  wish.revoked = {{&pki().leaf, "20260110100000Z", CRL_REASON_SUPERSEDED}};
  contents.crls.back() = {"sub.crl", test::make_list(wish, pki().sub)};
  const auto profile = test::profile_of(contents);
  const auto report = judged(&profile, document());
  const auto& checks = report.parts[0].signer.checks;
  const auto at = std::find_if(checks.begin(), checks.end(),
                               [](const auto& one) { return one.code == "trust.revocation.revoked"; });
  ASSERT_NE(at, checks.end());
  EXPECT_NE(at->fr.find("(certificat remplacé)"), std::string::npos) << at->fr;
  EXPECT_NE(at->en.find("(superseded)"), std::string::npos) << at->en;
}

TEST(FlowReport, SaysWhyInOneSentence) {
  const auto profile = test::profile_of(test::contents_of(pki()));
  auto made = document();
  made.signatures[0].certificate_der = test::issue({.name = "Entreprise"}, nullptr).der();
  const auto json = trust::to_json(judged(&profile, made));
  const auto text = trust::report_text(json, trust::Language::french).value();
  EXPECT_NE(text.find("Pourquoi : Le certificat de Entreprise"), std::string::npos) << text;
  // What was not looked at, for want of a chain, is told.
  EXPECT_NE(json.find("trust.issuer.not_run"), std::string::npos);
  EXPECT_NE(json.find("trust.revocation.not_run"), std::string::npos);
  EXPECT_NE(trust::report_text(json, trust::Language::english).value().find("Why : The certificate of"),
            std::string::npos);
}

TEST(FlowReport, TellsHowMuchOfAFileIsCovered) {
  trust::SignatureInput input;
  input.format = "PAdES";
  input.covers = "acte.pdf";
  input.cryptography = trust::Indication::passed;
  input.certificate_der = pki().leaf.der();
  const auto noon = test::at("2026-01-15T12:00:00Z");
  const auto text_of = [&](std::size_t covered) {
    input.extent = trust::Extent{covered, 2000};
    const auto json = trust::to_json(trust::judge_all(nullptr, {input}, noon, noon));
    return trust::report_text(json, trust::Language::french).value();
  };
  EXPECT_NE(text_of(2000).find("Porte sur : le fichier entier"), std::string::npos);
  EXPECT_NE(text_of(1500).find("les 1500 premiers octets sur 2000"), std::string::npos);
}

TEST(Level, IsOfTheProfileElseOfTheCertificate) {
  trust::CertificateFacts facts;
  EXPECT_EQ(trust::level_of(facts, "RGS **", "essai").name, "RGS **");
  EXPECT_EQ(trust::level_of(facts, "", "essai").name, "inconnu");
  facts.policies = {"0.4.0.2042.1.2", "0.4.0.194112.1.2"};
  EXPECT_NE(trust::level_of(facts, "", "").name.find("QCP-n-qscd"), std::string::npos);
  facts.policies = {"1.2.250.1.131.1.5.18.20.1.5.2"};
  EXPECT_EQ(trust::level_of(facts, "", "").name, "DGFiP");
  facts.qualified = true;
  EXPECT_EQ(trust::level_of(facts, "", "").name, "qualifié");
  facts.qualified_device = true;
  EXPECT_EQ(trust::level_of(facts, "", "").name, "qualifié, dispositif qualifié");
}

TEST(FlowReport, CertificatesOfKeyInfoHelpToBuildTheChain) {
  const auto between = test::issue({.name = "Sous-autorité", .authority = true}, &pki().sub);
  const auto leaf = test::issue({.policies = "1.2.250.1.999.1.2.1"}, &between);
  auto contents = test::contents_of(pki());
  contents.crls.push_back({"between.crl", test::make_list({}, between)});
  const auto profile = test::profile_of(contents);
  xades::DocumentReport made;
  made.every_bordereau_covered = true;
  made.signatures = {signature(leaf, "BORD1")};
  EXPECT_EQ(judged(&profile, made).verdict.sub_indication, "NO_CERTIFICATE_CHAIN_FOUND");
  made.signatures[0].offered = {between.der()};
  EXPECT_EQ(judged(&profile, made).verdict.indication, trust::Indication::passed);
}

}  // namespace
