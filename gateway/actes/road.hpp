#pragma once

#include "gateway/actes/classifications.hpp"
#include "gateway/actes/content_checks.hpp"
#include "gateway/actes/intake.hpp"
#include "gateway/actes/packaging.hpp"
#include "gateway/pipeline/road.hpp"
#include "gateway/signing/key_ring.hpp"

namespace demat::actes_road {

/// What the road works with. References outlive it.
struct RoadDependencies {
  store::Store& store;
  const Clock& clock;
  pipeline::Recorder& recorder;
  /// The settings in force: a reload changes them.
  std::function<std::shared_ptr<const config::Settings>()> settings;
  pipeline::Scanner scanner;  ///< empty: no antivirus
  Classifications& classifications;
  ActesIntake& intake;
  std::function<void()> wake;                      ///< new flows have come; must not block
  std::shared_ptr<trust_desk::TrustDesk> trust{};  ///< who is believed as a signer; null: nothing is asked
  /// The keys in force, for routes that name one; empty: acts leave as they came.
  std::function<std::shared_ptr<const signing::KeyRing>()> keys{};
  /// A time stamp by the [[timestamp]] of that name; takes its time, and is never called inside a
  /// transaction.
  std::function<Result<Bytes>(const std::string& authority, std::string_view bytes)> stamp{};
  std::shared_ptr<const xml::SchemaPack> budgets{};  ///< of TotEM documents; null: not held against a schema
};

/// Judges the signers of actes and annexes by what the préfecture's destination asks; nothing without a
/// signature.
[[nodiscard]] std::optional<trust_desk::Decision> judge_signers(
    const std::vector<trust::SignatureInput>& signatures, trust_desk::TrustDesk* desk,
    const std::string& destination, Instant received, Instant now);

/// ACTES on the common road. Thread-safe.
class ActesRoad final : public pipeline::Road {
 public:
  explicit ActesRoad(RoadDependencies dependencies) : deps_(std::move(dependencies)) {}

  Result<store::Change> check(const store::Claim& claim, const store::Payload& original,
                              const flow::Route& route) const override;
  Status settle(const flow::Return& item, const pipeline::Hand& hand) const override;

 private:
  [[nodiscard]] Result<store::Change> check_deposit(const store::Claim& claim, const store::Payload& original,
                                                    const flow::ActesSettings& settings,
                                                    const config::Destination& destination,
                                                    const std::string& signer) const;
  /// Signs the files of an acte that nobody has signed, when the key of the route is meant for acts: their
  /// signatures go into `deposit`, they and the journal's words into `change`. False: a signatory has to ask
  /// for it first, and `change` holds the flow (sealing.cpp).
  [[nodiscard]] Result<bool> sign_files(const store::Claim& claim, const std::string& signer,
                                        const Contents& contents, Deposit& deposit,
                                        store::Change& change) const;
  [[nodiscard]] Result<bool> may_sign(const flow::Flow& flow, const signing::SigningProfile& profile) const;
  [[nodiscard]] Result<store::NewDocument> sign_file(DepositFile& file,
                                                     const signing::SigningProfile& profile) const;
  /// A ready-made envelope: every rule again, on what the store keeps of it (envelope_road.cpp).
  [[nodiscard]] Result<store::Change> check_envelope(const store::Claim& claim,
                                                     const flow::ActesSettings& settings,
                                                     const config::Destination& destination) const;
  using Packing = std::function<Result<Package>(const PackagingContext& context)>;
  [[nodiscard]] Result<store::Change> pack_up(const store::Claim& claim, const flow::ActesSettings& settings,
                                              const config::Destination& destination,
                                              const std::string& classification_date, store::Change change,
                                              const Packing& pack) const;
  /// Adds what the judgement of the signers says to `report` and `change`; a change that waits when it cannot
  /// be told yet (signers.cpp).
  [[nodiscard]] Result<std::optional<store::Change>> judge_signers(const store::Claim& claim,
                                                                   const Contents& contents,
                                                                   const config::Destination& destination,
                                                                   Report& report,
                                                                   store::Change& change) const;
  [[nodiscard]] static store::Change refused(store::Change change, Report report, std::string_view by);

  RoadDependencies deps_;
};

}  // namespace demat::actes_road
