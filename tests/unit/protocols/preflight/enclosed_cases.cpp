#include "enclosed.hpp"
#include "flows.hpp"
#include "pairs.hpp"

namespace demat::preflight::test {
namespace {

std::string holding(const std::string& document, std::string_view type) {
  return aller("<PES_PJ><EnTetePES_PJ><IdVer V=\"1\"/></EnTetePES_PJ><PJ><Contenu><Fichier MIMEType=\"x\">" +
               packed(document) +
               "</Fichier></Contenu><IdUnique V=\"PJ1\"/><NomPJ V=\"a.xml\"/><TypePJ V=\"" +
               std::string(type) + "\"/></PJ></PES_PJ>");
}

std::vector<Pair> enclosed_pairs() {
  const auto wrong_code = change(budget(), R"(<NatFonc V="3"/>)", R"(<NatFonc V="9"/>)");
  const auto no_poste = change(budget(), R"(<IdPost V="034000"/>)", "");
  const auto no_number = change(invoices(), "<NumeroFacture ", "<NumeroDeFacture ");
  const auto other_namespace = change(budget(), "cp/demat/docbudgetaire", "cp/demat/autre");
  const auto cut = budget().substr(0, 300);
  const auto doctype = change(budget(), "<DocumentBudgetaire", "<!DOCTYPE a><DocumentBudgetaire");
  return {
      {"pes.pj.schema", holding(budget(), "001"), holding(wrong_code, "001"), "9"},
      {"pes.pj.schema", holding(budget(), "001"), holding(no_poste, "001")},
      {"pes.pj.schema", holding(budget(), "001"), holding(other_namespace, "001")},
      {"pes.pj.schema", holding(invoices(), "006"), holding(no_number, "006")},
      {"pes.pj.schema", holding(invoices(), "006"), holding("<PES_Facture/>", "006")},
      {"pes.pj.schema", holding("<Autre/>", "001"), holding(no_poste, "003")},
      {"pes.pj.xml_illisible", holding(budget(), "001"), holding(cut, "001"), "xml.malformed"},
      {"pes.pj.xml_illisible", holding("<Autre>", "001"), holding(doctype, "001"), "xml.doctype"},
      {"pes.pj.type_contenu", holding(budget(), "001"), holding(budget(), "003"),
       "TypePJ 003, DocumentBudgetaire"},
      {"pes.pj.type_contenu", holding(invoices(), "006"), holding(invoices(), "001"),
       "TypePJ 001, PES_Facture"},
      {"pes.pj.type_contenu", holding(invoices(), "010"), holding(budget(), "012")},
  };
}

}  // namespace

std::vector<RuleCase> enclosed_cases() {
  auto cases = paired(enclosed_pairs());
  for (auto& one : cases)
    one.options.pack = pack();
  return cases;
}

}  // namespace demat::preflight::test
