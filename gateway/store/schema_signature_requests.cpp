#include "gateway/store/schema_fragments.hpp"

namespace demat::store::fragments {

const std::string_view signature_requests = R"sql(
CREATE TABLE signature_request(
  id TEXT PRIMARY KEY,
  flow TEXT NOT NULL REFERENCES flow(id),
  profile TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  certificate BLOB NOT NULL,
  role TEXT NOT NULL,
  city TEXT NOT NULL,
  postal_code TEXT NOT NULL,
  country TEXT NOT NULL,
  signing_time INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  elements TEXT NOT NULL,
  state TEXT NOT NULL,
  values_digest TEXT NOT NULL,
  answer TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX signature_request_flow ON signature_request(flow);
CREATE UNIQUE INDEX signature_request_open ON signature_request(flow) WHERE state='open';
)sql";

}  // namespace demat::store::fragments
