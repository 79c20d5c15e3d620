#include "gateway/store/schema_fragments.hpp"

namespace demat::store::fragments {

const std::string_view tickets = R"sql(
CREATE TABLE once(
  identity TEXT NOT NULL,
  key TEXT NOT NULL,
  request TEXT NOT NULL,
  at INTEGER NOT NULL,
  status INTEGER,
  headers TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY(identity, key)) WITHOUT ROWID;
CREATE INDEX once_age ON once(at);

CREATE TABLE token(
  id TEXT PRIMARY KEY,
  identity TEXT NOT NULL REFERENCES identity(id),
  name TEXT NOT NULL,
  secret TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER) WITHOUT ROWID;
CREATE INDEX token_identity ON token(identity, created_at);
CREATE TABLE token_grant(
  token TEXT NOT NULL REFERENCES token(id),
  authority TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY(token, authority, role)) WITHOUT ROWID;
)sql";

}  // namespace demat::store::fragments
