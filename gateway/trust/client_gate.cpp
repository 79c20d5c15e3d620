#include "gateway/trust/client_gate.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace demat::trust_desk {
namespace {

struct Sentence {
  trust::ClientFault fault;
  std::string_view check;  ///< of one check only; empty: of any
  std::string_view code;
  Outlook outlook;
  std::string_view fr;
  std::string_view en;
};

constexpr std::array sentences = std::to_array<Sentence>({
    {trust::ClientFault::untrusted, "", "access.certificate_untrusted", Outlook::permanent,
     "Votre certificat ne vient d'aucune autorité admise ici : présentez un certificat d'authentification "
     "d'une "
     "autorité reconnue.",
     "Your certificate comes from no authority that is accepted here: show a certificate for authentication "
     "of "
     "a recognised authority."},
    {trust::ClientFault::expired, "", "access.certificate_expired", Outlook::permanent,
     "Votre certificat, ou celui de son autorité, n'est plus valable : renouvelez-le.",
     "Your certificate, or that of its authority, has ended: renew it."},
    {trust::ClientFault::not_yet_valid, "", "access.certificate_not_yet_valid", Outlook::permanent,
     "Votre certificat n'est pas encore valable : vérifiez sa date de début.",
     "Your certificate is not valid yet: check the date of its beginning."},
    {trust::ClientFault::usage, "trust.usage.signature_only", "access.certificate_usage", Outlook::permanent,
     "Ce certificat est fait pour signer, non pour s'authentifier : présentez votre certificat "
     "d'authentification (usages « signature numérique » et « clientAuth »), souvent rangé à côté sur la "
     "même "
     "carte.",
     "This certificate is meant for signing, not for authentication: show your certificate for "
     "authentication "
     "(usages digitalSignature and clientAuth), often stored beside it on the same card."},
    {trust::ClientFault::usage, "", "access.certificate_usage", Outlook::permanent,
     "Ce certificat n'est pas fait pour s'authentifier comme client : il faut les usages « signature "
     "numérique » et « clientAuth ».",
     "This certificate is not meant to authenticate a client: the usages digitalSignature and clientAuth are "
     "required."},
    {trust::ClientFault::policy, "", "access.certificate_policy", Outlook::permanent,
     "Votre certificat n'est pas du niveau exigé ici : aucune de ses politiques de certification n'est "
     "admise.",
     "Your certificate is not of the level required here: none of its certificate policies is accepted."},
    {trust::ClientFault::weak, "", "access.certificate_weak", Outlook::permanent,
     "Votre certificat ou sa chaîne repose sur une cryptographie trop faible (clé RSA de moins de 2048 bits, "
     "SHA-1) : demandez-en un autre.",
     "Your certificate or its chain rests on weak cryptography (an RSA key below 2048 bits, SHA-1): ask for "
     "another one."},
    {trust::ClientFault::revoked, "trust.revocation.on_hold", "access.certificate_revoked",
     Outlook::permanent, "Votre certificat est suspendu : voyez avec son autorité de certification.",
     "Your certificate is on hold: see its certification authority."},
    {trust::ClientFault::revoked, "", "access.certificate_revoked", Outlook::permanent,
     "Votre certificat, ou celui de son autorité, est révoqué : demandez-en un autre.",
     "Your certificate, or that of its authority, has been revoked: ask for another one."},
    {trust::ClientFault::unknown, "", "access.certificate_unchecked", Outlook::waiting,
     "On ne peut dire pour l'instant si votre certificat est révoqué (liste de révocation absente ou "
     "périmée) : "
     "réessayez plus tard, l'exploitant est prévenu.",
     "Whether your certificate is revoked cannot be told now (revocation list missing or stale): try again "
     "later, the operator has been told."},
});

}  // namespace

Error refusal_of(const trust::ClientVerdict& verdict) {
  const auto at = std::ranges::find_if(sentences, [&](const Sentence& one) {
    return one.fault == verdict.fault && (one.check.empty() || one.check == verdict.check);
  });
  if (at == sentences.end()) throw std::logic_error("a client that passed has no refusal");
  return {std::string(at->code), at->outlook, std::string(at->fr), std::string(at->en), {}, verdict.check};
}

/// At the bound the one that was judged longest ago makes room: its next request is judged anew, and who
/// resumes a session after that may have to send the chain again.
ClientGate::Known& ClientGate::entry(const std::string& sha256, trust::Instant now) {
  if (!known_.contains(sha256) && known_.size() >= most_known) {
    std::erase_if(known_, [&](const auto& one) { return one.second.judged_at + told_again < now; });
    if (known_.size() >= most_known)
      known_.erase(
          std::ranges::min_element(known_, {}, [](const auto& one) { return one.second.judged_at; }));
  }
  return known_[sha256];
}

void ClientGate::tell(const trust::TrustProfile& profile, const Visitor& visitor, Known& known,
                      trust::Instant now) {
  const auto& verdict = known.verdict;
  if (verdict.fault == trust::ClientFault::none) return;
  if (known.told == verdict.check && now < known.told_at + told_again) return;
  known.told = verdict.check;
  known.told_at = now;
  if (untold_.refused.size() >= most_untold)
    ++untold_.lost;
  else
    untold_.refused.push_back(
        {visitor.sha256, verdict.serial, verdict.issuer, profile.name(), verdict.check, verdict.fault});
}

/// TLS asks before the client has proven that the key is its own: what a stranger sends with a certificate
/// must not spoil the verdict about it. A chain that led somewhere is kept, and comes before what is offered
/// now.
trust::ClientVerdict ClientGate::judge(const trust::TrustProfile& profile, const Visitor& visitor,
                                       trust::Instant now) {
  const std::lock_guard lock(mutex_);
  Known& known = entry(visitor.sha256, now);
  const bool fresh =
      known.version == profile.version() && now >= known.judged_at && now < known.judged_at + verdict_life;
  const bool untrusted = known.verdict.fault == trust::ClientFault::untrusted;
  if (!fresh || (untrusted && !visitor.offered.empty())) {
    auto offered = known.proven;
    for (const auto& one : visitor.offered)
      if (std::ranges::find(offered, one) == offered.end()) offered.push_back(one);
    known.verdict = trust::judge_client(profile, visitor.der, offered, now);
    known.version = profile.version();
    known.judged_at = now;
    if (known.verdict.fault == trust::ClientFault::none) known.proven = std::move(offered);
  }
  tell(profile, visitor, known, now);
  return known.verdict;
}

ClientGate::Untold ClientGate::take_untold() {
  const std::lock_guard lock(mutex_);
  return std::exchange(untold_, {});
}

}  // namespace demat::trust_desk
