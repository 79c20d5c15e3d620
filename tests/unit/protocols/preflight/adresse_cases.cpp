#include "pairs.hpp"

namespace demat::preflight::test {
namespace {

std::string line(std::string_view tiers) {
  return aller("<PES_DepenseAller><Bordereau><Piece><LigneDePiece><Tiers>" + std::string(tiers) +
               "</Tiers></LigneDePiece></Piece></Bordereau></PES_DepenseAller>");
}

std::string address(std::string_view fields) {
  return line("<Adresse>" + std::string(fields) + "</Adresse>");
}

std::vector<Pair> address_cases() {
  const std::string at_home = "<CP V=\"34000\"/><CodRes V=\"0\"/>";
  return {{"pes.p18", address(at_home), address("<CP V=\"3400\"/><CodRes V=\"0\"/>"), "CP 3400"},
          {"pes.p18", address(at_home + "<CodPays V=\"100\"/>"), address(at_home + "<CodPays V=\"132\"/>"),
           "CodRes 0, CodPays 132"},
          {"pes.p18", address("<CP V=\"99999\"/><CodRes V=\"1\"/><CodPays V=\"132\"/>"),
           address("<CP V=\"99999\"/><CodRes V=\"true\"/>"), "CodRes 1"},
          {"pes.adresse.etranger", address("<CP V=\"99999\"/><CodRes V=\"1\"/><CodPays V=\"132\"/>"),
           address("<CP V=\"01000\"/><CodRes V=\"1\"/><CodPays V=\"132\"/>"), "01000"}};
}

}  // namespace

std::vector<RuleCase> adresse_cases() {
  return paired(address_cases());
}

}  // namespace demat::preflight::test
