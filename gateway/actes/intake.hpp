#pragma once

#include <functional>
#include <mutex>

#include "gateway/actes/classifications.hpp"
#include "gateway/actes/deposit.hpp"
#include "gateway/actes/envelope.hpp"
#include "gateway/config/settings.hpp"
#include "gateway/intake/intake.hpp"

namespace demat::actes_road {

/// A deposit with its bytes, in the order of Deposit::files.
struct Submitted {
  Deposit deposit;
  std::vector<store::StagedPayload> files;
};

/// What stood in the way: an error, and the findings that name the fields at fault.
struct Refused {
  Error error;
  Report report;
};
using Taken = tl::expected<store::AcceptOutcome, Refused>;

/// By what ready-made envelopes are judged.
struct EnvelopeRules {
  std::shared_ptr<const xml::SchemaPack> pack{};  ///< of what leaves; null: it could not be loaded
  /// Where the acts of an authority go, when that is known.
  std::function<std::optional<config::Prefecture>(const AuthorityId&)> prefecture{};
};

/// Accepts messages of ACTES, whatever the door: rights, settings, the rules about metadata, then one
/// transaction for the message and its files (decisions, Intake). Thread-safe; blocks on the store.
class ActesIntake {
 public:
  ActesIntake(store::Store& store, Classifications& classifications, const Clock& clock,
              std::function<void()> wake, EnvelopeRules rules = {})
      : store_(store),
        classifications_(classifications),
        clock_(clock),
        wake_(std::move(wake)),
        rules_(std::move(rules)) {}

  /// Errors: `actes.refused` with the report, `actes.settings.missing`, `actes.suspended`,
  /// `actes.no_convention`, `access.denied`, and the store's.
  [[nodiscard]] Taken submit(const intake::Submission& submission, Submitted item);

  /// A ready-made envelope (actes 4.1-8): its bytes are the original, named by the submission; its files are
  /// documents beside it, its messages actes of the flow. Errors: `archive.*`, `actes.envelope.refused` with
  /// the report, `actes.schema_missing`, and those of submit().
  [[nodiscard]] Taken submit_envelope(const intake::Submission& submission, store::StagedPayload archive);

  /// Asks to annul an acte (6-1), the `place`-th of its flow: only one that has its AR, and once (actes
  /// 4.1-12). Errors: `actes.not_annullable`, `store.not_found`.
  [[nodiscard]] Taken annul(const intake::Submission& submission, const FlowId& acte,
                            std::uint32_t place = 1);

  /// Answers a letter: 2-2, 3-3, 3-4, 4-3 or 4-4. Errors: `actes.letter.no_answer` (the message does not
  /// answer that letter), `store.not_found`.
  [[nodiscard]] Taken answer(const intake::Submission& submission, const LetterId& letter, actes::Code code,
                             Submitted item);

  /// What ready-made envelopes must be valid for; null: none are taken.
  [[nodiscard]] const std::shared_ptr<const xml::SchemaPack>& pack() const { return rules_.pack; }

  /// Asks for the classification (7-1): once a day and authority unless `again`.
  [[nodiscard]] Taken request_classification(const intake::Submission& submission, bool again);
  /// The same by the gateway itself. False when it was asked for today already.
  [[nodiscard]] Result<bool> request_classification(const AuthorityId& authority);
  /// The same because the ministry calls ours outdated (actes 4.3): however often it was asked for today, but
  /// not while a request is under way. False then.
  [[nodiscard]] Result<bool> renew_classification(const AuthorityId& authority);
  /// The same because it is time again (ActesSettings::classification_days); never while one is under way.
  /// False when there is nothing to ask: not yet, off, on paper, without a convention.
  [[nodiscard]] Result<bool> refresh_classification(const flow::ActesSettings& settings);

 private:
  [[nodiscard]] tl::expected<flow::ActesSettings, Refused> open_for(const AuthorityId& authority) const;
  /// The settings, when the submission may go on.
  [[nodiscard]] tl::expected<flow::ActesSettings, Refused> admit(const intake::Submission& submission) const;
  [[nodiscard]] Taken accept(const intake::Submission& submission, const flow::ActesSettings& settings,
                             Submitted item);
  [[nodiscard]] store::NewFlow new_flow(const intake::Submission& submission) const;
  [[nodiscard]] Taken keep(const intake::Submission& submission, store::NewFlow fresh,
                           store::StagedPayload original);
  /// Finds out what the messages of an envelope are about; what is about nothing known here is a finding.
  [[nodiscard]] Result<Report> tie(ReadyEnvelope& envelope, const AuthorityId& authority) const;
  [[nodiscard]] Result<std::optional<Finding>> tie(Deposit& deposit, const std::string& form,
                                                   const AuthorityId& authority) const;
  [[nodiscard]] Result<std::optional<Finding>> tie_answer(Deposit& deposit, const std::string& form,
                                                          const store::ActeOnFlow& on) const;
  [[nodiscard]] Result<bool> ask_by_itself(const AuthorityId& authority, bool again);
  [[nodiscard]] Result<Submitted> classification_request(const AuthorityId& authority, bool again) const;

  store::Store& store_;
  Classifications& classifications_;
  const Clock& clock_;
  std::function<void()> wake_;
  EnvelopeRules rules_;
  std::mutex asking_;  ///< the gateway's own 7-1 are decided on one at a time
};

}  // namespace demat::actes_road
