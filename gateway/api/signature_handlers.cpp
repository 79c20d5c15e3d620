#include <array>
#include <boost/json.hpp>

#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "gateway/pipeline/agent_signatures.hpp"
#include "protocols/trust/decoding.hpp"

// Signature by the agent's own card, in two steps (gateway/pipeline/agent_signatures.hpp).

namespace demat::api {
namespace {

namespace json = boost::json;

/// A value of each of limits::max_signatures bordereaux, made by a key of 4096 bits.
constexpr std::uint64_t most_of_values = 2'500'000;

http::Response refusal(const Context& context, const pipeline::CardRefusal& why) {
  context.services.logger.info("api.signature_refused", {{"flow", context.flow.id.str()},
                                                         {"code", why.error.code},
                                                         {"identity", context.identity.id.str()},
                                                         {"request_id", context.request.request_id}});
  return problem(why.error, why.findings.findings, context.request, context.flow.id.str());
}

/// PEM, or DER in base64.
Result<Bytes> certificate_of(const json::object& body) {
  const auto* value = body.if_contains("certificate");
  if (value == nullptr || !value->is_string()) return failure(bad_field("certificate"));
  const std::string_view text = value->get_string();
  if (text.find("-----BEGIN") == text.npos) {
    auto der = decode_base64(text);
    if (!der.ok || der.bytes.empty()) return failure(bad_field("certificate"));
    return std::move(der.bytes);
  }
  auto found = trust::read_certificates(text);
  if (!found || found->empty()) return failure(bad_field("certificate"));
  return std::move(found->front());
}

Result<pipeline::CardAsk> ask_of(const Context& context) {
  const auto body = json_body(context, {"certificate", "role", "city", "postal_code", "country"});
  if (!body) return failure(body.error());
  auto certificate = certificate_of(*body);
  if (!certificate) return failure(std::move(certificate.error()));
  pipeline::CardAsk ask{context.identity, std::move(*certificate), {}};
  ask.statement.country.clear();
  for (const auto& [name, into] : {std::pair{"role", &ask.statement.role},
                                   {"city", &ask.statement.city},
                                   {"postal_code", &ask.statement.postal_code},
                                   {"country", &ask.statement.country}}) {
    auto text = text_member(*body, name, "");
    if (!text) return failure(std::move(text.error()));
    *into = std::move(*text);
  }
  return ask;
}

json::object element_json(const pipeline::OfferedElement& one) {
  json::array lines;
  for (const auto& [fr, en] : one.lines)
    lines.push_back({{"fr", fr}, {"en", en}});
  Digester digester(Digester::Algorithm::sha256);
  digester.update(one.signed_info);
  const Bytes digest = digester.finish();
  return {{"element", one.id},         {"covers", one.whole_flow ? "flow" : "bordereau"},
          {"lines", std::move(lines)}, {"signed_info", base64(as_bytes(one.signed_info))},
          {"digest", base64(digest)},  {"digest_hex", hex(digest)}};
}

json::object offer_json(const Context& context, const pipeline::CardOffer& offer) {
  const auto& request = offer.request;
  json::array elements;
  for (const auto& one : offer.elements)
    elements.push_back(element_json(one));
  json::array warnings;
  for (const auto& one : offer.warnings.findings)
    warnings.push_back(to_json(one));
  return {{"flow", request.flow.str()},
          {"request", request.id.str()},
          {"expires_at", to_iso8601(request.expires_at)},
          {"signing_time", to_iso8601(request.signing_time)},
          {"algorithm", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"},
          {"original_sha256", context.flow.original.str()},
          {"certificate", json::object{{"name", offer.certificate->subject_common_name()},
                                       {"issuer", offer.certificate->issuer()},
                                       {"serial", offer.certificate->serial_decimal()},
                                       {"sha256", sha256(as_text(request.certificate_der)).str()}}},
          {"role", request.role},
          {"city", request.city},
          {"postal_code", request.postal_code},
          {"country", request.country},
          {"elements", std::move(elements)},
          {"findings", std::move(warnings)}};
}

http::Response request_signature(const Context& context) {
  const auto ask = ask_of(context);
  if (!ask) return problem(ask.error(), context.request, context.flow.id.str());
  const auto offer = context.services.agents->ask(context.flow, *ask);
  if (!offer) return refusal(context, offer.error());
  context.services.logger.info("api.signature_requested", {{"flow", context.flow.id.str()},
                                                           {"request", offer->request.id.str()},
                                                           {"identity", context.identity.id.str()},
                                                           {"request_id", context.request.request_id}});
  return json_reply(201, offer_json(context, *offer));
}

Result<std::pair<std::string, Bytes>> value_of(const json::value& value) {
  if (!value.is_object() || value.get_object().size() != 2) return failure(bad_field("signatures"));
  const auto element = text_member(value.get_object(), "element");
  const auto* text = value.get_object().if_contains("value");
  if (!element || text == nullptr || !text->is_string()) return failure(bad_field("signatures"));
  auto bytes = decode_base64(std::string_view(text->get_string()));
  if (!bytes.ok || bytes.bytes.empty()) return failure(bad_field("signatures"));
  return std::pair{*element, std::move(bytes.bytes)};
}

Result<pipeline::CardDelivery> delivery_of(const Context& context) {
  const auto body = json_body(context, {"request", "signatures"});
  if (!body) return failure(body.error());
  auto request = text_member(*body, "request");
  if (!request) return failure(std::move(request.error()));
  const auto* list = body->if_contains("signatures");
  if (list == nullptr || !list->is_array()) return failure(bad_field("signatures"));
  pipeline::CardDelivery delivery{context.identity, store::SignatureRequestId{std::move(*request)}, {}};
  for (const auto& one : list->get_array()) {
    auto value = value_of(one);
    if (!value) return failure(std::move(value.error()));
    delivery.values.push_back(std::move(*value));
  }
  return delivery;
}

http::Response bring_signature(const Context& context) {
  const auto delivery = delivery_of(context);
  if (!delivery) return problem(delivery.error(), context.request, context.flow.id.str());
  const auto answer = context.services.agents->bring(context.flow, *delivery);
  if (!answer) return refusal(context, answer.error());
  context.services.logger.info("api.signature_brought", {{"flow", context.flow.id.str()},
                                                         {"request", delivery->request.str()},
                                                         {"identity", context.identity.id.str()},
                                                         {"request_id", context.request.request_id}});
  return json_reply(200, json::parse(*answer).as_object());
}

using flow::Action;

constexpr std::array rows = {
    Row{"POST", "/v1/flows/{id}/signature-request", Needs::flow, Action::sign, request_signature},
    Row{"PUT", "/v1/flows/{id}/signature", Needs::flow, Action::sign, bring_signature, most_of_values},
};

}  // namespace

std::span<const Row> signature_rows() {
  return rows;
}

}  // namespace demat::api
