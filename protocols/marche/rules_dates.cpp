#include <algorithm>
#include <array>

#include "protocols/marche/judging.hpp"

/// Dates, durations and the CPV.
namespace demat::marche {
namespace {

void in_order(const Contrat& c, const Leaf& first, const Leaf& second, const RuleInfo& rule, Verdicts& out) {
  if (backwards(first, second)) hit(out, rule, c, c, second, second.text, earlier(first));
}

void signed_before_notified(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  in_order(m, m.date_signature, m.date_notification, rule, out);
}

void notified_before_begun(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  in_order(m, m.date_notification, m.date_debut, rule, out);
  const auto& begun = m.date_debut.present() ? m.date_debut : m.date_notification;
  in_order(m, begun, m.date_debut_execution, rule, out);
}

void modified_after(const Contrat& c, const RuleInfo& rule, Verdicts& out) {
  const auto* marche = c.element == "Marche" ? static_cast<const Marche*>(&c) : nullptr;
  const auto& begun = marche != nullptr ? marche->date_notification : c.date_signature;
  for (const auto& m : c.modifications)
    if (backwards(begun, m.date_signature))
      hit(out, rule, c, m, m.date_signature, m.date_signature.text, earlier(begun));
}

void longest(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  const auto duration = m.duree.number();
  const auto most = m.duree_maximum.number();
  if (duration && most && *most < *duration)
    hit(out, rule, m, m, m.duree_maximum, m.duree_maximum.text,
        {"au moins " + m.duree.text, m.duree.text + " or more"});
}

void periods(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  for (const auto& buyer : m.parts) {
    for (const auto& one : buyer.periodes)
      if (backwards(one.debut, one.fin)) hit(out, rule, m, one, one.fin, one.fin.text, earlier(one.debut));
    for (const auto& one : buyer.tranches)
      if (backwards(one.debut, one.fin)) hit(out, rule, m, one, one.fin, one.fin.text, earlier(one.debut));
  }
}

/// Divisions of the CPV: its first two digits (règlement (CE) 213/2008).
constexpr std::array<unsigned char, 45> divisions{3,  9,  14, 15, 16, 18, 19, 22, 24, 30, 31, 32, 33, 34, 35,
                                                  37, 38, 39, 41, 42, 43, 44, 45, 48, 50, 51, 55, 60, 63, 64,
                                                  65, 66, 70, 71, 72, 73, 75, 76, 77, 79, 80, 85, 90, 92, 98};

void division(const Marche& m, const Block& block, const Leaf& code, const RuleInfo& rule, Verdicts& out) {
  if (!code.present()) return;
  const auto two = Leaf{code.text.substr(0, 2), {}, 0}.number();
  const bool known = two && std::binary_search(divisions.begin(), divisions.end(), *two);
  if (!known) hit(out, rule, m, block, code, code.text);
}

void cpv(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  division(m, m, m.cpv, rule, out);
  if (!m.conditions) return;
  for (const auto& code : m.conditions->cpv_secondaires)
    division(m, *m.conditions, code, rule, out);
}

constexpr MarcheRow rows[]{
    {{.code = "pes.marche.cpv",
      .name = "pes.marche.cpv",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TMarche/CodeCPV; TCodesCPVSec/CodeCPVSec; règlement (CE) 213/2008",
      .title_fr = "Un code CPV est d'une division qui existe",
      .title_en = "A CPV code is of a division that exists",
      .fr = "Le code CPV {value} ne commence pas par une division du vocabulaire commun.",
      .en = "The CPV code {value} does not begin with a division of the common vocabulary.",
      .remedy_fr = "Reprendre le code dans la nomenclature CPV 2008.",
      .remedy_en = "Take the code from the CPV 2008."},
     cpv},
    {{.code = "pes.marche.date_notification",
      .name = "pes.marche.date_notification",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "déduit de TMarche/DateSignature, DateNotification",
      .title_fr = "Un marché est signé avant d'être notifié",
      .title_en = "A contract is signed before it is notified",
      .fr = "Notification le {value} ; attendue {expected} (signature).",
      .en = "Notified on {value}; expected {expected} (signature).",
      .remedy_fr = "Vérifier les dates de signature et de notification.",
      .remedy_en = "Check the dates of signature and notification."},
     signed_before_notified},
    {{.code = "pes.marche.date_debut",
      .name = "pes.marche.date_debut",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TMarche/DateDebutMarche",
      .title_fr = "Notification, début du marché et début d'exécution se suivent",
      .title_en = "Notification, beginning of the contract and of the execution follow each other",
      .fr = "Début le {value} ; attendu {expected}.",
      .en = "Beginning on {value}; expected {expected}.",
      .remedy_fr = "Vérifier les dates de notification, de début et d'exécution.",
      .remedy_en = "Check the dates of notification, beginning and execution."},
     notified_before_begun},
    {{.code = "pes.marche.duree_maximum",
      .name = "pes.marche.duree_maximum",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TMarche/DureeEnMoisMaximumPossible",
      .title_fr = "La durée maximum n'est pas inférieure à la durée",
      .title_en = "The longest duration is not less than the duration",
      .fr = "Durée maximum : {value} mois ; attendu : {expected}.",
      .en = "Longest duration: {value} months; expected: {expected}.",
      .remedy_fr = "Compter toutes les tranches et reconductions dans la durée maximum.",
      .remedy_en = "Count all tranches and renewals in the longest duration."},
     longest},
    {{.code = "pes.marche.periodes",
      .name = "pes.marche.periodes",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "déduit de TPeriodeReconduction, TTranche (pes530 9)",
      .title_fr = "Une période ou une tranche finit après avoir commencé",
      .title_en = "A period or a tranche ends after its beginning",
      .fr = "Fin le {value} ; attendue {expected}.",
      .en = "End on {value}; expected {expected}.",
      .remedy_fr = "Corriger les dates de la période ou de la tranche.",
      .remedy_en = "Correct the dates of the period or tranche.",
      .since = "5.30"},
     periods},
};

constexpr ContratRow contrat_rows[]{
    {{.code = "pes.marche.date_modification",
      .name = "pes.marche.date_modification",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "déduit de Modification…/DateSignatureModification",
      .title_fr = "Une modification est signée après le contrat",
      .title_en = "A modification is signed after the contract",
      .fr = "Modification du {value} ; attendue {expected}.",
      .en = "Modification of {value}; expected {expected}.",
      .remedy_fr = "Vérifier la date de la modification.",
      .remedy_en = "Check the date of the modification."},
     modified_after},
};

}  // namespace

void judge_dates(const Marche& contract, Verdicts& out) {
  out.judge(rows, contract);
  out.judge(contrat_rows, static_cast<const Contrat&>(contract));
}

void judge_dates(const Concession& contract, Verdicts& out) {
  out.judge(contrat_rows, static_cast<const Contrat&>(contract));
}

std::vector<const RuleInfo*> date_rules() {
  return infos(rows, contrat_rows);
}

}  // namespace demat::marche
