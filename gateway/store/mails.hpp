#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/store/store.hpp"

namespace demat::store {

using MailId = Strong<struct MailIdTag>;

/// What people are to be told of one thing; kept once per recipient, each with a state of its own.
struct NewMail {
  AuthorityId authority;
  FlowId flow;          ///< what it is about; empty: no flow
  std::string kind;     ///< of the return that it tells: "actes_1_2"
  std::string subject;  ///< UTF-8, one line
  std::string text;     ///< UTF-8
  std::string domain;   ///< right of the @ of its Message-ID
  std::vector<std::string> recipients;
};

enum class MailState { waiting, sent, failed };
[[nodiscard]] std::string_view to_string(MailState state);
[[nodiscard]] std::optional<MailState> mail_state_from(std::string_view text);

/// A mail to one recipient.
struct OutgoingMail {
  MailId id;
  AuthorityId authority;
  FlowId flow;
  std::string kind;
  std::string recipient;
  std::string subject;
  std::string text;
  std::string message_id;  ///< without <>; the same for every try, so that a double is known for one
  MailState state = MailState::waiting;
  std::uint32_t tries = 0;  ///< those that came to this recipient; not those that found the server down
  Instant created_at{};
  std::optional<Instant> next_attempt_at;  ///< while waiting
  std::optional<Instant> failing_since;    ///< of the first try that failed
  std::optional<Instant> ended_at;         ///< sent or failed
  int reply = 0;                           ///< SMTP code of the last try; 0: none came
  std::string error_code;                  ///< of the last try; empty: none, or it went well
  std::string reason;                      ///< the server's words
};

/// How a try went wrong for one recipient.
struct MailFailure {
  int reply = 0;
  std::string error_code;
  std::string reason;
  Instant next{};
  bool give_up = false;
};

struct MailFilter {
  std::optional<std::set<AuthorityId>> authorities;  ///< unset: all
  std::optional<MailState> state{};
  std::optional<FlowId> flow{};
};
struct MailCount {
  MailState state = MailState::waiting;
  std::uint64_t count = 0;
  std::optional<Instant> oldest;  ///< created_at of the oldest one
};

/// Mails on their way to people: written in the transaction of what they tell (Actes::settle), taken out by
/// one sender. A part of Store: same durability, thread-safety and errors.
class Mails {
 public:
  virtual ~Mails() = default;

  /// What is due, the longest due first.
  [[nodiscard]] virtual Result<std::vector<OutgoingMail>> due(Instant now, std::size_t limit) = 0;
  /// When the next one is due.
  [[nodiscard]] virtual Result<std::optional<Instant>> next_due() = 0;
  /// The server has taken it. Event `mail.sent`.
  [[nodiscard]] virtual Status sent(const MailId& id, int reply) = 0;
  /// It waits for another try, or is given up (event `mail.given_up`).
  [[nodiscard]] virtual Status failed(const MailId& id, const MailFailure& how) = 0;
  /// Newest first.
  [[nodiscard]] virtual Result<Page<OutgoingMail>> list(const MailFilter& filter, const std::string& cursor,
                                                        std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::optional<OutgoingMail>> find(const MailId& id) = 0;
  /// Due at once, with its whole time again; event `mail.retried`. Errors: `store.not_found`,
  /// `mail.already_sent`.
  [[nodiscard]] virtual Status retry(const MailId& id, const std::string& actor) = 0;
  [[nodiscard]] virtual Result<std::vector<MailCount>> counts() = 0;
  /// Drops what ended before; returns how many.
  [[nodiscard]] virtual Result<std::size_t> forget(Instant before) = 0;
};

}  // namespace demat::store
