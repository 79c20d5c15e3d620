#include "gateway/store/schema_fragments.hpp"

namespace demat::store::fragments {

/// `due_at` is the moment a flow joined its queue, and nothing where no worker claims flows: so the queue is
/// one small index, whatever else the table holds. `state_count` is kept by triggers, so that counting a
/// million flows costs fifteen rows, and no statement that moves or removes a flow can forget it.
const std::string_view work = R"sql(
ALTER TABLE flow ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE flow ADD COLUMN due_at INTEGER GENERATED ALWAYS AS (
  CASE WHEN state IN ('received', 'checked', 'to_sign', 'signed', 'ready')
  THEN coalesce(next_attempt_at, created_at) END) VIRTUAL;
DROP INDEX flow_due;
DROP INDEX flow_age;
CREATE INDEX flow_due ON flow(state, destination, priority, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX flow_by_state ON flow(state, destination, created_at, id);
CREATE INDEX flow_leased ON flow(state) WHERE lease_until IS NOT NULL;

CREATE TABLE state_count(state TEXT PRIMARY KEY, flows INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO state_count(state, flows) SELECT state, count(*) FROM flow GROUP BY state;
CREATE TRIGGER flow_comes AFTER INSERT ON flow BEGIN
  INSERT INTO state_count(state, flows) VALUES(new.state, 1) ON CONFLICT(state) DO UPDATE SET flows=flows+1;
END;
CREATE TRIGGER flow_moves AFTER UPDATE OF state ON flow WHEN new.state<>old.state BEGIN
  UPDATE state_count SET flows=flows-1 WHERE state=old.state;
  INSERT INTO state_count(state, flows) VALUES(new.state, 1) ON CONFLICT(state) DO UPDATE SET flows=flows+1;
END;
CREATE TRIGGER flow_goes AFTER DELETE ON flow BEGIN
  UPDATE state_count SET flows=flows-1 WHERE state=old.state;
END;
)sql";

}  // namespace demat::store::fragments
