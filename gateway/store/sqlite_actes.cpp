#include "gateway/store/sqlite_actes.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/store/actes_rows.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/paging.hpp"
#include "protocols/base/limits.hpp"

namespace demat::store {
namespace {

/// Its AR is late, or the answer to a letter about it.
constexpr std::string_view late_acte =
    " AND ((acte.verdict='none' AND flow.state='sent' AND flow.sent_at<?)"
    " OR (acte.message='1-1' AND acte.annulled_on='' AND EXISTS(SELECT 1 FROM letter WHERE "
    "letter.acte=acte.flow"
    " AND letter.state<>'answered' AND letter.received_at>=? AND letter.received_at<"
    "CASE letter.message WHEN '2-1' THEN ? WHEN '5-1' THEN 0 ELSE ? END)))";

std::string where_of(const ActeFilter& filter, bool with_place) {
  std::string sql = "WHERE 1";
  if (filter.authority) sql += " AND acte.authority=?";
  if (filter.message) sql += " AND acte.message=?";
  if (filter.number) sql += " AND acte.number=?";
  if (filter.id_acte) sql += " AND acte.id_acte=?";
  if (!filter.states.empty()) sql += " AND flow.state IN " + question_marks(filter.states.size());
  if (filter.annulled) sql += *filter.annulled ? " AND acte.annulled_on<>''" : " AND acte.annulled_on=''";
  if (filter.from) sql += " AND flow.created_at>=?";
  if (filter.to) sql += " AND flow.created_at<?";
  if (filter.overdue) sql.append(late_acte);
  if (with_place)
    sql += " AND flow.created_at<=? AND ((flow.created_at,flow.id)<(?,?) OR (flow.id=? AND acte.place>?))";
  return sql;
}

void bind_filter(Statement& rows, const ActeFilter& filter) {
  if (filter.authority) rows.bind(*filter.authority);
  if (filter.message) rows.bind(*filter.message);
  if (filter.number) rows.bind(*filter.number);
  if (filter.id_acte) rows.bind(*filter.id_acte);
  for (const auto state : filter.states)
    rows.bind(to_string(state));
  if (filter.from) rows.bind(*filter.from);
  if (filter.to) rows.bind(*filter.to);
  if (filter.overdue)
    rows.bind(filter.overdue->ar_before, filter.overdue->letter_since, filter.overdue->simple_letter_before,
              filter.overdue->letter_before);
}

/// Where a page ends: a flow, and the acte of its envelope.
struct ListPlace {
  Instant at{};
  FlowId flow;
  std::uint32_t place = 0;
};

std::string to_list_cursor(const ActeOnFlow& last) {
  return to_cursor({last.flow.created_at, last.flow.id.str() + "/" + std::to_string(last.acte.place)});
}

std::optional<ListPlace> from_list_cursor(const std::string& cursor) {
  const auto place = from_cursor(cursor);
  if (!place) return std::nullopt;
  const auto slash = place->id.find('/');
  if (slash == std::string::npos) throw Refusal(bad_cursor());
  ListPlace out{place->at, FlowId{place->id.substr(0, slash)}, 0};
  const char* end = place->id.data() + place->id.size();
  const auto read = std::from_chars(place->id.data() + slash + 1, end, out.place);
  if (read.ec != std::errc{} || read.ptr != end) throw Refusal(bad_cursor());
  return out;
}

}  // namespace

template <class... Values>
Result<std::vector<ActeOnFlow>> SqliteActes::some(std::string_view rest, const Values&... values) {
  const std::string sql = select_actes(rest);
  return access_.read([&](Connection& db) {
    auto rows = db.prepare(sql);
    rows.bind(values...);
    return read_actes(db, rows);
  });
}

Result<std::optional<flow::ActesSettings>> SqliteActes::settings(const AuthorityId& authority) {
  return access_.read([&](Connection& db) -> std::optional<flow::ActesSettings> {
    static const std::string sql = select_settings("WHERE authority=?");
    auto row = db.prepare(sql).bind(authority);
    if (!row.step()) return std::nullopt;
    return read_settings(row);
  });
}

Result<std::vector<flow::ActesSettings>> SqliteActes::all_settings() {
  return access_.read([](Connection& db) {
    static const std::string sql = select_settings("ORDER BY authority");
    auto rows = db.prepare(sql);
    std::vector<flow::ActesSettings> out;
    while (rows.step())
      out.push_back(read_settings(rows));
    return out;
  });
}

Status SqliteActes::put_settings(const flow::ActesSettings& settings, const std::string& actor,
                                 const std::string& reason) {
  return access_.write([&](Transaction& tx) {
    if (!tx.db.prepare("SELECT 1 FROM authority WHERE siren=?").bind(settings.authority).step())
      throw Refusal(not_found("authority"));
    put_settings_row(tx.db, settings);
    JournalEntry entry;
    entry.at = tx.now;
    entry.code = "actes.settings";
    entry.actor = actor;
    entry.reason = reason;
    entry.detail = R"({"authority":")" + settings.authority.str() + R"(","paper":)" +
                   (settings.paper ? "true" : "false") + "}";
    tx.journal.append(tx.db, entry);
  });
}

Result<std::optional<StoredClassification>> SqliteActes::classification(const AuthorityId& authority) {
  return access_.read([&](Connection& db) -> std::optional<StoredClassification> {
    auto row = db.prepare("SELECT authority,date,xml,received_at FROM classification WHERE authority=?");
    if (!row.bind(authority).step()) return std::nullopt;
    StoredClassification out;
    row.next(out.authority);
    row.next(out.date);
    row.next(out.xml);
    row.next(out.received_at);
    return out;
  });
}

Result<std::vector<flow::Acte>> SqliteActes::of_flow(const FlowId& flow) {
  return access_.read([&](Connection& db) { return actes_of(db, flow); });
}

Result<Page<ActeOnFlow>> SqliteActes::list(const ActeFilter& filter, const std::string& cursor,
                                           std::size_t limit) {
  return access_.read([&](Connection& db) {
    const auto place = from_list_cursor(cursor);
    const auto most = std::clamp<std::size_t>(limit, 1, limits::max_page);
    auto rows = db.prepare(select_actes(where_of(filter, place.has_value()) +
                                        " ORDER BY flow.created_at DESC,flow.id DESC,acte.place LIMIT ?"));
    bind_filter(rows, filter);
    if (place) rows.bind(place->at, place->at, place->flow, place->flow, place->place);
    rows.bind(most + 1);
    Page<ActeOnFlow> page{read_actes(db, rows), {}};
    if (page.items.size() > most) {
      page.items.pop_back();
      page.next = to_list_cursor(page.items.back());
    }
    return page;
  });
}

Result<std::vector<ActeOnFlow>> SqliteActes::by_id(const std::string& id_acte) {
  return some("WHERE acte.id_acte=? AND acte.id_acte<>'' ORDER BY flow.created_at,flow.id,acte.place",
              id_acte);
}

Result<std::vector<ActeOnFlow>> SqliteActes::by_number(const AuthorityId& authority,
                                                       const std::string& number) {
  return some(
      "WHERE acte.authority=? AND acte.number=? AND acte.message='1-1'"
      " ORDER BY flow.created_at,flow.id,acte.place",
      authority, number);
}

Result<std::vector<ActeOnFlow>> SqliteActes::by_envelope(const std::string& archive_name) {
  return some("WHERE acte.envelope=? AND acte.envelope<>'' ORDER BY flow.created_at,flow.id,acte.place",
              archive_name);
}

Result<std::vector<ActeOnFlow>> SqliteActes::unanswered(const AuthorityId& authority,
                                                        const std::string& message) {
  return some(
      "WHERE acte.authority=? AND acte.message=? AND acte.verdict='none'"
      " AND flow.state IN('sending','sent','uncertain') ORDER BY flow.created_at,flow.id,acte.place",
      authority, message);
}

Result<std::vector<ActeOnFlow>> SqliteActes::about(const FlowId& acte) {
  return some("WHERE acte.about=? AND acte.about<>'' ORDER BY flow.created_at,flow.id,acte.place", acte);
}

Result<std::optional<flow::Letter>> SqliteActes::letter(const LetterId& id) {
  return access_.read([&](Connection& db) { return find_letter(db, id); });
}

Result<Page<flow::Letter>> SqliteActes::letters(const LetterFilter& filter, const std::string& cursor,
                                                std::size_t limit) {
  return access_.read([&](Connection& db) {
    const auto place = from_cursor(cursor);
    const auto most = std::clamp<std::size_t>(limit, 1, limits::max_page);
    std::string sql = "WHERE 1";
    if (filter.authority) sql += " AND authority=?";
    if (filter.acte) sql += " AND acte=?";
    if (filter.state) sql += " AND state=?";
    if (place) sql += " AND (received_at,id)<(?,?)";
    auto rows = db.prepare(select_letters(sql + " ORDER BY received_at DESC,id DESC LIMIT ?"));
    if (filter.authority) rows.bind(*filter.authority);
    if (filter.acte) rows.bind(*filter.acte);
    if (filter.state) rows.bind(to_string(*filter.state));
    if (place) rows.bind(place->at, place->id);
    rows.bind(most + 1);
    Page<flow::Letter> page;
    while (rows.step())
      page.items.push_back(read_letter(rows));
    if (page.items.size() > most) {
      page.items.pop_back();
      page.next = to_cursor({page.items.back().received_at, page.items.back().id.str()});
    }
    return page;
  });
}

Status SqliteActes::mark_letter(const LetterId& id, bool read, const std::string& actor) {
  return access_.write([&](Transaction& tx) {
    auto letter = find_letter(tx.db, id);
    if (!letter) throw Refusal(not_found("letter"));
    if (letter->state == flow::LetterState::answered) return;
    const auto wanted = read ? flow::LetterState::read : flow::LetterState::unread;
    if (letter->state == wanted) return;
    letter->state = wanted;
    update_letter(tx.db, *letter);
    JournalEntry entry;
    entry.at = tx.now;
    entry.code = read ? "letter.read" : "letter.unread";
    entry.actor = actor;
    entry.detail = R"({"letter":")" + id.str() + "\"}";
    tx.journal.append(tx.db, entry);
  });
}

Result<std::optional<SeenMail>> SqliteActes::seen(const std::string& message_id) {
  return access_.read([&](Connection& db) -> std::optional<SeenMail> {
    auto row = db.prepare("SELECT item,content_mark FROM mail WHERE message_id=?");
    if (!row.bind(message_id).step()) return std::nullopt;
    SeenMail out;
    row.next(out.item);
    row.next(out.content_mark);
    return out;
  });
}

Result<MailOutcome> SqliteActes::settle(MailSettlement settlement) {
  return access_.write([&](Transaction& tx) { return settle_mail(tx, settlement); });
}

}  // namespace demat::store
