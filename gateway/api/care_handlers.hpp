#pragma once

#include "gateway/api/context.hpp"

/// Looking after the store: trace register, purge, journal, backups, verification.
namespace demat::api {

// care_handlers.cpp
[[nodiscard]] http::Response list_traces(const Context& context);
[[nodiscard]] http::Response purge_store(const Context& context);

// journal_handlers.cpp
[[nodiscard]] http::Response search_journal(const Context& context);
[[nodiscard]] http::Response export_journal(const Context& context);
[[nodiscard]] http::Response list_anchors(const Context& context);
[[nodiscard]] http::Response anchor_journal(const Context& context);

// chore_handlers.cpp
[[nodiscard]] http::Response start_backup(const Context& context);
[[nodiscard]] http::Response list_backups(const Context& context);
[[nodiscard]] http::Response start_verify(const Context& context);
[[nodiscard]] http::Response get_verify(const Context& context);

/// A date parameter; empty when it is not given.
[[nodiscard]] Result<std::optional<Instant>> moment_parameter(const http::Request& request,
                                                              const std::string& name);
/// A file of the store's making, to be saved under `name`.
[[nodiscard]] http::Response file_reply(store::Payload payload, std::string_view media_type,
                                        std::string_view name);

/// An error `store.disk_low` (waiting) when the disk is below its floor: deposits wait, so that answers of
/// the State and outcomes can still be written (R16).
[[nodiscard]] Status room_for_deposits(const Services& services);

}  // namespace demat::api
