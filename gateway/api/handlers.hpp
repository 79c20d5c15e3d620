#pragma once

#include <span>

#include "gateway/api/context.hpp"

/// The handlers behind the table of routes (routes.cpp): parse, call, render.
namespace demat::api {

// flow_handlers.cpp
[[nodiscard]] http::Response list_flows(const Context& context);
[[nodiscard]] http::Response get_flow(const Context& context);
[[nodiscard]] http::Response list_events(const Context& context);
[[nodiscard]] http::Response list_attempts(const Context& context);
[[nodiscard]] http::Response list_documents(const Context& context);
[[nodiscard]] http::Response get_report(const Context& context);
[[nodiscard]] http::Response get_payload(const Context& context);
[[nodiscard]] http::Response get_document(const Context& context);

// verb_handlers.cpp
/// The answer to a verb, and its line in the log.
[[nodiscard]] http::Response verb_reply(const Context& context, const Result<flow::Flow>& done);
[[nodiscard]] http::Response hold_flow(const Context& context);
[[nodiscard]] http::Response release_flow(const Context& context);
[[nodiscard]] http::Response cancel_flow(const Context& context);
[[nodiscard]] http::Response retry_flow(const Context& context);
[[nodiscard]] http::Response resolve_flow(const Context& context);
[[nodiscard]] http::Response replay_flow(const Context& context);

// return_handlers.cpp
[[nodiscard]] http::Response list_returns(const Context& context);
[[nodiscard]] http::Response list_orphans(const Context& context);
[[nodiscard]] http::Response get_return(const Context& context);
[[nodiscard]] http::Response get_return_payload(const Context& context);
[[nodiscard]] http::Response mark_return(const Context& context);
[[nodiscard]] http::Response list_pieces(const Context& context);
[[nodiscard]] http::Response make_acquit(const Context& context);

// platform_handlers.cpp
[[nodiscard]] http::Response list_authorities(const Context& context);
[[nodiscard]] http::Response get_authority(const Context& context);
[[nodiscard]] http::Response put_authority(const Context& context);
[[nodiscard]] http::Response put_route(const Context& context);
[[nodiscard]] http::Response list_identities(const Context& context);
[[nodiscard]] http::Response put_identity(const Context& context);
[[nodiscard]] http::Response probe_destination(const Context& context);

// service_handlers.cpp
[[nodiscard]] http::Response list_schemas(const Context& context);
[[nodiscard]] http::Response verify_journal(const Context& context);
[[nodiscard]] http::Response who_am_i(const Context& context);
[[nodiscard]] http::Response get_status(const Context& context);
[[nodiscard]] http::Response live(const Context& context);
[[nodiscard]] http::Response ready(const Context& context);
[[nodiscard]] http::Response metrics(const Context& context);

// health_handlers.cpp
[[nodiscard]] http::Response health_in_clear(const Context& context);

// event_handlers.cpp
[[nodiscard]] http::Response stream_events(const Context& context);

// Tables of further subjects, with their handlers in the same file.
[[nodiscard]] std::span<const Row> acte_rows();           // acte_handlers.cpp
[[nodiscard]] std::span<const Row> acte_settings_rows();  // acte_settings_handlers.cpp
[[nodiscard]] std::span<const Row> care_rows();           // care_handlers.cpp
[[nodiscard]] std::span<const Row> orphan_rows();         // orphan_handlers.cpp
[[nodiscard]] std::span<const Row> health_rows();         // health_handlers.cpp
[[nodiscard]] std::span<const Row> mail_rows();           // mail_handlers.cpp
[[nodiscard]] std::span<const Row> push_rows();           // push_handlers.cpp
[[nodiscard]] std::span<const Row> return_rows();         // siret_handlers.cpp
[[nodiscard]] std::span<const Row> rule_rows();           // rule_handlers.cpp
[[nodiscard]] std::span<const Row> marche_rows();         // marche_handlers.cpp
[[nodiscard]] std::span<const Row> signature_rows();      // signature_handlers.cpp
[[nodiscard]] std::span<const Row> steering_rows();       // steering_handlers.cpp
[[nodiscard]] std::span<const Row> trust_rows();          // trust_handlers.cpp
[[nodiscard]] std::span<const Row> ticket_rows();         // ticket_handlers.cpp
[[nodiscard]] std::span<const Row> upload_rows();         // resumable_handlers.cpp

}  // namespace demat::api
