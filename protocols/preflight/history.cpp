#include "protocols/preflight/history.hpp"

#include <array>
#include <vector>

namespace demat::preflight {
namespace {

using rules::Level;
using rules::RuleInfo;

constexpr std::array rows{
    RuleInfo{
        .code = "pes.p11.history",
        .name = "P11H",
        .level = Level::pj,
        .source = "helios P11; TPES_PJ/IdUnique",
        .title_fr = "L'identifiant d'une PJ n'a jamais été envoyé par la collectivité",
        .title_en = "The identifier of an attachment was never sent by the authority",
        .fr = "La pièce jointe {value} a déjà été envoyée : {expected}. Hélios rejette un identifiant déjà "
              "intégré.",
        .en = "Attachment {value} was sent before: {expected}. Hélios rejects an identifier that it holds "
              "already.",
        .remedy_fr = "Donnez un nouvel identifiant à la pièce, ou retirez-la du flux si Hélios l'a déjà.",
        .remedy_en = "Give the attachment a new identifier, or take it out if Hélios has it already."},
    RuleInfo{
        .code = "pes.p24.history",
        .name = "P24H",
        .level = Level::bordereau,
        .source = "helios P24; TBlocBordereau/IdBord",
        .title_fr = "Un numéro de bordereau n'a pas déjà été envoyé pour ce budget, cet exercice et ce type",
        .title_en = "A bordereau number was not sent before for this budget, exercice and type",
        .fr = "Le bordereau {value} a déjà été envoyé : {expected}. Hélios le refuserait comme doublon.",
        .en = "Bordereau {value} was sent before: {expected}. Hélios would refuse it as a double.",
        .remedy_fr = "Vérifiez que ce bordereau n'est pas transmis deux fois ; sinon renumérotez-le.",
        .remedy_en = "Make sure that this bordereau is not sent twice; else renumber it."},
    RuleInfo{
        .code = "pes.nom_fic.live",
        .name = "pes.nom_fic.live",
        .level = Level::flux,
        .source = "helios 3.1; Enveloppe/NomFic",
        .title_fr = "Aucun flux en cours ne porte le même NomFic",
        .title_en = "No flow on its way has the same NomFic",
        .fr = "Le NomFic « {value} » est celui d'un flux encore en cours : {expected}. L'acquit de l'un "
              "pourrait être pris pour celui de l'autre.",
        .en = "NomFic \"{value}\" is that of a flow still on its way: {expected}. The acquit of one might be "
              "taken for the other's.",
        .remedy_fr = "Donnez à chaque fichier un nom qui lui est propre, tous budgets confondus.",
        .remedy_en = "Give every file a name of its own, over all budgets."},
    RuleInfo{.code = "pes.signature.history",
             .name = "T50",
             .level = Level::bordereau,
             .source = "signature T50",
             .title_fr = "Un bordereau signé n'est envoyé qu'une fois",
             .title_en = "A signed bordereau is sent once",
             .fr = "Ce bordereau signé est, à l'octet près, celui d'un envoi précédent : {expected}.",
             .en = "This signed bordereau is, to the byte, that of an earlier sending: {expected}.",
             .remedy_fr = "Ne le renvoyez que si le premier envoi n'a pas abouti.",
             .remedy_en = "Send it again only if the first sending failed."},
    RuleInfo{.code = "pes.marche.sequence_sent",
             .name = "pes.marche.sequence_sent",
             .level = Level::marche,
             .source = "helios 9.3 no. 2; IdentifiantMarche/SequenceEnvoi",
             .title_fr = "Une séquence d'envoi d'un contrat ne sert qu'une fois",
             .title_en = "A sequence of a contract is used once",
             .fr = "Pour le contrat et la séquence {value}, une fiche a déjà été envoyée : {expected}.",
             .en = "For contract and sequence {value} a record was sent before: {expected}.",
             .remedy_fr = "Passez à la séquence suivante, ou attendez l'acquit de la fiche précédente.",
             .remedy_en = "Go on to the next sequence, or wait for the acquit of the earlier record."},
    RuleInfo{
        .code = "pes.marche.predecessor_unknown",
        .name = "pes.marche.predecessor_unknown",
        .level = Level::marche,
        .source = "helios 9.3 no. 2; IdentifiantMarche/SequenceEnvoi",
        .title_fr = "La séquence précédente du contrat est passée par la passerelle",
        .title_en = "The sequence before of the contract went through the gateway",
        .fr =
            "La passerelle ne connaît pas l'envoi qui précède {value} : Hélios rejette une séquence dont la "
            "précédente lui manque.",
        .en = "The gateway knows nothing of the sending before {value}: Hélios rejects a sequence whose "
              "predecessor it lacks.",
        .remedy_fr = "Vérifiez que la séquence précédente a été envoyée par un autre moyen, et acceptée.",
        .remedy_en = "Make sure that the sequence before was sent by other means, and accepted."},
    RuleInfo{.code = "pes.retour.history",
             .name = "pes.retour.history",
             .level = Level::flux,
             .source = "helios 1.6; TElementACQUIT_RETOUR/NomFichierRetour",
             .title_fr = "Un retour n'est acquitté qu'une fois",
             .title_en = "A return is acquitted once",
             .fr = "Le retour {value} a déjà été acquitté : {expected}.",
             .en = "Return {value} was acquitted before: {expected}.",
             .remedy_fr =
                 "N'envoyez pas ce second acquit ; ou confiez tous les acquits au même, la passerelle "
                 "ou votre logiciel.",
             .remedy_en = "Do not send this second acquit; or leave all of them to one, the gateway or your "
                          "software."},
    RuleInfo{.code = "pes.history.partial",
             .name = "pes.history.partial",
             .level = Level::flux,
             .severity = Severity::info,
             .source = "limites de la passerelle",
             .title_fr = "Tous les numéros du flux sont comparés aux envois précédents",
             .title_en = "All numbers of the flow are compared with earlier sendings",
             .fr = "Ce flux porte trop de numéros : {value} n'ont pas été comparés aux envois précédents.",
             .en = "This flow has too many numbers: {value} were not compared with earlier sendings.",
             .remedy_fr = "Rien à faire, sauf à envoyer des flux plus petits.",
             .remedy_en = "Nothing, unless smaller flows can be sent."},
};

}  // namespace

std::span<const RuleInfo* const> history_rules() {
  static const std::vector<const RuleInfo*> all = [] {
    std::vector<const RuleInfo*> out;
    for (const auto& row : rows)
      out.push_back(&row);
    return out;
  }();
  return all;
}

}  // namespace demat::preflight
