#include "protocols/actes/codes.hpp"

#include <algorithm>
#include <array>

namespace demat::actes {
namespace {

using enum Code;
constexpr auto none = Carries::nothing;
constexpr auto one = Carries::one;

constexpr std::array table{
    CodeInfo{
        acte, "1-1", "Acte", true, Carries::one_or_more, {}, "transmission d'un acte", "sending of an acte"},
    CodeInfo{acte_receipt, "1-2", "ARActe", false, none, acte, "accusé de réception de l'acte",
             "receipt of the acte"},
    CodeInfo{acte_anomaly, "1-3", "AnomalieActe", false, none, acte, "anomalie de l'acte",
             "anomaly of the acte"},
    CodeInfo{letter, "2-1", "CourrierSimple", false, one, {}, "courrier simple", "simple letter"},
    CodeInfo{letter_answer, "2-2", "ReponseCourrierSimple", true, one, letter, "réponse au courrier simple",
             "answer to the simple letter"},
    CodeInfo{pieces_request,
             "3-1",
             "DemandePieceComplementaire",
             false,
             one,
             {},
             "demande de pièces complémentaires",
             "request for further documents"},
    CodeInfo{pieces_request_receipt, "3-2", "ARDemandePieceComplementaire", true, none, pieces_request,
             "accusé de réception de la demande de pièces", "receipt of the request for documents"},
    CodeInfo{pieces_refusal, "3-3", "RefusPieceComplementaire", true, one, pieces_request,
             "refus d'envoyer les pièces", "refusal to send the documents"},
    CodeInfo{pieces, "3-4", "PieceComplementaire", true, Carries::one_or_more, pieces_request,
             "envoi des pièces complémentaires", "sending of the further documents"},
    CodeInfo{pieces_answer_receipt, "3-5", "ARPieceComplementaire", false, none, pieces,
             "accusé de réception de la réponse sur les pièces", "receipt of the answer about documents"},
    CodeInfo{observations,
             "4-1",
             "LettreObservations",
             false,
             one,
             {},
             "lettre d'observations",
             "letter of observations"},
    CodeInfo{observations_receipt, "4-2", "ARLettreObservations", true, none, observations,
             "accusé de réception de la lettre d'observations", "receipt of the letter of observations"},
    CodeInfo{observations_rejection, "4-3", "RejetLettreObservations", true, one, observations,
             "rejet de la lettre d'observations", "rejection of the letter of observations"},
    CodeInfo{observations_answer, "4-4", "ReponseLettreObservations", true, one, observations,
             "réponse à la lettre d'observations", "answer to the letter of observations"},
    CodeInfo{observations_answer_receipt, "4-5", "ARReponseRejetLettreObservations", false, none,
             observations_answer, "accusé de réception de la réponse aux observations",
             "receipt of the answer to the observations"},
    CodeInfo{referral,
             "5-1",
             "DefereTA",
             false,
             Carries::any,
             {},
             "déféré au tribunal administratif",
             "referral to the administrative court"},
    CodeInfo{cancellation,
             "6-1",
             "Annulation",
             true,
             none,
             {},
             "annulation de la transmission",
             "cancellation of the sending"},
    CodeInfo{cancellation_receipt, "6-2", "ARAnnulation", false, none, cancellation,
             "accusé de réception de l'annulation", "receipt of the cancellation"},
    CodeInfo{classification_request,
             "7-1",
             "DemandeClassification",
             true,
             none,
             {},
             "demande de classification",
             "request for the classification"},
    CodeInfo{classification, "7-2", "RetourClassification", false, none, classification_request,
             "classification", "classification"},
    CodeInfo{classification_unchanged, "7-3", "ReponseClassificationSansChangement", false, none,
             classification_request, "classification sans changement", "classification unchanged"},
};

template <class Wanted>
std::optional<Code> find(Wanted wanted) {
  const auto* row = std::find_if(table.begin(), table.end(), wanted);
  if (row == table.end()) return std::nullopt;
  return row->code;
}

}  // namespace

std::span<const CodeInfo> codes() {
  return table;
}

const CodeInfo& info(Code code) {
  return table.at(static_cast<std::size_t>(code));
}

std::optional<Code> code_of_number(std::string_view number) {
  return find([&](const CodeInfo& row) { return row.number == number; });
}

std::optional<Code> code_of_root(std::string_view root) {
  return find([&](const CodeInfo& row) { return row.root == root; });
}

std::optional<Code> automatic_receipt(Code received) {
  if (received == pieces_request) return pieces_request_receipt;
  if (received == observations) return observations_receipt;
  return std::nullopt;
}

}  // namespace demat::actes
