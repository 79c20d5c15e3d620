#include "gateway/api/routes.hpp"

#include <array>
#include <span>

#include "gateway/api/acte_upload.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/resumable.hpp"
#include "gateway/api/upload.hpp"

namespace demat::api {
namespace {

using flow::Action;

/// The table of routes: what each one needs, and its handler. The two uploads are in make_routes.
constexpr std::array rows = {
    Row{"GET", "/v1/flows", Needs::identity, Action::read, list_flows},
    Row{"GET", "/v1/flows/{id}", Needs::flow, Action::read, get_flow},
    Row{"GET", "/v1/flows/{id}/events", Needs::flow, Action::read, list_events},
    Row{"GET", "/v1/flows/{id}/attempts", Needs::flow, Action::read, list_attempts},
    Row{"GET", "/v1/flows/{id}/documents", Needs::flow, Action::read, list_documents},
    Row{"GET", "/v1/flows/{id}/report", Needs::flow, Action::read, get_report},
    Row{"GET", "/v1/flows/{id}/payload", Needs::flow, Action::read, get_payload},
    Row{"GET", "/v1/flows/{id}/documents/{n}", Needs::flow, Action::read, get_document},
    Row{"POST", "/v1/flows/{id}/hold", Needs::flow, Action::operate, hold_flow},
    Row{"POST", "/v1/flows/{id}/release", Needs::flow, Action::operate, release_flow},
    Row{"POST", "/v1/flows/{id}/cancel", Needs::flow, Action::operate, cancel_flow},
    Row{"POST", "/v1/flows/{id}/retry", Needs::flow, Action::operate, retry_flow},
    Row{"POST", "/v1/flows/{id}/resolve", Needs::flow, Action::operate, resolve_flow},
    Row{"POST", "/v1/flows/{id}/replay", Needs::flow, Action::operate, replay_flow},
    Row{"GET", "/v1/returns", Needs::identity, Action::read, list_returns},
    Row{"GET", "/v1/returns/{id}", Needs::received, Action::read, get_return},
    Row{"GET", "/v1/returns/{id}/payload", Needs::received, Action::read, get_return_payload},
    Row{"POST", "/v1/returns/{id}/read", Needs::received, Action::collect, mark_return},
    Row{"GET", "/v1/orphans", Needs::platform, Action::administer, list_orphans},
    Row{"GET", "/v1/orphans/{id}", Needs::orphan, Action::administer, get_return},
    Row{"GET", "/v1/orphans/{id}/payload", Needs::orphan, Action::administer, get_return_payload},
    Row{"GET", "/v1/authorities", Needs::platform, Action::administer, list_authorities},
    Row{"GET", "/v1/authorities/{siren}", Needs::platform, Action::administer, get_authority},
    Row{"PUT", "/v1/authorities/{siren}", Needs::platform, Action::administer, put_authority},
    Row{"PUT", "/v1/authorities/{siren}/routes/{protocol}", Needs::platform, Action::administer, put_route},
    Row{"GET", "/v1/identities", Needs::platform, Action::administer, list_identities},
    Row{"PUT", "/v1/identities/{sha256}", Needs::platform, Action::administer, put_identity},
    Row{"POST", "/v1/destinations/{name}/probe", Needs::platform, Action::administer, probe_destination},
    Row{"GET", "/v1/schemas", Needs::identity, Action::read, list_schemas},
    Row{"GET", "/v1/journal/verify", Needs::anywhere, Action::audit, verify_journal},
    Row{"GET", "/v1/whoami", Needs::identity, Action::read, who_am_i},
    Row{"GET", "/v1/status", Needs::identity, Action::read, get_status},
    Row{"GET", "/livez", Needs::nothing, Action::read, live},
    Row{"GET", "/readyz", Needs::nothing, Action::read, ready},
    Row{"GET", "/metrics", Needs::platform, Action::administer, metrics},
};

using Rows = std::span<const Row>;

/// The tables of the other subjects, each beside its handlers.
std::array<Rows, 16> tables() {
  return {Rows(rows),       care_rows(),   health_rows(), orphan_rows(),        push_rows(),  steering_rows(),
          ticket_rows(),    upload_rows(), acte_rows(),   acte_settings_rows(), trust_rows(), mail_rows(),
          signature_rows(), rule_rows(),   return_rows(), marche_rows()};
}

http::Route route_of(const Services& services, const Row& row) {
  return {row.method, row.pattern,
          http::Handler([&services, &row](const http::Request& request, const std::string& body) {
            return guarded(services, row, request, body);
          }),
          row.most};
}

constexpr std::array plain_rows = {
    Row{"GET", "/livez", Needs::nothing, Action::read, live},
    Row{"GET", "/readyz", Needs::nothing, Action::read, ready},
    Row{"GET", "/healthz", Needs::nothing, Action::read, health_in_clear},
    Row{"GET", "/metrics", Needs::nothing, Action::read, metrics},
};

}  // namespace

http::Router make_routes(const Services& services) {
  http::Router out;
  out.add({"POST", "/v1/flows", http::UploadHandler([&services](const http::Request& request) {
             return open_deposit(services, request);
           })});
  out.add({"POST", "/v1/actes", http::UploadHandler([&services](const http::Request& request) {
             return open_acte(services, request);
           }),
           most_of_acte(services)});
  out.add({"POST", "/v1/letters/{id}/answer", http::UploadHandler([&services](const http::Request& request) {
             return open_answer(services, request);
           }),
           most_of_acte(services)});
  out.add({"POST", "/v1/check", http::UploadHandler([&services](const http::Request& request) {
             return open_check(services, request);
           })});
  out.add({"PATCH", "/v1/uploads/{id}", http::UploadHandler([&services](const http::Request& request) {
             return open_continuation(services, request);
           })});
  for (const auto& table : tables())
    for (const auto& row : table)
      out.add(route_of(services, row));
  return out;
}

http::Router make_plain_routes(const Services& services) {
  http::Router out;
  for (const auto& row : plain_rows)
    out.add(route_of(services, row));
  return out;
}

}  // namespace demat::api
