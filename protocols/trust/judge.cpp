#include "protocols/trust/judge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "protocols/trust/facts_of.hpp"
#include "protocols/trust/material.hpp"
#include "protocols/trust/path.hpp"
#include "protocols/trust/revocation.hpp"
#include "protocols/trust/stamps.hpp"

namespace demat::trust {
namespace {

constexpr std::chrono::minutes clock_skew{5};  ///< signature RV5

bool has(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

const char* status_name(RevocationState state) {
  switch (state) {
    case RevocationState::good:
      return "good";
    case RevocationState::revoked:
      return "revoked";
    case RevocationState::on_hold:
      return "on_hold";
    case RevocationState::stale:
      return "stale";
    case RevocationState::unknown:
      return "unknown";
    case RevocationState::missing:
      return "missing";
    case RevocationState::unlisted_expired:
      return "unlisted_expired";
  }
  return "missing";
}

bool is_for_stamps(X509* certificate) {
  const int at = X509_get_ext_by_NID(certificate, NID_ext_key_usage, -1);
  return at >= 0 && X509_EXTENSION_get_critical(X509_get_ext(certificate, at)) != 0 &&
         X509_get_extended_key_usage(certificate) == XKU_TIMESTAMP;
}

/// Good for ever, good for what was signed before some day, or never.
enum class Strength { good, outlived, bad };

template <class Rule, class Matches>
Strength strength_of(const std::vector<Rule>& rules, Instant signed_at, Instant now, Matches matches) {
  Strength best = Strength::bad;
  for (const auto& rule : rules) {
    if (!matches(rule) || (rule.before && signed_at >= *rule.before)) continue;
    if (!rule.before || now < *rule.before) return Strength::good;
    best = Strength::outlived;
  }
  return best;
}

/// One judgement in progress.
class Judge {
 public:
  Judge(const TrustProfile* profile, const Question& question) : profile_(profile), question_(question) {}

  SignerReport run() {
    leaf_ =
        question_.parsed ? shared(question_.parsed->native()) : parse_certificate(question_.certificate_der);
    if (!question_.integrity_only) prove_time();
    settle_time();
    if (!leaf_) {
      say("trust.certificate.unreadable");
    } else {
      report_.certificate = facts_of(leaf_.get());
      if (question_.use != Use::client) say_time();
      if (profile_ == nullptr)
        say("trust.profile.none");
      else if (question_.integrity_only)
        say("trust.profile.not_asked");
      else
        check_all();
    }
    report_.verdict = verdict_of(report_.checks);
    if (profile_ != nullptr) {
      report_.profile = profile_->name();
      report_.version = profile_->version();
      if (report_.verdict.indication == Indication::passed) report_.level = profile_->rules().level;
    }
    return std::move(report_);
  }

 private:
  void say(std::string_view code, const Values& values = {}) {
    report_.checks.push_back(make_check(code, values));
  }
  void say(std::string_view code, const Values& french, const Values& english) {
    report_.checks.push_back(make_check(code, french, english));
  }
  [[nodiscard]] const std::string& name() const { return report_.certificate->name; }
  [[nodiscard]] const Rules& rules() const { return profile_->rules(); }

  /// RV5: a trusted time stamp proves that the signature was there; later than the reception it proves
  /// nothing more.
  void prove_time() {
    for (const auto& stamp : question_.stamps) {
      auto judged = judge_stamp(profile_, stamp, question_.received, question_.now);
      for (auto& one : judged.evidence)
        keep(one);
      report_.stamps.push_back(std::move(judged.facts));
      const auto& facts = report_.stamps.back();
      if (facts.accepted && *facts.time <= question_.received + clock_skew && !proven_) proven_ = facts.time;
    }
  }

  /// What is claimed cannot be later than the reception, nor than what is proven.
  void settle_time() {
    signed_at_ = proven_ ? proven_ : question_.signed_at;
    time_proven_ = proven_ || (question_.time_proven && question_.signed_at);
    report_.time_source = !signed_at_ ? "reception" : time_proven_ ? "proven" : "claimed";
    report_.signed_at = std::min(signed_at_.value_or(question_.received), question_.received);
  }

  void say_time() {
    const auto& claimed = question_.signed_at;
    if (claimed && *claimed > question_.received + clock_skew)
      say("trust.time.future", {time_value(*claimed), time_value(question_.received)});
    else if (!signed_at_)
      say("trust.time.missing", {time_value(question_.received)});
    else
      say(time_proven_ ? "trust.time.proven" : "trust.time.claimed", {time_value(*signed_at_)});
    if (proven_ && claimed && *claimed > *proven_ + clock_skew)
      say("trust.time.after_stamp", {time_value(*claimed), time_value(*proven_)});
    for (const auto& one : report_.stamps)
      say_stamp(one);
  }

  void say_stamp(const StampFacts& stamp) {
    if (!stamp.time)
      report_.checks.push_back(make_check("trust.stamp.broken", {stamp.fr}, {stamp.en}));
    else if (profile_ == nullptr)
      say("trust.stamp.not_judged", {stamp.authority, time_value(*stamp.time)});
    else if (stamp.accepted)
      say("trust.stamp.accepted", {stamp.authority, time_value(*stamp.time)});
    else
      report_.checks.push_back(make_check("trust.stamp.untrusted",
                                          {stamp.authority, time_value(*stamp.time), stamp.fr},
                                          {stamp.authority, time_value(*stamp.time), stamp.en}));
  }

  void check_all() {
    check_path();
    check_validity();
    check_issuer();
    check_usage();
    check_policy();
    check_algorithms();
    check_revocation();
  }

  /// Who may certify such a certificate; without stamps/ the issuers of signers may certify services, too.
  [[nodiscard]] const std::set<std::string>& authorised(const TrustProfile::Material& material) const {
    const bool apart = question_.use == Use::time_stamping && !material.stamp_fingerprints.empty();
    return apart ? material.stamp_fingerprints : material.issuer_fingerprints;
  }

  void check_path() {
    std::vector<X509Ptr> offered;
    for (const auto& der : question_.offered)
      if (auto one = parse_certificate(der)) offered.push_back(std::move(one));
    path_ = find_path(profile_->material(), leaf_.get(), offered, report_.signed_at);
    for (const auto& certificate : path_.chain) {
      PathElement element{facts_of(certificate.get()), false, false};
      const auto& material = profile_->material();
      element.anchor =
          &certificate == &path_.chain.back() && material.anchor_fingerprints.contains(element.facts.sha256);
      element.authorised_issuer = authorised(material).contains(element.facts.sha256);
      report_.path.push_back(std::move(element));
    }
    if (path_.unknown)
      return say("trust.path.none", {name(), report_.certificate->issuer_name, profile_->name()});
    for (const auto& flaw : path_.flaws)
      say("trust.path.broken", {name(), flaw.name, flaw.text});
    for (const auto& weak : path_.weak)
      say(rules().algorithms.archive ? "trust.path.weak_archive" : "trust.path.weak", {weak.name, weak.text});
    if (path_.flaws.empty() && path_.weak.empty())
      say("trust.path.found", {name(), report_.path.back().facts.name});
  }

  /// Of the whole chain; of the leaf alone when it leads nowhere.
  void check_validity() {
    bool good = true;
    const auto judge_one = [&](const CertificateFacts& one) {
      if (report_.signed_at > one.not_after) {
        say("trust.validity.expired", {one.name, time_value(one.not_after), time_value(report_.signed_at)});
        good = false;
      } else if (report_.signed_at < one.not_before) {
        say("trust.validity.not_yet", {one.name, time_value(one.not_before), time_value(report_.signed_at)});
        good = false;
      }
    };
    if (report_.path.empty()) judge_one(*report_.certificate);
    for (const auto& element : report_.path)
      judge_one(element.facts);
    if (!good) return;
    say("trust.validity.good", {name()});
    if (question_.now > report_.certificate->not_after)
      say("trust.validity.ended_since", {name(), time_value(report_.certificate->not_after)});
  }

  /// Anchors are not authorised issuers (signature 3.0); the signer's own certificate authorises nothing.
  void check_issuer() {
    if (report_.path.empty()) return say("trust.issuer.not_run");
    const auto at = std::find_if(report_.path.begin() + 1, report_.path.end(),
                                 [](const PathElement& one) { return one.authorised_issuer; });
    if (at != report_.path.end())
      say("trust.issuer.authorised", {at->facts.name, profile_->name()});
    else
      say("trust.issuer.not_authorised", {name(), report_.certificate->issuer_name, profile_->name()});
  }

  void check_usage() {
    const auto& usage = report_.certificate->key_usage;
    if (report_.certificate->authority || has(usage, "keyCertSign") || has(usage, "cRLSign"))
      return say("trust.usage.authority", {name()});
    if (question_.use == Use::time_stamping)
      return is_for_stamps(leaf_.get()) ? say("trust.usage.stamps") : say("trust.usage.no_stamps", {name()});
    if (question_.use == Use::client) return check_client_usage();
    if (has(usage, "nonRepudiation")) return say("trust.usage.right");
    const bool stated = X509_get_key_usage(leaf_.get()) != UINT32_MAX;
    const bool refused = rules().non_repudiation == NonRepudiation::strict ||
                         (rules().non_repudiation == NonRepudiation::if_stated && stated);
    say(refused ? "trust.usage.absent" : "trust.usage.absent_tolerated", {name()});
  }

  /// RGS keeps the usages apart: a certificate that signs documents opens no door.
  void check_client_usage() {
    const auto& extended = report_.certificate->extended_key_usage;
    const bool stated = X509_get_key_usage(leaf_.get()) != UINT32_MAX;
    if (stated && !has(report_.certificate->key_usage, "digitalSignature"))
      return say("trust.usage.signature_only", {name()});
    if (!extended.empty() && !has(extended, "clientAuth")) return say("trust.usage.not_client", {name()});
    if (stated && !extended.empty()) return say("trust.usage.client");
    const bool tolerated = rules().non_repudiation == NonRepudiation::tolerant;
    say(tolerated ? "trust.usage.client_unstated_tolerated" : "trust.usage.client_unstated", {name()});
  }

  /// In our own code: OpenSSL's explicit_policy fails on chains whose authorities state none (signature RV7).
  void check_policy() {
    // The policies of a profile are those of persons.
    if (rules().policies.empty() || question_.use == Use::time_stamping) return;
    const auto& stated = report_.certificate->policies;
    for (const auto& policy : stated)
      if (has(rules().policies, policy)) return say("trust.policy.listed", {policy});
    say("trust.policy.unlisted",
        {name(), stated.empty() ? "-" : fmt::format("{}", fmt::join(stated, ", ")), profile_->name()});
  }

  void check_algorithms() {
    const auto& algorithms = rules().algorithms;
    const auto& leaf = *report_.certificate;
    const auto digest = strength_of(algorithms.digests, report_.signed_at, question_.now,
                                    [&](const DigestRule& rule) { return rule.name == question_.digest; });
    const auto key = strength_of(algorithms.keys, report_.signed_at, question_.now, [&](const KeyRule& rule) {
      return rule.kind == leaf.key_kind && leaf.key_bits >= rule.bits;
    });
    const std::string what = fmt::format("{}, {} {} bits", question_.digest, leaf.key_kind, leaf.key_bits);
    const Strength worst = std::max(digest, key);
    if (worst == Strength::good) return say("trust.algorithm.good", {what});
    const bool archive = worst == Strength::outlived && algorithms.archive;
    say(archive ? "trust.algorithm.archive" : "trust.algorithm.weak", {what});
  }

  /// Every certificate of the path but the anchor, which is trusted in itself.
  void check_revocation() {
    if (rules().revocation == Revocation::off) return say("trust.revocation.off");
    if (path_.chain.empty()) return say("trust.revocation.not_run");
    for (std::size_t i = 0; i + 1 < path_.chain.size(); ++i) {
      const auto answer =
          ask(profile_->material(), path_.chain[i].get(), path_.chain[i + 1].get(), i == 0, question_.now);
      note(report_.path[i].facts, answer);
      conclude(report_.path[i].facts, answer);
    }
  }

  void note(const CertificateFacts& certificate, const RevocationAnswer& answer) {
    RevocationFacts facts;
    facts.certificate = certificate.name;
    facts.sha256 = certificate.sha256;
    facts.status = status_name(answer.state);
    facts.source = answer.file;
    facts.this_update = answer.this_update;
    facts.next_update = answer.next_update;
    facts.revoked_at = answer.since;
    facts.reason = answer.reason;
    if (answer.crl != nullptr) {
      facts.crl_number = answer.crl->facts.number;
      keep(answer.crl->evidence, facts);
    }
    if (answer.response != nullptr) keep(answer.response->evidence, facts);
    report_.revocation.push_back(std::move(facts));
  }

  void keep(const Evidence& evidence, RevocationFacts& facts) {
    facts.kind = to_string(evidence.kind);
    facts.evidence = evidence.sha256.str();
    keep(evidence);
  }

  void keep(const Evidence& evidence) {
    const bool kept = std::ranges::any_of(report_.evidence,
                                          [&](const Evidence& one) { return one.sha256 == evidence.sha256; });
    if (!kept) report_.evidence.push_back(evidence);
  }

  void conclude(const CertificateFacts& certificate, const RevocationAnswer& answer) {
    const std::string by = answer.response != nullptr ? "_ocsp" : "";
    const std::string tolerated = rules().revocation == Revocation::warn ? "_tolerated" : "";
    switch (answer.state) {
      case RevocationState::good:
        return say("trust.revocation.good" + by, with_source(certificate, answer));
      case RevocationState::stale:
        return say("trust.revocation.stale" + by + tolerated, with_source(certificate, answer));
      case RevocationState::unknown:
        return say("trust.revocation.unknown" + tolerated, with_source(certificate, answer));
      case RevocationState::missing:
        return say("trust.revocation.missing" + tolerated, {certificate.name, certificate.issuer_name});
      case RevocationState::unlisted_expired:
        return say("trust.revocation.unlisted_expired" + tolerated,
                   {certificate.name, time_value(certificate.not_after)});
      case RevocationState::on_hold:
        return say("trust.revocation.on_hold",
                   {certificate.name, time_value(answer.since.value_or(Instant{}))});
      case RevocationState::revoked:
        return conclude_revoked(certificate, answer);
    }
  }

  static Values with_source(const CertificateFacts& certificate, const RevocationAnswer& answer) {
    std::string what = "?";
    if (answer.crl != nullptr && !answer.crl->facts.number.empty()) what = answer.crl->facts.number;
    if (answer.response != nullptr) what = answer.response->answers.front().facts.responder;
    return {certificate.name, what, time_value(answer.this_update.value_or(Instant{}))};
  }

  /// RV9: the date decides; a compromised key voids what is not proven to be older.
  void conclude_revoked(const CertificateFacts& certificate, const RevocationAnswer& answer) {
    const Instant since = answer.since.value_or(Instant{});
    const Values french{certificate.name, time_value(since), french_reason(answer.reason)};
    const Values english{certificate.name, time_value(since), answer.reason};
    if (since <= report_.signed_at) return say("trust.revocation.revoked", french, english);
    if (!is_compromise(answer.reason)) return say("trust.revocation.later", french, english);
    const bool older = time_proven_ && (!answer.invalid || *answer.invalid > report_.signed_at);
    say(older ? "trust.revocation.later" : "trust.revocation.compromised", french, english);
  }

  const TrustProfile* profile_;
  const Question& question_;
  X509Ptr leaf_;
  std::optional<Instant> proven_;     ///< by a time stamp
  std::optional<Instant> signed_at_;  ///< proven, or claimed
  bool time_proven_ = false;
  Path path_;
  SignerReport report_;
};

}  // namespace

SignerReport judge(const TrustProfile* profile, const Question& question) {
  return Judge(profile, question).run();
}

}  // namespace demat::trust
