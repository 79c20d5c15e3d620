#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocols/actes/classification.hpp"
#include "protocols/actes/codes.hpp"

/// The messages as plain values. All texts are UTF-8 and as they came: readers do not judge, rules do. Dates
/// are "YYYY-MM-DD". What is absent is empty.
namespace demat::actes {

/// FichierSigne: a file of the archive, and the detached signature that goes with it.
struct SignedFile {
  std::string name;
  std::string signature;  ///< PKCS#7 as text (base64 or PEM), or the XML of a XAdES; empty when there is none
  friend bool operator==(const SignedFile&, const SignedFile&) = default;
};

/// DonneesActe (actes 3.3): an acte as sent, or as echoed by its receipt.
struct ActeData {
  std::string date;                   ///< of the decision
  std::string number;                 ///< NumeroInterne
  std::string nature;                 ///< "1" to "6"
  std::vector<std::string> matieres;  ///< CodeMatiere1, 2, … up to 5
  std::string object;
  std::string previous_id;          ///< IDActe of an acte sent before; optional
  std::string classification_date;  ///< version of the classification used
  SignedFile document;
  std::vector<SignedFile> annexes;
  std::string announced;  ///< Annexes/@Nombre as read; the writer counts by itself
  std::string paper;      ///< DocumentPapier: "O" or "N"; anything on input (actes 3.5)
  friend bool operator==(const ActeData&, const ActeData&) = default;
};

struct ActeMessage {  ///< 1-1
  ActeData acte;
  friend bool operator==(const ActeMessage&, const ActeMessage&) = default;
};

struct ActeReceipt {  ///< 1-2
  std::string id;     ///< IDActe
  std::string reception_date;
  ActeData received;
  std::string classification_date;  ///< version in force at the préfecture
  friend bool operator==(const ActeReceipt&, const ActeReceipt&) = default;
};

struct ActeAnomaly {  ///< 1-3
  std::string date;
  std::string nature;  ///< three digits; real ones hold "2" or "ERREUR2" too
  std::string detail;  ///< begins with a code such as ODT-VERIF-01
  ActeData received;
  std::string classification_date;
  friend bool operator==(const ActeAnomaly&, const ActeAnomaly&) = default;
};

/// Everything of families 2, 3 and 4 that is or echoes a letter of the préfecture: 2-1, 2-2, 3-1 to 3-4, 4-1
/// to 4-4.
struct Letter {
  std::string id;           ///< IDActe
  std::string letter_date;  ///< DateCourrierPref: of the préfecture's letter, in its answers too (actes 3.4)
  std::string text;         ///< DescriptionPieces (3-1), Motif (4-1)
  std::vector<SignedFile> documents;
  friend bool operator==(const Letter&, const Letter&) = default;
};

struct AnswerReceipt {  ///< 3-5, 4-5
  std::string id;
  std::string letter_date;
  std::string reception_date;
  friend bool operator==(const AnswerReceipt&, const AnswerReceipt&) = default;
};

struct Referral {  ///< 5-1
  std::string id;
  std::string deposit_date;
  std::string reason;  ///< NatureIllegalite
  std::vector<SignedFile> documents;
  friend bool operator==(const Referral&, const Referral&) = default;
};

struct Cancellation {  ///< 6-1, 6-2
  std::string id;
  std::string reception_date;  ///< 6-2 only
  friend bool operator==(const Cancellation&, const Cancellation&) = default;
};

struct ClassificationDate {  ///< 7-1, 7-3
  std::string date;          ///< may be empty in a 7-1: the whole classification is wanted
  friend bool operator==(const ClassificationDate&, const ClassificationDate&) = default;
};

struct Message {
  Code code = Code::acte;
  std::variant<ActeMessage, ActeReceipt, ActeAnomaly, Letter, AnswerReceipt, Referral, Cancellation,
               ClassificationDate, Classification>
      body;
  friend bool operator==(const Message&, const Message&) = default;
};

/// IDCL: who an authority is for the ministry.
struct AuthorityId {
  std::string siren;
  std::string department;      ///< three characters: "034", "02A", "971"
  std::string arrondissement;  ///< one digit
  std::string nature;          ///< two digits (actes 3.6)
  friend bool operator==(const AuthorityId&, const AuthorityId&) = default;
};

struct Contact {  ///< Referent
  std::string name;
  std::string phone;
  std::string email;
  friend bool operator==(const Contact&, const Contact&) = default;
};

struct Envelope {  ///< EnveloppeCLMISILL
  AuthorityId emitter;
  std::optional<Contact> contact;
  std::vector<std::string> return_addresses;
  std::vector<SignedFile> forms;  ///< the business XMLs
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

struct PrefectureEnvelope {  ///< EnveloppeMISILLCL
  enum class Office { sgar, prefecture, sous_prefecture };
  Office office = Office::prefecture;
  std::string department;
  std::string arrondissement;  ///< of a sous-préfecture
  std::optional<Contact> contact;
  std::vector<SignedFile> forms;
  std::string recipient;  ///< SIREN of the authority
  friend bool operator==(const PrefectureEnvelope&, const PrefectureEnvelope&) = default;
};

struct EnvelopeAnomaly {  ///< AnomalieEnveloppe: every transaction of the envelope is rejected
  std::string date;
  std::string nature;  ///< 1 to 5 or 100; 999 is seen too
  std::string detail;
  Envelope received;
  friend bool operator==(const EnvelopeAnomaly&, const EnvelopeAnomaly&) = default;
};

using Content = std::variant<Message, Envelope, PrefectureEnvelope, EnvelopeAnomaly>;

/// What ties a message to an acte, whatever its file is called (actes 5.3). What the message does not say is
/// empty.
struct Correlation {
  std::string id;  ///< IDActe
  std::string department;
  std::string siren;
  std::string date;    ///< of the decision, "YYYY-MM-DD"
  std::string number;  ///< internal number
  std::string nature;  ///< "1" to "6"
  friend bool operator==(const Correlation&, const Correlation&) = default;
};
[[nodiscard]] Correlation correlation(const Message& message);

/// Every file that a message says it carries, in its order: the acte first, then its annexes.
[[nodiscard]] std::vector<SignedFile> files_of(const Message& message);

/// The typologie that begins a file name ("99_DE" of "99_DE-034-…"); empty when there is none (actes 2.2).
[[nodiscard]] std::string_view typologie_of(std::string_view file_name);

/// The code that begins the detail of an anomaly ("ODT-VERIF-01"), wherever it stands in the text; empty when
/// there is none (actes 4.3).
[[nodiscard]] std::string_view anomaly_code(std::string_view detail);

/// The one that says: the acte was sent with an out-of-date classification.
inline constexpr std::string_view outdated_classification = "ODT-VERIF-01";

}  // namespace demat::actes
