#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.hpp"
#include "gateway/flow/ids.hpp"

namespace demat {
using LetterId = Strong<struct LetterIdTag>;  ///< UUIDv7 of a letter of the préfecture
}

namespace demat::flow {

/// The protocol word of flows of ACTES.
inline constexpr std::string_view actes_protocol = "actes";

/// What the ministry said of one message.
enum class Verdict { none, accepted, rejected };
[[nodiscard]] std::string_view to_string(Verdict verdict);
[[nodiscard]] std::optional<Verdict> verdict_from(std::string_view text);

/// One business message from an authority to the préfecture, beside the flow that carries its envelope. An
/// envelope made elsewhere may carry several (actes 3.2). Dates are "YYYY-MM-DD". A plain value.
struct Acte {
  FlowId flow;
  std::uint32_t place = 1;  ///< within the flow, 1-based
  AuthorityId authority;
  std::string message;  ///< "1-1", "6-1"… (actes 1.2)
  std::string number;
  std::string nature;  ///< "1" to "6"
  std::string decision_date;
  std::string matieres;  ///< "7.1"
  std::string objet;
  bool papier = false;  ///< DocumentPapier (multi-canal)
  std::string classification_date;
  std::string id_acte;        ///< predicted until the AR
  bool id_confirmed = false;  ///< by a 1-2
  Verdict verdict = Verdict::none;
  std::string received_on;  ///< DateReception of the AR; it makes the acte executory (decisions, Actes)
  std::string annulled_on;  ///< DateReception of a 6-2
  FlowId about;             ///< the acte that an annulation or an answer is about
  LetterId letter;          ///< the letter that an answer or an automatic AR is for
  std::string envelope;     ///< name of the archive that leaves; empty until it is packaged
};

enum class LetterState { unread, read, answered };
[[nodiscard]] std::string_view to_string(LetterState state);
[[nodiscard]] std::optional<LetterState> letter_state_from(std::string_view text);

/// What the préfecture wrote about an acte: 2-1, 3-1, 4-1, 5-1. Its files are documents of the acte's flow.
struct Letter {
  LetterId id;
  ReturnId mail;  ///< that brought it
  AuthorityId authority;
  FlowId acte;
  std::string message;
  std::string id_acte;
  std::string date;  ///< DateCourrierPref, echoed by every answer; DateDepot of a 5-1
  std::string text;  ///< DescriptionPieces, Motif or NatureIllegalite
  Instant received_at{};
  LetterState state = LetterState::unread;
  std::vector<std::uint32_t> documents;  ///< numbers among the documents of the acte's flow
  FlowId acknowledged_by;                ///< the flow of the automatic 3-2 or 4-2
  FlowId answered_by;                    ///< the flow of 2-2, 3-3, 3-4, 4-3 or 4-4
};

/// What the gateway must know of an authority to send its actes.
struct ActesSettings {
  AuthorityId authority;
  std::string departement;            ///< three characters (actes 3.1)
  std::string arrondissement;         ///< one digit
  std::string nature;                 ///< two digits: "31" for a commune (actes 3.6)
  std::string convention_date;        ///< empty: no convention, nothing may be sent (actes A6)
  std::vector<std::string> natures;   ///< of actes that the convention covers; empty: all
  std::vector<std::string> matieres;  ///< prefixes that it covers, "7.1"; empty: all
  bool paper = false;                 ///< suspended: back to paper (actes A7)
  std::string paper_reason;
  std::string contact_name;  ///< Referent of the envelope; optional
  std::string contact_phone;
  std::string contact_email;
  std::vector<std::string> addresses;  ///< return addresses besides the gateway's mailbox
  std::vector<std::string> notify;     ///< who is told by mail of what comes from the ministry
  bool image_document = false;         ///< JPEG and PNG may be the acte itself
  bool pdf_budget = false;             ///< a PDF may be the acte of nature 5
  /// Days after which the gateway asks for the classification anew by itself (actes 1.2); 0: never.
  std::uint32_t classification_days = 7;
  /// Where the stamp stands on a page as shown: percent of the free room from the left and from the top.
  std::uint32_t stamp_across = 100;
  std::uint32_t stamp_down = 0;
};

/// Whether the ministry answers this message: without an answer to wait for, a flow is done once it is sent
/// (decisions, Verbs and states).
[[nodiscard]] bool is_answered(std::string_view message);

}  // namespace demat::flow
