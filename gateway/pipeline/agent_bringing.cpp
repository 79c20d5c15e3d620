#include <algorithm>
#include <boost/json.hpp>
#include <chrono>

#include "gateway/pipeline/agent_errors.hpp"
#include "gateway/pipeline/agent_signatures.hpp"
#include "gateway/pipeline/signature_report.hpp"
#include "gateway/pipeline/tree_in_hand.hpp"
#include "gateway/signing/two_step.hpp"
#include "gateway/store/errors.hpp"
#include "protocols/xades/splice.hpp"

// The second step: the values of the card, assembled, verified, judged, and the flow goes on.

namespace demat::pipeline {
namespace {

namespace json = boost::json;
using flow::Trigger;
using std::chrono::floor;
using std::chrono::seconds;

tl::unexpected<CardRefusal> refusal(Error error, Report findings = {}) {
  return tl::unexpected<CardRefusal>(CardRefusal{std::move(error), std::move(findings)});
}

/// The values in the order of the request.
Result<std::vector<signing::CardValue>> in_order(const store::SignatureRequest& request,
                                                 const CardDelivery& delivery) {
  if (delivery.values.size() != request.elements.size())
    return failure(values_incomplete(std::to_string(request.elements.size()) + " expected"));
  std::vector<signing::CardValue> out;
  for (const auto& element : request.elements) {
    const auto at = std::find_if(delivery.values.begin(), delivery.values.end(),
                                 [&](const auto& one) { return one.first == element.id; });
    if (at == delivery.values.end()) return failure(values_incomplete(element.id));
    out.push_back({element.id, element.signed_info, at->second});
  }
  return out;
}

/// To know the same values again, in whatever order they come.
Sha256 digest_of(const CardDelivery& delivery) {
  auto values = delivery.values;
  std::sort(values.begin(), values.end());
  std::string all;
  for (const auto& [element, value] : values)
    all += element + " " + base64(value) + "\n";
  return sha256(all);
}

/// The signed form: bytes, or for a large document a source over the original.
struct SignedForm {
  std::string bytes;
  std::optional<MemorySource> in_memory;
  std::optional<xades::SplicedSource> spliced;

  [[nodiscard]] const ByteSource& source() const {
    return in_memory ? static_cast<const ByteSource&>(*in_memory) : *spliced;
  }
};

/// The tree is given back before the signed form is looked at: that takes another one.
Result<std::unique_ptr<const SignedForm>> assemble(const ByteSource& original, WorkBudget* budget,
                                                   const signing::CardSignature& card,
                                                   const std::vector<signing::CardValue>& values) {
  const auto tree = TreeInHand::hold(original, budget);
  if (!tree) return failure(tree.error());
  auto insertions = signing::second_step(card, (*tree)->document(), original.size(), values);
  if (!insertions) return failure(std::move(insertions.error()));
  auto out = std::make_unique<SignedForm>();
  if (!(*tree)->text().empty()) {
    out->bytes = xades::splice((*tree)->text(), *insertions);
    out->in_memory.emplace(out->bytes);
    return out;
  }
  auto spliced = xades::SplicedSource::make(original, *insertions);
  if (!spliced) return failure(std::move(spliced.error()));
  out->spliced.emplace(std::move(*spliced));
  return out;
}

/// A signed form that may leave, and what was found out about it.
struct Passed {
  Inspection inspection;
  std::optional<trust_desk::Decision> judged;
};

const Finding& first_error(const Report& report) {
  return *std::find_if(report.findings.begin(), report.findings.end(),
                       [](const Finding& one) { return one.severity == Severity::error; });
}

/// As for any flow that arrives signed: every check, the verifier of record, and the destination's profile.
CardResult<Passed> look_at(const ByteSource& original, const ByteSource& signed_form,
                           const InspectionContext& context, const AuthorityId& authority,
                           const std::string& destination, Instant now) {
  if (auto same = xades::only_signatures_added(original, signed_form); !same)
    return refusal(std::move(same.error()));
  auto inspection =
      inspect(signed_form, context, nullptr, now, std::chrono::milliseconds(0), KeyUse::sign, authority);
  if (!inspection) return refusal(std::move(inspection.error()));
  if (inspection->report.refused()) {
    const auto& first = first_error(inspection->report);
    const Error error = signed_form_refused(first.fr, first.en);
    return refusal(error, std::move(inspection->report));
  }
  auto judged = judge_signers(*inspection, context, destination, now, now);
  if (judged && judged->findings.refused()) {
    const auto& first = first_error(judged->findings);
    const Error error = signer_untrusted(first.fr, first.en);
    return refusal(error, std::move(judged->findings));
  }
  return Passed{std::move(*inspection), std::move(judged)};
}

Result<store::StagedPayload> stage(store::Store& store, const ByteSource& source) {
  auto writer = store.new_payload();
  if (!writer) return failure(writer.error());
  if (auto status = append_all(**writer, source); !status) return failure(std::move(status.error()));
  return (*writer)->finish();
}

json::object certificate_json(const Bytes& der) {
  const auto certificate = xades::Certificate::from_der(der);
  if (!certificate) return {};
  return {{"serial", certificate->serial_decimal()},
          {"issuer", certificate->issuer()},
          {"sha256", sha256(as_text(der)).str()}};
}

/// What the journal keeps of the signature (signature RS14).
std::string signature_detail(const flow::Flow& flow, const CardDelivery& delivery,
                             const store::SignatureRequest& request) {
  json::array elements;
  for (const auto& one : request.elements)
    elements.emplace_back(one.id);
  return json::serialize(json::object{{"signatures", request.elements.size()},
                                      {"by_gateway", false},
                                      {"by_agent", true},
                                      {"signer", request.profile},
                                      {"request", request.id.str()},
                                      {"certificate", certificate_json(request.certificate_der)},
                                      {"original", flow.original.str()},
                                      {"elements", std::move(elements)},
                                      {"requested_by", request.requested_by.str()},
                                      {"brought_by", delivery.who.id.str()}});
}

std::string answer_of(const flow::Flow& flow, const store::SignatureRequest& request,
                      const store::StagedPayload& signed_form, const Passed& passed) {
  json::array elements;
  for (const auto& one : request.elements)
    elements.emplace_back(one.id);
  const bool waits = passed.judged && passed.judged->wait;
  json::object out{{"flow", flow.id.str()},
                   {"request", request.id.str()},
                   {"state", flow::to_string(waits ? flow::State::signed_ : flow::State::ready)},
                   {"signed_sha256", signed_form.sha256().str()},
                   {"signed_size", signed_form.size()},
                   {"signing_time", to_iso8601(request.signing_time)},
                   {"elements", std::move(elements)},
                   {"certificate", certificate_json(request.certificate_der)}};
  if (waits) out["waiting_code"] = passed.judged->wait->code;
  return json::serialize(out);
}

}  // namespace

CardResult<std::string> AgentSignatures::bring(const flow::Flow& flow, const CardDelivery& delivery) const {
  const auto found = parts_.store.signature_requests().find(delivery.request);
  if (!found) return refusal(found.error());
  if (!*found || (*found)->flow != flow.id) return refusal(unknown_request());
  const auto& request = **found;
  const auto digest = digest_of(delivery);
  if (request.state == store::RequestState::done) {
    if (request.values != digest) return refusal(request_done());
    return request.answer;
  }
  if (request.state == store::RequestState::replaced) return refusal(store::request_replaced());
  if (parts_.clock.now() >= request.expires_at) return refusal(request_expired());
  auto done = sign(flow, delivery, request, digest);
  if (!done && done.error().error.outlook == Outlook::permanent)
    note_refusal(flow, delivery, done.error().error);
  return done;
}

CardResult<std::string> AgentSignatures::sign(const flow::Flow& flow, const CardDelivery& delivery,
                                              const store::SignatureRequest& request,
                                              const Sha256& digest) const {
  std::string destination;
  const auto profile = profile_for(flow, destination);
  if (!profile) return refusal(profile.error());
  const auto values = in_order(request, delivery);
  if (!values) return refusal(values.error());
  const auto payload = parts_.store.open_payload(flow.original);
  if (!payload) return refusal(payload.error());
  const auto context = parts_.inspection();
  const signing::CardSignature card{(*profile)->policy,
                                    {request.role, request.city, request.postal_code, request.country},
                                    floor<seconds>(request.signing_time),
                                    request.certificate_der};
  const auto form = assemble(**payload, context->budget.get(), card, *values);
  if (!form) return refusal(form.error());
  auto passed =
      look_at(**payload, (*form)->source(), *context, flow.authority, destination, parts_.clock.now());
  if (!passed) return tl::unexpected<CardRefusal>(std::move(passed.error()));

  auto staged = stage(parts_.store, (*form)->source());
  if (!staged) return refusal(std::move(staged.error()));
  std::string answer = answer_of(flow, request, *staged, *passed);
  store::Change change{.flow = flow.id, .expected = flow::State::to_sign};
  change.steps.push_back({Trigger::sign, signature_detail(flow, delivery, request), delivery.who.name});
  if (passed->judged && passed->judged->wait)
    change.wait = store::Change::Wait{parts_.clock.now(), passed->judged->wait->code};
  else
    change.steps.push_back({Trigger::make_ready});
  const std::string name = flow.file_name.empty() ? flow.nom_fic.str() : flow.file_name;
  change.documents.push_back({"signed", name, "application/xml", std::move(*staged)});
  if (passed->judged) {
    passed->inspection.report.append(passed->judged->findings);
    if (auto status = add_report(parts_.store, change, *passed->judged); !status)
      return refusal(std::move(status.error()));
  }
  change.destination = DestinationName{destination};
  change.findings = std::move(passed->inspection.report);
  change.brought = store::BroughtSignature{request.id, digest, answer};
  const auto changed = parts_.store.apply(std::move(change));
  if (!changed) return overtaken(flow, request.id, digest, changed.error());
  parts_.recorder.changed(flow, *changed);
  parts_.wake();
  return answer;
}

/// Somebody was faster; perhaps the same caller, who asked twice.
CardResult<std::string> AgentSignatures::overtaken(const flow::Flow& flow,
                                                   const store::SignatureRequestId& id, const Sha256& digest,
                                                   const Error& error) const {
  const auto request = parts_.store.signature_requests().find(id);
  if (request && *request && (*request)->state == store::RequestState::done && (*request)->values == digest)
    return (*request)->answer;
  if (error.code != "store.illegal_transition") return refusal(error);
  const auto now = parts_.store.find(flow.id);
  return refusal(not_waiting_for_agent(now && *now ? (*now)->state : flow.state));
}

/// RS14: what was tried and did not succeed is told as well. That it cannot be written changes nothing for
/// who tried.
void AgentSignatures::note_refusal(const flow::Flow& flow, const CardDelivery& delivery,
                                   const Error& error) const {
  store::Change change{.flow = flow.id, .expected = flow::State::to_sign};
  change.keep_wait = true;
  change.note = store::Note{
      "signature.not_taken", delivery.who.name, error.code,
      json::serialize(json::object{
          {"request", delivery.request.str()}, {"code", error.code}, {"brought_by", delivery.who.id.str()}})};
  if (const auto done = parts_.store.apply(std::move(change)); !done && !is_overtaken(done.error()))
    parts_.recorder.waits(flow, done.error());
}

}  // namespace demat::pipeline
