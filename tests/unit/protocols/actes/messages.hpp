#pragma once

#include <string>
#include <vector>

#include "protocols/actes/message.hpp"

/// One invented message of each code, as full as it may be.
namespace demat::actes::samples {

inline const std::string acte_id = "034-123456782-20260115-2026_01A-DE";

inline ActeData acte_data() {
  ActeData data;
  data.date = "2026-01-15";
  data.number = "2026_01A";
  data.nature = "1";
  data.matieres = {"7", "1", "2"};
  data.object = "Vote du budget : \"l'été\" & <travaux> à 100 %";
  data.previous_id = "034-123456782-20251215-2025_99-DE";
  data.classification_date = "2025-12-01";
  data.document = {"99_DE-034-123456782-20260115-2026_01A-DE-1-1_1.pdf", "MIIBase64=="};
  data.annexes = {{"21_RP-034-123456782-20260115-2026_01A-DE-1-1_2.pdf", ""},
                  {"99_SE-034-123456782-20260115-2026_01A-DE-1-1_3.xml", ""}};
  data.announced = "2";
  data.paper = "N";
  return data;
}

inline Classification classification() {
  Classification found;
  found.date = "2025-12-01";
  found.natures = {{1, "Délibérations", "DE", {{"99_DE", "Délibération"}, {"99_SE", "Signature"}}},
                   {5, "Documents budgétaires et financiers", "BF", {{"99_BU", "Document budgétaire"}}}};
  found.matieres = {{7,
                     "Finances locales",
                     {{1, "Décisions budgétaires", {{2, "Budget", {{3, "Primitif", {{4, "Annexe", {}}}}}}}},
                      {10, "Divers", {}}}},
                    {9, "Autres domaines", {{4, "Voeux et motions", {}}}}};
  return found;
}

inline Letter letter(Code code) {
  Letter found{acte_id, "2026-02-01", {}, {{"034-123456782-20260115-2026_01A-DE-2-1_1.pdf", ""}}};
  if (code == Code::pieces_request) found.text = "Le plan & la délibération";
  if (code == Code::observations) found.text = "Vice de forme";
  if (code == Code::pieces)
    found.documents.push_back({"99_DE-034-123456782-20260115-2026_01A-DE-3-4_2.png", "abc"});
  if (info(code).carries == Carries::nothing) found.documents.clear();
  return found;
}

inline Message message(Code code) {
  switch (code) {
    case Code::acte:
      return {code, ActeMessage{acte_data()}};
    case Code::acte_receipt:
      return {code, ActeReceipt{acte_id, "2026-01-16", acte_data(), "2025-12-01"}};
    case Code::acte_anomaly:
      return {code, ActeAnomaly{"2026-01-16", "002", "ODT-VERIF-01 : classification périmée", acte_data(),
                                "2025-12-02"}};
    case Code::pieces_answer_receipt:
    case Code::observations_answer_receipt:
      return {code, AnswerReceipt{acte_id, "2026-02-01", "2026-02-10"}};
    case Code::referral:
      return {
          code,
          Referral{
              acte_id, "2026-03-01", "Incompétence", {{"034-123456782-20260115-2026_01A-DE-5-1_1.pdf", ""}}}};
    case Code::cancellation:
      return {code, Cancellation{acte_id, ""}};
    case Code::cancellation_receipt:
      return {code, Cancellation{acte_id, "2026-02-02"}};
    case Code::classification_request:
    case Code::classification_unchanged:
      return {code, ClassificationDate{"2025-12-01"}};
    case Code::classification:
      return {code, classification()};
    default:
      return {code, letter(code)};
  }
}

inline Envelope envelope() {
  return {{"123456782", "034", "2", "31"},
          Contact{"Élu & Cie", "04 00 00 00 00", "mairie@exemple.fr"},
          {"tdt@exemple.fr", "mairie@exemple.fr"},
          {{"034-123456782-20260115-2026_01A-DE-1-1_0.xml", ""}}};
}

inline PrefectureEnvelope prefecture_envelope(PrefectureEnvelope::Office office) {
  PrefectureEnvelope found;
  found.office = office;
  found.department = "034";
  if (office == PrefectureEnvelope::Office::sous_prefecture) found.arrondissement = "2";
  found.contact = Contact{"Préfecture", "", ""};
  found.forms = {{"034-123456782-20260115-2026_01A-DE-1-2_0.xml", ""}};
  found.recipient = "123456782";
  return found;
}

inline EnvelopeAnomaly envelope_anomaly() {
  return {"2026-01-16", "5", "SLO-EACT--123456782--20260115-1.tar.gz -> PREF-VERIF-02 : SIREN inconnu",
          envelope()};
}

/// Every message and envelope.
inline std::vector<Content> everything() {
  using Office = PrefectureEnvelope::Office;
  std::vector<Content> all;
  for (const auto& row : codes())
    all.emplace_back(message(row.code));
  all.emplace_back(envelope());
  for (const auto office : {Office::sgar, Office::prefecture, Office::sous_prefecture})
    all.emplace_back(prefecture_envelope(office));
  all.emplace_back(envelope_anomaly());
  return all;
}

}  // namespace demat::actes::samples
