#include "gateway/store/schema_fragments.hpp"

namespace demat::store::fragments {

/// `slot.used` is the sum of its rows of slot_use, kept so that a send costs no sum; it may hold bytes of
/// attempts that failed, until they are in the way.
const std::string_view steering = R"sql(
CREATE TABLE pause(
  destination TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER) WITHOUT ROWID;
CREATE TABLE slot(
  destination TEXT NOT NULL,
  slot INTEGER NOT NULL,
  used INTEGER NOT NULL,
  PRIMARY KEY(destination, slot)) WITHOUT ROWID;
CREATE TABLE slot_use(
  destination TEXT NOT NULL,
  slot INTEGER NOT NULL,
  flow TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY(destination, slot, flow, attempt)) WITHOUT ROWID;
)sql";

}  // namespace demat::store::fragments
