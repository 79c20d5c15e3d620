#include "enclosed.hpp"

#include <stdexcept>

#include "tests/support/pes_domains.hpp"

namespace demat::preflight::test {

std::shared_ptr<const xml::SchemaPack> pack() {
  static const auto loaded = [] {
    auto out = xml::SchemaPack::load(std::string(DEMAT_SOURCE_DIR) + "/schemas/pes/5.30");
    if (!out) throw std::runtime_error(out.error().en + " " + out.error().detail);
    return std::move(*out);
  }();
  return loaded;
}

std::string budget() {
  return R"(<?xml version="1.0" encoding="ISO-8859-1"?>)"
         "\n"
         R"(<DocumentBudgetaire xmlns="http://www.minefi.gouv.fr/cp/demat/docbudgetaire"><VersionSchema V="87"/>)"
         "\n"
         R"(<EnTeteDocBudgetaire><DteStr V="2026-02-25"/><LibellePoste V="P"/><IdPost V="034000"/><LibelleColl V="C"/>)"
         R"(<IdColl V="73282932000074"/><NatCEPL V="Commune"/></EnTeteDocBudgetaire><Budget><EnTeteBudget>)"
         R"(<LibelleEtab V="C"/><CodColl V="123"/><CodBud V="00"/><Nomenclature V="M57"/></EnTeteBudget>)"
         "\n"
         R"(<BlocBudget><NatDec V="01"/><Exer V="2026"/><BudgPrec V="1"/><ReprRes V="1"/><NatFonc V="3"/>)"
         R"(<CodTypBud V="P"/></BlocBudget><InformationsGenerales/><LigneBudget><Nature V="60611"/></LigneBudget>)"
         R"(</Budget></DocumentBudgetaire>)";
}

std::string invoices() {
  return samples::facture({}, {.titres = 1});
}

}  // namespace demat::preflight::test
