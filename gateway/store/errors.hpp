#pragma once

#include <string_view>

#include "gateway/base/clock.hpp"
#include "gateway/flow/answers.hpp"
#include "gateway/flow/state.hpp"
#include "protocols/base/error.hpp"

/// The codes of this module, each made in one place (stack rule 8).
namespace demat::store {

[[nodiscard]] Error disk_full(std::string_view detail);     ///< store.disk_full, waiting
[[nodiscard]] Error busy(std::string_view detail);          ///< store.busy, waiting
[[nodiscard]] Error corrupt(std::string_view detail);       ///< store.corrupt, waiting
[[nodiscard]] Error input_output(std::string_view detail);  ///< store.io, waiting
/// store.disk_full when `number` (errno) says so, else store.io.
[[nodiscard]] Error system_error(int number, std::string_view doing);

[[nodiscard]] Error not_found(std::string_view what);
[[nodiscard]] Error stale_lease(std::string_view flow);
[[nodiscard]] Error illegal_transition(flow::State from, flow::Trigger trigger);
/// The same code, for a change that wants the flow in another state than the one `found`.
[[nodiscard]] Error unexpected_state(flow::State found);
[[nodiscard]] Error history_moved(std::string_view flow);    ///< store.history_moved
[[nodiscard]] Error attempt_open(std::string_view flow);     ///< store.attempt_open
[[nodiscard]] Error no_open_attempt(std::string_view flow);  ///< store.no_open_attempt
[[nodiscard]] Error siret_taken(std::string_view siret);     ///< store.siret_taken
[[nodiscard]] Error duplicate(std::string_view existing);    ///< store.duplicate, its id in the detail
[[nodiscard]] Error return_moved(flow::ReturnState found);   ///< store.return_moved
[[nodiscard]] Error route_moved();                           ///< store.route_moved, waiting
[[nodiscard]] Error payload_purged(Instant at, std::string_view why);  ///< payload.purged
[[nodiscard]] Error backup_runs();                                     ///< store.backup_runs, waiting
[[nodiscard]] Error chore_runs(std::string_view kind);                 ///< store.chore_runs
[[nodiscard]] Error bad_manifest(std::string_view detail);             ///< backup.manifest
[[nodiscard]] Error bad_backup_folder(std::string_view detail);        ///< backup.folder
[[nodiscard]] Error backup_key_apart();                                ///< backup.key
[[nodiscard]] Error damaged_backup(std::string_view detail);           ///< backup.damaged
[[nodiscard]] Error bad_cursor();                                      ///< store.bad_cursor
[[nodiscard]] Error request_replaced();                                ///< signature.replaced
[[nodiscard]] Error mail_already_sent();                               ///< mail.already_sent
[[nodiscard]] Error store_locked(std::string_view folder);
[[nodiscard]] Error store_exists(std::string_view folder);
[[nodiscard]] Error store_missing(std::string_view folder);                             ///< store.missing
[[nodiscard]] Error other_environment(std::string_view ours, std::string_view theirs);  ///< store.environment
[[nodiscard]] Error newer_schema(int found, int known);  ///< store.newer_schema

}  // namespace demat::store
