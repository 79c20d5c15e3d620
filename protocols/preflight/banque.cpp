#include "protocols/preflight/banque.hpp"

#include <algorithm>
#include <array>

#include "protocols/preflight/account.hpp"
#include "protocols/rules/identifiers.hpp"

/// Bank accounts (helios P6, P16).
namespace demat::preflight {
namespace {

constexpr auto of_tiers = account_in("CpteBancaire");
constexpr auto means = "BlocLignePiece/InfoLignePce/ModRegl"_f;

/// Whether a tiers of the line being read has an account: the line closes after its tiers.
struct AccountOfLine {
  bool given = false;
};

void p6(const Unit& unit, const RuleInfo& rule, Verdicts& out) {
  if (unit.kind == UnitKind::tiers) return wrong_case(unit, of_tiers, rule, out);
  if (unit.kind == UnitKind::domaine) return wrong_case(unit, account_in("Emetteur/CptBancaire"), rule, out);
  wrong_case(unit, account_in("Debiteur/CpteBancaire"), rule, out);
  wrong_case(unit, account_in("Destinataire/CpteBancaire"), rule, out);
}

void p16(const Unit& line, const RuleInfo& rule, Verdicts& out) {
  const auto how = line[means];
  if ((how == "03" || how == "05") && !out.memory<AccountOfLine>().given)
    hit(out, rule, line, means, "ModRegl " + std::string(how), same("CpteBancaire"));
}

void forbidden(const Unit& line, const RuleInfo& rule, Verdicts& out) {
  constexpr std::array<std::string_view, 7> without{"01", "02", "04", "07", "08", "09", "11"};
  const auto how = line[means];
  if (!out.memory<AccountOfLine>().given) return;
  if (std::find(without.begin(), without.end(), how) != without.end())
    hit(out, rule, line, means, "ModRegl " + std::string(how));
}

void iban(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  wrong_iban(tiers, of_tiers, rule, out);
}
void bic(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  wrong_bic(tiers, of_tiers, rule, out);
}
void rib(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  wrong_rib(tiers, of_tiers, rule, out);
}
void international(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  wrong_international(tiers, of_tiers, rule, out);
}

void bic_abroad(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  const auto number = tiers[of_tiers.iban];
  if (number.empty() || !tiers[of_tiers.bic].empty() || french_iban(number)) return;
  if (rules::iban_valid(number))
    hit(out, rule, tiers, of_tiers.iban, std::string(number.substr(0, 2)), same("BIC"));
}

/// A French IBAN holds a RIB whose own key may be wrong while that of the IBAN is right.
void rib_inside(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  const auto number = tiers[of_tiers.iban];
  if (!french_iban(number) || !rules::iban_valid(number)) return;
  if (!rules::rib_valid(number.substr(4, 5), number.substr(9, 5), number.substr(14, 11), number.substr(25)))
    hit(out, rule, tiers, of_tiers.iban, masked_account(number));
}

constexpr UnitRow case_rows[] = {
    {{.code = "pes.p6",
      .name = "P6",
      .level = Level::flux,
      .severity = Severity::error,
      .source = "helios P6; TBancaire et TBancaireFacture/BIC, IBAN",
      .title_fr = "Les lettres d'un BIC et d'un IBAN sont des majuscules",
      .title_en = "The letters of a BIC and of an IBAN are capitals",
      .fr = "{value} contient des minuscules : Hélios rejette tout le flux.",
      .en = "{value} holds small letters: Hélios rejects the whole flow.",
      .remedy_fr = "Écrire le BIC et l'IBAN en majuscules dans la fiche du tiers.",
      .remedy_en = "Write the BIC and the IBAN in capitals in the record of the tiers."},
     p6}};

/// The invoices in an attachment are none of the flow's own accounts: Hélios takes them out of the PJ once it
/// has taken the flow in.
constexpr UnitRow enclosed_case_rows[] = {
    {{.code = "pes.facture.casse_bancaire",
      .name = "pes.facture.casse_bancaire",
      .level = Level::facture,
      .source = "helios P6; TBancaireFacture/BIC, IBAN; PES_Aller/PES_Facture (dans une PJ de type 006)",
      .title_fr = "Dans un PES_Facture joint, les lettres d'un BIC et d'un IBAN sont des majuscules",
      .title_en = "In a PES_Facture attached, the letters of a BIC and of an IBAN are capitals",
      .fr = "{value} contient des minuscules : Hélios rejette le PES_Facture.",
      .en = "{value} holds small letters: Hélios rejects the PES_Facture.",
      .remedy_fr = "Écrire le BIC et l'IBAN en majuscules, puis refaire l'édition des factures.",
      .remedy_en = "Write the BIC and the IBAN in capitals, then make the invoices again."},
     p6}};

constexpr UnitRow line_rows[] = {
    {{.code = "pes.p16",
      .name = "P16",
      .level = Level::bordereau,
      .source = "helios P16; TInfoLignePce/ModRegl",
      .title_fr = "Un règlement par virement (03, 05) demande le compte bancaire du tiers",
      .title_en = "A payment by transfer (03, 05) wants the bank account of the tiers",
      .fr = "{value} sans compte bancaire du tiers ({expected}).",
      .en = "{value} without a bank account of the tiers ({expected}).",
      .remedy_fr = "Compléter le compte bancaire du tiers, ou changer le mode de règlement.",
      .remedy_en = "Complete the bank account of the tiers, or change the means of payment."},
     p16},
    {{.code = "pes.banque.compte_interdit",
      .name = "pes.banque.compte_interdit",
      .level = Level::bordereau,
      .source = "TInfoLignePce/ModRegl",
      .title_fr = "Certains modes de règlement (01, 02, 04, 07, 08, 09, 11) excluent un compte bancaire",
      .title_en = "Some means of payment (01, 02, 04, 07, 08, 09, 11) exclude a bank account",
      .fr = "{value} alors que le tiers porte un compte bancaire.",
      .en = "{value} while the tiers carries a bank account.",
      .remedy_fr = "Ne pas transmettre le compte bancaire, ou choisir le virement.",
      .remedy_en = "Do not transmit the bank account, or choose the transfer."},
     forbidden}};

constexpr UnitRow tiers_rows[] = {
    {{.code = "pes.banque.iban",
      .name = "pes.banque.iban",
      .level = Level::bordereau,
      .source = "helios P16; TBancaire/IBAN",
      .title_fr = "Un IBAN a la longueur de son pays et une clé juste",
      .title_en = "An IBAN has the length of its country and a right key",
      .fr = "L'IBAN {value} n'est pas valide ; attendu : {expected}.",
      .en = "The IBAN {value} is not valid; expected: {expected}.",
      .remedy_fr = "Ressaisir l'IBAN d'après le relevé d'identité bancaire.",
      .remedy_en = "Type the IBAN again from the bank details."},
     iban},
    {{.code = "pes.banque.rib",
      .name = "pes.banque.rib",
      .level = Level::bordereau,
      .source = "helios P16; TBancaire/CodeEtab, CodeGuic, IdCpte, CleRib",
      .title_fr = "Les quatre parties d'un RIB sont servies et la clé est juste",
      .title_en = "The four parts of a RIB are there and the key is right",
      .fr = "Le RIB ({value}) est incomplet ou faux ; attendu : {expected}.",
      .en = "The RIB ({value}) is incomplete or wrong; expected: {expected}.",
      .remedy_fr = "Ressaisir le RIB d'après le relevé d'identité bancaire, ou passer à l'IBAN.",
      .remedy_en = "Type the RIB again from the bank details, or go over to the IBAN."},
     rib},
    {{.code = "pes.banque.rib_iban",
      .name = "pes.banque.rib_iban",
      .level = Level::bordereau,
      .severity = Severity::info,
      .source = "déduit de TBancaire/IBAN et de la clé du RIB",
      .title_fr = "Un IBAN français contient un RIB dont la clé est juste",
      .title_en = "A French IBAN holds a RIB whose key is right",
      .fr = "L'IBAN {value} est juste, mais la clé du RIB qu'il contient est fausse.",
      .en = "The IBAN {value} is right, but the key of the RIB inside is wrong.",
      .remedy_fr = "Vérifier le compte auprès du tiers.",
      .remedy_en = "Check the account with the tiers."},
     rib_inside},
    {{.code = "pes.banque.bic",
      .name = "pes.banque.bic",
      .level = Level::bordereau,
      .source = "TBancaire/BIC",
      .title_fr = "Un BIC a 8 ou 11 caractères et un pays connu",
      .title_en = "A BIC has 8 or 11 characters and a known country",
      .fr = "Le BIC « {value} » n'a pas la forme d'un BIC ou son pays n'existe pas.",
      .en = "The BIC \"{value}\" has not the form of a BIC or its country does not exist.",
      .remedy_fr = "Ressaisir le BIC d'après le relevé d'identité bancaire.",
      .remedy_en = "Type the BIC again from the bank details."},
     bic},
    {{.code = "pes.banque.bic_etranger",
      .name = "pes.banque.bic_etranger",
      .level = Level::bordereau,
      .source = "TBancaire/BIC",
      .title_fr = "Un compte à l'étranger demande son BIC",
      .title_en = "An account abroad wants its BIC",
      .fr = "Compte domicilié à l'étranger ({value}) sans {expected}.",
      .en = "Account held abroad ({value}) without {expected}.",
      .remedy_fr = "Compléter le BIC dans la fiche du tiers.",
      .remedy_en = "Complete the BIC in the record of the tiers."},
     bic_abroad},
    {{.code = "pes.banque.international",
      .name = "pes.banque.international",
      .level = Level::bordereau,
      .source = "TBancaire/IdPayInt, IdBancInt",
      .title_fr = "IdPayInt et IdBancInt vont ensemble et complètent le RIB",
      .title_en = "IdPayInt and IdBancInt go together and complete the RIB",
      .fr = "{value} : identification internationale incomplète ou fausse ; attendu : {expected}.",
      .en = "{value}: international identification incomplete or wrong; expected: {expected}.",
      .remedy_fr = "Compléter ou retirer les deux zones, ou passer à l'IBAN.",
      .remedy_en = "Complete or take out both fields, or go over to the IBAN."},
     international}};

class Banque final : public rules::Family {
 public:
  void close(const Unit& unit, Verdicts& out) override {
    switch (unit.kind) {
      case UnitKind::tiers:
        return tiers(unit, out);
      case UnitKind::ligne:
        if (unit.domaine() == "PES_DepenseAller") out.judge(line_rows, unit);
        out.memory<AccountOfLine>().given = false;
        return;
      case UnitKind::domaine:
      case UnitKind::facture:
        if (unit.domaine() == "PES_Facture") letters(unit, out);
        return;
      default:
        return;
    }
  }

 private:
  static void letters(const Unit& unit, Verdicts& out) {
    if (unit.enclosing(UnitKind::pj) == nullptr)
      out.judge(case_rows, unit);
    else
      out.judge(enclosed_case_rows, unit);
  }

  static void tiers(const Unit& unit, Verdicts& out) {
    if (!account_given(unit, of_tiers)) return;
    out.memory<AccountOfLine>().given = true;
    letters(unit, out);
    if (unit.domaine() != "PES_Facture") out.judge(tiers_rows, unit);
  }
};

}  // namespace

std::span<const RuleInfo* const> banque_rules() {
  static const auto all = infos(case_rows, enclosed_case_rows, line_rows, tiers_rows);
  return all;
}

std::unique_ptr<rules::Family> banque_family() {
  return std::make_unique<Banque>();
}

}  // namespace demat::preflight
