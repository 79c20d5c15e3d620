#include <algorithm>
#include <set>

#include "protocols/marche/judging.hpp"

/// Sums and sharings (helios 9.3 no. 5; Class_VentilationMontant, TAcheteur/MontantHTEstime).
namespace demat::marche {
namespace {

/// Adds up one kind of amount.
struct Sum {
  Cents total = 0;
  bool some = false;
  bool within_reach = true;

  void add(const Leaf& amount) {
    some = some || amount.present();
    within_reach = within_reach && rules::add(total, amount.cents().value_or(0));
  }
};

void estimate(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  const auto notified = m.montant_ht.cents();
  const auto estimated = m.montant_estime.cents();
  if (notified && estimated && *estimated < *notified)
    hit(out, rule, m, m, m.montant_estime, m.montant_estime.text,
        {"au moins " + m.montant_ht.text, m.montant_ht.text + " or more"});
}

void estimate_of_buyers(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  const auto total = m.montant_estime.cents();
  Sum sum;
  for (const auto& buyer : m.acheteurs)
    sum.add(buyer.montant_ht_estime);
  if (sum.some && sum.within_reach && total && sum.total != *total)
    hit(out, rule, m, m, m.montant_estime, decimal(sum.total), same(decimal(*total)));
}

/// What the titulaires of a buyer and their sub-contractors, who are not within them, have of an amount.
Sum parts_of(const PartAcheteur& buyer, Leaf Part::*amount) {
  Sum sum;
  for (const auto& titulaire : buyer.titulaires) {
    sum.add(titulaire.*amount);
    for (const auto& sub : titulaire.sous_traitants)
      sum.add(sub.*amount);
  }
  return sum;
}

/// A buyer's amount is that of his parts, where there is one on both sides.
void shared(const Marche& m, Leaf Part::*amount, const RuleInfo& rule, Verdicts& out) {
  for (const auto& buyer : m.parts) {
    const auto sum = parts_of(buyer, amount);
    const Leaf& own = buyer.*amount;
    const auto cents = own.cents();
    if (cents && sum.some && sum.within_reach && *cents != sum.total)
      hit(out, rule, m, buyer, own, decimal(*cents), same(decimal(sum.total)));
  }
}

/// An amount above zero on one side alone. Schemas have no zero for it: it is left out, and what Hélios makes
/// of that no text says.
void one_sided(const Marche& m, Leaf Part::*amount, const RuleInfo& rule, Verdicts& out) {
  for (const auto& buyer : m.parts) {
    const auto sum = parts_of(buyer, amount);
    const Leaf& own = buyer.*amount;
    if (own.present() == sum.some || !sum.within_reach) continue;
    const auto cents = own.cents().value_or(0);
    if (cents != sum.total) hit(out, rule, m, buyer, own, decimal(cents), same(decimal(sum.total)));
  }
}

void shared_ht(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  shared(m, &Part::ht, rule, out);
}
void shared_tva(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  shared(m, &Part::tva, rule, out);
}
void one_sided_tva(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  one_sided(m, &Part::tva, rule, out);
}
void shared_ht_actualised(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  shared(m, &Part::ht_actualise, rule, out);
  one_sided(m, &Part::ht_actualise, rule, out);
}
void shared_tva_actualised(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  shared(m, &Part::tva_actualise, rule, out);
  one_sided(m, &Part::tva_actualise, rule, out);
}

constexpr std::string_view framework = "04";  // nature: accord-cadre avec marchés subséquents

void shared_at_all(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  if (!m.nature.is(framework) && m.parts.empty())
    hit(out, rule, m, m, {}, m.nature.text, same("VentilationsAcheteurs"));
}

void buyer_known(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  for (const auto& part : m.parts) {
    const bool known = std::any_of(m.acheteurs.begin(), m.acheteurs.end(),
                                   [&](const Acheteur& a) { return a.id.text == part.id.text; });
    if (!known) hit(out, rule, m, part, part.id, shown_id(part.nature_id, part.id));
  }
}

std::set<Identity> ids(const std::vector<Operateur>& operators) {
  std::set<Identity> out;
  for (const auto& one : operators)
    out.insert(identity_of(one.nature_id, one.id));
  return out;
}

void titulaire_known(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  if (!m.operateurs) return;
  const auto known = ids(m.operateurs->titulaires);
  for (const auto& buyer : m.parts)
    for (const auto& part : buyer.titulaires)
      if (!known.contains(identity_of(part.nature_id, part.id)))
        hit(out, rule, m, part, part.id, shown_id(part.nature_id, part.id));
}

void titulaire_once(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  for (const auto& buyer : m.parts) {
    std::set<Identity> seen;
    for (const auto& part : buyer.titulaires)
      if (!seen.insert(identity_of(part.nature_id, part.id)).second && tells_apart(part.nature_id))
        hit(out, rule, m, part, part.id, shown_id(part.nature_id, part.id));
  }
}

void sub_known(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  if (!m.operateurs) return;
  const auto known = ids(m.operateurs->sous_traitants);
  for (const auto& buyer : m.parts)
    for (const auto& titulaire : buyer.titulaires)
      for (const auto& part : titulaire.sous_traitants)
        if (!known.contains(identity_of(part.nature_id, part.id)))
          hit(out, rule, m, part, part.id, shown_id(part.nature_id, part.id));
}

void sub_once(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  for (const auto& buyer : m.parts)
    for (const auto& titulaire : buyer.titulaires) {
      std::set<Identity> seen;
      for (const auto& part : titulaire.sous_traitants)
        if (!seen.insert(identity_of(part.nature_id, part.id)).second && tells_apart(part.nature_id))
          hit(out, rule, m, part, part.id, shown_id(part.nature_id, part.id));
    }
}

void modified_titulaire_known(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  if (!m.operateurs) return;
  const auto known = ids(m.operateurs->titulaires);
  for (const auto& modification : m.modifications)
    for (const auto& one : modification.titulaires)
      if (!known.contains(identity_of(one.nature_id, one.id)))
        hit(out, rule, m, one, one.id, shown_id(one.nature_id, one.id));
}

void modified_sub_known(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  if (!m.operateurs) return;
  const auto known = ids(m.operateurs->sous_traitants);
  std::set<Identity> shared_with;
  for (const auto& buyer : m.parts)
    for (const auto& titulaire : buyer.titulaires)
      for (const auto& part : titulaire.sous_traitants)
        shared_with.insert(identity_of(part.nature_id, part.id));
  for (const auto& modification : m.modifications) {
    if (!modification.sous_traitant) continue;
    const auto& sub = *modification.sous_traitant;
    const auto id = identity_of(sub.nature_id, sub.id);
    if (!known.contains(id) || !shared_with.contains(id))
      hit(out, rule, m, sub, sub.id, shown_id(sub.nature_id, sub.id));
  }
}

/// The last modification that gives such a value, by date of signature.
const Modification* last_with(const Marche& m, Leaf Modification::*value) {
  const Modification* last = nullptr;
  for (const auto& modification : m.modifications) {
    if (!(modification.*value).present() || modification.element != "ModificationMontantDuree") continue;
    if (last == nullptr || !backwards(last->date_signature, modification.date_signature))
      last = &modification;
  }
  return last;
}

void amount_up_to_date(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  const auto* last = last_with(m, &Modification::montant_ht);
  const auto now = last == nullptr ? std::nullopt : last->montant_ht.cents();
  if (now && m.montant_ht.cents() != now)
    hit(out, rule, m, m, m.montant_ht, m.montant_ht.text, same(decimal(*now)));
}

void duration_up_to_date(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  const auto* last = last_with(m, &Modification::duree);
  const auto now = last == nullptr ? std::nullopt : last->duree.number();
  if (now && m.duree.number() != now) hit(out, rule, m, m, m.duree, m.duree.text, same(std::to_string(*now)));
}

constexpr MarcheRow sums[]{
    {{.code = "pes.marche.montant_estime",
      .name = "pes.marche.montant_estime",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "helios 9.2; TMarche/MontantHTEstime",
      .title_fr = "Le montant estimé n'est pas inférieur au montant notifié",
      .title_en = "The estimated amount is not less than the notified one",
      .fr = "Le montant HT estimé est {value} ; attendu : {expected}. Hélios rejette le marché.",
      .en = "The estimated amount is {value}; expected: {expected}. Hélios rejects the contract.",
      .remedy_fr = "Reprendre le montant estimé : tranches et reconductions comprises.",
      .remedy_en = "Correct the estimated amount: tranches and renewals included."},
     estimate},
    {{.code = "pes.marche.montant_estime_acheteurs",
      .name = "pes.marche.montant_estime_acheteurs",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "helios 9.2; TAcheteur/MontantHTEstime",
      .title_fr = "La somme des montants estimés des acheteurs est celui du marché",
      .title_en = "The estimated amounts of the buyers add up to the contract's",
      .fr = "Les montants estimés des acheteurs font {value} ; attendu : {expected}. Hélios rejette le "
            "marché.",
      .en = "The estimated amounts of the buyers make {value}; expected: {expected}. Hélios rejects the "
            "contract.",
      .remedy_fr = "Reprendre la part de chaque acheteur.",
      .remedy_en = "Correct the part of each buyer."},
     estimate_of_buyers},
    {{.code = "pes.marche.ventilations",
      .name = "pes.marche.ventilations",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "TMarche/VentilationsAcheteurs",
      .title_fr = "Un marché d'une autre nature que 04 est ventilé par acheteur",
      .title_en = "A contract of a nature other than 04 is shared among buyers",
      .fr = "Le marché, de nature {value}, n'a pas de bloc {expected} : Hélios le rejette.",
      .en = "The contract, of nature {value}, has no block {expected}: Hélios rejects it.",
      .remedy_fr = "Ventiler le montant par acheteur, ou corriger la nature du marché.",
      .remedy_en = "Share the amount among the buyers, or correct the nature of the contract."},
     shared_at_all},
    {{.code = "pes.marche.ventilation_ht",
      .name = "P27.5",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "helios 9.3-5; TVentilationAcheteur, TVentilationTitulaire/MontantHTNotifie",
      .title_fr = "Le HT notifié d'un acheteur est la somme de ses titulaires et sous-traitants",
      .title_en = "The notified amount of a buyer is the sum of titulaires and sub-contractors",
      .fr = "Le HT notifié de l'acheteur est {value}, ses titulaires et sous-traitants font {expected} : "
            "Hélios rejette le marché.",
      .en = "The notified amount of the buyer is {value}, titulaires and sub-contractors make {expected}: "
            "Hélios rejects the contract.",
      .remedy_fr = "Reprendre la ventilation ; la part d'un sous-traitant n'est pas dans celle de son "
                   "titulaire.",
      .remedy_en = "Correct the sharing; the part of a sub-contractor is not within his titulaire's."},
     shared_ht},
    {{.code = "pes.marche.ventilation_tva",
      .name = "pes.marche.ventilation_tva",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "helios 9.3-5; TVentilationAcheteur, TVentilationTitulaire/MontantTVANotifie",
      .title_fr = "La TVA d'un acheteur est la somme de ses titulaires et sous-traitants",
      .title_en = "The VAT of a buyer is the sum of titulaires and sub-contractors",
      .fr = "La TVA de l'acheteur est {value}, ses titulaires et sous-traitants font {expected} : Hélios "
            "rejette le marché.",
      .en = "The VAT of the buyer is {value}, titulaires and sub-contractors make {expected}: Hélios "
            "rejects the contract.",
      .remedy_fr = "Reprendre la TVA ventilée ; en autoliquidation elle est portée par le titulaire.",
      .remedy_en = "Correct the VAT; under self-assessment it is on the titulaire."},
     shared_tva},
    {{.code = "pes.marche.ventilation_tva_partielle",
      .name = "pes.marche.ventilation_tva_partielle",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "helios 9.3-5; TVentilationAcheteur, TVentilationTitulaire/MontantTVANotifie",
      .title_fr =
          "La TVA est ventilée des deux côtés : chez l'acheteur et chez ses titulaires et sous-traitants",
      .title_en = "The VAT is given on both sides: for the buyer and for titulaires and sub-contractors",
      .fr = "La TVA de l'acheteur est {value}, ses titulaires et sous-traitants font {expected} : elle n'est "
            "servie que d'un côté, Hélios peut rejeter le marché.",
      .en = "The VAT of the buyer is {value}, titulaires and sub-contractors make {expected}: it is given on "
            "one side only, Hélios may reject the contract.",
      .remedy_fr = "Servir la TVA de l'acheteur et celle de ses titulaires, ou aucune.",
      .remedy_en = "Give the VAT of the buyer and that of the titulaires, or neither."},
     one_sided_tva},
    {{.code = "pes.marche.ventilation_ht_actualise",
      .name = "pes.marche.ventilation_ht_actualise",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "pes530 9; TVentilationAcheteur/MontantHTActualise",
      .title_fr = "Le HT actualisé d'un acheteur est la somme de ses titulaires et sous-traitants",
      .title_en = "The actualised amount of a buyer is the sum of titulaires and sub-contractors",
      .fr = "Le HT actualisé de l'acheteur est {value}, ses titulaires et sous-traitants font {expected}.",
      .en = "The actualised amount of the buyer is {value}, titulaires and sub-contractors make "
            "{expected}.",
      .remedy_fr = "Servir le montant actualisé de chaque titulaire et sous-traitant.",
      .remedy_en = "Give the actualised amount of each titulaire and sub-contractor.",
      .since = "5.30"},
     shared_ht_actualised},
    {{.code = "pes.marche.ventilation_tva_actualisee",
      .name = "pes.marche.ventilation_tva_actualisee",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "pes530 9; TVentilationAcheteur/MontantTVAActualise",
      .title_fr = "La TVA actualisée d'un acheteur est la somme de ses titulaires et sous-traitants",
      .title_en = "The actualised VAT of a buyer is the sum of titulaires and sub-contractors",
      .fr = "La TVA actualisée de l'acheteur est {value}, ses titulaires et sous-traitants font {expected}.",
      .en = "The actualised VAT of the buyer is {value}, titulaires and sub-contractors make {expected}.",
      .remedy_fr = "Servir la TVA actualisée de chaque titulaire et sous-traitant.",
      .remedy_en = "Give the actualised VAT of each titulaire and sub-contractor.",
      .since = "5.30"},
     shared_tva_actualised},
};

constexpr MarcheRow names[]{
    {{.code = "pes.marche.ventilation_acheteur",
      .name = "pes.marche.ventilation_acheteur",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "TVentilationAcheteur/IdAcheteur",
      .title_fr = "L'acheteur d'une ventilation est dans la liste des acheteurs",
      .title_en = "The buyer of a sharing is in the list of buyers",
      .fr = "L'acheteur {value} de la ventilation n'est pas dans la liste des acheteurs : Hélios rejette le "
            "marché.",
      .en = "The buyer {value} of the sharing is not in the list of buyers: Hélios rejects the contract.",
      .remedy_fr = "Ajouter l'acheteur à la liste, ou corriger son SIRET.",
      .remedy_en = "Add the buyer to the list, or correct the SIRET."},
     buyer_known},
    {{.code = "pes.marche.ventilation_titulaire",
      .name = "pes.marche.ventilation_titulaire",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "TVentilationTitulaire/IdTitulaire",
      .title_fr = "Le titulaire d'une ventilation est dans la liste des titulaires",
      .title_en = "The titulaire of a sharing is in the list of titulaires",
      .fr = "Le titulaire {value} de la ventilation n'est pas dans les opérateurs : Hélios rejette le "
            "marché.",
      .en = "The titulaire {value} of the sharing is not among the operators: Hélios rejects the contract.",
      .remedy_fr = "Ajouter le titulaire aux opérateurs, ou corriger son identifiant et sa nature.",
      .remedy_en = "Add the titulaire to the operators, or correct the identifier and its kind."},
     titulaire_known},
    {{.code = "pes.marche.ventilation_titulaire_double",
      .name = "pes.marche.ventilation_titulaire_double",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "TVentilationTitulaire/IdTitulaire",
      .title_fr = "Un titulaire figure une fois dans la ventilation d'un acheteur",
      .title_en = "A titulaire is there once in the sharing of a buyer",
      .fr = "Le titulaire {value} figure deux fois pour cet acheteur : Hélios rejette le marché.",
      .en = "The titulaire {value} is there twice for this buyer: Hélios rejects the contract.",
      .remedy_fr = "Réunir ses montants dans une seule ventilation.",
      .remedy_en = "Put the amounts together into one sharing."},
     titulaire_once},
    {{.code = "pes.marche.ventilation_sous_traitant",
      .name = "pes.marche.ventilation_sous_traitant",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "TVentilationSousTraitantPaiementDirect/IdSousTraitant",
      .title_fr = "Le sous-traitant d'une ventilation est dans la liste des sous-traitants",
      .title_en = "The sub-contractor of a sharing is in the list of sub-contractors",
      .fr = "Le sous-traitant {value} de la ventilation n'est pas dans les opérateurs : Hélios rejette le "
            "marché.",
      .en = "The sub-contractor {value} of the sharing is not among the operators: Hélios rejects the "
            "contract.",
      .remedy_fr = "Ajouter le sous-traitant aux opérateurs, ou corriger son identifiant et sa nature.",
      .remedy_en = "Add the sub-contractor to the operators, or correct the identifier and its kind."},
     sub_known},
    {{.code = "pes.marche.ventilation_sous_traitant_double",
      .name = "pes.marche.ventilation_sous_traitant_double",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "TVentilationSousTraitantPaiementDirect/IdSousTraitant",
      .title_fr = "Un sous-traitant figure une fois par titulaire et acheteur",
      .title_en = "A sub-contractor is there once for a titulaire and a buyer",
      .fr = "Le sous-traitant {value} figure deux fois pour ce titulaire : Hélios rejette le marché.",
      .en = "The sub-contractor {value} is there twice for this titulaire: Hélios rejects the contract.",
      .remedy_fr = "Réunir ses montants dans une seule ventilation.",
      .remedy_en = "Put the amounts together into one sharing."},
     sub_once},
    {{.code = "pes.marche.modification_titulaire",
      .name = "pes.marche.modification_titulaire",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TTitulaireLight/Id",
      .title_fr = "Le titulaire d'une modification est dans les opérateurs du marché",
      .title_en = "The titulaire of a modification is among the contract's operators",
      .fr = "Le titulaire {value} de la modification n'est pas dans les opérateurs du marché.",
      .en = "The titulaire {value} of the modification is not among the contract's operators.",
      .remedy_fr = "Mettre à jour le bloc Operateurs du marché avec la modification.",
      .remedy_en = "Bring the contract's Operateurs up to date with the modification."},
     modified_titulaire_known},
    {{.code = "pes.marche.modification_sous_traitant",
      .name = "pes.marche.modification_sous_traitant",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TSousTraitantPaiementDirectLight/Id",
      .title_fr = "Le sous-traitant d'une modification est dans les opérateurs et les ventilations",
      .title_en = "The sub-contractor of a modification is among operators and sharings",
      .fr = "Le sous-traitant {value} de la modification n'est pas dans les opérateurs ou n'a pas de "
            "ventilation.",
      .en = "The sub-contractor {value} of the modification is not among the operators or has no sharing.",
      .remedy_fr = "Mettre à jour les opérateurs et la ventilation avec la modification.",
      .remedy_en = "Bring operators and sharing up to date with the modification."},
     modified_sub_known},
    {{.code = "pes.marche.montant_modifie",
      .name = "pes.marche.montant_modifie",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TMarche/MontantHTNotifie",
      .title_fr = "Le montant du marché est celui de sa dernière modification",
      .title_en = "The amount of the contract is that of its last modification",
      .fr = "Le marché porte {value} HT ; sa dernière modification donne {expected}.",
      .en = "The contract says {value}; its last modification gives {expected}.",
      .remedy_fr = "Porter dans le marché le montant actualisé par la modification.",
      .remedy_en = "Give the contract the amount after the modification."},
     amount_up_to_date},
    {{.code = "pes.marche.duree_modifiee",
      .name = "pes.marche.duree_modifiee",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TMarche/DureeEnMois",
      .title_fr = "La durée du marché est celle de sa dernière modification",
      .title_en = "The duration of the contract is that of its last modification",
      .fr = "Le marché dure {value} mois ; sa dernière modification donne {expected}.",
      .en = "The contract lasts {value} months; its last modification gives {expected}.",
      .remedy_fr = "Porter dans le marché la durée actualisée par la modification.",
      .remedy_en = "Give the contract the duration after the modification."},
     duration_up_to_date},
};

}  // namespace

void judge_amounts(const Marche& contract, Verdicts& out) {
  out.judge(sums, contract);
  out.judge(names, contract);
}

std::vector<const RuleInfo*> amount_rules() {
  return infos(sums, names);
}

}  // namespace demat::marche
