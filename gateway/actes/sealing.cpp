#include <algorithm>
#include <boost/json.hpp>

#include "gateway/actes/road.hpp"
#include "gateway/flow/access.hpp"
#include "gateway/pipeline/agent_errors.hpp"
#include "gateway/signing/detached_sealing.hpp"

/// Acts that the gateway signs itself (signature A5), where the route and the key say so.
namespace demat::actes_road {
namespace {

using flow::State;
using flow::Trigger;

constexpr const char* signature_role = "signature";

/// RS12: what somebody signed is not signed again, neither beside the file nor inside.
bool is_signed(const DepositFile& file, const Contents& contents) {
  return !file.signature.empty() ||
         std::ranges::any_of(contents.signatures,
                             [&](const trust::SignatureInput& one) { return one.covers == file.name; });
}

boost::json::object origin_of(const signing::Signer& signer) {
  const auto origin = signer.origin();
  if (!origin.in_token) return {{"in", "file"}, {"file", origin.file}};
  return {{"in", "token"},
          {"model", origin.model},
          {"token", origin.serial},
          {"key", origin.label},
          {"never_left", origin.never_left}};
}

/// What the journal keeps of each use of a key (signature RS14).
std::string detail_of(const signing::SigningProfile& profile, const flow::Flow& flow,
                      const std::vector<const DepositFile*>& files) {
  boost::json::array elements;
  for (const auto* file : files)
    elements.push_back(boost::json::object{{"name", file->name}, {"sha256", file->sha256.str()}});
  boost::json::object detail{{"signatures", files.size()},
                             {"by_gateway", true},
                             {"form", profile.timestamp.empty() ? "CAdES-B" : "CAdES-T"},
                             {"signer", profile.name},
                             {"use", profile.is_seal ? "seal" : "signature"},
                             {"key", origin_of(*profile.signer)},
                             {"original", flow.original.str()},
                             {"elements", std::move(elements)},
                             {"requested_by", flow.deposited_by.str()}};
  if (!profile.timestamp.empty()) detail["timestamp"] = profile.timestamp;
  if (const auto certificate = xades::Certificate::from_der(profile.signer->certificate_der()))
    detail["certificate"] = boost::json::object{{"serial", certificate->serial_decimal()},
                                                {"issuer", certificate->issuer()},
                                                {"sha256", sha256(as_text(certificate->der())).str()}};
  return boost::json::serialize(detail);
}

/// The flow stands before its signature until a signatory of the authority releases it.
store::Change parked(store::Change change, State state) {
  if (state == State::received) change.steps.push_back({Trigger::pass_checks});
  change.steps.push_back({Trigger::ask_signature});
  change.steps.push_back({Trigger::hold, "{}", "gateway", std::string(flow::awaits_signatory)});
  change.hold_reason = std::string(flow::awaits_signatory);
  return change;
}

}  // namespace

Result<bool> ActesRoad::may_sign(const flow::Flow& flow, const signing::SigningProfile& profile) const {
  if (!profile.signatories_only || flow.state == State::to_sign || flow.state == State::signed_) return true;
  const auto depositor = deps_.store.find_identity(flow.deposited_by);
  if (!depositor) return failure(depositor.error());
  return *depositor && flow::may(**depositor, flow::Action::sign, flow.authority);
}

Result<store::NewDocument> ActesRoad::sign_file(DepositFile& file,
                                                const signing::SigningProfile& profile) const {
  const auto payload = deps_.store.open_payload(file.sha256);
  if (!payload) return failure(payload.error());
  const auto now = std::chrono::floor<std::chrono::seconds>(deps_.clock.now());
  const auto der = signing::seal_detached(profile, **payload, now, deps_.stamp);
  if (!der) return failure(der.error());
  file.signature = base64(*der);
  auto writer = deps_.store.new_payload();
  if (!writer) return failure(writer.error());
  if (auto status = (*writer)->append(as_text(*der)); !status) return failure(status.error());
  auto staged = (*writer)->finish();
  if (!staged) return failure(staged.error());
  return store::NewDocument{signature_role, file.name + ".p7s", "application/pkcs7-signature",
                            std::move(*staged)};
}

Result<bool> ActesRoad::sign_files(const store::Claim& claim, const std::string& signer,
                                   const Contents& contents, Deposit& deposit, store::Change& change) const {
  if (signer.empty() || !deps_.keys || deposit.code != actes::Code::acte) return true;
  const auto keys = deps_.keys();
  const auto* profile = keys->find(signer);
  if (profile == nullptr) return failure(pipeline::no_signer(signer));
  if (!profile->domains.contains(signing::domain_actes)) return true;
  if (!profile->serves(claim.flow.authority.str())) return failure(pipeline::not_its_authority(signer));
  if (std::ranges::all_of(deposit.files, [&](const auto& one) { return is_signed(one, contents); }))
    return true;
  const auto may = may_sign(claim.flow, *profile);
  if (!may) return failure(may.error());
  if (!*may) {
    change = parked(std::move(change), claim.flow.state);
    return false;
  }
  std::vector<const DepositFile*> done;
  for (auto& file : deposit.files) {
    if (is_signed(file, contents)) continue;
    auto document = sign_file(file, *profile);
    if (!document) return failure(document.error());
    change.documents.push_back(std::move(*document));
    done.push_back(&file);
  }
  const State state = claim.flow.state;
  if (state == State::received) change.steps.push_back({Trigger::pass_checks});
  if (state == State::received || state == State::checked) change.steps.push_back({Trigger::ask_signature});
  change.steps.push_back({Trigger::sign, detail_of(*profile, claim.flow, done)});
  return true;
}

}  // namespace demat::actes_road
