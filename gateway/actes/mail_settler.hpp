#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/actes/notices.hpp"
#include "gateway/actes/road.hpp"
#include "protocols/actes/message.hpp"
#include "protocols/mail/message.hpp"

namespace demat::actes_road {

/// Finds out what one mail of the ministry says and writes all of it in one transaction (actes 5.3, 6): its
/// messages tied to our transmissions by IDActe and attributes, letters with their automatic receipts,
/// classifications. What cannot be tied goes to the orphan bank as it came. Used by one thread.
class MailSettler {
 public:
  MailSettler(const RoadDependencies& dependencies, pipeline::Hand hand)
      : deps_(dependencies), hand_(std::move(hand)) {}

  [[nodiscard]] Status settle(const flow::Return& item);

 private:
  /// A business XML of the mail, understood.
  struct Found {
    const mail::Attachment* file = nullptr;
    actes::Message message;
  };
  /// What is in a mail, sorted.
  struct Sorted {
    std::vector<Found> messages;
    std::optional<actes::PrefectureEnvelope> envelope;
    std::optional<actes::EnvelopeAnomaly> anomaly;
    const mail::Attachment* anomaly_file = nullptr;
    const mail::Attachment* envelope_file = nullptr;
    std::string unread;  ///< code of the first XML that could not be understood
    std::string broken;  ///< of the first one that seems to be a message and goes with none
  };
  using Candidates = std::vector<store::ActeOnFlow>;

  [[nodiscard]] static Sorted sort(const mail::Message& mail);
  /// Whether this file of the mail is for this message, and not for another one.
  [[nodiscard]] static bool goes_with(const Found& found, const Sorted& sorted, const mail::Attachment& file);
  [[nodiscard]] Result<bool> seen_before(const flow::Return& item, const mail::Message& mail,
                                         store::MailSettlement& settlement) const;
  [[nodiscard]] Status settle_anomaly(const Sorted& sorted, store::MailSettlement& settlement);
  [[nodiscard]] Status settle_message(const Found& found, const Sorted& sorted, const mail::Message& mail,
                                      store::MailSettlement& settlement);
  [[nodiscard]] Status settle_receipt(const Found& found, store::MailSettlement& settlement);
  [[nodiscard]] Status settle_acte_anomaly(const Found& found, store::MailSettlement& settlement);
  [[nodiscard]] Status settle_answer_receipt(const Found& found, store::MailSettlement& settlement);
  [[nodiscard]] Status settle_annulment(const Found& found, store::MailSettlement& settlement);
  [[nodiscard]] Status settle_letter(const Found& found, const Sorted& sorted, const mail::Message& mail,
                                     store::MailSettlement& settlement);
  [[nodiscard]] Status settle_classification(const Found& found, store::MailSettlement& settlement);

  [[nodiscard]] Result<std::optional<store::ActeOnFlow>> acte_of(const actes::Correlation& said);
  [[nodiscard]] Result<std::optional<store::ActeOnFlow>> one_of(Result<Candidates> candidates,
                                                                const std::vector<std::string>& messages);
  [[nodiscard]] Status add_effect(store::MailSettlement& settlement, const store::ActeOnFlow& on,
                                  store::ActeEffect effect, const mail::Attachment* file,
                                  std::string_view role);
  /// Has people told of it, by the place of the mail that is left in `tell`; none when nobody is to be told.
  [[nodiscard]] Status announce(store::MailSettlement& settlement, const AuthorityId& authority,
                                const Told& told, const Candidates& actes, std::optional<std::size_t>& tell);
  [[nodiscard]] Result<store::NewDocument> document(const mail::Attachment& file, std::string_view role);
  [[nodiscard]] Result<store::NewLetter::Receipt> receipt_for(const store::ActeOnFlow& on,
                                                              const flow::Letter& letter, actes::Code code);
  void not_tied(std::string rule);
  [[nodiscard]] Status finish(store::MailSettlement settlement);
  void tell(const flow::Return& item, const store::MailOutcome& outcome);

  const RoadDependencies& deps_;
  pipeline::Hand hand_;
  store::Payload mail_;    ///< being settled
  std::string authority_;  ///< SIREN that the envelope is for; empty when it does not say
  std::string untied_;     ///< why something of the mail could not be tied
  bool classification_outdated_ = false;
};

/// Whether this is the notice of a multi-canal transmission: an information that asks for nothing (actes
/// 5.3).
[[nodiscard]] bool is_multi_canal_notice(const mail::Message& mail);

}  // namespace demat::actes_road
