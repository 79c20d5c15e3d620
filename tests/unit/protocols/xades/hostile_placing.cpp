// Attacks of our own on what is signed and where the signature sits.

#include "hostile_kit.hpp"

namespace demat::test::hostile {
namespace {

constexpr auto in_place = "<Bordereau Id=\"BORD1\">";
constexpr auto enveloped =
    "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>";
constexpr auto canonical =
    "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>";

std::string said(std::string_view from, std::string_view to) {
  return resigned(replaced(one_signed(), from, to));
}

std::string with_transforms(const std::string& transforms) {
  return said(std::string(enveloped) + canonical, transforms);
}

std::string transform(const std::string& algorithm) {
  return "<ds:Transform Algorithm=\"" + algorithm + "\"></ds:Transform>";
}

std::string qualifying() {
  return between(one_signed(), "<xad:QualifyingProperties ", "</xad:QualifyingProperties>");
}

std::string signed_bordereau(const std::string& bytes = one_signed()) {
  return between(bytes, in_place, "</Bordereau>");
}

std::string third_reference(const std::string& uri, const std::string& digest) {
  return "<ds:Reference URI=\"" + uri + "\"><ds:Transforms>" + canonical +
         "</ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\">"
         "</ds:DigestMethod><ds:DigestValue>" +
         digest + "</ds:DigestValue></ds:Reference></ds:SignedInfo>";
}

std::string inner_signature() {
  return replaced_all(signature_text(one_signed()), "BORD1_SIG_1", "BORD1_SIG_2");
}

std::string elsewhere(const std::string& decoy) {
  return replaced(one_signed(), "<PES_DepenseAller>", decoy + "<PES_DepenseAller>");
}

}  // namespace

std::vector<Case> property_cases();
std::vector<Case> reference_cases();
std::vector<Case> place_cases();
std::vector<Case> identity_cases();

std::vector<Case> placing_cases() {
  std::vector<Case> all;
  for (const auto& group : {property_cases(), reference_cases(), place_cases(), identity_cases()})
    all.insert(all.end(), group.begin(), group.end());
  return all;
}

std::vector<Case> property_cases() {
  return {
      {"I01", "TwoQualifyingPropertiesInOneObject", Outcome::failed, "xades.qualifying_properties",
       Stock::fooled,
       [](auto&) {
         return replaced(one_signed(), "<ds:Object>",
                         "<ds:Object>" + replaced_all(qualifying(), "_SP\"", "_XX\""));
       }},
      {"I02", "QualifyingPropertiesDeepInAnObject", Outcome::warned, "xades.extra_object", Stock::fooled,
       [](auto&) {
         return replaced(
             one_signed(), "<ds:Object>",
             "<ds:Object><x>" + replaced_all(qualifying(), "_SP\"", "_XX\"") + "</x></ds:Object><ds:Object>");
       }},
      {"I03", "HiddenBesideQualifyingProperties", Outcome::warned, "xades.extra_object", Stock::fooled,
       [](auto&) { return replaced(one_signed(), "</ds:Object>", "<Piece/></ds:Object>"); }},
      {"I04", "TwoSignedProperties", Outcome::failed, "xades.qualifying_properties", Stock::fooled,
       [](auto&) {
         const auto decoy = replaced_all(
             between(one_signed(), "<xad:SignedProperties ", "</xad:SignedProperties>"), "_SP\"", "_XX\"");
         return replaced(one_signed(), "<xad:SignedProperties ", decoy + "<xad:SignedProperties ");
       }},
      {"I05", "PropertiesOutsideAnObject", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) {
         return replaced(one_signed(), "<ds:Object>" + qualifying() + "</ds:Object>", qualifying());
       }},
      {"I06", "PropertiesOfASibling", Outcome::failed, "xades.unsigned_properties", Stock::unasked,
       [](auto&) {
         return resigned(replaced(two_signed(), "URI=\"#BORD1_SIG_1_SP\"", "URI=\"#BORD2_SIG_1_SP\""));
       }},
      {"I07", "PropertiesOfAnotherVersion", Outcome::failed, "xades.structure", Stock::fooled,
       [](auto&) { return resigned(replaced_all(one_signed(), "01903/v1.2.2#", "01903/v1.9.9#")); }},
      {"I08", "CounterSignature", Outcome::failed, "xades.position", Stock::fooled,
       [](auto&) {
         return replaced(
             one_signed(), "</xad:SignedProperties>",
             "</xad:SignedProperties><xad:UnsignedProperties><xad:UnsignedSignatureProperties>"
             "<xad:CounterSignature>" +
                 inner_signature() +
                 "</xad:CounterSignature></xad:UnsignedSignatureProperties></xad:UnsignedProperties>");
       }},
      {"I09", "SignatureInASignature", Outcome::failed, "xades.position", Stock::fooled,
       [](auto&) {
         return replaced(one_signed(), "</ds:Object></ds:Signature>",
                         "</ds:Object><ds:Object>" + inner_signature() + "</ds:Object></ds:Signature>");
       }},
  };
}

std::vector<Case> reference_cases() {
  return {
      {"I10", "PropertiesReferencedTwice", Outcome::failed, "xades.reference", Stock::fooled,
       [](auto&) { return said("</ds:SignedInfo>", third_reference("#BORD1_SIG_1_SP", "x")); }},
      {"I11", "ContentReferencedTwice", Outcome::failed, "xades.reference", Stock::fooled,
       [](auto&) {
         const auto first = between(one_signed(), "<ds:Reference URI=\"#BORD1\">", "</ds:Reference>");
         return said("</ds:SignedInfo>", first + "</ds:SignedInfo>");
       }},
      {"I12", "ContentNotReferenced", Outcome::failed, "xades.reference", Stock::fooled,
       [](auto&) {
         return said(between(one_signed(), "<ds:Reference URI=\"#BORD1\">", "</ds:Reference>"), "");
       }},
      {"I13", "KeyInfoReferenced", Outcome::failed, "xades.reference", Stock::fooled,
       [](auto&) {
         return resigned(replaced(replaced(one_signed(), "<ds:KeyInfo>", "<ds:KeyInfo Id=\"KI\">"),
                                  "</ds:SignedInfo>", third_reference("#KI", "x")));
       }},
      {"I14", "ContentTypedAsProperties", Outcome::failed, "xades.reference", Stock::fooled,
       [](auto&) {
         return said("<ds:Reference URI=\"#BORD1\">",
                     "<ds:Reference Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"#BORD1\">");
       }},
      {"I15", "PropertiesFirst", Outcome::passed, "", Stock::fooled,
       [](auto&) {
         const auto first = between(one_signed(), "<ds:Reference URI=\"#BORD1\">", "</ds:Reference>");
         return resigned(
             replaced(replaced(one_signed(), first, ""), "</ds:SignedInfo>", first + "</ds:SignedInfo>"));
       }},
      {"I16", "EnvelopedTwice", Outcome::failed, "xades.transform", Stock::unasked,
       [](auto&) { return with_transforms(std::string(enveloped) + enveloped + canonical); }},
      {"I17", "CanonicalBeforeEnveloped", Outcome::failed, "xades.transform", Stock::unasked,
       [](auto&) { return with_transforms(std::string(canonical) + enveloped); }},
      {"I18", "CanonicalTwice", Outcome::failed, "xades.transform", Stock::unasked,
       [](auto&) { return with_transforms(std::string(enveloped) + canonical + canonical); }},
      {"I19", "EnvelopedAlone", Outcome::failed, "xades.transform", Stock::unasked,
       [](auto&) { return with_transforms(enveloped); }},
      {"I20", "CanonicalAlone", Outcome::failed, "xades.transform", Stock::unasked,
       [](auto&) { return with_transforms(canonical); }},
      {"I21", "NoTransforms", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) {
         return said("<ds:Transforms>" + std::string(enveloped) + canonical + "</ds:Transforms>", "");
       }},
      {"I22", "InclusiveCanonicalisation", Outcome::failed, "xades.transform", Stock::unasked,
       [](auto&) {
         return with_transforms(enveloped + transform("http://www.w3.org/TR/2001/REC-xml-c14n-20010315"));
       }},
      {"I23", "Base64Transform", Outcome::failed, "xades.transform", Stock::unasked,
       [](auto&) {
         return with_transforms(enveloped + transform("http://www.w3.org/2000/09/xmldsig#base64"));
       }},
      {"I24", "XPathFilter2", Outcome::failed, "xades.transform", Stock::unasked,
       [](auto&) {
         return with_transforms(
             "<ds:Transform Algorithm=\"http://www.w3.org/2002/06/xmldsig-filter2\"><f:XPath "
             "xmlns:f=\"http://www.w3.org/2002/06/xmldsig-filter2\" Filter=\"subtract\">"
             "//MtHT</f:XPath></ds:Transform>" +
             std::string(enveloped) + canonical);
       }},
      {"I25", "XPathInsideEnveloped", Outcome::failed, "xades.transform", Stock::unasked,
       [](auto&) {
         auto within = replaced(enveloped, "></ds:Transform>", "><ds:XPath>1</ds:XPath></ds:Transform>");
         return with_transforms(within + canonical);
       }},
      {"I26", "InclusiveForSignedInfo", Outcome::failed, "xades.canonicalization", Stock::unasked,
       [](auto&) {
         return said(
             "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">",
             "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\">");
       }},
      {"I27", "PercentInTheUri", Outcome::failed, "xades.reference", Stock::unasked,
       [](auto&) { return said("URI=\"#BORD1\"", "URI=\"#%42ORD1\""); }},
      {"I28", "BlankInTheUri", Outcome::failed, "xades.reference", Stock::unasked,
       [](auto&) { return said("URI=\"#BORD1\"", "URI=\" #BORD1\""); }},
      {"I29", "OwnUriWithAFragment", Outcome::failed, "xades.reference", Stock::unasked,
       [](auto& lures) { return said("URI=\"#BORD1\"", "URI=\"" + lures.http + "#BORD1\""); }},
      {"I30", "CharacterReferencesInTheUri", Outcome::passed, "", Stock::fooled,
       [](auto&) { return said("URI=\"#BORD1\"", "URI=\"&#x23;BORD&#49;\""); }},
  };
}

std::vector<Case> place_cases() {
  return {
      {"I31", "SignatureIsTheFile", Outcome::failed, "xades.position", Stock::unasked,
       [](auto&) {
         return "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" +
                replaced(signature_text(one_signed()), "</ds:Signature>",
                         "<ds:Object>" + unsigned_bordereau(one_signed(), "BORD1") +
                             "</ds:Object></ds:Signature>");
       }},
      {"I32", "SignatureAtTheRootForABordereau", Outcome::failed, "xades.reference", Stock::fooled,
       [](auto&) {
         const auto signature = signature_text(one_signed());
         return replaced(replaced(one_signed(), signature, ""), "</n:PES_Aller>",
                         signature + "</n:PES_Aller>");
       }},
      {"I33", "SignatureOfTheDomain", Outcome::failed, "xades.position", Stock::fooled,
       [](auto&) {
         const auto signature = signature_text(one_signed());
         return replaced(replaced(one_signed(), signature, ""), "</PES_DepenseAller>",
                         signature + "</PES_DepenseAller>");
       }},
      {"I34", "BordereauInABordereau", Outcome::failed, "xades.position", Stock::fooled,
       [](auto&) {
         return replaced(one_signed(), signed_bordereau(),
                         "<Bordereau Id=\"BORD9\">" + signed_bordereau() + "</Bordereau>");
       }},
      {"I35", "BordereauInAPiece", Outcome::failed, "xades.position", Stock::fooled,
       [](auto&) {
         return replaced(make_pes({.depense_ids = {"BORD9"}}), "<Piece>", "<Piece>" + signed_bordereau());
       }},
      {"I36", "BordereauInTheOtherDomain", Outcome::passed, "", Stock::fooled,
       [](auto&) { return replaced_all(one_signed(), "PES_DepenseAller", "PES_RecetteAller"); }},
      {"I37", "OtherRoot", Outcome::failed, "xades.position", Stock::fooled,
       [](auto&) { return replaced(one_signed(), "pes_v2/Rev0/aller", "pes_v2/Rev0/autre"); }},
      {"I38", "HeaderChanged", Outcome::passed, "", Stock::fooled,
       [](auto&) { return replaced(one_signed(), "<CodCol V=\"999\"/>", "<CodCol V=\"998\"/>"); }},
      {"I39", "HeaderChangedUnderAGlobalSignature", Outcome::failed, "xades.digest_content", Stock::unasked,
       [](auto&) { return replaced(globally_signed(), "<CodCol V=\"999\"/>", "<CodCol V=\"998\"/>"); }},
      {"I40", "MovedToAnIdenticalBordereau", Outcome::failed, "xades.reference", Stock::fooled,
       [](auto&) {
         // The same bordereau but for its Id: the first loses its signature to the second.
         const auto twin = replaced(unsigned_bordereau(one_signed(), "BORD1"), "\"BORD1\"", "\"BORD2\"");
         const auto signature = signature_text(one_signed());
         return replaced(replaced(one_signed(), signature, ""), "</Bordereau>",
                         "</Bordereau>" + replaced(twin, "</Bordereau>", signature + "</Bordereau>"));
       }},
      {"I41", "MovedToAnIdenticalBordereauOfAnotherFile", Outcome::passed, "", Stock::fooled,
       [](auto&) {
         return replaced(make_pes({.root_declarations = " xmlns:autre=\"urn:autre\""}), "</Bordereau>",
                         signature_text(one_signed()) + "</Bordereau>");
       }},
      {"I42", "CoSignature", Outcome::failed, "xades.two_signatures", Stock::unasked,
       [](auto&) {
         return replaced(one_signed(), "</ds:Signature></", "</ds:Signature>" + inner_signature() + "</");
       }},
      {"I43", "BordereauSignatureOverTheRoot", Outcome::failed, "xades.reference", Stock::fooled,
       [](auto&) {
         const auto signature = signature_text(globally_signed());
         return resigned(replaced(replaced(globally_signed(), signature, ""), "</Bordereau>",
                                  signature + "</Bordereau>"));
       }},
      {"I44", "UnsignedInASecondDomain", Outcome::failed, "xades.unsigned_bordereau", Stock::fooled,
       [](auto&) {
         return replaced(one_signed(), "</PES_DepenseAller>",
                         "</PES_DepenseAller><PES_DepenseAller>" +
                             replaced(unsigned_bordereau(one_signed(), "BORD1"), "\"BORD1\"", "\"BORD2\"") +
                             "</PES_DepenseAller>");
       }},
      {"I44b", "PaperInTheOtherDomain", Outcome::passed, "", Stock::fooled,
       [](auto&) {
         const auto recette = replaced(make_pes({.depense_ids = {}, .recette_ids = {"BORD2"}}),
                                       "<InfoDematerialisee V=\"1\"/>", "<InfoDematerialisee V=\"0\"/>");
         const auto from = recette.find("<PES_RecetteAller>");
         return replaced(one_signed(), "</n:PES_Aller>", recette.substr(from));
       }},
      {"I45", "TextAfterTheSignature", Outcome::failed, "xades.digest_content", Stock::unasked,
       [](auto&) { return replaced(one_signed(), "</ds:Signature></", "</ds:Signature>920</"); }},
  };
}

std::vector<Case> identity_cases() {
  return {
      {"I46", "IdInAnotherCase", Outcome::failed, "xades.reference", Stock::unasked,
       [](auto&) { return replaced(one_signed(), in_place, "<Bordereau Id=\"bord1\">"); }},
      {"I47", "IdAttributeInAnotherCase", Outcome::failed, "xades.reference", Stock::unasked,
       [](auto&) { return replaced(one_signed(), in_place, "<Bordereau ID=\"BORD1\">"); }},
      {"I48", "DecoyIdInCapitals", Outcome::failed, "xades.duplicate_id", Stock::fooled,
       [](auto&) { return elsewhere("<Cache ID=\"BORD1\"/>"); }},
      {"I49", "DecoyIdInSmallLetters", Outcome::failed, "xades.duplicate_id", Stock::fooled,
       [](auto&) { return elsewhere("<Cache id=\"BORD1\"/>"); }},
      {"I50", "DecoyXmlId", Outcome::failed, "xades.duplicate_id", Stock::unasked,
       [](auto&) { return elsewhere("<Cache xml:id=\"BORD1\"/>"); }},
      {"I51", "DecoyIdWithBlanks", Outcome::failed, "xades.duplicate_id", Stock::fooled,
       [](auto&) { return elsewhere("<Cache Id=\" BORD1&#x9;\"/>"); }},
      {"I52", "IdInANamespace", Outcome::passed, "", Stock::fooled,
       [](auto&) { return elsewhere("<Cache xmlns:k=\"urn:k\" k:Id=\"BORD1\"/>"); }},
      {"I53", "LookalikeId", Outcome::failed, "xades.reference", Stock::unasked,
       // A Cyrillic letter that looks like B.
       [](auto&) { return replaced(one_signed(), in_place, "<Bordereau Id=\"&#x412;ORD1\">"); }},
      {"I54", "DecomposedId", Outcome::failed, "xades.reference", Stock::unasked,
       [](auto&) {
         return resigned(replaced(replaced_all(one_signed(), "\"#BORD1\"", "\"#&#xC9;T\""), in_place,
                                  "<Bordereau Id=\"E&#x301;T\">"));
       }},
      {"I55", "SameIdForBordereauAndProperties", Outcome::failed, "xades.duplicate_id", Stock::unasked,
       [](auto&) { return resigned(replaced_all(one_signed(), "BORD1_SIG_1_SP", "BORD1")); }},
  };
}

}  // namespace demat::test::hostile
