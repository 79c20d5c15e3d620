#pragma once

#include <array>

#include "protocols/pes/labels.hpp"

/// What stops or drives the recovery of a titre (InfoSuspPour, InfoAmiableContentieux). Of one folder only.
namespace demat::pes::retour_code_tables {

using Code = Label;

inline constexpr std::array suspensions{
    Code{"01", "délais accordés", "time granted"},
    Code{"02", "réclamation transmise à l'ordonnateur", "complaint passed on to the authority"},
    Code{"03", "suspension demandée par l'ordonnateur", "suspension asked for by the authority"},
    Code{"04", "opposition aux poursuites", "objection to the pursuit"},
    Code{"05", "redressement judiciaire avec plan", "receivership with a plan"},
    Code{"06", "redressement judiciaire sans plan", "receivership without a plan"},
    Code{"07", "liquidation de biens", "liquidation of goods"},
    Code{"08", "liquidation judiciaire", "judicial liquidation"},
    Code{"09", "surendettement", "over-indebtedness"},
    Code{"10", "n'habite pas à l'adresse indiquée", "not known at this address"},
    Code{"11", "annulation attendue", "cancellation awaited"},
    Code{"12", "admission en non-valeur demandée", "writing off asked for"},
    Code{"13", "débiteur décédé", "debtor deceased"},
    Code{"14", "autorisation de poursuivre refusée", "leave to pursue not given"},
    Code{"15", "créance minime", "trifling claim"},
    Code{"16", "procès-verbal de carence", "report that nothing can be seized"},
    Code{"17", "débiteur disparu", "debtor not to be found"},
    Code{"18", "admise en non-valeur", "written off"},
    Code{"19", "assignation en redressement ou liquidation", "summons for receivership or liquidation"},
    Code{"20", "cession de fonds", "business sold"},
    Code{"21", "recours devant les tribunaux", "appeal to a court"},
    Code{"22", "demande de renseignements en cours", "inquiry under way"},
    Code{"23", "tiers non rattaché", "tiers not linked"},
    Code{"24", "plan de recouvrement inconnu", "plan of collection unknown"},
    Code{"25", "poursuites à l'initiative du poste", "pursuit at the accountant's initiative"},
    Code{"26", "règle de l'aide médicale", "rule of medical aid"},
    Code{"27", "production chez le notaire", "claim lodged with the notary"},
    Code{"28", "réponse de l'huissier attendue", "bailiff's answer awaited"},
    Code{"29", "procès-verbal de perquisition", "report of a search of premises"},
    Code{"30", "procès-verbal de recherche", "report of a search for the debtor"},
    Code{"31", "transférée à la collectivité bénéficiaire", "passed on to the benefiting authority"},
    Code{"32", "créance contestée", "claim disputed"},
    Code{"33", "empêchement technique", "technical obstacle"},
    Code{"34", "divers", "other"},
    Code{"35", "hôpital : paiement partiel ou nul", "hospital: paid in part or not at all"},
    Code{"36", "saisie administrative positive", "administrative seizure successful"},
    Code{"37", "hôpital : paiement rejeté", "hospital: payment rejected"},
    Code{"38", "action en justice", "court action"},
    Code{"39", "poursuites hors d'Hélios", "pursuit outside Hélios"},
};

inline constexpr std::array etapes{
    Code{"00", "avis des sommes à payer", "notice of sums due"},
    Code{"01", "lettre de relance", "reminder"},
    Code{"02", "commandement", "order to pay"},
    Code{"03", "mise en demeure", "formal notice"},
    Code{"04", "saisie-attribution", "attachment of a debt"},
    Code{"05", "saisie-attribution auprès de la CAF", "attachment at the CAF"},
    Code{"06", "saisie-vente", "seizure for sale"},
    Code{"07", "saisie sur rémunération", "attachment of earnings"},
    Code{"08", "vente", "sale"},
    Code{"09", "poursuites extérieures", "pursuit by another office"},
    Code{"10", "saisie de coffre-fort", "seizure of a safe"},
    Code{"11", "saisie de véhicule", "seizure of a vehicle"},
    Code{"12", "saisie de valeurs mobilières", "seizure of securities"},
    Code{"13", "autorisation de commandement", "leave for an order to pay"},
    Code{"14", "autorisation de saisie", "leave for a seizure"},
    Code{"15", "avis avant poursuites extérieures", "notice before pursuit by another office"},
    Code{"16", "phase comminatoire", "last warning"},
    Code{"17", "saisie administrative chez l'employeur", "administrative seizure at the employer"},
    Code{"18", "saisie administrative à la banque", "administrative seizure at the bank"},
    Code{"19", "saisie administrative chez un autre tiers", "administrative seizure at another third party"},
};

}  // namespace demat::pes::retour_code_tables
