#include <algorithm>
#include <array>

#include "gateway/base/crash_point.hpp"
#include "gateway/base/random.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/paging.hpp"
#include "gateway/store/schema.hpp"
#include "gateway/store/sqlite_outbox.hpp"
#include "protocols/base/limits.hpp"

namespace demat::store {
namespace {

/// Events given out by one transaction, per webhook.
constexpr std::size_t at_once = 500;
constexpr std::uint64_t stretch = 20'000;

struct Word {
  DeliveryState state;
  std::string_view text;
};
constexpr std::array words = {Word{DeliveryState::pending, "pending"},
                              Word{DeliveryState::delivered, "delivered"},
                              Word{DeliveryState::given_up, "given_up"}};

std::string select_deliveries(std::string_view rest) {
  std::string sql =
      "SELECT id,webhook,sequence,flow,code,to_state,state,attempts,created_at,next_attempt_at,ended_at,"
      "http_status,error_code FROM delivery d ";
  return sql.append(rest);
}

Delivery read_delivery(Statement& row) {
  Delivery d;
  row.next(d.id);
  row.next(d.webhook);
  row.next(d.sequence);
  row.next(d.flow);
  row.next(d.code);
  const auto to = flow::state_from(row.next<std::string>());
  const auto word = row.next<std::string>();
  const auto* const known =
      std::find_if(words.begin(), words.end(), [&](const Word& one) { return one.text == word; });
  if (!to || known == words.end()) throw Refusal(corrupt("unknown state in a delivery"));
  d.to = *to;
  d.state = known->state;
  row.next(d.attempts);
  row.next(d.created_at);
  row.next(d.next_attempt_at);
  row.next(d.ended_at);
  row.next(d.http_status);
  row.next(d.error_code);
  return d;
}

std::optional<Delivery> find_row(Connection& db, const DeliveryId& id) {
  static const std::string sql = select_deliveries("WHERE id=?");
  auto row = db.prepare(sql).bind(id);
  if (!row.step()) return std::nullopt;
  return read_delivery(row);
}

struct Place {
  WebhookId webhook;
  AuthorityId authority;
  std::uint64_t at = 0;
};

std::vector<Place> places_behind(Connection& db, std::uint64_t latest) {
  std::vector<Place> out;
  auto rows = db.prepare("SELECT id,authority,place FROM webhook WHERE place<?");
  rows.bind(latest);
  while (rows.step()) {
    auto& place = out.emplace_back();
    rows.next(place.webhook);
    rows.next(place.authority);
    rows.next(place.at);
  }
  return out;
}

/// Gives one webhook what came since its place; true when that was not all.
bool spread_to(Transaction& tx, const Place& place, std::uint64_t latest) {
  FeedFilter filter;
  filter.authorities = {place.authority};
  auto through = std::min(latest, place.at + stretch);
  const auto events = events_between(tx.db, filter, place.at, through, at_once);
  if (events.size() == at_once) through = events.back().sequence;
  for (const auto& event : events)
    tx.db.run(
        "INSERT INTO delivery(id,webhook,sequence,flow,code,to_state,state,attempts,created_at,"
        "next_attempt_at,http_status,error_code) VALUES(?,?,?,?,?,?,'pending',0,?,?,0,'')",
        make_uuid_v7(tx.now), place.webhook, event.sequence, event.flow, event.code, to_string(event.to),
        tx.now, tx.now);
  tx.db.run("UPDATE webhook SET place=? WHERE id=?", through, place.webhook);
  return through < latest;
}

/// Its event, or as much of it as the delivery itself knows when the event has been purged since.
FeedEvent event_of(Connection& db, const Delivery& delivery, const Webhook& webhook) {
  auto found = events_between(db, {}, delivery.sequence - 1, delivery.sequence, 1);
  if (!found.empty()) {
    found.front().number = number_in_flow(db, found.front().flow, delivery.sequence);
    return std::move(found.front());
  }
  FeedEvent event;
  event.sequence = delivery.sequence;
  event.flow = delivery.flow;
  event.authority = webhook.authority;
  event.environment = environment_of(db);
  event.at = delivery.created_at;
  event.code = delivery.code;
  event.from = delivery.to;
  event.to = delivery.to;
  return event;
}

}  // namespace

std::string_view to_string(DeliveryState state) {
  return words.at(static_cast<std::size_t>(state)).text;
}

Result<bool> SqliteOutbox::spread() {
  const auto behind =
      access_.read([](Connection& db) { return !places_behind(db, latest_event(db)).empty(); });
  if (!behind || !*behind) return behind;
  return access_.write([](Transaction& tx) {
    const auto latest = latest_event(tx.db);
    bool more = false;
    for (const auto& place : places_behind(tx.db, latest))
      more = spread_to(tx, place, latest) || more;
    crash_point("deliveries_spread");
    return more;
  });
}

DueDelivery SqliteOutbox::complete(Connection& db, Delivery delivery) const {
  DueDelivery out;
  auto row = db.prepare("SELECT secret FROM webhook WHERE id=?").bind(delivery.webhook);
  auto webhook = find_webhook_row(db, delivery.webhook);
  if (!webhook || !row.step()) throw Refusal(not_found("webhook"));
  auto secret = sealing_.open(row.next<std::string>());
  if (!secret) throw Refusal(corrupt("the secret of a webhook cannot be opened"));
  out.secret = std::move(*secret);
  out.webhook = std::move(*webhook);
  out.event = event_of(db, delivery, out.webhook);
  out.event.cursor = sealing_.hide(delivery.sequence);
  out.delivery = std::move(delivery);
  return out;
}

Result<std::vector<DueDelivery>> SqliteOutbox::due(Instant now, const std::set<WebhookId>& busy,
                                                   std::size_t limit) {
  return access_.read([&](Connection& db) {
    static const std::string due_one =
        "SELECT DISTINCT d.webhook FROM delivery d JOIN webhook w ON w.id=d.webhook WHERE d.state='pending'"
        " AND d.next_attempt_at<=?1 AND (w.next_attempt_at IS NULL OR w.next_attempt_at<=?1)";
    std::vector<DueDelivery> out;
    std::optional<WebhookId> chosen;
    auto webhooks = db.prepare(due_one).bind(now);
    while (!chosen && webhooks.step()) {
      auto id = webhooks.next<WebhookId>();
      if (!busy.contains(id)) chosen = std::move(id);
    }
    if (!chosen) return out;
    // Only the first one of each flow: the others wait for it, in order.
    static const std::string sql = select_deliveries(
        "WHERE webhook=?1 AND state='pending' AND next_attempt_at<=?2 AND NOT EXISTS(SELECT 1 FROM delivery e"
        " WHERE e.webhook=d.webhook AND e.flow=d.flow AND e.state='pending' AND e.sequence<d.sequence)"
        " ORDER BY sequence LIMIT ?3");
    auto rows = db.prepare(sql);
    rows.bind(*chosen, now, limit);
    std::vector<Delivery> found;
    while (rows.step())
      found.push_back(read_delivery(rows));
    for (auto& one : found)
      out.push_back(complete(db, std::move(one)));
    return out;
  });
}

Result<std::optional<Instant>> SqliteOutbox::next_due() {
  return access_.read([](Connection& db) {
    auto row = db.prepare(
        "SELECT min(max(d.next_attempt_at,coalesce(w.next_attempt_at,0))) FROM delivery d"
        " JOIN webhook w ON w.id=d.webhook WHERE d.state='pending'");
    static_cast<void>(row.step());
    return row.next<std::optional<Instant>>();
  });
}

Status SqliteOutbox::delivered(const DeliveryId& id, int http_status) {
  return access_.write([&](Transaction& tx) {
    tx.db.run(
        "UPDATE delivery SET state='delivered',attempts=attempts+1,next_attempt_at=NULL,ended_at=?,"
        "http_status=?,error_code='' WHERE id=?",
        tx.now, http_status, id);
    tx.db.run(
        "UPDATE webhook SET failing_since=NULL,next_attempt_at=NULL WHERE failing_since IS NOT NULL AND"
        " id=(SELECT webhook FROM delivery WHERE id=?)",
        id);
  });
}

Status SqliteOutbox::failed(const DeliveryId& id, const DeliveryFailure& how) {
  return access_.write([&](Transaction& tx) {
    std::optional<Instant> ended;
    if (how.give_up) ended = tx.now;
    std::optional<Instant> next;
    if (!how.give_up) next = how.next;
    tx.db.run(
        "UPDATE delivery SET state=?,attempts=attempts+1,next_attempt_at=?,ended_at=?,http_status=?,"
        "error_code=? WHERE id=?",
        to_string(how.give_up ? DeliveryState::given_up : DeliveryState::pending), next, ended,
        how.http_status, how.error_code, id);
    std::optional<Instant> rest;
    if (how.unreachable) rest = how.next;
    tx.db.run(
        "UPDATE webhook SET failing_since=coalesce(failing_since,?),next_attempt_at=?"
        " WHERE id=(SELECT webhook FROM delivery WHERE id=?)",
        tx.now, rest, id);
  });
}

Result<Page<Delivery>> SqliteOutbox::deliveries(const WebhookId& webhook, const std::string& cursor,
                                                std::size_t limit) {
  return access_.read([&](Connection& db) {
    const auto place = from_cursor(cursor);
    limit = std::clamp<std::size_t>(limit, 1, limits::max_page);
    std::string rest = "WHERE webhook=?";
    if (place) rest += " AND (created_at,id)<(?,?)";
    auto rows = db.prepare(select_deliveries(rest + " ORDER BY created_at DESC,id DESC LIMIT ?"));
    rows.bind(webhook);
    if (place) rows.bind(place->at, place->id);
    rows.bind(limit + 1);
    Page<Delivery> page;
    while (rows.step())
      page.items.push_back(read_delivery(rows));
    if (page.items.size() > limit) {
      page.items.pop_back();
      page.next = to_cursor({page.items.back().created_at, page.items.back().id.str()});
    }
    return page;
  });
}

Result<std::optional<Delivery>> SqliteOutbox::find_delivery(const DeliveryId& id) {
  return access_.read([&](Connection& db) { return find_row(db, id); });
}

Status SqliteOutbox::redeliver(const DeliveryId& id, const std::string& actor) {
  return access_.write([&](Transaction& tx) {
    const auto delivery = find_row(tx.db, id);
    if (!delivery) throw Refusal(not_found("delivery"));
    tx.db.run(
        "UPDATE delivery SET state='pending',next_attempt_at=?1,created_at=?1,ended_at=NULL WHERE id=?2",
        tx.now, id);
    tx.db.run("UPDATE webhook SET next_attempt_at=NULL WHERE id=?", delivery->webhook);
    JournalEntry entry;
    entry.at = tx.now;
    entry.code = "webhook.redelivered";
    entry.actor = actor;
    entry.detail = R"({"delivery":")" + id.str() + R"("})";
    tx.journal.append(tx.db, entry);
  });
}

Result<std::size_t> SqliteOutbox::forget_deliveries(Instant before) {
  return access_.write([&](Transaction& tx) {
    tx.db.run("DELETE FROM delivery WHERE ended_at<?", before);
    return static_cast<std::size_t>(tx.db.changes());
  });
}

}  // namespace demat::store
