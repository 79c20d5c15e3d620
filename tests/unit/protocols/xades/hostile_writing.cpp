// Attacks of our own on how things are written: texts, base64, namespaces, dates, encodings.

#include "hostile_kit.hpp"

namespace demat::test::hostile {
namespace {

std::string said(std::string_view from, std::string_view to) {
  return resigned(replaced(one_signed(), from, to));
}

std::string content_of(const std::string& bytes, std::string_view open) {
  const auto element = between(bytes, open, "</");
  return element.substr(open.size(), element.size() - open.size() - 2);
}

/// The first digest with `from` its fourth character on written otherwise; what is signed must stay the same.
std::string digest_written(const std::string& before, const std::string& after) {
  const auto digest = content_of(one_signed(), "<ds:DigestValue>");
  auto bytes = one_signed();
  return bytes.replace(bytes.find(digest), digest.size(),
                       before + digest.substr(0, 4) + after + digest.substr(4));
}

/// The value with something in its middle.
std::string value_with(const std::string& text) {
  const auto open = between(one_signed(), "<ds:SignatureValue ", ">");
  auto bytes = one_signed();
  return bytes.insert(bytes.find(open) + open.size() + 40, text);
}

std::string value_replaced(const std::string& value) {
  const auto open = between(one_signed(), "<ds:SignatureValue ", ">");
  return replaced(one_signed(), open + content_of(one_signed(), open), open + value);
}

std::string value_of_one() {
  return content_of(one_signed(), between(one_signed(), "<ds:SignatureValue ", ">"));
}

std::string at_root(const std::string& declaration) {
  return replaced(one_signed(), "<n:PES_Aller ", "<n:PES_Aller " + declaration + " ");
}

/// Signed by somebody who wrote the bordereau so.
std::string resigned_with(const std::string& content) {
  return resigned(replaced(one_signed(), "<Piece>", content + "<Piece>"));
}

std::string signed_at(const std::string& time) {
  return said(">2026-01-15T10:30:00Z<", ">" + time + "<");
}

}  // namespace

std::vector<Case> text_cases();
std::vector<Case> namespace_cases();
std::vector<Case> time_cases();

std::vector<Case> writing_cases() {
  std::vector<Case> all;
  for (const auto& group : {text_cases(), namespace_cases(), time_cases()})
    all.insert(all.end(), group.begin(), group.end());
  return all;
}

std::vector<Case> text_cases() {
  return {
      {"I60", "CdataInADigest", Outcome::passed, "", Stock::fooled,
       [](auto&) {
         const auto digest = content_of(one_signed(), "<ds:DigestValue>");
         return replaced(one_signed(), digest, "<![CDATA[" + digest + "]]>");
       }},
      {"I61", "CharacterReferencesInADigest", Outcome::passed, "", Stock::fooled,
       [](auto&) {
         const auto digest = content_of(one_signed(), "<ds:DigestValue>");
         return replaced(one_signed(), digest,
                         "&#" + std::to_string(static_cast<int>(digest.front())) + ";" + digest.substr(1));
       }},
      {"I62", "CommentInADigest", Outcome::passed, "", Stock::fooled,
       [](auto&) { return digest_written("", "<!-- AAAA -->"); }},
      {"I63", "ElementInADigest", Outcome::failed, "xades.structure", Stock::fooled,
       [](auto&) { return resigned(digest_written("", "<x/>"), {.keep_digests = true}); }},
      {"I64", "UnknownEntityInADigest", Outcome::unreadable, "xml.malformed", Stock::unasked,
       [](auto&) { return digest_written("", "&vide;"); }},
      {"I65", "CommentInTheValue", Outcome::passed, "", Stock::fooled,
       [](auto&) { return value_with("<!-- AAAA -->"); }},
      {"I66", "ElementInTheValue", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) { return value_with("<x/>"); }},
      {"I67", "InstructionInTheValue", Outcome::failed, "xades.instruction", Stock::unasked,
       [](auto&) { return value_with("<?x AAAA?>"); }},
      {"I68", "InstructionInWhatIsSigned", Outcome::failed, "xades.instruction", Stock::fooled,
       [](auto&) { return resigned_with("<?montant 920.50?>"); }},
      {"I69", "InstructionBeforeTheRoot", Outcome::passed, "", Stock::fooled,
       [](auto& lures) {
         return replaced(one_signed(), "<n:PES_Aller ",
                         "<?xml-stylesheet href=\"" + lures.http + "\" type=\"text/xsl\"?><n:PES_Aller ");
       }},
      {"I70", "CommentInTheRole", Outcome::passed, "", Stock::fooled,
       [](auto&) {
         return replaced(one_signed(), "<xad:ClaimedRole>Maire", "<xad:ClaimedRole>Maire<!-- -->");
       }},
      {"I71", "Base64ForAddresses", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) { return value_replaced("-_-_" + value_of_one().substr(4)); }},
      {"I72", "Base64WithoutPadding", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) { return value_replaced(value_of_one().substr(0, 342)); }},
      {"I150", "Base64WithStrayBits", Outcome::passed, "", Stock::fooled,
       [](auto&) {
         // The last digit carries four bits that nobody needs: the same bytes.
         auto value = value_of_one();
         auto& last = value[value.size() - 3];
         last = static_cast<char>(last == 'w' ? 'x' : last + 1);
         return value_replaced(value);
       }},
      {"I73", "Base64WithTooMuchPadding", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) { return value_replaced(value_of_one() + "="); }},
      {"I74", "Base64AfterThePadding", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) { return value_replaced(value_of_one() + "AAAA"); }},
      {"I75", "Base64WithANonBreakingSpace", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) { return value_with("&#xA0;"); }},
      {"I76", "ValueOfZeros", Outcome::failed, "xades.signature_value", Stock::unasked,
       [](auto&) { return value_replaced(base64(Bytes(256, 0))); }},
      {"I77", "ValueShortenedByItsZero", Outcome::failed, "xades.signature_value", Stock::unasked,
       [](auto&) { return value_replaced(base64(Bytes(255, 1))); }},
      {"I78", "ValueEmpty", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) { return value_replaced(""); }},
      {"I79", "IncludedFile", Outcome::passed, "", Stock::fooled,
       [](auto& lures) {
         return resigned_with("<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"" +
                              lures.file + "\" parse=\"text\"/>");
       }},
      {"I80", "SchemaLocation", Outcome::passed, "", Stock::fooled,
       [](auto& lures) {
         return at_root(
             "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
             "xsi:noNamespaceSchemaLocation=\"" +
             lures.http + "\"");
       }},
  };
}

std::vector<Case> namespace_cases() {
  return {
      {"I81", "OtherPrefix", Outcome::passed, "", Stock::fooled,
       [](auto&) {
         auto bytes = replaced_all(replaced_all(one_signed(), "<ds:", "<sig:"), "</ds:", "</sig:");
         return resigned(replaced(bytes, "xmlns:ds=", "xmlns:sig="));
       }},
      {"I82", "DefaultNamespace", Outcome::passed, "", Stock::fooled,
       [](auto&) {
         auto bytes = replaced_all(one_signed(), "<ds:", "<");
         bytes = replaced_all(bytes, "</ds:", "</");
         return resigned(replaced(bytes, "xmlns:ds=", "xmlns="));
       }},
      {"I83", "PrefixReboundInSignedInfo", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) { return replaced(one_signed(), "<ds:SignedInfo>", "<ds:SignedInfo xmlns:ds=\"urn:x\">"); }},
      {"I84", "PrefixReboundInAMethod", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) {
         return replaced(one_signed(), "<ds:SignatureMethod ", "<ds:SignatureMethod xmlns:ds=\"urn:x\" ");
       }},
      {"I85", "PrefixBoundAgainToTheSame", Outcome::passed, "", Stock::fooled,
       [](auto&) {
         return replaced(one_signed(), "<ds:SignedInfo>",
                         "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">");
       }},
      {"I86", "PrefixOfTheSignatureBoundElsewhere", Outcome::passed, "", Stock::fooled,
       [](auto&) { return at_root("xmlns:ds=\"urn:autre\" xmlns:xad=\"urn:autre\""); }},
      {"I87", "XmlPrefixDeclared", Outcome::passed, "", Stock::fooled,
       [](auto&) { return at_root("xmlns:xml=\"http://www.w3.org/XML/1998/namespace\""); }},
      {"I88", "XmlPrefixRebound", Outcome::unreadable, "xml.malformed", Stock::unasked,
       [](auto&) { return at_root("xmlns:xml=\"urn:autre\""); }},
      {"I89", "XmlAttributesInherited", Outcome::passed, "", Stock::fooled,
       [](auto& lures) {
         return at_root("xml:lang=\"fr\" xml:space=\"preserve\" xml:base=\"" + lures.http + "\"");
       }},
      {"I100", "RelativeNamespace", Outcome::failed, "xades.relative_namespace", Stock::unasked,
       [](auto&) { return resigned_with("<r:e xmlns:r=\"relatif\"/>"); }},
      {"I101", "PrefixUndeclared", Outcome::unreadable, "xml.malformed", Stock::unasked,
       [](auto&) { return replaced(one_signed(), "<Piece>", "<zz:e/><Piece>"); }},
      {"I102", "PrefixUnboundAgain", Outcome::unreadable, "xml.malformed", Stock::unasked,
       [](auto&) { return replaced(one_signed(), "<Piece>", "<n:e xmlns:n=\"\"/><Piece>"); }},
      {"I103", "DefaultNamespaceUnbound", Outcome::passed, "", Stock::fooled,
       [](auto&) { return replaced(one_signed(), "<Piece>", "<Piece xmlns=\"\">"); }},
      {"I104", "DefaultNamespaceOverWhatIsSigned", Outcome::failed, "xades.digest_content", Stock::unasked,
       [](auto&) {
         // The elements of the bordereau change their namespace, not their text.
         return replaced(one_signed(), "<Piece>", "<Piece xmlns=\"urn:autre\">");
       }},
      {"I105", "NamespaceInCapitals", Outcome::failed, "xades.none", Stock::unasked,
       [](auto&) {
         return replaced(one_signed(), "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"",
                         "xmlns:ds=\"HTTP://www.w3.org/2000/09/xmldsig#\"");
       }},
  };
}

std::vector<Case> time_cases() {
  return {
      {"I106", "LeapSecond", Outcome::failed, "xades.signing_time", Stock::fooled,
       [](auto&) { return signed_at("2016-12-31T23:59:60Z"); }},
      {"I107", "OffsetOfZero", Outcome::failed, "xades.signing_time", Stock::fooled,
       [](auto&) { return signed_at("2026-01-15T10:30:00+00:00"); }},
      {"I108", "HourTwentyFour", Outcome::failed, "xades.signing_time", Stock::fooled,
       [](auto&) { return signed_at("2026-01-15T24:00:00Z"); }},
      {"I109", "YearOfFiveDigits", Outcome::failed, "xades.signing_time", Stock::fooled,
       [](auto&) { return signed_at("12026-01-15T10:30:00Z"); }},
      {"I110", "YearBeforeChrist", Outcome::failed, "xades.signing_time", Stock::fooled,
       [](auto&) { return signed_at("-2026-01-15T10:30:00Z"); }},
      {"I111", "ThirtiethOfFebruary", Outcome::failed, "xades.signing_time", Stock::fooled,
       [](auto&) { return signed_at("2026-02-30T10:30:00Z"); }},
      {"I112", "NoDotForTheFraction", Outcome::failed, "xades.signing_time", Stock::fooled,
       [](auto&) { return signed_at("2026-01-15T10:30:00,5Z"); }},
      {"I113", "SmallZ", Outcome::failed, "xades.signing_time", Stock::fooled,
       [](auto&) { return signed_at("2026-01-15T10:30:00z"); }},
      {"I114", "FullwidthDigits", Outcome::failed, "xades.signing_time", Stock::fooled,
       [](auto&) { return signed_at("&#xFF12;026-01-15T10:30:00Z"); }},
      {"I115", "TwoSigningTimes", Outcome::failed, "xades.signing_time", Stock::fooled,
       [](auto&) {
         return said("<xad:SigningTime>",
                     "<xad:SigningTime>2026-01-15T10:30:00Z</xad:SigningTime><xad:SigningTime>");
       }},
      {"I116", "SigningTimeOfAnotherNamespace", Outcome::failed, "xades.signing_time", Stock::fooled,
       [](auto&) {
         return said("<xad:SigningTime>2026-01-15T10:30:00Z</xad:SigningTime>",
                     "<SigningTime>2026-01-15T10:30:00Z</SigningTime>");
       }},
      {"I117", "RoleOfFiftyKilobytes", Outcome::failed, "xades.role", Stock::fooled,
       [](auto&) { return said("<xad:ClaimedRole>", "<xad:ClaimedRole>" + std::string(50'000, 'x')); }},
  };
}

}  // namespace demat::test::hostile
