#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/flow/acte.hpp"
#include "gateway/store/mails.hpp"
#include "gateway/store/steering.hpp"
#include "gateway/store/store.hpp"

namespace demat::store {

/// A 7-2 as it came, kept per authority (actes 8-15).
struct StoredClassification {
  AuthorityId authority;
  std::string date;  ///< DateClassification
  std::string xml;
  Instant received_at{};
};

/// Since when something of ACTES must stand where it is to be late (gateway/actes/deadlines.hpp makes them).
struct ActeLimits {
  Instant ar_before{};             ///< sent before it without a verdict: its AR is late
  Instant silence_before{};        ///< the same: nothing will come any more (actes 5.4)
  Instant letter_before{};         ///< a 3-1 or 4-1 that came before it awaits its answer for too long
  Instant simple_letter_before{};  ///< the same for a 2-1
  Instant letter_since{};          ///< letters before it are not awaited any more
  std::string control_until;       ///< received on this day or before: the contrôle de légalité is over
};

/// A deadline that has been journalled as passed, once each.
struct PassedDeadline {
  std::string
      code;  ///< of its event: "acte.ar_overdue", "acte.silent", "acte.control_over", "letter.overdue"
  FlowId flow;
};

/// How much of one kind there is.
struct ActeLoad {
  std::string what;  ///< "acte": messages without a verdict; "letter": not answered yet
  std::string message;
  std::string state;  ///< of the flow, or of the letter
  std::uint64_t count = 0;
  Instant oldest{};  ///< the flow's created_at, the letter's received_at
};

struct ActeFilter {
  std::optional<AuthorityId> authority;  ///< unset only for platform-wide views
  std::optional<std::string> message{};
  std::optional<std::string> number{};
  std::optional<std::string> id_acte{};
  std::vector<flow::State> states{};  ///< of the flow
  std::optional<bool> annulled{};
  std::optional<Instant> from{};        ///< the flow's created_at >=
  std::optional<Instant> to{};          ///< the flow's created_at <
  std::optional<ActeLimits> overdue{};  ///< only those that are late, or have a letter that is
};
struct LetterFilter {
  std::optional<AuthorityId> authority;
  std::optional<FlowId> acte{};
  std::optional<flow::LetterState> state{};
};

/// An acte and the flow that carries it.
struct ActeOnFlow {
  flow::Acte acte;
  flow::Flow flow;
};

/// What one message of the ministry does to one acte of a flow.
struct ActeEffect {
  FlowId flow;
  std::uint32_t place = 1;
  flow::Verdict verdict = flow::Verdict::none;  ///< none: a note only
  std::string id_acte{};                        ///< confirmed by a 1-2
  std::string received_on{};
  std::string annulled_on{};  ///< on the acte that a 6-2 annuls
  std::string event_code;     ///< "acte.ar", "acte.anomaly", "acte.annulled"…
  std::string event_detail = "{}";
  std::vector<flow::AcquitAnomaly> anomalies{};
  std::vector<NewDocument> documents{};
  std::optional<std::size_t>
      tell{};  ///< of MailSettlement::mails, which goes out unless this is a repetition
};

/// A letter, its files, and the automatic AR that it asks for; all durable together. A file that the flow has
/// already in the same role is not kept twice.
struct NewLetter {
  flow::Letter letter;  ///< id, state, documents and acknowledged_by are set by the store
  std::vector<NewDocument> documents;
  struct Receipt {
    NewFlow flow;
    StagedPayload manifest;
  };
  std::optional<Receipt> receipt{};
  std::optional<std::size_t> tell{};  ///< as ActeEffect::tell
};

/// Everything that one mail of the ministry does, in one transaction.
struct MailSettlement {
  flow::Return item;           ///< the final values of the row
  std::string message_id{};    ///< of the mail; empty: it has none
  std::string content_mark{};  ///< digest of what the mail carries, to tell a repetition from another mail
  std::vector<ActeEffect> effects{};
  std::vector<NewLetter> letters{};
  std::vector<StoredClassification> classifications{};
  std::vector<NewMail> mails{};       ///< what people may be told of all this
  std::optional<std::size_t> tell{};  ///< of `mails`: what the mail as such tells
  std::string actor = "gateway";
  std::string reason{};
  std::string event_code{};  ///< of the mail itself when it touches no flow
  std::optional<flow::ReturnState> expected{};
};

/// What became of it. `contradictions` and `repetitions` are effects that found another, or the same, verdict
/// there already: the first one stays (decisions, Verbs and states). A letter whose acte, message, date and
/// files are known is a repetition too: it has neither row nor receipt of its own.
struct MailOutcome {
  std::vector<FlowId> changed;
  std::vector<FlowId> contradictions;
  std::vector<FlowId> repetitions;
  std::vector<LetterId> letters;
  std::vector<FlowId> receipts;  ///< new flows: automatic ARs
  std::size_t mails = 0;         ///< that were queued, each for one or more recipients
};

/// How a mail with this Message-ID was seen before.
struct SeenMail {
  ReturnId item;
  std::string content_mark;
};

/// What ACTES adds to the store: a part of Store, with the same durability, thread-safety and errors.
class Actes {
 public:
  virtual ~Actes() = default;

  // --- authorities
  [[nodiscard]] virtual Result<std::optional<flow::ActesSettings>> settings(const AuthorityId& authority) = 0;
  [[nodiscard]] virtual Result<std::vector<flow::ActesSettings>> all_settings() = 0;
  [[nodiscard]] virtual Status put_settings(const flow::ActesSettings& settings, const std::string& actor,
                                            const std::string& reason) = 0;
  [[nodiscard]] virtual Result<std::optional<StoredClassification>> classification(
      const AuthorityId& authority) = 0;

  // --- actes; those of a flow are written with it (NewFlow::actes)
  [[nodiscard]] virtual Result<std::vector<flow::Acte>> of_flow(const FlowId& flow) = 0;
  [[nodiscard]] virtual Result<Page<ActeOnFlow>> list(const ActeFilter& filter, const std::string& cursor,
                                                      std::size_t limit) = 0;
  /// Transmissions about this IDActe, confirmed or predicted, oldest first.
  [[nodiscard]] virtual Result<std::vector<ActeOnFlow>> by_id(const std::string& id_acte) = 0;
  /// Actes (1-1) of this number, oldest first.
  [[nodiscard]] virtual Result<std::vector<ActeOnFlow>> by_number(const AuthorityId& authority,
                                                                  const std::string& number) = 0;
  /// What left in the archive of this name.
  [[nodiscard]] virtual Result<std::vector<ActeOnFlow>> by_envelope(const std::string& archive_name) = 0;
  /// The transmissions of one message (7-1) that still wait for an answer, oldest first.
  [[nodiscard]] virtual Result<std::vector<ActeOnFlow>> unanswered(const AuthorityId& authority,
                                                                   const std::string& message) = 0;
  /// What is about this acte: annulations and answers, oldest first.
  [[nodiscard]] virtual Result<std::vector<ActeOnFlow>> about(const FlowId& acte) = 0;

  // --- letters
  [[nodiscard]] virtual Result<std::optional<flow::Letter>> letter(const LetterId& id) = 0;
  [[nodiscard]] virtual Result<Page<flow::Letter>> letters(const LetterFilter& filter,
                                                           const std::string& cursor, std::size_t limit) = 0;
  /// An explicit mark; an answered letter stays answered. Error: `store.not_found`.
  [[nodiscard]] virtual Status mark_letter(const LetterId& id, bool read, const std::string& actor) = 0;

  // --- deadlines; they are told, and change no state (decisions, Verbs and states)
  /// One entry each for "acte_ar", "acte_silence" and "letter", counts of 0 included.
  [[nodiscard]] virtual Result<std::vector<OverdueCount>> overdue(const ActeLimits& limits) = 0;
  /// Journals the deadlines that have passed since, each once; at most `most` of each kind.
  [[nodiscard]] virtual Result<std::vector<PassedDeadline>> tell_deadlines(const ActeLimits& limits,
                                                                           std::size_t most) = 0;
  [[nodiscard]] virtual Result<std::vector<ActeLoad>> loads() = 0;

  // --- mails
  [[nodiscard]] virtual Result<std::optional<SeenMail>> seen(const std::string& message_id) = 0;
  [[nodiscard]] virtual Result<MailOutcome> settle(MailSettlement settlement) = 0;
};

}  // namespace demat::store
