#include "gateway/store/schema_fragments.hpp"

namespace demat::store::fragments {

const std::string_view mails = R"sql(
CREATE TABLE outgoing_mail(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  authority TEXT NOT NULL,
  flow TEXT NOT NULL,
  kind TEXT NOT NULL,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  message_id TEXT NOT NULL,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  next_attempt_at INTEGER,
  failing_since INTEGER,
  ended_at INTEGER,
  reply INTEGER NOT NULL,
  error_code TEXT NOT NULL,
  reason TEXT NOT NULL);
CREATE INDEX outgoing_mail_due ON outgoing_mail(next_attempt_at, number) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX outgoing_mail_state ON outgoing_mail(state, created_at, id);
CREATE INDEX outgoing_mail_time ON outgoing_mail(created_at, id);
CREATE INDEX outgoing_mail_authority ON outgoing_mail(authority, created_at, id);
CREATE INDEX outgoing_mail_flow ON outgoing_mail(flow, created_at, id) WHERE flow<>'';
CREATE INDEX outgoing_mail_ended ON outgoing_mail(ended_at) WHERE ended_at IS NOT NULL;
)sql";

}  // namespace demat::store::fragments
