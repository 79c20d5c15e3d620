#include "gateway/store/schema_fragments.hpp"

namespace demat::store::fragments {

const std::string_view uploads = R"sql(
CREATE TABLE upload(
  id TEXT PRIMARY KEY,
  identity TEXT NOT NULL,
  authority TEXT NOT NULL,
  file_name TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  offset INTEGER NOT NULL,
  finished INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  touched_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX upload_identity ON upload(identity, finished);
CREATE INDEX upload_age ON upload(touched_at);
)sql";

}  // namespace demat::store::fragments
