#include "protocols/marche/judging.hpp"
#include "protocols/rules/identifiers.hpp"

/// Who a contract is and where it is in its sequence (helios 9.3 no. 1-3; TIdentifiantMarche,
/// TIdentifiantConcession).
namespace demat::marche {
namespace {

constexpr std::size_t year_length = 4;

void whole(const Contrat& c, const RuleInfo& rule, Verdicts& out) {
  if (c.dropped > 0) hit(out, rule, c, c, {}, std::to_string(c.dropped));
}

void id_contrat(const Contrat& c, const RuleInfo& rule, Verdicts& out) {
  const auto& id = c.identifiant.id_contrat;
  const auto year = Leaf{id.text.substr(0, year_length), {}, 0}.number();
  const bool right = id.text.size() >= 5 && id.text.size() <= 14 && year && *year >= 2000 && *year <= 2050;
  if (!right) hit(out, rule, c, c.identifiant, id, id.text);
}

/// The year of IdContrat is that of the notification of a marché, of the signature of a concession.
void year(const Contrat& c, const RuleInfo& rule, Verdicts& out) {
  const auto* marche = c.element == "Marche" ? static_cast<const Marche*>(&c) : nullptr;
  const auto& when = marche != nullptr ? marche->date_notification : c.date_signature;
  const auto& id = c.identifiant.id_contrat;
  const bool begins_with_year = Leaf{id.text.substr(0, year_length), {}, 0}.number().value_or(0) >= 1000;
  if (!when.date() || !begins_with_year) return;
  const auto expected = when.text.substr(0, year_length);
  if (id.text.substr(0, year_length) != expected)
    hit(out, rule, c, c.identifiant, id, id.text, same(expected + "…"));
}

bool first_sending(const Contrat& c) {
  return c.identifiant.sequence.number() == 1U;
}

void first_is_no_correction(const Contrat& c, const RuleInfo& rule, Verdicts& out) {
  if (first_sending(c) && c.identifiant.correctif.yes())
    hit(out, rule, c, c.identifiant, c.identifiant.correctif, c.identifiant.correctif.text, same("0"));
}

void first_has_no_number(const Contrat& c, const RuleInfo& rule, Verdicts& out) {
  const auto& order = c.identifiant.numero_ordre;
  if (first_sending(c) && order.present() && !order.is("00"))
    hit(out, rule, c, c.identifiant, order, order.text, same("00"));
}

void first_has_no_modification(const Contrat& c, const RuleInfo& rule, Verdicts& out) {
  if (first_sending(c) && !c.modifications.empty()) hit(out, rule, c, c.modifications.front(), {});
}

void modification_has_a_number(const Contrat& c, const RuleInfo& rule, Verdicts& out) {
  if (!first_sending(c) && !c.modifications.empty() && c.identifiant.numero_ordre.is("00"))
    hit(out, rule, c, c.identifiant, c.identifiant.numero_ordre, "00", {"01 à 99", "01 to 99"});
}

/// What tells a contract from the others of a flow. A marché and a concession number their own, and so does
/// the authority that awarded it where it is another than that of the header (TMarche/PA, for instance a
/// central purchasing body).
std::string key_of(const Contrat& c, const Flux& flux) {
  constexpr char separator = '\x1f';
  std::string out(c.element);
  out += separator + c.identifiant.id_contrat.text;
  const auto* marche = c.element == "Marche" ? static_cast<const Marche*>(&c) : nullptr;
  if (marche == nullptr || !marche->pa) return out;
  const auto awarding = rules::siren_of(marche->pa->id.text);
  if (!awarding.empty() && awarding != rules::siren_of(flux.id_coll)) out += separator + marche->pa->id.text;
  return out;
}

/// The flow gave this very sequence of the contract before.
bool repeated(const Contrat& c, Verdicts& out) {
  const auto number = c.identifiant.sequence.number();
  const auto& flux = out.memory<Flux>();
  return number && flux.sequences.contains({key_of(c, flux), *number});
}

void sent_once(const Contrat& c, const RuleInfo& rule, Verdicts& out) {
  const auto& sequence = c.identifiant.sequence;
  if (repeated(c, out)) hit(out, rule, c, c.identifiant, sequence, sequence.text);
}

void one_of_a_contract(const Contrat& c, const RuleInfo& rule, Verdicts& out) {
  const auto& flux = out.memory<Flux>();
  const auto key = key_of(c, flux);
  const auto any = flux.sequences.lower_bound({key, 0});
  if (any != flux.sequences.end() && any->first == key && !repeated(c, out))
    hit(out, rule, c, c.identifiant, c.identifiant.sequence, c.identifiant.sequence.text);
}

constexpr ContratRow rows[]{
    {{.code = "pes.marche.trop_grand",
      .name = "pes.marche.trop_grand",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "limite de la passerelle",
      .title_fr = "Un contrat tient dans les limites de la passerelle",
      .title_en = "A contract is within the gateway's limits",
      .fr = "Le contrat a {value} éléments de trop pour être vérifié : seul son identifiant l'a été.",
      .en = "The contract has {value} parts too many to be checked: only its identifier was.",
      .remedy_fr = "Vérifier les sommes du contrat dans le logiciel de marchés.",
      .remedy_en = "Check the sums of the contract in the contract software."},
     whole},
    {{.code = "pes.marche.id_contrat",
      .name = "pes.marche.id_contrat",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "helios 9.2; TIdentifiantMarche, TIdentifiantConcession/IdContrat",
      .title_fr = "IdContrat a de 5 à 14 caractères et commence par une année de 2000 à 2050",
      .title_en = "IdContrat has 5 to 14 characters and begins with a year from 2000 to 2050",
      .fr = "L'identifiant de contrat « {value} » n'a pas la forme année (2000 à 2050) puis référence.",
      .en = "The contract identifier \"{value}\" is not a year (2000 to 2050) and a reference.",
      .remedy_fr = "Reprendre l'identifiant : année de notification sur 4 chiffres, puis 1 à 10 caractères.",
      .remedy_en = "Correct the identifier: year of notification in 4 digits, then 1 to 10 characters."},
     id_contrat},
    {{.code = "pes.marche.annee",
      .name = "pes.marche.annee",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TIdentifiantMarche, TIdentifiantConcession/IdContrat",
      .title_fr = "IdContrat commence par l'année de notification",
      .title_en = "IdContrat begins with the year of notification",
      .fr = "L'identifiant « {value} » ne commence pas par l'année de notification ({expected}).",
      .en = "The identifier \"{value}\" does not begin with the year of notification ({expected}).",
      .remedy_fr = "Vérifier la date de notification et l'identifiant du contrat.",
      .remedy_en = "Check the date of notification and the identifier of the contract."},
     year},
    {{.code = "pes.marche.premier_envoi",
      .name = "P27.1",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "helios 9.3-1; TIdentifiantMarche, TIdentifiantConcession/SequenceEnvoi",
      .title_fr = "Le premier envoi d'un contrat n'est pas un correctif",
      .title_en = "The first sending of a contract is no correction",
      .fr =
          "Le contrat est envoyé pour la première fois (séquence 1) et se dit correctif : Hélios le rejette.",
      .en = "The contract is sent for the first time (sequence 1) and calls itself a correction: Hélios "
            "rejects it.",
      .remedy_fr =
          "Mettre CaractereCorrectifEnregistrement à 0, ou numéroter l'envoi à la suite du précédent.",
      .remedy_en = "Set CaractereCorrectifEnregistrement to 0, or number the sending after the one before."},
     first_is_no_correction},
    {{.code = "pes.marche.numero_premier_envoi",
      .name = "pes.marche.numero_premier_envoi",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TIdentifiantMarche, TIdentifiantConcession/NumeroOrdreModification",
      .title_fr = "Le premier envoi d'un contrat porte le numéro d'ordre 00",
      .title_en = "The first sending of a contract has the order number 00",
      .fr = "Le premier envoi (séquence 1) porte le numéro de modification {value} ; attendu : {expected}.",
      .en = "The first sending (sequence 1) has the modification number {value}; expected: {expected}.",
      .remedy_fr = "Mettre 00, ou corriger la séquence d'envoi.",
      .remedy_en = "Set 00, or correct the sequence of sending."},
     first_has_no_number},
    {{.code = "pes.marche.modification_premier_envoi",
      .name = "pes.marche.modification_premier_envoi",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TConcession/ModificationsConcession; déduit pour TMarche/ModificationsMarche",
      .title_fr = "Le premier envoi d'un contrat ne porte pas de modification",
      .title_en = "The first sending of a contract carries no modification",
      .fr = "Le premier envoi (séquence 1) porte un bloc de modifications.",
      .en = "The first sending (sequence 1) carries a block of modifications.",
      .remedy_fr = "Envoyer d'abord le contrat initial, puis la modification en séquence 2 après son acquit.",
      .remedy_en = "Send the initial contract first, then the modification as sequence 2 after its "
                   "acknowledgement."},
     first_has_no_modification},
    {{.code = "pes.marche.modification_sans_numero",
      .name = "pes.marche.modification_sans_numero",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TIdentifiantMarche, TIdentifiantConcession/NumeroOrdreModification",
      .title_fr = "Un envoi qui porte une modification a un numéro d'ordre",
      .title_en = "A sending that carries a modification has an order number",
      .fr = "L'envoi porte une modification mais son numéro d'ordre est {value} ; attendu : {expected}.",
      .en = "The sending carries a modification but its order number is {value}; expected: {expected}.",
      .remedy_fr = "Numéroter la modification : 01 pour la première, 02 pour la suivante.",
      .remedy_en = "Number the modification: 01 for the first, 02 for the next."},
     modification_has_a_number},
    {{.code = "pes.marche.sequence_double",
      .name = "P27.2",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "helios 9.3-2; TIdentifiantMarche, TIdentifiantConcession/SequenceEnvoi",
      .title_fr = "Un flux ne porte pas deux fois la même séquence d'un contrat",
      .title_en = "A flow does not carry the same sequence of a contract twice",
      .fr = "La séquence {value} de ce contrat est déjà dans le flux : Hélios rejette la seconde.",
      .en = "The sequence {value} of this contract is in the flow already: Hélios rejects the second.",
      .remedy_fr = "Ne garder qu'un des deux enregistrements.",
      .remedy_en = "Keep one of the two records."},
     sent_once},
    {{.code = "pes.marche.meme_flux",
      .name = "pes.marche.meme_flux",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "helios 9.3-2; TIdentifiantMarche, TIdentifiantConcession/SequenceEnvoi",
      .title_fr = "Un flux porte un seul envoi de chaque contrat",
      .title_en = "A flow carries one sending of each contract",
      .fr = "La séquence {value} est dans le même flux qu'une autre du même contrat : elle ne doit partir "
            "qu'après l'acquit de la précédente.",
      .en = "The sequence {value} is in the same flow as another of the same contract: it must leave only "
            "after the acknowledgement of the one before.",
      .remedy_fr = "Faire un flux par séquence, dans l'ordre.",
      .remedy_en = "Make one flow for each sequence, in order."},
     one_of_a_contract},
};

}  // namespace

void judge_identity(const Contrat& contract, Verdicts& out) {
  out.judge(rows, contract);
  auto& flux = out.memory<Flux>();
  if (flux.sequences.size() < max_sequences)
    flux.sequences.emplace(key_of(contract, flux), contract.identifiant.sequence.number().value_or(0));
}

std::vector<const RuleInfo*> identity_rules() {
  return infos(rows);
}

}  // namespace demat::marche
