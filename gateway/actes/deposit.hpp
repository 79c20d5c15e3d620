#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/flow/acte.hpp"
#include "gateway/store/change.hpp"
#include "protocols/actes/rules.hpp"
#include "protocols/base/result.hpp"

namespace demat::actes_road {

/// A file of a deposit. The bytes are a document of the flow; the manifest knows them by their digest.
struct DepositFile {
  std::string role;  ///< "acte" or "annexe"
  std::string name;  ///< as deposited
  std::string type;  ///< typologie, "99_DE"
  Sha256 sha256;
  std::uint64_t size = 0;
  std::string signature;  ///< detached PKCS#7 as text; empty when there is none
};

/// One business message as its depositor describes it: what the flow's original says, and what packaging
/// makes an envelope of. The texts are as they came: rules judge them.
struct Deposit {
  actes::Code code = actes::Code::acte;
  std::string number;
  std::string date;      ///< of the decision, "YYYY-MM-DD"
  std::string nature;    ///< "1" to "6"
  std::string matieres;  ///< "7.1"
  std::string object;
  std::string previous_id;
  std::string paper = "N";
  std::string classification_date;  ///< empty: that of the authority's latest 7-2; of a 7-1: the one owned
  FlowId about;                     ///< the acte that an annulation, an answer or a receipt is about
  LetterId letter;                  ///< the letter that is answered
  std::string id_acte;              ///< of the acte that it is about
  std::string letter_date;          ///< echoed (actes 3.4)
  /// What tells two deposits apart that say the same: a 7-1 of each day, a 6-1 about each acte of an
  /// envelope.
  std::string mark;
  std::vector<DepositFile> files;
};

/// The original of a flow of ACTES: JSON, the same bytes for the same deposit.
[[nodiscard]] std::string to_manifest(const Deposit& deposit);
/// Error, waiting: `actes.manifest` for bytes that to_manifest did not make.
[[nodiscard]] Result<Deposit> from_manifest(std::string_view json);

/// What the rules want to know; `media` says of each file, in the order of Deposit::files, what it is.
[[nodiscard]] actes::Dossier dossier_of(const Deposit& deposit, const flow::ActesSettings& settings,
                                        const std::vector<actes::Media>& media);
[[nodiscard]] actes::AnswerDossier answer_of(const Deposit& deposit, const std::vector<actes::Media>& media);
/// Every rule about a deposit but those about the content of its files: nothing for what the gateway sends by
/// itself. `ours` are the gateway's own return addresses; unset while it is not known where the acte goes.
[[nodiscard]] Report check_metadata(const Deposit& deposit, const std::vector<actes::Media>& media,
                                    const flow::ActesSettings& settings, const actes::RuleOptions& options,
                                    const std::optional<std::vector<std::string>>& ours);
/// 2-2, 3-3, 3-4, 4-3, 4-4.
[[nodiscard]] bool is_answer(actes::Code code);
/// Who the authority is for the ministry.
[[nodiscard]] actes::AuthorityId emitter_of(const flow::ActesSettings& settings);
/// What the choices of an authority make of the rules; `today` is Paris's.
[[nodiscard]] actes::RuleOptions options_of(const flow::ActesSettings& settings,
                                            const actes::Classification& classification, Instant now);
/// There is a convention, and its day has come (actes A6).
[[nodiscard]] bool has_convention(const flow::ActesSettings& settings, Instant now);
/// Beyond what the convention covers, or sent while the authority is back to paper (actes A6, A7).
[[nodiscard]] Report check_convention(const Deposit& deposit, const flow::ActesSettings& settings);

/// The row that goes with the flow, and the flow's own words (number, message, key).
[[nodiscard]] flow::Acte acte_of(const Deposit& deposit, const flow::ActesSettings& settings);
void describe(flow::Flow& flow, const Deposit& deposit);

/// "2026-11-22" in Paris.
[[nodiscard]] std::string paris_date(Instant instant);

}  // namespace demat::actes_road
