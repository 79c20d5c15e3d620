#include <algorithm>
#include <array>

#include "protocols/marche/judging.hpp"

/// Framework contracts, conditions of execution, advances and guarantees (TConditionsExecution…; helios 9.3
/// no. 4 and 6).
namespace demat::marche {
namespace {

constexpr std::string_view subsequent = "05";  // nature: marché subséquent

template <std::size_t N>
bool one_of(const Leaf& leaf, const std::array<std::string_view, N>& values) {
  return std::find(values.begin(), values.end(), leaf.text) != values.end();
}

void framework_named(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  if (!m.nature.is(subsequent) || !m.conditions) return;
  const auto& c = *m.conditions;
  if (!c.id_accord_cadre.present()) hit(out, rule, m, c, {}, "05", same("IdAccordCadre"));
  if (!c.siret_pa_accord_cadre.present()) hit(out, rule, m, c, {}, "05", same("SiretPAAccordCadre"));
}

void framework_is_another(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  const auto sequence = m.identifiant.sequence.number();
  if (!m.nature.is(subsequent) || !m.conditions || !sequence || *sequence > 2) return;
  const auto& id = m.conditions->id_accord_cadre;
  if (id.present() && id.text == m.identifiant.id_contrat.text) hit(out, rule, m, *m.conditions, id, id.text);
}

/// The code of a main budget; the others are mostly those of annexed budgets, which only Hélios knows.
constexpr std::string_view main_budget = "00";

void one_budget(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  const auto& budget = out.memory<Flux>().cod_bud;
  if (m.conditions && m.conditions->multi_budget.yes() && !budget.empty() && budget != main_budget)
    hit(out, rule, m, *m.conditions, m.conditions->multi_budget, "MultiBudget 1, CodBud " + budget,
        same("0"));
}

void propositions(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  if (!m.conditions) return;
  const auto received = m.conditions->propositions_recues.number();
  const auto electronic = m.conditions->propositions_demat.number();
  if (electronic && *electronic > received.value_or(0))
    hit(out, rule, m, *m.conditions, m.conditions->propositions_demat, std::to_string(*electronic),
        {"au plus " + std::to_string(received.value_or(0)),
         std::to_string(received.value_or(0)) + " at most"});
}

constexpr std::array<std::string_view, 2> groupings{"02", "03"};

/// The number of grouped companies is above zero if and only if there is a grouping.
bool grouping_fits(const Leaf& type, const Leaf& count) {
  return one_of(type, groupings) == (count.number().value_or(0) > 0);
}

void grouping(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  if (!m.conditions) return;
  const auto& c = *m.conditions;
  if ((c.type_groupement.present() || c.nb_entreprises.present()) &&
      !grouping_fits(c.type_groupement, c.nb_entreprises))
    hit(out, rule, m, c, c.nb_entreprises,
        "TypeGroupement " + c.type_groupement.text + ", " + c.nb_entreprises.text);
}

void modified_grouping(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  for (const auto& modification : m.modifications)
    if (modification.element == "ModificationTitulaire" &&
        !grouping_fits(modification.type_groupement, modification.nb_entreprises))
      hit(out, rule, m, modification, modification.nb_entreprises,
          "TypeGroupement " + modification.type_groupement.text + ", " + modification.nb_entreprises.text);
}

void grouping_type(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  if (!m.conditions || !m.operateurs || m.operateurs->titulaires.size() < 2) return;
  if (!m.conditions->type_groupement.present())
    hit(out, rule, m, *m.conditions, {}, std::to_string(m.operateurs->titulaires.size()),
        same("TypeGroupement"));
}

void guarantee_delay(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  if (m.delai_garantie.present() || !m.operateurs) return;
  for (const auto& one : m.operateurs->titulaires)
    if (one.conditions && one.conditions->garantie)
      return hit(out, rule, m, *one.conditions->garantie, {}, {}, same("DelaiGarantie"));
}

void origins(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  if (!m.conditions) return;
  const auto& c = *m.conditions;
  const auto france = c.origine_france.cents();
  const auto whole = c.origine_ue.cents();
  if (france && *france > whole.value_or(0))
    hit(out, rule, m, c, c.origine_france, c.origine_france.text,
        {"au plus " + decimal(whole.value_or(0)), decimal(whole.value_or(0)) + " at most"});
}

void advance_rate(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  if (!m.conditions) return;
  const auto& c = *m.conditions;
  const bool none = c.attribution_avance.present() && !c.attribution_avance.yes();
  if (none && c.taux_avance.cents().value_or(0) > 0)
    hit(out, rule, m, c, c.taux_avance, c.taux_avance.text, same("0"));
}

void self_assessment(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  for (const auto& buyer : m.parts)
    for (const auto& titulaire : buyer.titulaires)
      for (const auto& sub : titulaire.sous_traitants) {
        if (!sub.conditions || !sub.conditions->autoliquidation.present()) continue;
        const bool taxed = sub.tva.present() || sub.tva_actualise.present();
        if (taxed == sub.conditions->autoliquidation.yes())
          hit(out, rule, m, sub, taxed ? sub.tva : Leaf{},
              "AutoliquidationTVA " + sub.conditions->autoliquidation.text,
              taxed ? Words{"pas de TVA", "no VAT"} : Words{"la TVA", "the VAT"});
      }
}

constexpr std::array<std::string_view, 2> no_advance{"01", "05"};
constexpr std::array<std::string_view, 3> guarantees{"02", "03", "04"};

void advance_kind(const Terms& t, const RuleInfo& rule, Verdicts& out) {
  const auto& c = t.conditions;
  if (c.montant_avance.present() && one_of(c.regime_avance, no_advance))
    hit(out, rule, t.contrat, c, c.regime_avance, c.regime_avance.text, {"02, 03 ou 04", "02, 03 or 04"});
}

void advance_share(const Terms& t, const RuleInfo& rule, Verdicts& out) {
  const auto& c = t.conditions;
  const bool granted = c.regime_avance.present() && !one_of(c.regime_avance, no_advance);
  if (granted && !c.pourcentage_avance.present())
    hit(out, rule, t.contrat, c, c.regime_avance, c.regime_avance.text, same("PourcentageAvance"));
}

void advance_guarantee(const Terms& t, const RuleInfo& rule, Verdicts& out) {
  const auto& c = t.conditions;
  if (c.montant_garantie_avance.present() && !one_of(c.type_garantie_avance, guarantees))
    hit(out, rule, t.contrat, c, c.montant_garantie_avance,
        "TypeGarantieAvance " + c.type_garantie_avance.text, {"02, 03 ou 04", "02, 03 or 04"});
}

constexpr MarcheRow rows[]{
    {{.code = "pes.marche.accord_cadre",
      .name = "pes.marche.accord_cadre",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "TConditionsExecution/IdAccordCadre, SiretPAAccordCadre",
      .title_fr = "Un marché subséquent (05) nomme son accord-cadre",
      .title_en = "A subsequent contract (05) names its framework",
      .fr = "Marché subséquent sans {expected} : Hélios le rejette.",
      .en = "Subsequent contract without {expected}: Hélios rejects it.",
      .remedy_fr = "Servir l'identifiant de l'accord-cadre et le SIRET de son pouvoir adjudicateur.",
      .remedy_en = "Give the identifier of the framework and the SIRET of its authority."},
     framework_named},
    {{.code = "pes.marche.accord_cadre_distinct",
      .name = "P27.4",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "helios 9.3-4; pes530 9; TIdentifiantMarche/SequenceEnvoi",
      .title_fr = "Un marché subséquent n'a pas l'identifiant de son accord-cadre (séquences 1 et 2)",
      .title_en = "A subsequent contract has not its framework's identifier (sequences 1 and 2)",
      .fr = "L'accord-cadre a le même identifiant ({value}) que le marché subséquent : Hélios le rejette.",
      .en = "The framework has the same identifier ({value}) as the subsequent contract: Hélios rejects it.",
      .remedy_fr = "Donner au marché subséquent un identifiant à lui.",
      .remedy_en = "Give the subsequent contract an identifier of its own."},
     framework_is_another},
    {{.code = "pes.marche.multi_budget",
      .name = "P27.6",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "helios 9.3-6; TConditionsExecution/MultiBudget",
      .title_fr = "Un marché envoyé par un budget annexe n'est pas multi-budget",
      .title_en = "A contract sent by an annexed budget is not multi-budget",
      .fr = "{value} : si ce budget est annexe, Hélios rejette le marché ; attendu : {expected}.",
      .en = "{value}: if this budget is annexed, Hélios rejects the contract; expected: {expected}.",
      .remedy_fr = "Envoyer le marché par le budget principal, ou mettre MultiBudget à 0.",
      .remedy_en = "Send the contract by the main budget, or set MultiBudget to 0."},
     one_budget},
    {{.code = "pes.marche.propositions",
      .name = "pes.marche.propositions",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TConditionsExecution/NbTotalPropositionsDemat",
      .title_fr = "Il n'y a pas plus de propositions dématérialisées que reçues",
      .title_en = "There are not more electronic offers than received ones",
      .fr = "{value} propositions dématérialisées ; attendu : {expected}.",
      .en = "{value} electronic offers; expected: {expected}.",
      .remedy_fr = "Reprendre le nombre de propositions reçues.",
      .remedy_en = "Correct the number of offers received."},
     propositions},
    {{.code = "pes.marche.groupement",
      .name = "pes.marche.groupement",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "helios 9.2; TConditionsExecution/NbEntreprisesGroupees",
      .title_fr = "Le nombre d'entreprises groupées est positif s'il y a groupement, et alors seulement",
      .title_en = "The number of grouped companies is positive if there is a grouping, and only then",
      .fr = "Type de groupement et nombre d'entreprises se contredisent ({value}).",
      .en = "Type of grouping and number of companies contradict each other ({value}).",
      .remedy_fr = "Sans groupement : 00 ; sinon le nombre d'entreprises, mandataire compris.",
      .remedy_en = "Without grouping: 00; else the number of companies, the first included."},
     grouping},
    {{.code = "pes.marche.groupement_type",
      .name = "pes.marche.groupement_type",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TConditionsExecution/TypeGroupement",
      .title_fr = "Un marché à plusieurs titulaires dit le type de groupement",
      .title_en = "A contract with several titulaires says the type of grouping",
      .fr = "Le marché a {value} titulaires et pas de {expected}.",
      .en = "The contract has {value} titulaires and no {expected}.",
      .remedy_fr = "Servir le type de groupement (02 solidaire, 03 conjoint ; 01 aucun).",
      .remedy_en = "Give the type of grouping (02 joint and several, 03 joint; 01 none)."},
     grouping_type},
    {{.code = "pes.marche.groupement_modifie",
      .name = "pes.marche.groupement_modifie",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "TModificationTitulaire/NbEntreprisesGroupees",
      .title_fr = "Dans une modification, le nombre d'entreprises va avec le type de groupement",
      .title_en = "In a modification, the number of companies goes with the type of grouping",
      .fr = "Type de groupement et nombre d'entreprises se contredisent ({value}) : Hélios rejette le "
            "marché.",
      .en = "Type of grouping and number of companies contradict each other ({value}): Hélios rejects the "
            "contract.",
      .remedy_fr = "Nombre au-dessus de 0 avec le type 02 ou 03, et seulement avec eux.",
      .remedy_en = "A number above 0 with type 02 or 03, and only with these."},
     modified_grouping},
    {{.code = "pes.marche.delai_garantie",
      .name = "pes.marche.delai_garantie",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TMarche/DelaiGarantie",
      .title_fr = "Un marché dont un titulaire donne une garantie a un délai de garantie",
      .title_en = "A contract with a titulaire's guarantee has a delay of guarantee",
      .fr = "Un titulaire a un bloc Garantie, et {expected} manque.",
      .en = "A titulaire has a block Garantie, and {expected} is missing.",
      .remedy_fr = "Servir le délai de garantie en mois.",
      .remedy_en = "Give the delay of guarantee in months."},
     guarantee_delay},
    {{.code = "pes.marche.autoliquidation",
      .name = "pes.marche.autoliquidation",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "pes530 9; TConditionsExecutionSousTraitantPaiementDirect/AutoliquidationTVA",
      .title_fr = "La TVA d'un sous-traitant est servie s'il n'y a pas autoliquidation, et alors seulement",
      .title_en = "The VAT of a sub-contractor is given without self-assessment, and only then",
      .fr = "{value} ; attendu pour ce sous-traitant : {expected}.",
      .en = "{value}; expected for this sub-contractor: {expected}.",
      .remedy_fr = "En autoliquidation, porter la TVA sur le titulaire ; sinon la servir ici.",
      .remedy_en = "Under self-assessment put the VAT on the titulaire; else give it here."},
     self_assessment},
    {{.code = "pes.marche.origine",
      .name = "pes.marche.origine",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "pes530 9; TConditionsExecution/OrigineFrance, OrigineUE",
      .title_fr = "La part d'origine française n'excède pas la part d'origine UE",
      .title_en = "The French part is not above the part of the Union",
      .fr = "Part d'origine française : {value} ; attendu : {expected}.",
      .en = "French part: {value}; expected: {expected}.",
      .remedy_fr = "Reprendre les deux parts : la part UE comprend la part française.",
      .remedy_en = "Correct both parts: the Union's includes the French one.",
      .since = "5.30"},
     origins},
    {{.code = "pes.marche.taux_avance",
      .name = "pes.marche.taux_avance",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "pes530 9; TConditionsExecution/TauxAvance",
      .title_fr = "Sans avance attribuée, le taux d'avance est nul",
      .title_en = "Without an advance, the rate of advance is zero",
      .fr = "Aucune avance n'est attribuée et le taux est {value} ; attendu : {expected}.",
      .en = "No advance is granted and the rate is {value}; expected: {expected}.",
      .remedy_fr = "Mettre AttributionAvance à 1, ou le taux à 0.",
      .remedy_en = "Set AttributionAvance to 1, or the rate to 0.",
      .since = "5.30"},
     advance_rate},
};

constexpr TermsRow term_rows[]{
    {{.code = "pes.marche.regime_avance",
      .name = "pes.marche.regime_avance",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TConditionsExecutionTitulaire, …SousTraitantPaiementDirect/RegimeAvance, MontantAvance",
      .title_fr = "Un montant d'avance va avec un régime d'avance autre qu'aucune ou refusée",
      .title_en = "An amount of advance goes with a kind other than none or refused",
      .fr = "Un montant d'avance est servi avec le régime {value} ; attendu : {expected}.",
      .en = "An amount of advance is given with the kind {value}; expected: {expected}.",
      .remedy_fr = "Corriger le régime d'avance, ou retirer le montant.",
      .remedy_en = "Correct the kind of advance, or take the amount out."},
     advance_kind},
    {{.code = "pes.marche.pourcentage_avance",
      .name = "pes.marche.pourcentage_avance",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TConditionsExecutionTitulaire, …SousTraitantPaiementDirect/PourcentageAvance",
      .title_fr = "Un marché qui donne lieu à avance en dit le pourcentage",
      .title_en = "A contract with an advance says its percentage",
      .fr = "Régime d'avance {value} sans {expected}.",
      .en = "Kind of advance {value} without {expected}.",
      .remedy_fr = "Servir le pourcentage de l'avance.",
      .remedy_en = "Give the percentage of the advance."},
     advance_share},
    {{.code = "pes.marche.garantie_avance",
      .name = "pes.marche.garantie_avance",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TConditionsExecutionTitulaire, …SousTraitantPaiementDirect/TypeGarantieAvance",
      .title_fr = "Un montant de garantie d'avance va avec un type de garantie",
      .title_en = "An amount of guarantee of an advance goes with a type of guarantee",
      .fr = "Un montant de garantie d'avance est servi avec « {value} » ; attendu : {expected}.",
      .en = "An amount of guarantee is given with \"{value}\"; expected: {expected}.",
      .remedy_fr = "Dire la garantie : à première demande, caution solidaire ou autre.",
      .remedy_en = "Say which guarantee: at first demand, joint surety or another."},
     advance_guarantee},
};

}  // namespace

void judge_conditions(const Marche& contract, Verdicts& out) {
  out.judge(rows, contract);
  if (contract.operateurs)
    for (const auto& one : contract.operateurs->titulaires)
      if (one.conditions) out.judge(term_rows, Terms{contract, *one.conditions});
  for (const auto& buyer : contract.parts)
    for (const auto& titulaire : buyer.titulaires)
      for (const auto& sub : titulaire.sous_traitants)
        if (sub.conditions) out.judge(term_rows, Terms{contract, *sub.conditions});
}

std::vector<const RuleInfo*> condition_rules() {
  return infos(rows, term_rows);
}

}  // namespace demat::marche
