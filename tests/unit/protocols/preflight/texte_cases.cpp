#include "pairs.hpp"

namespace demat::preflight::test {
namespace {

/// A flow of one mandat with that object; the bytes are those of ISO-8859-1, which the flow declares.
std::string about(std::string_view object) {
  return aller("<PES_DepenseAller><Bordereau><Piece><BlocPiece><InfoPce><Obj V=\"" + std::string(object) +
               "\"/></InfoPce></BlocPiece></Piece></Bordereau></PES_DepenseAller>");
}

}  // namespace

std::vector<RuleCase> texte_cases() {
  const std::string code = "pes.texte.encodage";
  auto cases = paired({
      {code,
       about("\xC9tude \xE0 l'\xE9"
             "cole, \xAB n\xB0 3 \xBB"),
       about("\xC3\xA9tude"), "Obj : Ã©"},
      {code, about("d'eau"),
       about("d\x92"
             "eau"),
       "Obj : [92]"},
      {code, about("12 EUR"), about("12 \x80"), "Obj : [80]"},
      {code, about("n\xB0 3"), about("n\xC2\xB0 3"), "Obj : Â°"},
      {code, about("A\xC3 B"),
       about("d\xE2\x80\x99"
             "eau"),
       "Obj : â[80][99]"},
      {code, about("\xC9tude"), about("\xC3\x89tude"), "Obj : Ã[89]"},
      {code, about("Ch\xE2teau"), about("\x81"), "Obj : [81]"},
  });
  return cases;
}

}  // namespace demat::preflight::test
