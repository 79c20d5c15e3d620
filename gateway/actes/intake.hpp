#pragma once

#include <functional>

#include "gateway/actes/classifications.hpp"
#include "gateway/actes/deposit.hpp"
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

/// Accepts messages of ACTES, whatever the door: rights, settings, the rules about metadata, then one
/// transaction for the message and its files (decisions, Intake). Thread-safe; blocks on the store.
class ActesIntake {
 public:
  ActesIntake(store::Store& store, Classifications& classifications, const Clock& clock,
              std::function<void()> wake)
      : store_(store), classifications_(classifications), clock_(clock), wake_(std::move(wake)) {}

  /// Errors: `actes.refused` with the report, `actes.settings.missing`, `actes.suspended`,
  /// `actes.no_convention`, `access.denied`, and the store's.
  [[nodiscard]] Taken submit(const intake::Submission& submission, Submitted item);

  /// Asks to annul an acte (6-1): only one that has its AR, and once (actes 4.1-12). Errors:
  /// `actes.not_annullable`, `store.not_found`.
  [[nodiscard]] Taken annul(const intake::Submission& submission, const FlowId& acte);

  /// Answers a letter: 2-2, 3-3, 3-4, 4-3 or 4-4. Errors: `actes.letter.no_answer` (the message does not
  /// answer that letter), `store.not_found`.
  [[nodiscard]] Taken answer(const intake::Submission& submission, const LetterId& letter, actes::Code code,
                             Submitted item);

  /// Asks for the classification (7-1): once a day and authority unless `again`.
  [[nodiscard]] Taken request_classification(const intake::Submission& submission, bool again);
  /// The same by the gateway itself. False when it was asked for today already.
  [[nodiscard]] Result<bool> request_classification(const AuthorityId& authority);
  /// The same because the ministry calls ours outdated (actes 4.3): however often it was asked for today, but
  /// not while a request is under way. False then.
  [[nodiscard]] Result<bool> renew_classification(const AuthorityId& authority);

 private:
  [[nodiscard]] tl::expected<flow::ActesSettings, Refused> open_for(const AuthorityId& authority) const;
  [[nodiscard]] Taken accept(const intake::Submission& submission, const flow::ActesSettings& settings,
                             Submitted item);
  [[nodiscard]] Result<bool> ask_by_itself(const AuthorityId& authority, bool again);
  [[nodiscard]] Result<Submitted> classification_request(const AuthorityId& authority, bool again) const;

  store::Store& store_;
  Classifications& classifications_;
  const Clock& clock_;
  std::function<void()> wake_;
};

}  // namespace demat::actes_road
