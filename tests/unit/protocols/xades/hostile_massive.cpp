// What is long or many: each has its outcome, and the test a limit of time.

#include <fmt/format.h>

#include "hostile_kit.hpp"

namespace demat::test::hostile {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i)
    out += text;
  return out;
}

constexpr auto empty_signature = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>";

/// A signed file whose bordereau also holds `content`.
std::string holding(const std::string& content) {
  return sign_with(replaced(make_pes(), "<Piece><BlocPiece>", content + "<Piece><BlocPiece>"),
                   make_request(ordinary_identity()));
}

}  // namespace

std::vector<Case> massive_cases() {
  return {
      {"T52", "HundredSignatures", Outcome::passed, "", Stock::unasked,
       [](auto&) {
         PesWish wish;
         wish.depense_ids.clear();
         for (int i = 0; i < 100; ++i)
           wish.depense_ids.push_back(fmt::format("B{}", i));
         return sign_with(make_pes(wish), make_request(ordinary_identity()));
       }},
      {"T53", "TextOf50Megabytes", Outcome::passed, "", Stock::unasked,
       [](auto&) { return holding("<Note>" + std::string(50'000'000, 'A') + "</Note>"); }},
      {"T54", "HundredThousandElements", Outcome::passed, "", Stock::unasked,
       [](auto&) { return holding(repeated("<e/>", 100'000)); }},
      {"I140", "TooManySignatures", Outcome::failed, "xades.too_many_signatures", Stock::unasked,
       [](auto&) {
         return replaced(make_pes(), "</n:PES_Aller>", repeated(empty_signature, 2'001) + "</n:PES_Aller>");
       }},
      {"I141", "ManyReferences", Outcome::failed, "xades.reference", Stock::unasked,
       [](auto&) {
         return replaced(one_signed(), "</ds:SignedInfo>",
                         repeated("<ds:Reference URI=\"#x\"/>", 100'000) + "</ds:SignedInfo>");
       }},
      {"I142", "ManyObjects", Outcome::warned, "xades.extra_object", Stock::unasked,
       [](auto&) {
         return replaced(one_signed(), "</ds:Object></ds:Signature>",
                         "</ds:Object>" + repeated("<ds:Object/>", 100'000) + "</ds:Signature>");
       }},
      {"I143", "ManyKeyNames", Outcome::warned, "xades.key_info_extra", Stock::unasked,
       [](auto&) {
         return replaced(one_signed(), "</ds:KeyInfo>", repeated("<ds:KeyName/>", 100'000) + "</ds:KeyInfo>");
       }},
      {"I144", "ManyTransforms", Outcome::failed, "xades.transform", Stock::unasked,
       [](auto&) {
         return replaced(one_signed(), "<ds:Reference URI=\"#BORD1\"><ds:Transforms>",
                         "<ds:Reference URI=\"#BORD1\"><ds:Transforms>" +
                             repeated("<ds:Transform Algorithm=\"x\"/>", 300'000));
       }},
      {"I145", "ManyBordereauxUnsigned", Outcome::failed, "xades.unsigned_bordereau", Stock::unasked,
       [](auto&) {
         return replaced(one_signed(), "</PES_DepenseAller>",
                         repeated("<Bordereau/>", 300'000) + "</PES_DepenseAller>");
       }},
      {"I146", "ManySignaturesBesideManyPieces", Outcome::failed, "xades.two_signatures", Stock::unasked,
       [](auto&) {
         return replaced(make_pes(), "</Bordereau>",
                         repeated("<Piece/>", 300'000) + repeated(empty_signature, 2'000) + "</Bordereau>");
       }},
      {"I151", "BadSignaturesFarAway", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) {
         // Each finding tells its place: the number of a bordereau must not be counted anew each time.
         return replaced(one_signed(), "</PES_DepenseAller>",
                         repeated("<Bordereau/>", 200'000) +
                             repeated(std::string("<Bordereau>") + empty_signature + "</Bordereau>", 1'500) +
                             "</PES_DepenseAller>");
       }},
      {"I147", "ValueOf20Megabytes", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) {
         const auto open = between(one_signed(), "<ds:SignatureValue ", ">");
         return replaced(one_signed(), open, open + std::string(20'000'000, 'A'));
       }},
      {"I148", "PrefixListOf60Kilobytes", Outcome::failed, "xades.prefix_list", Stock::unasked,
       [](auto&) {
         constexpr auto transform = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">";
         const auto at = one_signed().find(transform) + std::string_view(transform).size();
         return one_signed().insert(
             at,
             "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"" +
                 repeated("a ", 30'000) + "\"/>");
       }},
      {"I149", "ManyInstructions", Outcome::failed, "xades.instruction", Stock::unasked,
       [](auto&) { return replaced(one_signed(), "<Piece>", repeated("<?x?>", 300'000) + "<Piece>"); }},
  };
}

}  // namespace demat::test::hostile
