#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/base/clock.hpp"
#include "gateway/flow/authority.hpp"
#include "gateway/flow/flow.hpp"
#include "gateway/pipeline/inspection.hpp"
#include "gateway/pipeline/recorder.hpp"
#include "gateway/store/signature_requests.hpp"

namespace demat::pipeline {

/// What a signatory brings to the first step.
struct CardAsk {
  const flow::Identity& who;
  Bytes certificate_der;  ///< of the card
  /// Role and place to be stated; where a member is empty, that of the signing profile counts.
  xades::SignerStatement statement;
};

/// One thing for the card to sign, and what it is about in words.
struct OfferedElement {
  std::string id;
  std::string signed_info;                                 ///< canonical bytes
  bool whole_flow = false;                                 ///< covers PES_Aller, not one bordereau
  std::vector<std::pair<std::string, std::string>> lines;  ///< French and English, one per bordereau covered
};

struct CardOffer {
  store::SignatureRequest request;
  xades::CertificatePtr certificate;
  std::vector<OfferedElement> elements;
  Report warnings;  ///< of the trust profile: what is doubtful about the certificate, but may pass
};

/// What a signatory brings to the second step: the values the card made, by element.
struct CardDelivery {
  const flow::Identity& who;
  store::SignatureRequestId request;
  std::vector<std::pair<std::string, Bytes>> values;
};

/// A step that was refused, and what was found wrong on the way.
struct CardRefusal {
  Error error;
  Report findings;
};
template <class T>
using CardResult = tl::expected<T, CardRefusal>;

/// Signature by the agent's own card, in two steps. Between them everything is in the store: a restart, a
/// crash or another node makes no difference. The caller has checked the right (`flow::Action::sign`). Parts
/// outlive it. Thread-safe; both steps read and canonicalise the whole document.
class AgentSignatures {
 public:
  struct Parts {
    store::Store& store;
    const Clock& clock;
    Recorder& recorder;
    std::function<std::shared_ptr<const InspectionContext>()> inspection;
    std::function<std::shared_ptr<const signing::SigningProfile>(const std::string&)> signer;
    std::function<void()> wake;  ///< a flow became ready; must not block
  };
  explicit AgentSignatures(Parts parts) : parts_(std::move(parts)) {}

  /// Hands out what is to be signed, and keeps a request for it, which replaces the flow's former one.
  ///
  /// Errors: `signature.not_waiting` (the flow does not wait for an agent's signature), `signing.no_signer`,
  /// `signing.authority`; `signature.certificate`, `.certificate_authority`, `.certificate_usage`,
  /// `.certificate_weak`, `.certificate_period`; `trust.untrusted` (the destination's trust profile cannot
  /// pass it); those of xades::plan_signatures; `busy.memory`.
  [[nodiscard]] CardResult<CardOffer> ask(const flow::Flow& flow, const CardAsk& ask) const;

  /// Assembles the signed form, verifies it as if it had arrived so, judges its signer by what the
  /// destination asks, and lets the flow go on. Gives the answer as JSON; the same values again give the same
  /// answer. After an error nothing has changed, but that the journal tells of it.
  ///
  /// Errors: `signature.unknown_request`, `.replaced`, `.expired`, `.done` (with other values),
  /// `.incomplete` (a value for each element, and no other), `.not_waiting`, `.value`, `.changed`,
  /// `.refused` (the signed form does not pass the checks), `trust.untrusted`, `busy.memory`.
  [[nodiscard]] CardResult<std::string> bring(const flow::Flow& flow, const CardDelivery& delivery) const;

 private:
  [[nodiscard]] Result<std::shared_ptr<const signing::SigningProfile>> profile_for(
      const flow::Flow& flow, std::string& destination) const;
  [[nodiscard]] CardResult<std::string> sign(const flow::Flow& flow, const CardDelivery& delivery,
                                             const store::SignatureRequest& request,
                                             const Sha256& digest) const;
  [[nodiscard]] CardResult<std::string> overtaken(const flow::Flow& flow, const store::SignatureRequestId& id,
                                                  const Sha256& digest, const Error& error) const;
  void note_refusal(const flow::Flow& flow, const CardDelivery& delivery, const Error& error) const;

  Parts parts_;
};

}  // namespace demat::pipeline
