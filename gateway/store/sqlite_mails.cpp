#include "gateway/store/sqlite_mails.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gateway/base/crash_point.hpp"
#include "gateway/base/random.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/paging.hpp"
#include "protocols/base/limits.hpp"

namespace demat::store {
namespace {

struct Word {
  MailState state;
  std::string_view text;
};
constexpr std::array words = {Word{MailState::waiting, "waiting"}, Word{MailState::sent, "sent"},
                              Word{MailState::failed, "failed"}};

std::string select_mails(std::string_view rest) {
  std::string sql =
      "SELECT id,authority,flow,kind,recipient,subject,text,message_id,state,tries,created_at,"
      "next_attempt_at,failing_since,ended_at,reply,error_code,reason FROM outgoing_mail ";
  return sql.append(rest);
}

OutgoingMail read_mail(Statement& row) {
  OutgoingMail m;
  row.next(m.id);
  row.next(m.authority);
  row.next(m.flow);
  row.next(m.kind);
  row.next(m.recipient);
  row.next(m.subject);
  row.next(m.text);
  row.next(m.message_id);
  const auto state = mail_state_from(row.next<std::string>());
  if (!state) throw Refusal(corrupt("unknown state of a mail"));
  m.state = *state;
  row.next(m.tries);
  row.next(m.created_at);
  row.next(m.next_attempt_at);
  row.next(m.failing_since);
  row.next(m.ended_at);
  row.next(m.reply);
  row.next(m.error_code);
  row.next(m.reason);
  return m;
}

std::optional<OutgoingMail> find_mail(Connection& db, const MailId& id) {
  static const std::string sql = select_mails("WHERE id=?");
  auto row = db.prepare(sql).bind(id);
  if (!row.step()) return std::nullopt;
  return read_mail(row);
}

OutgoingMail need_mail(Connection& db, const MailId& id) {
  auto found = find_mail(db, id);
  if (!found) throw Refusal(not_found("mail"));
  return std::move(*found);
}

/// As the inside of a JSON text; an address needs it only when it is none.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20) {
      out += fmt::format("\\u{:04x}", code);
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

std::string detail_of(const OutgoingMail& mail, const MailFailure& how) {
  std::string out = fmt::format(R"({{"mail":"{}","kind":"{}","recipient":"{}")", mail.id.str(), mail.kind,
                                escaped(mail.recipient));
  if (mail.flow.empty()) out += fmt::format(R"(,"authority":"{}")", mail.authority.str());
  if (!how.error_code.empty()) out += fmt::format(R"(,"because":"{}")", how.error_code);
  if (how.reply != 0) out += fmt::format(R"(,"reply":{})", how.reply);
  return out + "}";
}

/// The address belongs into the journal: who was told when is what the authority must be able to prove.
void note(Transaction& tx, const OutgoingMail& mail, std::string_view code, std::string_view actor,
          const MailFailure& how = {}) {
  JournalEntry entry;
  entry.at = tx.now;
  entry.code = code;
  entry.actor = actor;
  entry.detail = detail_of(mail, how);
  // A mail may outlive the row of what it tells.
  if (const auto row = find_flow(tx.db, mail.flow); !mail.flow.empty() && row) {
    entry.flow = mail.flow;
    entry.from = row->flow.state;
    entry.to = row->flow.state;
  }
  tx.journal.append(tx.db, entry);
}

std::string where_of(const MailFilter& filter, bool with_place) {
  std::string sql = "WHERE 1";
  if (filter.flow) sql += " AND flow=? AND flow<>''";
  if (filter.authorities) sql += " AND authority IN " + question_marks(filter.authorities->size());
  if (filter.state) sql += " AND state=?";
  if (with_place) sql += " AND (created_at,id)<(?,?)";
  return sql + " ORDER BY created_at DESC,id DESC LIMIT ?";
}

}  // namespace

std::string_view to_string(MailState state) {
  return words.at(static_cast<std::size_t>(state)).text;
}

std::optional<MailState> mail_state_from(std::string_view text) {
  const auto* const known =
      std::find_if(words.begin(), words.end(), [text](const Word& one) { return one.text == text; });
  if (known == words.end()) return std::nullopt;
  return known->state;
}

void queue_mail(Transaction& tx, const NewMail& mail) {
  const std::set<std::string> recipients(mail.recipients.begin(), mail.recipients.end());
  for (const auto& recipient : recipients) {
    const auto id = make_uuid_v7(tx.now);
    tx.db.run(
        "INSERT INTO outgoing_mail(id,authority,flow,kind,recipient,subject,text,message_id,state,tries,"
        "created_at,next_attempt_at,reply,error_code,reason) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,'waiting',0,"
        "?9,?9,0,'','')",
        id, mail.authority, mail.flow, mail.kind, recipient, mail.subject, mail.text, id + "@" + mail.domain,
        tx.now);
  }
}

void stop_mails(Transaction& tx) {
  tx.db.run(
      "UPDATE outgoing_mail SET state='failed',next_attempt_at=NULL,ended_at=?,error_code=?"
      " WHERE state='waiting'",
      tx.now, std::string_view("mail.restored"));
}

Result<std::vector<OutgoingMail>> SqliteMails::due(Instant now, std::size_t limit) {
  return access_.read([&](Connection& db) {
    static const std::string sql =
        select_mails("WHERE next_attempt_at<=? ORDER BY next_attempt_at,number LIMIT ?");
    auto rows = db.prepare(sql);
    rows.bind(now, limit);
    std::vector<OutgoingMail> out;
    while (rows.step())
      out.push_back(read_mail(rows));
    return out;
  });
}

Result<std::optional<Instant>> SqliteMails::next_due() {
  return access_.read([](Connection& db) {
    auto row = db.prepare("SELECT min(next_attempt_at) FROM outgoing_mail WHERE next_attempt_at IS NOT NULL");
    static_cast<void>(row.step());
    return row.next<std::optional<Instant>>();
  });
}

Status SqliteMails::sent(const MailId& id, int reply) {
  return access_.write([&](Transaction& tx) {
    const auto mail = need_mail(tx.db, id);
    tx.db.run(
        "UPDATE outgoing_mail SET state='sent',tries=tries+1,next_attempt_at=NULL,ended_at=?,reply=?,"
        "error_code='',reason='' WHERE id=?",
        tx.now, reply, id);
    note(tx, mail, "mail.sent", "gateway", {reply, {}, {}, {}, false});
    crash_point("mail_noted");
  });
}

Status SqliteMails::failed(const MailId& id, const MailFailure& how) {
  return access_.write([&](Transaction& tx) {
    const auto mail = need_mail(tx.db, id);
    std::optional<Instant> ended;
    std::optional<Instant> next;
    (how.give_up ? ended : next) = how.give_up ? tx.now : how.next;
    tx.db.run(
        "UPDATE outgoing_mail SET state=?,tries=tries+1,next_attempt_at=?,ended_at=?,"
        "failing_since=coalesce(failing_since,?),reply=?,error_code=?,reason=? WHERE id=?",
        to_string(how.give_up ? MailState::failed : MailState::waiting), next, ended, tx.now, how.reply,
        how.error_code, how.reason, id);
    if (how.give_up) note(tx, mail, "mail.given_up", "gateway", how);
  });
}

Result<Page<OutgoingMail>> SqliteMails::list(const MailFilter& filter, const std::string& cursor,
                                             std::size_t limit) {
  return access_.read([&](Connection& db) {
    const auto place = from_cursor(cursor);
    limit = std::clamp<std::size_t>(limit, 1, limits::max_page);
    auto rows = db.prepare(select_mails(where_of(filter, place.has_value())));
    if (filter.flow) rows.bind(*filter.flow);
    if (filter.authorities) {
      for (const auto& authority : *filter.authorities)
        rows.bind(authority);
    }
    if (filter.state) rows.bind(to_string(*filter.state));
    if (place) rows.bind(place->at, place->id);
    rows.bind(limit + 1);
    Page<OutgoingMail> page;
    while (rows.step())
      page.items.push_back(read_mail(rows));
    if (page.items.size() > limit) {
      page.items.pop_back();
      page.next = to_cursor({page.items.back().created_at, page.items.back().id.str()});
    }
    return page;
  });
}

Result<std::optional<OutgoingMail>> SqliteMails::find(const MailId& id) {
  return access_.read([&](Connection& db) { return find_mail(db, id); });
}

Status SqliteMails::retry(const MailId& id, const std::string& actor) {
  return access_.write([&](Transaction& tx) {
    const auto mail = need_mail(tx.db, id);
    if (mail.state == MailState::sent) throw Refusal(mail_already_sent());
    tx.db.run(
        "UPDATE outgoing_mail SET state='waiting',next_attempt_at=?,failing_since=NULL,ended_at=NULL"
        " WHERE id=?",
        tx.now, id);
    note(tx, mail, "mail.retried", actor);
  });
}

Result<std::vector<MailCount>> SqliteMails::counts() {
  return access_.read([](Connection& db) {
    std::vector<MailCount> out;
    for (const auto& word : words) {
      auto row = db.prepare("SELECT count(*),min(created_at) FROM outgoing_mail WHERE state=?");
      static_cast<void>(row.bind(word.text).step());
      auto& line = out.emplace_back();
      line.state = word.state;
      row.next(line.count);
      row.next(line.oldest);
    }
    return out;
  });
}

Result<std::size_t> SqliteMails::forget(Instant before) {
  return access_.write([&](Transaction& tx) {
    tx.db.run("DELETE FROM outgoing_mail WHERE ended_at<?", before);
    return static_cast<std::size_t>(tx.db.changes());
  });
}

}  // namespace demat::store
