#include "protocols/pes/labels.hpp"

#include <algorithm>
#include <array>

namespace demat::pes {
namespace {

// Facts: 5.30 pack, pes530 §6 to §8, helios 2.3 to 2.7; the words are ours. Codes of older packs stay, marked
// where they are dead.
constexpr std::array typ_bord_depense_rows{
    Label{"01", "ordinaire", "ordinary"},
    Label{"02", "annulation ou réduction", "cancellation or reduction"},
    Label{"03", "ordres de paiement", "payment orders"},
    Label{"04", "régularisation", "regularisation"},
};

constexpr std::array typ_bord_recette_rows{
    Label{"01", "ordinaire", "ordinary"},
    Label{"02", "annulation ou réduction", "cancellation or reduction"},
    Label{"03", "ordres de recette", "revenue orders"},
    Label{"04", "régularisation", "regularisation"},
    Label{"05", "P503", "P503"},
    Label{"06", "ORMC (ordre de recette multi-créanciers)", "ORMC (revenue order of several creditors)"},
    Label{"07", "ORMC, reversement au bénéficiaire", "ORMC, paid on to the beneficiary"},
};

constexpr std::array typ_pce_depense_rows{
    Label{"01", "mandat ordinaire", "ordinary mandat"},
    Label{"02", "mandat correctif", "corrective mandat"},
    Label{"03", "mandat d'ordre budgétaire", "budgetary book entry"},
    Label{"04", "mandat d'ordre mixte", "mixed book entry"},
    Label{"05", "mandat émis après paiement", "mandat issued after payment"},
    Label{"06", "mandat global", "global mandat"},
    Label{"07", "admission en non-valeur", "write-off"},
    Label{"08", "mandat collectif", "collective mandat"},
    Label{"09", "mandat sur marché", "mandat on a contract"},
    Label{"10", "mandat de rattachement", "accrual mandat"},
    Label{"11", "ordre de paiement", "payment order"},
    Label{"12", "demande d'émission de mandat", "request to issue a mandat"},
    Label{"13", "charges constatées d'avance", "prepaid expenses"},
    Label{"14", "demande d'émission de titre", "request to issue a titre"},
    Label{"15", "ordre de paiement de retenue de garantie", "payment order of a retention"},
};

constexpr std::array typ_pce_recette_rows{
    Label{"01", "titre ordinaire", "ordinary titre"},
    Label{"02", "titre correctif", "corrective titre"},
    Label{"03", "titre d'ordre budgétaire", "budgetary book entry"},
    Label{"04", "titre d'ordre mixte", "mixed book entry"},
    Label{"05", "titre émis après encaissement", "titre issued after collection"},
    Label{"06", "titre récapitulatif avec rôle", "summary titre with roll"},
    Label{"07", "titre récapitulatif sans rôle", "summary titre without roll"},
    Label{"08", "rôle", "roll"},
    Label{"09", "titre de majoration (jusqu'au jeu 5.17)", "surcharge titre (up to pack 5.17)"},
    Label{"10", "titre sur plusieurs années", "titre over several years"},
    Label{"11", "titre de rattachement", "accrual titre"},
    Label{"12", "ordre de recette", "revenue order"},
    Label{"13", "demande d'émission de titre", "request to issue a titre"},
    Label{"14", "produits constatés d'avance", "deferred income"},
    Label{"15", "titre ORMC", "ORMC titre"},
};

constexpr std::array nat_pce_depense_rows{
    Label{"01", "fonctionnement", "operating"},
    Label{"02", "investissement", "investment"},
    Label{"03", "inventaire", "inventory"},
    Label{"04", "emprunt", "loan"},
    Label{"05", "régie", "imprest account"},
    Label{"06", "annulation ou réduction", "cancellation or reduction"},
    Label{"07", "complémentaire", "complementary"},
    Label{"08", "réémis", "issued again"},
    Label{"09", "annulant un titre", "cancelling a titre"},
    Label{"10", "annulation d'un mandat de rattachement", "cancelling an accrual mandat"},
    Label{"11", "paie", "payroll"},
    Label{"12", "retenue de garantie", "retention"},
    Label{"13", "dernier acompte sur marché", "last instalment of a contract"},
    Label{"14", "avance forfaitaire", "flat-rate advance"},
    Label{"15", "autres", "others"},
    Label{"18", "opération d'ordre liée à une cession", "book entry of a disposal"},
    Label{"19", "réquisition de l'ordonnateur", "requisition by the ordonnateur"},
    Label{"20", "autre opération avec émargement", "other operation with matching"},
    Label{"21", "frais financiers", "financial charges"},
    Label{"22", "débit d'office", "automatic debit"},
    Label{"23", "dépense domiciliée", "direct-debit expense"},
    Label{"24", "remboursement de retenue de garantie", "repayment of a retention"},
    Label{"25", "remboursement manuel de retenue de garantie", "manual repayment of a retention"},
    Label{"26", "remboursement d'échéance d'emprunt", "repayment of a loan instalment"},
    Label{"27", "secours d'urgence", "emergency aid"},
    Label{"28", "vacation de police", "police duty fee"},
    Label{"29", "divers", "miscellaneous"},
    Label{"30", "pénalités de retard", "penalties for delay"},
};

constexpr std::array nat_pce_recette_rows{
    Label{"01", "fonctionnement", "operating"},
    Label{"02", "investissement", "investment"},
    Label{"03", "inventaire", "inventory"},
    Label{"04", "emprunt", "loan"},
    Label{"05", "régie", "imprest account"},
    Label{"06", "annulation ou réduction", "cancellation or reduction"},
    Label{"07", "complémentaire", "complementary"},
    Label{"08", "réémis", "issued again"},
    Label{"09", "annulant un mandat", "cancelling a mandat"},
    Label{"10", "annulation d'un titre de rattachement", "cancelling an accrual titre"},
    Label{"11", "marché", "contract"},
    Label{"12", "autres", "others"},
    Label{"18", "opération d'ordre liée à une cession", "book entry of a disposal"},
};

constexpr std::array nat_pce_orig_depense_rows{
    Label{"01", "mandat", "mandat"},
    Label{"02", "titre", "titre"},
    Label{"03", "paiement", "payment"},
    Label{"04", "liste de non-valeurs", "list of write-offs"},
    Label{"05", "ordre de paiement", "payment order"},
};

constexpr std::array nat_pce_orig_recette_rows{
    Label{"01", "titre", "titre"},
    Label{"02", "mandat", "mandat"},
    Label{"03", "encaissement", "collection"},
    Label{"05", "liste de majoration", "list of surcharges"},
};

constexpr std::array mod_regl_depense_rows{
    Label{"01", "numéraire au guichet", "cash at the counter"},
    Label{"02", "chèque à l'encaissement", "cheque for collection"},
    Label{"03", "virement", "bank transfer"},
    Label{"04", "virement d'une application externe", "transfer of an outside application"},
    Label{"05", "virement de gros montant", "transfer of a large amount"},
    Label{"06", "virement à l'étranger", "transfer abroad"},
    Label{"07", "opération d'un budget rattaché", "operation of an attached budget"},
    Label{"08", "opération d'ordre", "book entry"},
    Label{"09", "avis de règlement", "notice of settlement"},
    Label{"10", "prélèvement", "direct debit"},
    Label{"11", "virement interne", "internal transfer"},
    Label{"12", "chèque bancaire DFT", "bank cheque (DFT)"},
    Label{"13", "chèque énergie", "energy voucher"},
    Label{"14", "chèque vacances", "holiday voucher"},
    Label{"15", "crédit d'office", "automatic credit"},
    Label{"16", "débit d'office", "automatic debit"},
    Label{"17", "frais PayFiP", "PayFiP fees"},
    Label{"18", "carte bancaire par téléphone", "card by telephone"},
    Label{"19", "télépaiement", "remote payment"},
    Label{"20", "virement par internet (PayFiP)", "transfer over the internet (PayFiP)"},
};

constexpr std::array mod_regl_recette_rows{
    Label{"01", "numéraire au guichet", "cash at the counter"},
    Label{"02", "chèque à l'encaissement", "cheque for collection"},
    Label{"03", "virement", "bank transfer"},
    Label{"04", "virement d'une application externe", "transfer of an outside application"},
    Label{"05", "virement de gros montant", "transfer of a large amount"},
    Label{"06", "virement à l'étranger", "transfer abroad"},
    Label{"07", "opération d'un budget rattaché", "operation of an attached budget"},
    Label{"08", "prélèvement", "direct debit"},
    Label{"09", "virement interne", "internal transfer"},
    Label{"10", "chèque bancaire DFT", "bank cheque (DFT)"},
    Label{"11", "chèque énergie", "energy voucher"},
    Label{"12", "chèque vacances", "holiday voucher"},
    Label{"13", "crédit d'office", "automatic credit"},
    Label{"14", "débit d'office", "automatic debit"},
    Label{"15", "frais PayFiP", "PayFiP fees"},
    Label{"16", "carte bancaire par téléphone", "card by telephone"},
    Label{"17", "télépaiement", "remote payment"},
    Label{"18", "virement par internet (PayFiP)", "transfer over the internet (PayFiP)"},
};

constexpr std::array edition_rows{
    Label{"01", "avis des sommes à payer à éditer", "notice of payment to be printed"},
    Label{"02", "avis déposé sur Chorus Pro", "notice put on Chorus Pro"},
    Label{"03", "avis ORMC déposé sur Chorus Pro (pdf)", "ORMC notice put on Chorus Pro (pdf)"},
    Label{"04", "avis non traité par la DGFiP", "notice that the DGFiP does not handle"},
    Label{"05", "avis de patient à éditer", "notice of a patient to be printed"},
    Label{"06", "avis ORMC à éditer par l'ENSU (pdf)", "ORMC notice printed by the ENSU (pdf)"},
    Label{"07", "avis ORMC à éditer par l'ENSU (xml)", "ORMC notice printed by the ENSU (xml)"},
    Label{"08", "avis ORMC déposé sur Chorus Pro (xml)", "ORMC notice put on Chorus Pro (xml)"},
    Label{"09", "facture électronique", "electronic invoice"},
    Label{"10", "facture électronique ORMC", "ORMC electronic invoice"},
};

}  // namespace

std::span<const Label> labels(CodeList list, std::string_view pack) {
  switch (list) {
    case CodeList::typ_bord_depense:
      return typ_bord_depense_rows;
    case CodeList::typ_bord_recette:
      return typ_bord_recette_rows;
    case CodeList::typ_pce_depense:
      return typ_pce_depense_rows;
    case CodeList::typ_pce_recette:
      return typ_pce_recette_rows;
    case CodeList::nat_pce_depense:
      return nat_pce_depense_rows;
    case CodeList::nat_pce_recette:
      return nat_pce_recette_rows;
    case CodeList::nat_pce_orig_depense:
      return nat_pce_orig_depense_rows;
    case CodeList::nat_pce_orig_recette:
      return nat_pce_orig_recette_rows;
    case CodeList::mod_regl_depense:
      return mod_regl_depense_rows;
    case CodeList::mod_regl_recette:
      return mod_regl_recette_rows;
    case CodeList::edition:
      return edition_rows;
    default:
      break;
  }
  const auto party = detail::party_labels(list, pack);
  return party.empty() ? detail::retour_labels(list) : party;
}

const Label* label_of(CodeList list, std::string_view code, std::string_view pack) {
  const auto rows = labels(list, pack);
  const auto at = std::find_if(rows.begin(), rows.end(), [&](const Label& row) { return row.code == code; });
  return at == rows.end() ? nullptr : &*at;
}

std::string labelled(CodeList list, std::string_view code, std::string_view pack) {
  const auto* row = label_of(list, code, pack);
  return row == nullptr ? std::string(code) : std::string(code) + " " + std::string(row->fr);
}

std::string labelled_en(CodeList list, std::string_view code, std::string_view pack) {
  const auto* row = label_of(list, code, pack);
  return row == nullptr ? std::string(code) : std::string(code) + " " + std::string(row->en);
}

}  // namespace demat::pes
