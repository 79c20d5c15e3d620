// The cases that the profile's own list numbers (signature 5.1 and 5.2), with throw-away keys.

#include "hostile_kit.hpp"

namespace demat::test::hostile {
namespace {

constexpr auto in_place = "<Bordereau Id=\"BORD1\">";
constexpr auto content_recipe =
    "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>"
    "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>";
constexpr auto properties_reference =
    "<ds:Reference Type=\"http://uri.etsi.org/01903/v1.2.2#SignedProperties\" URI=\"#BORD1_SIG_1_SP\">"
    "<ds:Transforms>";
constexpr auto plain_transform =
    "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>";

/// The signed bordereau with another amount and, where another element keeps its Id, with another Id.
std::string forged(std::string bytes, const char* id = "BORD9") {
  const auto at = bytes.find(in_place);
  bytes.replace(at, std::string_view(in_place).size(), "<Bordereau Id=\"" + std::string(id) + "\">");
  const auto amount = bytes.find("<MtHT V=\"120.50\"/>", at);
  return bytes.replace(amount, 18, "<MtHT V=\"920.50\"/>");
}

std::string in_object(const std::string& bytes, const std::string& hidden, std::size_t number) {
  std::size_t at = 0;
  for (std::size_t i = 0; i <= number; ++i)
    at = bytes.find("</ds:Signature>", at) + 15;
  return std::string(bytes).insert(at - 15, "<ds:Object>" + hidden + "</ds:Object>");
}

std::string duplicated(bool forged_first) {
  const auto good = between(one_signed(), in_place, "</Bordereau>");
  const auto bad = between(forged(one_signed(), "BORD1"), in_place, "</Bordereau>");
  return replaced(one_signed(), good, forged_first ? bad + good : good + bad);
}

/// `reference` is what stands in place of the first one, with its digest.
std::string with_reference(const std::string& uri, const std::string& transforms, const std::string& digest) {
  const auto old = between(one_signed(), "<ds:Reference URI=\"#BORD1\">", "</ds:Reference>");
  const auto made = "<ds:Reference" + uri + "><ds:Transforms>" + transforms +
                    "</ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\">"
                    "</ds:DigestMethod><ds:DigestValue>" +
                    digest + "</ds:DigestValue></ds:Reference>";
  return resigned(replaced(one_signed(), old, made));
}

/// A third reference, to bytes outside.
std::string pointing_outside(const std::string& uri) {
  return resigned(replaced(one_signed(), "</ds:SignedInfo>",
                           "<ds:Reference URI=\"" + uri +
                               "\"><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\">"
                               "</ds:DigestMethod><ds:DigestValue>" +
                               sha256_base64("") + "</ds:DigestValue></ds:Reference></ds:SignedInfo>"));
}

std::string with_key_info(const std::string& content, std::string bytes = one_signed()) {
  const auto old = between(bytes, "<ds:KeyInfo>", "</ds:KeyInfo>");
  return replaced(std::move(bytes), old, "<ds:KeyInfo>" + content + "</ds:KeyInfo>");
}

std::string certificate_element(const Identity& identity) {
  return "<ds:X509Certificate>" + base64(identity.der) + "</ds:X509Certificate>";
}

std::string both_certificates(bool ordinary_first, const Identity* signer) {
  const auto own = certificate_element(ordinary_identity());
  const auto other = certificate_element(attacker());
  const auto bytes =
      with_key_info("<ds:X509Data>" + (ordinary_first ? own + other : other + own) + "</ds:X509Data>");
  return signer == nullptr ? bytes : resigned(bytes, {.signer = signer});
}

/// Another algorithm throughout, with sound cryptography.
std::string weakly_signed(const char* digest, const char* method, const char* digest_uri, bool key_alone) {
  auto bytes = replaced(one_signed(), "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", method);
  const auto old = between(bytes, "<ds:SignedInfo>", "</ds:SignedInfo>");
  bytes = replaced(bytes, old, replaced_all(old, "http://www.w3.org/2001/04/xmlenc#sha256", digest_uri));
  if (key_alone) bytes = with_key_info(key_value(ordinary_identity()), bytes);
  return resigned(bytes, {.digest = digest});
}

const Identity& short_key() {
  static const auto identity = make_identity({.rsa_bits = 1024});
  return identity;
}

std::string said(std::string_view from, std::string_view to) {
  return resigned(replaced(one_signed(), from, to));
}

/// The SignedProperties of two signatures of one signer changed places; `renamed`: with each other's names.
std::string properties_exchanged(bool renamed) {
  const auto bytes = sign_with(replaced(make_pes({.depense_ids = {"BORD1", "BORD2"}}), "<Version V=\"2\"/>",
                                        "<Version V=\"2\"/><!-- two -->"),
                               make_request(ordinary_identity()));
  const auto object = [&](std::size_t number) {
    return between(signature_text(bytes, number), "<ds:Object>", "</ds:Object>");
  };
  auto first = object(0);
  auto second = object(1);
  if (renamed) {
    first = replaced_all(first, "BORD1_SIG_1", "BORD2_SIG_1");
    second = replaced_all(second, "BORD2_SIG_1", "BORD1_SIG_1");
    second = replaced(second, "10:30:00Z", "10:31:00Z");
  }
  const auto one = bytes.find("<ds:Object>");
  const auto two = bytes.find("<ds:Object>", one + 1);
  auto out = bytes;
  out.replace(two, object(1).size(), first);
  return out.replace(one, object(0).size(), second);
}

const char* const rsa_sha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

std::string with_prefixes(const std::string& prefixes) {
  const auto list =
      "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"" +
      prefixes + "\"></ec:InclusiveNamespaces></ds:Transform>";
  const std::string recipe = content_recipe;
  const auto wished = recipe.substr(0, recipe.size() - std::string_view("</ds:Transform>").size()) + list;
  return resigned(replaced(one_signed(), recipe, wished), {.prefixes = prefixes});
}

std::string with_doctype(const std::string& subset, const std::string& use = {}) {
  auto bytes =
      replaced(one_signed(), "<n:PES_Aller ", "<!DOCTYPE n:PES_Aller [" + subset + "]>\n<n:PES_Aller ");
  return use.empty() ? bytes : replaced(bytes, "V=\"ESSAI-SIGNATURE\"", "V=\"" + use + "\"");
}

std::string utf8_bytes() {
  return sign_with(make_pes({.encoding = "UTF-8"}), make_request(ordinary_identity()));
}

}  // namespace

std::vector<Case> wrapping_cases();
std::vector<Case> stated_reference_cases();
std::vector<Case> stated_key_cases();
std::vector<Case> stated_statement_cases();
std::vector<Case> stated_parsing_cases();

std::vector<Case> stated_cases() {
  std::vector<Case> all;
  for (const auto& group : {wrapping_cases(), stated_reference_cases(), stated_key_cases(),
                            stated_statement_cases(), stated_parsing_cases()})
    all.insert(all.end(), group.begin(), group.end());
  return all;
}

std::vector<Case> wrapping_cases() {
  return {
      {"T01", "OneBordereau", Outcome::passed, "", Stock::fooled, [](auto&) { return one_signed(); }},
      {"T01b", "TwoBordereaux", Outcome::passed, "", Stock::fooled, [](auto&) { return two_signed(); }},
      {"T02", "WrappedInARootChild", Outcome::failed, "xades.reference", Stock::fooled,
       [](auto&) {
         return replaced(
             forged(one_signed()), "<PES_DepenseAller>",
             "<Cache>" + unsigned_bordereau(one_signed(), "BORD1") + "</Cache><PES_DepenseAller>");
       }},
      {"T03", "WrappedInAnothersObject", Outcome::failed, "xades.reference", Stock::fooled,
       [](auto&) { return in_object(forged(two_signed()), unsigned_bordereau(two_signed(), "BORD1"), 1); }},
      {"T04", "WrappedInItsOwnObject", Outcome::failed, "xades.reference", Stock::unasked,
       [](auto&) { return in_object(forged(one_signed()), unsigned_bordereau(one_signed(), "BORD1"), 0); }},
      {"T05", "DuplicateIdForgedFirst", Outcome::failed, "xades.duplicate_id", Stock::unasked,
       [](auto&) { return duplicated(true); }},
      {"T05b", "DuplicateIdOriginalFirst", Outcome::failed, "xades.duplicate_id", Stock::unasked,
       [](auto&) { return duplicated(false); }},
      {"T06", "SecondBordereauUnsigned", Outcome::failed, "xades.unsigned_bordereau", Stock::fooled,
       [](auto&) { return replaced(two_signed(), signature_text(two_signed(), 1), ""); }},
      {"T07", "CommentAfterSigning", Outcome::passed, "", Stock::fooled,
       [](auto&) { return replaced(one_signed(), "<Piece>", "<!-- vu --><Piece>"); }},
      {"T08", "DecoyQualifyingProperties", Outcome::failed, "xades.qualifying_properties", Stock::fooled,
       [](auto&) {
         auto decoy = between(one_signed(), "<ds:Object>", "</ds:Object>");
         decoy = replaced(replaced_all(decoy, "BORD1_SIG_1_SP", "LEURRE_SP"), "2026-01-15T", "2001-01-15T");
         return replaced(one_signed(), "<ds:Object>", decoy + "<ds:Object>");
       }},
      {"T09", "ExtraObject", Outcome::warned, "xades.extra_object", Stock::fooled,
       [](auto&) { return in_object(one_signed(), "<Note>lisez-moi</Note>", 0); }},
      {"T10", "AddedAfterTheSignature", Outcome::failed, "xades.position", Stock::unasked,
       [](auto&) { return replaced(one_signed(), "</ds:Signature></", "</ds:Signature><Piece/></"); }},
      {"T11", "SigningTimeChanged", Outcome::failed, "xades.digest_properties", Stock::unasked,
       [](auto&) { return replaced(one_signed(), ":30:00Z", ":31:00Z"); }},
      {"T49", "SignatureInPesPj", Outcome::failed, "xades.position", Stock::fooled,
       [](auto&) {
         const auto bytes = make_pes();
         const auto bordereau = between(bytes, in_place, "</Bordereau>");
         auto signed_there = between(one_signed(), in_place, "</Bordereau>");
         return replaced(replaced(bytes, bordereau, ""), "</n:PES_Aller>",
                         "<PES_PJ>" + signed_there + "</PES_PJ></n:PES_Aller>");
       }},
      {"T50", "ReplayedInASecondFile", Outcome::passed, "", Stock::fooled,
       [](auto&) { return replaced(one_signed(), "ESSAI-SIGNATURE", "ESSAI-REJOUE"); }},
      {"T51", "WrappedAndReadBackwards", Outcome::failed, "xades.reference", Stock::unasked,
       [](auto&) {
         // The mirror of T03: whoever reads the signatures in the other order meets the hidden one first.
         auto bytes = two_signed();
         bytes = replaced(bytes, "<Bordereau Id=\"BORD2\">", "<Bordereau Id=\"BORD9\">");
         return in_object(bytes, unsigned_bordereau(two_signed(), "BORD2"), 0);
       }},
  };
}

std::vector<Case> stated_reference_cases() {
  return {
      {"T18", "ReferenceToAFile", Outcome::failed, "xades.reference", Stock::fooled,
       [](auto& lures) { return pointing_outside(lures.file); }},
      {"T19", "ReferenceToAServer", Outcome::failed, "xades.reference", Stock::unasked,
       [](auto& lures) { return pointing_outside(lures.http); }},
      {"T20", "XsltTransform", Outcome::failed, "xades.transform", Stock::fooled,
       [](auto&) {
         return with_reference(
             " URI=\"#BORD1\"",
             "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"><xsl:stylesheet "
             "xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" version=\"1.0\"><xsl:output "
             "method=\"text\"/>"
             "<xsl:template match=\"/\">constante</xsl:template></xsl:stylesheet></ds:Transform>",
             sha256_base64("constante"));
       }},
      {"T21", "XPathTransform", Outcome::failed, "xades.transform", Stock::fooled,
       [](auto&) {
         return with_reference(" URI=\"#BORD1\"",
                               "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\">"
                               "<ds:XPath>not(ancestor-or-self::MtHT)</ds:XPath></ds:Transform>" +
                                   std::string(content_recipe),
                               content_digest(replaced(one_signed(), "<MtHT V=\"120.50\"/>", "")));
       }},
      {"T22", "XPointerInjection", Outcome::failed, "xades.reference", Stock::fooled,
       [](auto&) {
         return with_reference(" URI=\"#NUL')|id('BORD1\"", content_recipe, content_digest(one_signed()));
       }},
      {"T23", "EmptyUriOnABordereau", Outcome::failed, "xades.reference", Stock::fooled,
       [](auto&) { return with_reference(" URI=\"\"", content_recipe, "x"); }},
      {"T23b", "EmptyUriAtTheRoot", Outcome::warned, "xades.empty_uri", Stock::fooled,
       [](auto&) { return resigned(replaced(globally_signed(), "URI=\"#PES1\"", "URI=\"\"")); }},
      {"T24", "XPointerExpression", Outcome::failed, "xades.reference", Stock::fooled,
       [](auto&) {
         return with_reference(" URI=\"#xpointer(//Piece[1])\"", content_recipe,
                               element_digest(one_signed(), "Piece"));
       }},
      {"T25", "SignedPropertiesUnsigned", Outcome::failed, "xades.unsigned_properties", Stock::fooled,
       [](auto&) {
         return resigned(
             replaced(one_signed(), between(one_signed(), "<ds:Reference Type", "</ds:Reference>"), ""));
       }},
      {"T26", "CanonicalisationWithComments", Outcome::warned, "xades.transform_comments", Stock::fooled,
       [](auto&) {
         const std::string recipe = content_recipe;
         return said(recipe, replaced(recipe, "xml-exc-c14n#", "xml-exc-c14n#WithComments"));
       }},
      {"T28", "EnvelopedOnSignedProperties", Outcome::warned, "xades.enveloped_properties", Stock::unasked,
       [](auto&) {
         return said(std::string(properties_reference) + plain_transform,
                     std::string(properties_reference) + content_recipe);
       }},
      {"T43", "PrefixListUnknown", Outcome::failed, "xades.prefix_list", Stock::fooled,
       [](auto&) { return with_prefixes("n intrus"); }},
      {"T43b", "PrefixListKnown", Outcome::passed, "", Stock::fooled,
       [](auto&) { return with_prefixes("n xsi"); }},
      {"T44", "ManifestReference", Outcome::failed, "xades.reference", Stock::fooled,
       [](auto&) {
         const std::string manifest =
             "<ds:Manifest Id=\"M1\"><ds:Reference URI=\"#BORD1\"><ds:DigestMethod "
             "Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>" +
             sha256_base64("x") + "</ds:DigestValue></ds:Reference></ds:Manifest>";
         auto bytes = in_object(one_signed(), manifest, 0);
         return resigned(
             replaced(bytes, "<ds:Reference URI=\"#BORD1\"><ds:Transforms>" + std::string(content_recipe),
                      "<ds:Reference Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\" "
                      "URI=\"#M1\"><ds:Transforms>" +
                          std::string(plain_transform)));
       }},
  };
}

std::vector<Case> stated_key_cases() {
  return {
      {"T12", "AttackersKeyValue", Outcome::failed, "xades.no_certificate", Stock::fooled,
       [](auto&) {
         return resigned(with_key_info(key_value(attacker()), forged(one_signed(), "BORD1")),
                         {.signer = &attacker()});
       }},
      {"T13", "AttackersKeyAndVictimsCertificate", Outcome::failed, "xades.signature_value", Stock::fooled,
       [](auto&) {
         return resigned(with_key_info(key_value(attacker()) + "<ds:X509Data>" +
                                           certificate_element(ordinary_identity()) + "</ds:X509Data>",
                                       forged(one_signed(), "BORD1")),
                         {.signer = &attacker()});
       }},
      {"T15", "ShortKeyValue", Outcome::failed, "xades.no_certificate", Stock::fooled,
       [](auto&) { return resigned(with_key_info(key_value(short_key())), {.signer = &short_key()}); }},
      {"T15b", "ShortKeyInACertificate", Outcome::failed, "xades.weak_key", Stock::fooled,
       [](auto&) { return resigned(dressed(one_signed(), short_key().der), {.signer = &short_key()}); }},
      {"T16", "Md5", Outcome::failed, "xades.algorithm", Stock::unasked,
       [](auto&) {
         return weakly_signed("MD5", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
                              "http://www.w3.org/2001/04/xmldsig-more#md5", true);
       }},
      {"T17", "Sha1", Outcome::failed, "xades.algorithm", Stock::fooled,
       [](auto&) {
         return weakly_signed("SHA1", "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
                              "http://www.w3.org/2000/09/xmldsig#sha1", false);
       }},
      {"T27", "GarbageCertificate", Outcome::failed, "xades.certificate_unreadable", Stock::unasked,
       [](auto&) {
         return with_key_info(
             "<ds:X509Data><ds:X509Certificate>Z2FyYmFnZQ==</ds:X509Certificate></ds:X509Data>");
       }},
      {"T31", "LongerRsaKey", Outcome::passed, "", Stock::fooled,
       [](auto&) {
         static const auto identity = make_identity({.rsa_bits = 3072});
         return sign_with(make_pes(), make_request(identity));
       }},
      {"T31b", "EllipticKey", Outcome::failed, "xades.algorithm", Stock::unasked,
       [](auto&) {
         static const auto identity = make_identity({.elliptic = true});
         return resigned(dressed(replaced(one_signed(), rsa_sha256,
                                          "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"),
                                 identity.der),
                         {.signer = &identity});
       }},
      {"T35", "TwoCertificatesOwnFirst", Outcome::passed, "", Stock::unasked,
       [](auto&) { return both_certificates(true, nullptr); }},
      {"T35b", "TwoCertificatesOwnLast", Outcome::passed, "", Stock::unasked,
       [](auto&) { return both_certificates(false, nullptr); }},
      {"T35c", "TwoCertificatesAttackerSigns", Outcome::failed, "xades.signature_value", Stock::unasked,
       [](auto&) { return both_certificates(true, &attacker()); }},
      {"T35d", "TwoCertificatesAttackerSignsAndLeads", Outcome::failed, "xades.signature_value",
       Stock::unasked, [](auto&) { return both_certificates(false, &attacker()); }},
      {"T45", "OtherKeyInfo", Outcome::warned, "xades.key_info_extra", Stock::unasked,
       [](auto& lures) {
         return replaced(one_signed(), "<ds:KeyInfo>",
                         "<ds:KeyInfo><ds:KeyName>x</ds:KeyName><ds:RetrievalMethod URI=\"" + lures.http +
                             "\" Type=\"http://www.w3.org/2000/09/xmldsig#rawX509Certificate\"/><ds:PGPData>"
                             "<ds:PGPKeyID>AAAA</ds:PGPKeyID></ds:PGPData><d:DEREncodedKeyValue "
                             "xmlns:d=\"http://www.w3.org/2009/xmldsig11#\">AAAA</d:DEREncodedKeyValue>");
       }},
      {"T45b", "ListInKeyInfo", Outcome::warned, "xades.key_info_extra", Stock::unasked,
       [](auto&) {
         return replaced(one_signed(), "<ds:X509Data>", "<ds:X509Data><ds:X509CRL>AAAA</ds:X509CRL>");
       }},
      {"T46", "Hmac", Outcome::failed, "xades.algorithm", Stock::unasked,
       [](auto&) { return said(rsa_sha256, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"); }},
      {"T46b", "TruncatedHmac", Outcome::failed, "xades.algorithm", Stock::unasked,
       [](auto&) {
         return said(
             std::string(rsa_sha256) + "\">",
             "http://www.w3.org/2000/09/xmldsig#hmac-sha1\"><ds:HMACOutputLength>1</ds:HMACOutputLength>");
       }},
      {"T47", "ExponentThree", Outcome::failed, "xades.weak_key", Stock::fooled,
       [](auto&) {
         static const auto identity = make_identity({.exponent = 3});
         return resigned(dressed(one_signed(), identity.der), {.signer = &identity});
       }},
      {"T48", "BlanksInTheValue", Outcome::passed, "", Stock::fooled,
       [](auto&) {
         return replaced(one_signed(), "<ds:SignatureValue Id=\"BORD1_SIG_1_SV\">",
                         "<ds:SignatureValue Id=\"BORD1_SIG_1_SV\">\r\n\t ");
       }},
      {"T48b", "ValueThatIsNoBase64", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) {
         return replaced(one_signed(), "<ds:SignatureValue Id=\"BORD1_SIG_1_SV\">",
                         "<ds:SignatureValue Id=\"BORD1_SIG_1_SV\">*");
       }},
      {"T48c", "ValueTooLong", Outcome::failed, "xades.signature_value", Stock::unasked,
       [](auto&) {
         return replaced(one_signed(), "<ds:SignatureValue Id=\"BORD1_SIG_1_SV\">",
                         "<ds:SignatureValue Id=\"BORD1_SIG_1_SV\">AAAA");
       }},
  };
}

std::vector<Case> stated_statement_cases() {
  return {
      {"T37", "PropertiesOfAnother", Outcome::failed, "xades.target", Stock::unasked,
       [](auto&) { return properties_exchanged(false); }},
      {"T37b", "PropertiesOfAnotherRenamed", Outcome::failed, "xades.digest_properties", Stock::unasked,
       [](auto&) { return properties_exchanged(true); }},
      {"T38", "TargetOfAnother", Outcome::failed, "xades.target", Stock::fooled,
       [](auto&) { return replaced(one_signed(), "Target=\"#BORD1_SIG_1\"", "Target=\"#BORD1_SIG_2\""); }},
      {"T38b", "TargetWithoutHash", Outcome::passed, "", Stock::fooled,
       [](auto&) { return replaced(one_signed(), "Target=\"#BORD1_SIG_1\"", "Target=\"BORD1_SIG_1\""); }},
      {"T39", "CertificateOfTheSameKeyAndName", Outcome::failed, "xades.certificate_binding", Stock::fooled,
       [](auto&) {
         // Same key, same subject, another serial number: it signs as well, but is not what was signed for.
         static const auto twin = recertified(ordinary_identity(), {.serial = "77"});
         return with_key_info("<ds:X509Data><ds:X509Certificate>" + base64(twin) +
                              "</ds:X509Certificate></ds:X509Data>");
       }},
      {"T40", "NoSigningCertificate", Outcome::failed, "xades.certificate_binding", Stock::fooled,
       [](auto&) {
         return said(between(one_signed(), "<xad:SigningCertificate>", "</xad:SigningCertificate>"), "");
       }},
      {"T41", "SigningTimeAhead", Outcome::failed, "xades.signing_time_future", Stock::fooled,
       [](auto&) { return said(">2026-01-15T10:30:00Z<", ">2026-01-15T13:30:00Z<"); }},
      {"T41b", "SigningTimeWithoutZ", Outcome::failed, "xades.signing_time", Stock::fooled,
       [](auto&) { return said("10:30:00Z<", "10:30:00<"); }},
      {"T41c", "SignedBeforeTheCertificate", Outcome::indeterminate, "xades.certificate_period",
       Stock::fooled, [](auto&) { return said(">2026-01-15T10:30:00Z<", ">2023-12-31T23:59:59Z<"); }},
      {"T41d", "SignedIn1970", Outcome::indeterminate, "xades.certificate_period", Stock::fooled,
       [](auto&) { return said(">2026-01-15T10:30:00Z<", ">1970-01-01T00:00:00Z<"); }},
      {"T42", "RoleEmpty", Outcome::failed, "xades.role", Stock::fooled,
       [](auto&) {
         const auto role = between(one_signed(), "<xad:ClaimedRole>", "</xad:ClaimedRole>");
         return said(role, "<xad:ClaimedRole> </xad:ClaimedRole>");
       }},
      {"T42b", "TwoRoles", Outcome::failed, "xades.role", Stock::fooled,
       [](auto&) {
         return said("<xad:ClaimedRole>", "<xad:ClaimedRole>Régisseur</xad:ClaimedRole><xad:ClaimedRole>");
       }},
  };
}

std::vector<Case> stated_parsing_cases() {
  return {
      {"T29", "Deep", Outcome::unreadable, "xml.too_deep", Stock::unasked,
       [](auto&) {
         std::string deep;
         for (int i = 0; i < 300'000; ++i)
           deep += "<a>";
         return deep;
       }},
      {"T30", "ManyAttributes", Outcome::unreadable, "xml.too_many_attributes", Stock::unasked,
       [](auto&) {
         std::string wide = "<a";
         for (int i = 0; i < 60'000; ++i)
           wide += " a" + std::to_string(i) + "=''";
         return wide + "/>";
       }},
      {"T33", "DoctypeWithAnEntityOfAFile", Outcome::unreadable, "xml.doctype", Stock::unasked,
       [](auto& lures) { return with_doctype("<!ENTITY e SYSTEM \"" + lures.file + "\">", "&e;"); }},
      {"T33b", "DoctypeFromAServer", Outcome::unreadable, "xml.doctype", Stock::unasked,
       [](auto& lures) {
         return replaced(one_signed(), "<n:PES_Aller ",
                         "<!DOCTYPE n:PES_Aller SYSTEM \"" + lures.http + "\">\n<n:PES_Aller ");
       }},
      {"T33c", "DoctypeWithDefaultAttributes", Outcome::unreadable, "xml.doctype", Stock::unasked,
       [](auto&) { return with_doctype("<!ATTLIST Piece Id ID \"BORD1\">"); }},
      {"T34", "EntityBomb", Outcome::unreadable, "xml.doctype", Stock::unasked,
       [](auto&) {
         std::string subset = "<!ENTITY a \"aaaaaaaaaa\">";
         for (char c = 'b'; c < 'm'; ++c) {
           subset += std::string("<!ENTITY ") + c + " \"";
           for (int i = 0; i < 10; ++i)
             subset += std::string("&") + static_cast<char>(c - 1) + ';';
           subset += "\">";
         }
         return with_doctype(subset, "&l;");
       }},
      {"T34b", "EntityBombQuadratic", Outcome::unreadable, "xml.doctype", Stock::unasked,
       [](auto&) {
         std::string use;
         for (int i = 0; i < 10'000; ++i)
           use += "&a;";
         return with_doctype("<!ENTITY a \"" + std::string(60'000, 'a') + "\">", use);
       }},
      {"T55", "Nul", Outcome::unreadable, "xml.malformed", Stock::unasked,
       [](auto&) { return replaced(one_signed(), "ESSAI-SIGNATURE", std::string("ESSAI\0", 6)); }},
      {"T55b", "NoUtf8", Outcome::unreadable, "xml.encoding", Stock::unasked,
       [](auto&) { return replaced(utf8_bytes(), "ESSAI-SIGNATURE", "ESSAI-\xC3\x28"); }},
      {"T55c", "Utf16", Outcome::unreadable, "xml.encoding", Stock::unasked,
       [](auto&) {
         std::string wide = "\xFF\xFE";
         for (const char c : replaced(utf8_bytes(), "UTF-8", "UTF-16"))
           wide += {c, '\0'};
         return wide;
       }},
      {"T55d", "MarkAgainstDeclaration", Outcome::unreadable, "xml.encoding", Stock::unasked,
       [](auto&) { return "\xEF\xBB\xBF" + one_signed(); }},
      {"T55e", "UnknownEncoding", Outcome::unreadable, "xml.encoding", Stock::unasked,
       [](auto&) { return replaced(one_signed(), "ISO-8859-1", "X-INCONNU"); }},
      {"T55f", "Utf8Mark", Outcome::passed, "", Stock::fooled,
       [](auto&) { return "\xEF\xBB\xBF" + utf8_bytes(); }},
  };
}

}  // namespace demat::test::hostile
