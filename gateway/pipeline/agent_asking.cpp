#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>

#include "gateway/base/random.hpp"
#include "gateway/pipeline/agent_errors.hpp"
#include "gateway/pipeline/agent_signatures.hpp"
#include "gateway/pipeline/tree_in_hand.hpp"
#include "gateway/signing/leaf.hpp"
#include "gateway/signing/two_step.hpp"
#include "protocols/pes/bordereau_line.hpp"

// The first step: what is to be signed, handed out and remembered.

namespace demat::pipeline {
namespace {

namespace json = boost::json;
using std::chrono::floor;
using std::chrono::seconds;

tl::unexpected<CardRefusal> refusal(Error error, Report findings = {}) {
  return tl::unexpected<CardRefusal>(CardRefusal{std::move(error), std::move(findings)});
}

store::SignatureRequestId fresh_id() {
  std::array<std::uint8_t, 16> bytes{};
  random_bytes(bytes);
  return store::SignatureRequestId{hex(bytes)};
}

/// What can be known of a card's certificate before anybody types a PIN (signature RS4 to RS6).
Result<xades::CertificatePtr> usable_card(const Bytes& der, const signing::SigningProfile& profile,
                                          xades::Instant now) {
  const signing::LeafRules rules{
      profile.is_seal ? signing::CertificateUse::seal : signing::CertificateUse::signature, false};
  if (const auto status = signing::check_leaf(der, rules, ""); !status)
    return failure(unfit_card(status.error()));
  auto certificate = xades::Certificate::from_der(der);
  if (!certificate) return failure(std::move(certificate.error()));
  const auto end = certificate->not_after();
  if (now < certificate->not_before() || now + profile.margin > end) return failure(card_out_of_date(end));
  return std::make_shared<const xades::Certificate>(std::move(*certificate));
}

/// What the destination's profile says of it, as if it had signed now.
Report judge_card(const Bytes& der, const InspectionContext& context, const std::string& destination,
                  xades::Instant now) {
  const auto demand = context.trust ? context.trust->demand_of(destination) : trust_desk::Demand{};
  if (!demand.profile) return {};
  trust::SignatureInput asked;
  asked.cryptography = trust::Indication::passed;
  asked.certificate_der = der;
  asked.signed_at = now;
  return trust::findings_of(trust::judge_all(&*demand.profile, {std::move(asked)}, now, now), true);
}

const Finding& first_error(const Report& report) {
  return *std::find_if(report.findings.begin(), report.findings.end(),
                       [](const Finding& one) { return one.severity == Severity::error; });
}

xades::SignerStatement statement_of(const xades::SignerStatement& wished,
                                    const xades::SignerStatement& configured) {
  const auto chosen = [](const std::string& own, const std::string& usual) {
    return own.empty() ? usual : own;
  };
  return {chosen(wished.role, configured.role), chosen(wished.city, configured.city),
          chosen(wished.postal_code, configured.postal_code), chosen(wished.country, configured.country)};
}

std::vector<OfferedElement> described(const xml::Document& document,
                                      std::vector<signing::ToBeSigned> wanted) {
  const auto lines = pes::bordereau_lines(document);
  const bool whole_flow = wanted.size() == 1 && wanted[0].element == document.root().attribute("Id");
  std::vector<OfferedElement> out;
  for (auto& one : wanted) {
    OfferedElement element{std::move(one.element), std::move(one.signed_info), whole_flow, {}};
    for (const auto& line : lines)
      if (whole_flow || line.id == element.id) element.lines.emplace_back(line.fr(), line.en());
    out.push_back(std::move(element));
  }
  return out;
}

/// What the journal keeps of the request (signature RS14).
std::string request_detail(const CardOffer& offer, const flow::Flow& flow) {
  json::array elements;
  for (const auto& one : offer.request.elements)
    elements.push_back({{"id", one.id}, {"signed_info", one.signed_info.str()}});
  const auto& certificate = *offer.certificate;
  return json::serialize(
      json::object{{"request", offer.request.id.str()},
                   {"signer", offer.request.profile},
                   {"requested_by", offer.request.requested_by.str()},
                   {"original", flow.original.str()},
                   {"certificate", json::object{{"serial", certificate.serial_decimal()},
                                                {"issuer", certificate.issuer()},
                                                {"sha256", sha256(as_text(certificate.der())).str()}}},
                   {"signing_time", to_iso8601(offer.request.signing_time)},
                   {"expires_at", to_iso8601(offer.request.expires_at)},
                   {"elements", std::move(elements)}});
}

}  // namespace

Result<std::shared_ptr<const signing::SigningProfile>> AgentSignatures::profile_for(
    const flow::Flow& flow, std::string& destination) const {
  if (flow.state != flow::State::to_sign) return failure(not_waiting_for_agent(flow.state));
  const auto route = parts_.store.find_route(flow.authority, flow.protocol);
  if (!route) return failure(route.error());
  if (!*route || (*route)->signer.empty()) return failure(not_waiting_for_agent(flow.state));
  auto profile = parts_.signer((*route)->signer);
  if (!profile) return failure(no_signer((*route)->signer));
  if (!profile->by_agent) return failure(not_waiting_for_agent(flow.state));
  if (!profile->serves(flow.authority.str())) return failure(not_its_authority(profile->name));
  destination = (*route)->destination.str();
  return profile;
}

CardResult<CardOffer> AgentSignatures::ask(const flow::Flow& flow, const CardAsk& ask) const {
  std::string destination;
  const auto profile = profile_for(flow, destination);
  if (!profile) return refusal(profile.error());
  const auto now = floor<seconds>(parts_.clock.now());
  auto certificate = usable_card(ask.certificate_der, **profile, now);
  if (!certificate) return refusal(std::move(certificate.error()));
  const auto context = parts_.inspection();
  Report judged = judge_card(ask.certificate_der, *context, destination, now);
  if (judged.refused()) {
    const auto& first = first_error(judged);
    const Error error = signer_untrusted(first.fr, first.en);
    return refusal(error, std::move(judged));
  }
  const auto payload = parts_.store.open_payload(flow.original);
  if (!payload) return refusal(payload.error());
  const auto tree = TreeInHand::hold(**payload, context->budget.get());
  if (!tree) return refusal(tree.error());
  const signing::CardSignature card{(*profile)->policy, statement_of(ask.statement, (*profile)->statement),
                                    now, ask.certificate_der};
  auto wanted = signing::first_step(card, (*tree)->document(), (*payload)->size());
  if (!wanted) return refusal(std::move(wanted.error()));

  CardOffer offer{{}, std::move(*certificate), {}, std::move(judged)};
  offer.request = {.id = fresh_id(),
                   .flow = flow.id,
                   .profile = (*profile)->name,
                   .requested_by = ask.who.id,
                   .certificate_der = ask.certificate_der,
                   .role = card.statement.role,
                   .city = card.statement.city,
                   .postal_code = card.statement.postal_code,
                   .country = card.statement.country,
                   .signing_time = now,
                   .expires_at = now + (*profile)->request_life};
  for (const auto& one : *wanted)
    offer.request.elements.push_back({one.element, sha256(one.signed_info)});
  offer.elements = described((*tree)->document(), std::move(*wanted));
  const auto kept =
      parts_.store.signature_requests().open(offer.request, ask.who.name, request_detail(offer, flow));
  if (!kept && kept.error().code == "store.illegal_transition") {
    const auto found = parts_.store.find(flow.id);
    return refusal(not_waiting_for_agent(found && *found ? (*found)->state : flow.state));
  }
  if (!kept) return refusal(kept.error());
  return offer;
}

}  // namespace demat::pipeline
