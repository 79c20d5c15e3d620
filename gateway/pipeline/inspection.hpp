#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "gateway/base/clock.hpp"
#include "gateway/flow/ids.hpp"
#include "gateway/pipeline/numbers_reader.hpp"
#include "gateway/pipeline/pack_policy.hpp"
#include "gateway/pipeline/rule_policy.hpp"
#include "gateway/pipeline/work_budget.hpp"
#include "gateway/signing/key_ring.hpp"
#include "gateway/trust/desk.hpp"
#include "protocols/base/byte_source.hpp"
#include "protocols/base/finding.hpp"
#include "protocols/pes/header.hpp"
#include "protocols/pes/rules.hpp"
#include "protocols/xades/certificate_shelf.hpp"
#include "protocols/xades/profile.hpp"
#include "protocols/xml/schema_pack.hpp"

namespace demat::pipeline {

/// What inspection needs besides the document; shared read-only.
struct InspectionContext {
  std::shared_ptr<const xml::SchemaPack> pack;  ///< the usual one
  std::set<std::string> encodings;
  std::vector<xades::Policy> policies;
  std::shared_ptr<WorkBudget> budget;              ///< for documents held as a tree; null: unbounded
  std::shared_ptr<trust_desk::TrustDesk> trust{};  ///< who is believed as a signer; null: nothing is asked
  std::shared_ptr<xades::CertificateShelf> signers =
      std::make_shared<xades::CertificateShelf>();  ///< never null
  /// libxmlsec1 is asked too about signatures that arrive, for documents small enough for its tree.
  bool second_opinion = false;
  /// Other packs for some authorities or days; null: always the usual one.
  std::shared_ptr<const PackPolicy> packs{};
  /// How serious rules are; never null.
  std::shared_ptr<const RulePolicy> rules = std::make_shared<const RulePolicy>();
};

/// The pack that judges a flow of that authority at that moment.
[[nodiscard]] const PackPtr& pack_for(const InspectionContext& context, const AuthorityId& authority,
                                      Instant now);

/// How long a check worker waits for room in the budget: far below its lease. A flow that finds none waits
/// in the store and is taken up again.
inline constexpr std::chrono::milliseconds worker_patience{2'000};

/// What a document is held as a tree for.
enum class TreeUse {
  signing,          ///< our tree, and another one of the result that verifies it
  verifying,        ///< our tree
  verifying_twice,  ///< our tree, and libxml2's for xmlsec
};

/// The memory a document takes while it is held as a tree, in bytes: what a structured one of that size takes
/// (libxml2's: signature 6.4).
[[nodiscard]] std::size_t tree_weight(std::size_t document_bytes, TreeUse use);

/// What a signing profile is given for.
enum class KeyUse {
  sign,      ///< the document is signed
  rehearse,  ///< to know whether it would be: every check but the signature itself, the key stays untouched
};

/// The whole verdict on one document, and its signed form when the gateway signs.
struct Inspection {
  std::string pack;  ///< version of the pack that judged
  Report report;
  pes::Header header;
  pes::FlowFacts facts;
  NumbersRead numbers;  ///< what the document numbers, for the history
  std::optional<xades::DocumentReport> signatures;
  bool would_sign = false;  ///< rehearsed: a signature is due and can be made
  /// The signed form, set only when `signer` was given, a signature is due and all is well: the bytes, or for
  /// a large document a source that refers to the inspected one.
  std::optional<std::string> signed_bytes;
  std::unique_ptr<const ByteSource> signed_source;

  [[nodiscard]] bool is_signed() const { return signed_bytes.has_value() || signed_source != nullptr; }
};

/// Judges the signers of a flow that arrived signed by what its destination asks of them; nothing for a flow
/// without a signature, or with ours. `file`: its name, size and digest, where they are known. Pure;
/// thread-safe.
[[nodiscard]] std::optional<trust_desk::Decision> judge_signers(const Inspection& inspection,
                                                                const InspectionContext& context,
                                                                const std::string& destination,
                                                                Instant received, Instant now,
                                                                trust::FileFacts file = {});

/// Runs every deterministic check in order: encoding, XML, schema, rules, signature (helios 4.2). With a
/// signing profile it also signs and re-verifies before giving the bytes. An Error is a matter of waiting (a
/// key in trouble, a flow that the key is not meant for (`signing.flow_not_allowed`), an unreadable payload,
/// no room in the budget within `patience`: `busy.memory`); what is wrong with the document is in the report.
/// `authority`: whose flow it is, for the weight of rules. Pure but for the signer; thread-safe.
[[nodiscard]] Result<Inspection> inspect(const ByteSource& bytes, const InspectionContext& context,
                                         const signing::SigningProfile* signer, Instant now,
                                         std::chrono::milliseconds patience = worker_patience,
                                         KeyUse use = KeyUse::sign, const AuthorityId& authority = {});

}  // namespace demat::pipeline
