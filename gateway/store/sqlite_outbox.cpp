#include "gateway/store/sqlite_outbox.hpp"

#include "gateway/base/random.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/paging.hpp"

namespace demat::store {
namespace {

constexpr std::string_view columns = "id,authority,url,created_by,created_at,failing_since,next_attempt_at";

Webhook read_webhook(Statement& row) {
  Webhook w;
  row.next(w.id);
  row.next(w.authority);
  row.next(w.url);
  row.next(w.created_by);
  row.next(w.created_at);
  row.next(w.failing_since);
  row.next(w.next_attempt_at);
  return w;
}

/// The address stays out: it may hold what its owner takes for a secret.
void note(Transaction& tx, std::string code, const std::string& actor, const Webhook& webhook) {
  JournalEntry entry;
  entry.at = tx.now;
  entry.code = std::move(code);
  entry.actor = actor;
  entry.detail =
      R"({"webhook":")" + webhook.id.str() + R"(","authority":")" + webhook.authority.str() + R"("})";
  tx.journal.append(tx.db, entry);
}

}  // namespace

std::optional<Webhook> find_webhook_row(Connection& db, const WebhookId& id) {
  static const std::string sql = "SELECT " + std::string(columns) + " FROM webhook WHERE id=?";
  auto row = db.prepare(sql).bind(id);
  if (!row.step()) return std::nullopt;
  return read_webhook(row);
}

Result<Webhook> SqliteOutbox::add_webhook(Webhook webhook, const std::string& secret) {
  const std::string sealed = sealing_.seal(secret);
  return access_.write([&](Transaction& tx) {
    webhook.id = WebhookId{make_uuid_v7(tx.now)};
    webhook.created_at = tx.now;
    note(tx, "webhook.created", webhook.created_by, webhook);
    tx.db.run(
        "INSERT INTO webhook(id,authority,url,secret,created_by,created_at,place) VALUES(?,?,?,?,?,?,?)",
        webhook.id, webhook.authority, webhook.url, BlobView{sealed}, webhook.created_by, tx.now,
        latest_event(tx.db));
    return webhook;
  });
}

Result<std::optional<Webhook>> SqliteOutbox::find_webhook(const WebhookId& id) {
  return access_.read([&](Connection& db) { return find_webhook_row(db, id); });
}

Result<std::vector<Webhook>> SqliteOutbox::webhooks(const std::optional<std::set<AuthorityId>>& authorities) {
  return access_.read([&](Connection& db) {
    std::string sql = "SELECT " + std::string(columns) + " FROM webhook";
    if (authorities) sql += " WHERE authority IN " + question_marks(authorities->size());
    auto rows = db.prepare(sql + " ORDER BY authority,created_at,id");
    if (authorities) {
      for (const auto& authority : *authorities)
        rows.bind(authority);
    }
    std::vector<Webhook> out;
    while (rows.step())
      out.push_back(read_webhook(rows));
    return out;
  });
}

Status SqliteOutbox::remove_webhook(const WebhookId& id, const std::string& actor) {
  return access_.write([&](Transaction& tx) {
    const auto webhook = find_webhook_row(tx.db, id);
    if (!webhook) throw Refusal(not_found("webhook"));
    tx.db.run("DELETE FROM delivery WHERE webhook=?", id);
    tx.db.run("DELETE FROM webhook WHERE id=?", id);
    note(tx, "webhook.removed", actor, *webhook);
  });
}

}  // namespace demat::store
