#include "protocols/marche/judging.hpp"
#include "protocols/rules/identifiers.hpp"

/// Bank accounts of operators (helios P6, 9.3 no. 7; TBancaireMarche).
namespace demat::marche {
namespace {

using rules::capitals;
using rules::masked_account;

constexpr std::string_view outside_union = "06";  // nature of identifier: hors UE

const Compte* account(const Party& p) {
  return p.operateur.compte ? &*p.operateur.compte : nullptr;
}

void letters(const Party& p, const RuleInfo& rule, Verdicts& out) {
  const auto* compte = account(p);
  if (compte == nullptr) return;
  for (const auto* leaf : {&compte->bic, &compte->iban})
    if (leaf->text != capitals(leaf->text))
      hit(out, rule, p.contrat, *compte, *leaf,
          std::string(leaf->element) + " " + masked_account(leaf->text));
}

void iban(const Party& p, const RuleInfo& rule, Verdicts& out) {
  const auto* compte = account(p);
  if (compte != nullptr && compte->iban.present() && !rules::iban_valid(capitals(compte->iban.text)))
    hit(out, rule, p.contrat, *compte, compte->iban, masked_account(compte->iban.text),
        {"longueur du pays et clé juste", "the country's length and a right key"});
}

void bic(const Party& p, const RuleInfo& rule, Verdicts& out) {
  const auto* compte = account(p);
  if (compte != nullptr && compte->bic.present() && !rules::bic_valid(capitals(compte->bic.text)))
    hit(out, rule, p.contrat, *compte, compte->bic, compte->bic.text,
        {"8 ou 11 caractères, pays connu", "8 or 11 characters, a known country"});
}

void bic_abroad(const Party& p, const RuleInfo& rule, Verdicts& out) {
  const auto* compte = account(p);
  if (compte == nullptr || compte->bic.present() || !compte->iban.present()) return;
  const auto number = capitals(compte->iban.text);
  if (rules::iban_valid(number) && !rules::french_iban(number))
    hit(out, rule, p.contrat, *compte, compte->iban, number.substr(0, 2), same("BIC"));
}

void rib(const Party& p, const RuleInfo& rule, Verdicts& out) {
  const auto* compte = account(p);
  if (compte == nullptr) return;
  const auto& c = *compte;
  const bool some =
      c.code_etab.present() || c.code_guic.present() || c.id_cpte.present() || c.cle_rib.present();
  if (some && !rules::rib_valid(c.code_etab.text, c.code_guic.text, c.id_cpte.text, c.cle_rib.text))
    hit(out, rule, p.contrat, c, c.id_cpte,
        masked_account(c.code_etab.text + c.code_guic.text + c.id_cpte.text + c.cle_rib.text));
}

void international(const Party& p, const RuleInfo& rule, Verdicts& out) {
  const auto* compte = account(p);
  if (compte != nullptr && compte->id_pay_int.present() != compte->id_banc_int.present())
    hit(out, rule, p.contrat, *compte,
        compte->id_pay_int.present() ? compte->id_pay_int : compte->id_banc_int,
        compte->id_pay_int.present() ? "IdPayInt" : "IdBancInt", same("IdPayInt, IdBancInt"));
}

void foreign_account(const Party& p, const RuleInfo& rule, Verdicts& out) {
  const auto* compte = account(p);
  const bool foreign =
      compte != nullptr && (compte->numero_etranger.present() || compte->code_pays.present());
  if (foreign && !p.operateur.nature_id.is(outside_union))
    hit(out, rule, p.contrat, *compte, compte->code_pays, p.operateur.nature_id.text, same(outside_union));
}

void country(const Party& p, const RuleInfo& rule, Verdicts& out) {
  const auto* compte = account(p);
  if (compte != nullptr && compte->code_pays.present() && !rules::country_known(compte->code_pays.text))
    hit(out, rule, p.contrat, *compte, compte->code_pays, compte->code_pays.text,
        {"un code pays à deux lettres", "a country code of two letters"});
}

constexpr PartyRow rows[]{
    {{.code = "pes.marche.casse_bancaire",
      .name = "P27.7",
      .level = Level::flux,
      .severity = Severity::error,
      .source = "helios P6, 9.3-7; TBancaireMarche/BIC, IBAN",
      .title_fr = "Les lettres d'un BIC et d'un IBAN sont des majuscules",
      .title_en = "The letters of a BIC and of an IBAN are capitals",
      .fr = "{value} contient des minuscules : Hélios rejette tout le flux.",
      .en = "{value} holds small letters: Hélios rejects the whole flow.",
      .remedy_fr = "Écrire le BIC et l'IBAN en majuscules dans la fiche de l'opérateur.",
      .remedy_en = "Write the BIC and the IBAN in capitals in the record of the operator."},
     letters},
    {{.code = "pes.marche.iban",
      .name = "pes.marche.iban",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "helios 9.3-7; TBancaireMarche/IBAN",
      .title_fr = "L'IBAN d'un opérateur a la longueur de son pays et une clé juste",
      .title_en = "The IBAN of an operator has the length of its country and a right key",
      .fr = "L'IBAN {value} n'est pas valide ; attendu : {expected}.",
      .en = "The IBAN {value} is not valid; expected: {expected}.",
      .remedy_fr = "Ressaisir l'IBAN d'après le relevé d'identité bancaire.",
      .remedy_en = "Type the IBAN again from the bank details."},
     iban},
    {{.code = "pes.marche.bic",
      .name = "pes.marche.bic",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "helios 9.3-7; TBancaireMarche/BIC",
      .title_fr = "Le BIC d'un opérateur est bien formé et d'un pays connu",
      .title_en = "The BIC of an operator is well-formed and of a known country",
      .fr = "Le BIC {value} n'est pas valide ; attendu : {expected}.",
      .en = "The BIC {value} is not valid; expected: {expected}.",
      .remedy_fr = "Ressaisir le BIC d'après le relevé d'identité bancaire.",
      .remedy_en = "Type the BIC again from the bank details."},
     bic},
    {{.code = "pes.marche.bic_etranger",
      .name = "pes.marche.bic_etranger",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TBancaireMarche/BIC; TTitulaire/CpteBancaire",
      .title_fr = "Un compte hors de France a un BIC",
      .title_en = "An account outside France has a BIC",
      .fr = "L'IBAN est d'un autre pays ({value}) et le {expected} manque.",
      .en = "The IBAN is of another country ({value}) and the {expected} is missing.",
      .remedy_fr = "Ajouter le BIC de la banque de l'opérateur.",
      .remedy_en = "Add the BIC of the operator's bank."},
     bic_abroad},
    {{.code = "pes.marche.rib",
      .name = "pes.marche.rib",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TBancaireMarche/CodeEtab, CodeGuic, IdCpte, CleRib",
      .title_fr = "Les quatre parties d'un RIB sont servies et la clé est juste",
      .title_en = "The four parts of a RIB are there and the key is right",
      .fr = "Le RIB {value} est incomplet ou sa clé est fausse.",
      .en = "The RIB {value} is incomplete or its key is wrong.",
      .remedy_fr = "Ressaisir le RIB d'après le relevé d'identité bancaire, ou passer à l'IBAN.",
      .remedy_en = "Type the RIB again from the bank details, or go over to the IBAN."},
     rib},
    {{.code = "pes.marche.rib_international",
      .name = "pes.marche.rib_international",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TBancaireMarche/IdPayInt, IdBancInt",
      .title_fr = "IdPayInt et IdBancInt vont ensemble",
      .title_en = "IdPayInt and IdBancInt go together",
      .fr = "{value} est servi seul ; attendu : {expected}.",
      .en = "{value} is there alone; expected: {expected}.",
      .remedy_fr = "Servir les deux, ou aucun.",
      .remedy_en = "Give both, or neither."},
     international},
    {{.code = "pes.marche.compte_etranger",
      .name = "pes.marche.compte_etranger",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TBancaireMarche/CodePays, NumeroCompteEtranger",
      .title_fr = "Un compte hors zone SEPA est celui d'un opérateur hors UE (nature 06)",
      .title_en = "An account outside SEPA is that of an operator outside the Union (kind 06)",
      .fr = "Un numéro de compte étranger est servi pour un identifiant de nature {value} ; attendu : "
            "{expected}.",
      .en = "A foreign account is given for an identifier of kind {value}; expected: {expected}.",
      .remedy_fr = "Servir l'IBAN de l'opérateur, ou corriger la nature de son identifiant.",
      .remedy_en = "Give the operator's IBAN, or correct the kind of its identifier."},
     foreign_account},
    {{.code = "pes.marche.pays_compte",
      .name = "pes.marche.pays_compte",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TBancaireMarche/CodePays",
      .title_fr = "Le pays d'un compte étranger existe",
      .title_en = "The country of a foreign account exists",
      .fr = "Le pays « {value} » n'existe pas ; attendu : {expected}.",
      .en = "The country \"{value}\" does not exist; expected: {expected}.",
      .remedy_fr = "Corriger le code pays du compte.",
      .remedy_en = "Correct the country of the account."},
     country},
};

}  // namespace

void judge_bank(const Party& party, Verdicts& out) {
  out.judge(rows, party);
}

std::vector<const RuleInfo*> bank_rules() {
  return infos(rows);
}

}  // namespace demat::marche
