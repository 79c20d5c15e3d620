#include "protocols/preflight/prelevement.hpp"

#include "protocols/rules/identifiers.hpp"

namespace demat::preflight {
namespace {

using Ligne = Prelevement::Ligne;

constexpr auto nat_simple = "BlocLignePiece/InfoPrelevement/NatPrel"_f;
constexpr auto nat_sepa = "BlocLignePiece/InfoPrelevementSEPA/NatPrel"_f;
constexpr auto per_simple = "BlocLignePiece/InfoPrelevement/PerPrel"_f;
constexpr auto per_sepa = "BlocLignePiece/InfoPrelevementSEPA/PerPrel"_f;
constexpr auto ics = "BlocLignePiece/InfoPrelevementSEPA/AncienICS"_f;
constexpr auto bank_changed = "BlocLignePiece/InfoPrelevementSEPA/AncienneBanque"_f;
constexpr auto old_iban = "BlocLignePiece/InfoPrelevementSEPA/AncienIBAN"_f;

/// The Trésor hands in SEPA direct debits (01), the authority the others (02).
void block(const Ligne& ligne, const RuleInfo& rule, Verdicts& out) {
  const auto simple = ligne.at.unit[nat_simple];
  const auto sepa = ligne.at.unit[nat_sepa];
  if (!simple.empty() && simple != "02")
    hit(out, rule, ligne.at, nat_simple, "InfoPrelevement, NatPrel " + std::string(simple), same("02"));
  if (!sepa.empty() && sepa != "01")
    hit(out, rule, ligne.at, nat_sepa, "InfoPrelevementSEPA, NatPrel " + std::string(sepa), same("01"));
}

void account(const Ligne& ligne, const RuleInfo& rule, Verdicts& out) {
  const bool wanted = !ligne.at.unit[nat_simple].empty() || !ligne.at.unit[nat_sepa].empty();
  if (wanted && !ligne.account) hit(out, rule, ligne.at, ligne.at.unit.has(nat_sepa) ? nat_sepa : nat_simple);
}

void period(const Ligne& ligne, const RuleInfo& rule, Verdicts& out) {
  for (const auto field : {per_simple, per_sepa})
    if (const auto found = ligne.at.unit[field]; !found.empty() && found != "07")
      hit_value(out, rule, ligne.at, field, same("07"));
}

void creditor(const Ligne& ligne, const RuleInfo& rule, Verdicts& out) {
  constexpr std::size_t nne = 6;
  const auto found = ligne.at.unit[ics];
  if (found.empty()) return;
  const bool good = found.size() == nne ? all_digits(found) : rules::ics_valid(found);
  if (!good) hit_value(out, rule, ligne.at, ics);
}

void exclusive(const Ligne& ligne, const RuleInfo& rule, Verdicts& out) {
  if (yes(ligne.at.unit[bank_changed]) && !ligne.at.unit[old_iban].empty())
    hit(out, rule, ligne.at, bank_changed);
}

void alike(const Ligne& ligne, const RuleInfo& rule, Verdicts& out) {
  if (ligne.different) hit(out, rule, ligne.at, ligne.at.unit.has(nat_sepa) ? nat_sepa : nat_simple);
}

constexpr rules::Row<Ligne, Verdicts> rows[]{
    {{.code = "pes.prelevement.bloc",
      .name = "pes.prelevement.bloc",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TInfoPrelevement/NatPrel, TInfoPrelevementSEPA/NatPrel",
      .title_fr = "Le bloc de prélèvement va avec qui remet le fichier à la banque",
      .title_en = "The block of a direct debit goes with who hands the file to the bank",
      .fr =
          "{value} : ce bloc demande NatPrel {expected}. Les prélèvements remis par le Trésor (01) vont dans "
          "InfoPrelevementSEPA, ceux que remet l'ordonnateur (02) dans InfoPrelevement.",
      .en =
          "{value}: this block asks for NatPrel {expected}. Direct debits handed in by the Trésor (01) go to "
          "InfoPrelevementSEPA, those by the authority (02) to InfoPrelevement.",
      .remedy_fr = "Corrigez le mode de prélèvement du titre dans votre logiciel financier.",
      .remedy_en = "Correct the kind of direct debit of the titre in your financial software."},
     block},
    {{.code = "pes.prelevement.compte",
      .name = "pes.prelevement.compte",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TInfoPrelevement/NatPrel, TInfoPrelevementSEPA/NatPrel",
      .title_fr = "Un prélèvement va avec un compte bancaire du débiteur",
      .title_en = "A direct debit goes with a bank account of the debtor",
      .fr = "La ligne demande un prélèvement mais aucun de ses tiers n'a de compte bancaire (CpteBancaire).",
      .en = "The ligne asks for a direct debit but none of its tiers has a bank account (CpteBancaire).",
      .remedy_fr = "Renseignez le compte du débiteur, ou retirez le prélèvement.",
      .remedy_en = "Give the debtor's account, or take the direct debit out."},
     account},
    {{.code = "pes.prelevement.periode",
      .name = "pes.prelevement.periode",
      .level = Level::piece,
      .severity = Severity::info,
      .source = "TInfoPrelevement/PerPrel, TInfoPrelevementSEPA/PerPrel",
      .title_fr = "La périodicité d'un prélèvement est 07 (unique)",
      .title_en = "The period of a direct debit is 07 (single)",
      .fr = "La périodicité du prélèvement est « {value} » ; la DGFiP conseille {expected} (unique).",
      .en = "The period of the direct debit is '{value}'; the DGFiP advises {expected} (single).",
      .remedy_fr = "Demandez à l'éditeur de votre logiciel financier de produire 07.",
      .remedy_en = "Ask the publisher of your financial software to produce 07."},
     period},
    {{.code = "pes.prelevement.ancien_ics",
      .name = "pes.prelevement.ancien_ics",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TInfoPrelevementSEPA/AncienICS",
      .title_fr = "L'ancien identifiant créancier est un ICS de 13 caractères ou un NNE de 6 chiffres",
      .title_en = "The former creditor identifier is an ICS of 13 characters or an NNE of 6 digits",
      .fr =
          "« {value} » n'est ni un ICS (13 caractères, clé juste) ni un NNE (6 chiffres) : Hélios rejette le "
          "bordereau.",
      .en =
          "'{value}' is neither an ICS (13 characters, right key) nor an NNE (6 digits): Hélios rejects the "
          "bordereau.",
      .remedy_fr = "Corrigez l'ancien identifiant créancier, ou retirez-le.",
      .remedy_en = "Correct the former creditor identifier, or take it out."},
     creditor},
    {{.code = "pes.prelevement.ancien_compte",
      .name = "pes.prelevement.ancien_compte",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TInfoPrelevementSEPA/AncienneBanque, AncienIBAN; helios 4.5",
      .title_fr = "Un changement de banque ne cite pas l'ancien IBAN",
      .title_en = "A change of bank does not name the former IBAN",
      .fr = "AncienneBanque et AncienIBAN s'excluent : le premier dit un changement de banque, le second un "
            "changement de compte dans la même banque.",
      .en = "AncienneBanque and AncienIBAN exclude each other: the one says a change of bank, the other a "
            "change "
            "of account within the bank.",
      .remedy_fr = "Gardez l'un des deux selon le changement du mandat de prélèvement.",
      .remedy_en = "Keep one of them, as the debit mandate changed."},
     exclusive},
    {{.code = "pes.prelevement.ormc",
      .name = "pes.prelevement.ormc",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TInfoPrelevement, TInfoPrelevementSEPA",
      .title_fr = "Les lignes d'un titre ORMC portent le même prélèvement, au montant près",
      .title_en = "The lignes of an ORMC titre carry the same direct debit but for the amount",
      .fr = "Le prélèvement de cette ligne n'est pas celui des autres lignes du titre ORMC ; seul le montant "
            "peut "
            "changer.",
      .en = "The direct debit of this ligne is not that of the other lignes of the ORMC titre; the amount "
            "only may "
            "differ.",
      .remedy_fr = "Donnez le même prélèvement à toutes les lignes du titre.",
      .remedy_en = "Give all lignes of the titre the same direct debit."},
     alike},
};

/// All of the block but the amount; 0 when there is none.
std::uint64_t said_by(const Unit& ligne) {
  constexpr std::string_view blocks = "BlocLignePiece/InfoPrelevement";
  std::uint64_t out = 0;
  for (const auto& field : ligne.fields()) {
    const auto path = ligne.below(field);
    if (!path.starts_with(blocks) || path.ends_with("/MtPrel")) continue;
    out = rules::hashed(ligne.value(field), rules::hashed(path, out == 0 ? rules::field_basis : out));
  }
  return out;
}

}  // namespace

std::vector<const RuleInfo*> Prelevement::rules() {
  return infos(rows);
}

void Prelevement::look(const Unit& unit, Verdicts& out) {
  if (unit.kind == UnitKind::tiers)
    account_ = account_ || unit.has("CpteBancaire/IBAN"_f) || unit.has("CpteBancaire/CodeEtab"_f);
  if (unit.kind == UnitKind::piece) some_ = false;
  if (unit.kind != UnitKind::ligne) return;
  if (unit.has(nat_simple) || unit.has(nat_sepa)) {
    const Comptable at(unit);
    const auto said = at.ormc() ? said_by(unit) : 0;
    out.judge(rows, Ligne{at, account_, some_ && said != first_});
    if (!some_) first_ = said;
    some_ = true;
  }
  account_ = false;
}

}  // namespace demat::preflight
