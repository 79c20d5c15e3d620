#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>

#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "gateway/trust/fetcher.hpp"
#include "protocols/base/whole.hpp"
#include "protocols/trust/client.hpp"
#include "protocols/trust/decoding.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;

Error no_report() {
  return unknown(
      "Aucun compte rendu de signature pour ce flux : il n'est pas arrivé signé, ou n'a pas encore "
      "été contrôlé.",
      "No report about signatures for this flow: it did not arrive signed, or was not checked yet.");
}

Error no_profile() {
  return unknown("Aucun profil de confiance de ce nom.", "No trust profile of that name.");
}

Result<std::string> last_report(const Context& context) {
  auto& store = context.services.store;
  const auto documents = store.documents(context.flow.id);
  if (!documents) return failure(documents.error());
  const auto at = std::find_if(documents->rbegin(), documents->rend(),
                               [](const flow::Document& one) { return one.role == trust_desk::report_role; });
  if (at == documents->rend()) return failure(no_report());
  const auto payload = store.open_payload(at->sha256);
  if (!payload) return failure(payload.error());
  return whole(**payload);
}

http::Response text_reply(const Result<std::string>& text, const http::Request& request) {
  if (!text) return problem(text.error(), request);
  http::Response out;
  out.status = 200;
  out.with("Content-Type", "text/plain; charset=utf-8");
  out.body = *text;
  return out;
}

/// As JSON, or as text in one language with `?text=fr` or `?text=en`.
http::Response get_signatures(const Context& context) {
  const auto report = last_report(context);
  if (!report) return problem(report.error(), context.request);
  const auto language = context.request.parameter("text");
  if (!language) return json_reply(200, json::parse(*report).as_object());
  if (*language != "fr" && *language != "en") return problem(bad_parameter("text"), context.request);
  return text_reply(
      trust::report_text(*report, *language == "fr" ? trust::Language::french : trust::Language::english),
      context.request);
}

/// A revocation list or OCSP response that the report quotes.
http::Response get_evidence(const Context& context) {
  const auto documents = context.services.store.documents(context.flow.id);
  if (!documents) return problem(documents.error(), context.request);
  const auto& wanted = context.request.capture("sha256");
  for (const auto& one : *documents) {
    if (one.role != trust_desk::evidence_role || one.sha256.str() != wanted) continue;
    auto payload = context.services.store.open_payload(one.sha256);
    if (!payload) return problem(payload.error(), context.request);
    return bytes_reply(std::move(*payload), one.sha256, one.media_type, one.name);
  }
  return problem(unknown("Aucun compte rendu de signature de ce flux ne repose sur cette pièce.",
                         "No report about the signatures of this flow rests on this piece."),
                 context.request);
}

json::value time_json(const std::optional<trust::Instant>& when) {
  return when ? json::value(xades::format_instant(*when)) : json::value(nullptr);
}

json::object certificate_json(const trust::KnownCertificate& one) {
  return {{"part", to_string(one.part)},
          {"file", one.file},
          {"subject", one.facts.subject},
          {"issuer", one.facts.issuer},
          {"serial", one.facts.serial},
          {"sha256", one.facts.sha256},
          {"not_before", xades::format_instant(one.facts.not_before)},
          {"not_after", xades::format_instant(one.facts.not_after)}};
}

json::object list_json(const trust::CrlFacts& one) {
  return {{"file", one.file},
          {"issuer", one.issuer},
          {"number", one.number},
          {"this_update", time_json(one.this_update)},
          {"next_update", time_json(one.next_update)},
          {"entries", one.entries},
          {"authentic", one.authentic}};
}

json::object response_json(const trust::OcspFacts& one) {
  return {{"file", one.file},
          {"responder", one.responder},
          {"serial", one.serial},
          {"status", one.status},
          {"this_update", time_json(one.this_update)},
          {"next_update", time_json(one.next_update)},
          {"authentic", one.authentic}};
}

json::object place_json(const trust_desk::PlaceState& one) {
  json::object out{{"url", one.url},
                   {"last_try", time_json(one.last_try)},
                   {"last_success", time_json(one.last_success)},
                   {"failures", one.failures},
                   {"number", one.number},
                   {"this_update", time_json(one.this_update)},
                   {"next_update", time_json(one.next_update)}};
  if (one.error != "trust.fetch_host") out["next_try"] = xades::format_instant(one.next_try);
  if (!one.error.empty()) out["error"] = one.error;
  return out;
}

json::array places_json(const Context& context, const std::string& profile) {
  json::array out;
  if (!context.services.list_places) return out;
  for (const auto& one : context.services.list_places())
    if (one.profile == profile) out.push_back(place_json(one));
  return out;
}

/// Whole days, negative when it is over.
std::int64_t days_until(Instant end, trust::Instant now) {
  return std::chrono::floor<std::chrono::days>(end - now).count();
}

json::array certificates_json(const Context& context, trust::Instant now) {
  json::array out;
  if (!context.services.certificates) return out;
  for (const auto& one : context.services.certificates())
    out.push_back(json::object{{"role", one.role},
                               {"name", one.name},
                               {"not_after", to_iso8601(one.not_after)},
                               {"days_left", days_until(one.not_after, now)}});
  return out;
}

json::object profile_json(const trust::TrustProfile& profile, trust::Instant now) {
  json::array certificates;
  for (const auto& one : profile.certificates())
    certificates.push_back(certificate_json(one));
  json::array lists;
  for (const auto& one : profile.crls())
    lists.push_back(list_json(one));
  json::array responses;
  for (const auto& one : profile.ocsp())
    responses.push_back(response_json(one));
  json::array findings;
  for (const auto& finding : profile.examine(now).findings)
    findings.push_back(to_json(finding));
  return {{"name", profile.name()},
          {"version", profile.version()},
          {"level", profile.rules().level},
          {"certificates", std::move(certificates)},
          {"revocation_lists", std::move(lists)},
          {"ocsp_responses", std::move(responses)},
          {"findings", std::move(findings)}};
}

http::Response list_profiles(const Context& context) {
  const auto desk = context.services.trust();
  const auto now = std::chrono::floor<std::chrono::seconds>(context.services.clock.now());
  json::array items;
  if (desk)
    for (const auto& profile : desk->all()) {
      auto item = profile_json(profile, now);
      item["places"] = places_json(context, profile.name());
      items.push_back(std::move(item));
    }
  return json_reply(200, {{"items", std::move(items)}, {"certificates", certificates_json(context, now)}});
}

/// Soon, and not while the caller waits: what came of it is in the list of profiles.
http::Response fetch_lists(const Context& context) {
  const auto& services = context.services;
  const auto asked_at = std::chrono::floor<std::chrono::seconds>(services.clock.now());
  const std::size_t places = services.list_places ? services.list_places().size() : 0;
  if (services.fetch_lists) services.fetch_lists();
  return json_reply(202, {{"places", places}, {"asked_at", xades::format_instant(asked_at)}});
}

/// `at`: the time it is to be judged for, now when it is not given.
Result<trust::Instant> time_of(const json::object& body, trust::Instant now) {
  const auto text = text_member(body, "at", "");
  if (!text) return failure(text.error());
  if (text->empty()) return now;
  const auto when = xades::parse_instant(*text);
  if (!when) return failure(bad_parameter("at"));
  return *when;
}

/// A certificate with its chain is longer than other texts may be; the body has its own bound.
Result<std::string_view> pem_of(const json::object& body) {
  const auto* value = body.if_contains("certificate");
  if (value == nullptr || !value->is_string()) return failure(bad_field("certificate"));
  return std::string_view(value->get_string());
}

/// Whether it is to be judged for the door instead of as a signer's.
Result<bool> for_the_door(const json::object& body) {
  const auto use = text_member(body, "use", "signature");
  if (!use) return failure(use.error());
  if (*use != "signature" && *use != "client") return failure(bad_parameter("use"));
  return *use == "client";
}

/// What the profile says of a certificate, as if it had signed, or as if it knocked.
http::Response explain_certificate(const Context& context) {
  const auto desk = context.services.trust();
  const auto profile = desk ? desk->find(context.request.capture("name")) : std::nullopt;
  if (!profile) return problem(no_profile(), context.request);
  const auto body = json_body(context, {"certificate", "at", "use"});
  if (!body) return problem(body.error(), context.request);
  const auto pem = pem_of(*body);
  if (!pem) return problem(pem.error(), context.request);
  const auto now = std::chrono::floor<std::chrono::seconds>(context.services.clock.now());
  const auto when = time_of(*body, now);
  if (!when) return problem(when.error(), context.request);
  const auto client = for_the_door(*body);
  if (!client) return problem(client.error(), context.request);
  auto found = trust::read_certificates(*pem);
  if (!found) return problem(found.error(), context.request);
  trust::SignatureInput asked;
  asked.element = "certificate";
  asked.cryptography = trust::Indication::passed;
  asked.certificate_der = std::move(found->front());
  asked.offered.assign(found->begin() + 1, found->end());
  asked.signed_at = *when;
  const Bytes der = asked.certificate_der;
  const auto offered = asked.offered;
  auto report = trust::judge_all(&*profile, {std::move(asked)}, std::max(*when, now), now);
  if (*client) {
    auto& part = report.parts.front();
    part.signer = trust::explain_client(*profile, der, offered, *when);
    report.verdict = part.verdict = part.signer.verdict;
  }
  // There is no signature here, only its certificate.
  std::erase_if(report.parts.front().signer.checks, [](const trust::Check& one) {
    return one.code.starts_with("trust.signature.") || one.code.starts_with("trust.naming.");
  });
  return json_reply(200, json::parse(trust::to_json(report)).as_object());
}

using flow::Action;

constexpr std::array rows = {
    Row{"GET", "/v1/flows/{id}/signatures", Needs::flow, Action::read, get_signatures},
    Row{"GET", "/v1/flows/{id}/signatures/evidence/{sha256}", Needs::flow, Action::read, get_evidence},
    Row{"GET", "/v1/trust", Needs::platform, Action::administer, list_profiles},
    Row{"POST", "/v1/trust/fetch", Needs::platform, Action::administer, fetch_lists},
    Row{"POST", "/v1/trust/{name}/explain", Needs::platform, Action::administer, explain_certificate},
};

}  // namespace

std::span<const Row> trust_rows() {
  return rows;
}

}  // namespace demat::api
