#include "gateway/store/sqlite_tickets.hpp"

#include "gateway/base/crash_point.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/operations.hpp"

namespace demat::store {
namespace {

/// One header per line; neither names nor values hold line ends (http::Response::with).
std::string to_lines(const std::vector<std::pair<std::string, std::string>>& headers) {
  std::string out;
  for (const auto& [name, value] : headers)
    out.append(name).append(":").append(value).append("\n");
  return out;
}

std::vector<std::pair<std::string, std::string>> from_lines(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> out;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto colon = line.find(':');
    if (colon == line.npos) continue;
    out.emplace_back(line.substr(0, colon), line.substr(colon + 1));
  }
  return out;
}

/// An older row of the same key is one that has expired: the caller looked first.
void write_once(Transaction& tx, const OnceKey& once, const KeptAnswer* answer) {
  std::optional<int> status;
  if (answer != nullptr) status = answer->status;
  tx.db.run("INSERT OR REPLACE INTO once(identity,key,request,at,status,headers,body) VALUES(?,?,?,?,?,?,?)",
            once.identity, once.key, once.request, tx.now, status,
            answer == nullptr ? std::string() : to_lines(answer->headers),
            answer == nullptr ? std::string() : answer->body);
}

KeptAnswer rendered(const Acceptance& done, const Tickets::Render& render) {
  if (const auto* same = std::get_if<SameBytes>(&done)) return render(AcceptedAs::same_bytes, same->existing);
  if (const auto* taken = std::get_if<KeyTaken>(&done)) return render(AcceptedAs::key_taken, taken->existing);
  return render(AcceptedAs::fresh, std::get<Accepted>(done).flow);
}

std::set<flow::Grant> grants_of(Connection& db, const TokenId& id) {
  std::set<flow::Grant> out;
  auto rows = db.prepare("SELECT authority,role FROM token_grant WHERE token=?");
  rows.bind(id);
  while (rows.step()) {
    flow::Grant grant;
    rows.next(grant.authority);
    const auto word = rows.next<std::string>();
    const auto role = flow::role_from(word);
    if (!role) throw Refusal(corrupt("unknown role in a row: " + word));
    grant.role = *role;
    out.insert(std::move(grant));
  }
  return out;
}

std::vector<StoredToken> read_tokens(Connection& db, Statement& rows) {
  std::vector<StoredToken> out;
  while (rows.step()) {
    auto& [token, secret] = out.emplace_back();
    rows.next(token.id);
    rows.next(token.identity);
    rows.next(token.name);
    rows.next(secret);
    rows.next(token.created_at);
    rows.next(token.expires_at);
    rows.next(token.revoked_at);
  }
  for (auto& stored : out)
    stored.token.grants = grants_of(db, stored.token.id);
  return out;
}

constexpr std::string_view select_tokens =
    "SELECT id,identity,name,secret,created_at,expires_at,revoked_at FROM token ";

/// Ids and digests are hexadecimal and authorities are digits: no name of a person gets into the detail.
void note(Transaction& tx, std::string code, const std::string& actor, const TokenId& token,
          const IdentityId& identity, const std::set<flow::Grant>& grants) {
  JournalEntry entry;
  entry.at = tx.now;
  entry.code = std::move(code);
  entry.actor = actor;
  entry.detail = R"({"token":")" + token.str() + R"(","identity":")" + identity.str() + R"(","grants":[)";
  bool first = true;
  for (const auto& grant : grants) {
    if (!std::exchange(first, false)) entry.detail += ",";
    entry.detail += "\"" + grant.authority.str() + ":" + std::string(to_string(grant.role)) + "\"";
  }
  entry.detail += "]}";
  tx.journal.append(tx.db, entry);
}

}  // namespace

Result<std::optional<Remembered>> SqliteTickets::remembered(const IdentityId& identity,
                                                            const std::string& key, Instant since) {
  return access_.read([&](Connection& db) -> std::optional<Remembered> {
    auto row =
        db.prepare("SELECT request,status,headers,body FROM once WHERE identity=? AND key=? AND at>=?");
    if (!row.bind(identity, key, since).step()) return std::nullopt;
    Remembered out;
    row.next(out.request);
    const auto status = row.next<std::optional<int>>();
    const auto headers = row.next<std::string>();
    if (status) out.answer = KeptAnswer{*status, from_lines(headers), row.next<std::string>()};
    return out;
  });
}

Result<AcceptOutcome> SqliteTickets::accept_once(NewFlow flow, StagedPayload payload, const OnceKey& once,
                                                 const Render& render) {
  auto done = access_.write([&](Transaction& tx) {
    auto acceptance = accept_flow(tx, flow, payload);
    const auto answer = rendered(acceptance, render);
    write_once(tx, once, &answer);
    crash_point("once_written");
    return acceptance;
  });
  if (!done) return failure(std::move(done.error()));
  if (auto* same = std::get_if<SameBytes>(&*done)) return AcceptOutcome(std::move(*same));
  if (auto* taken = std::get_if<KeyTaken>(&*done)) return AcceptOutcome(std::move(*taken));
  return AcceptOutcome(make_receipt(std::move(std::get<Accepted>(*done).flow)));
}

Status SqliteTickets::begin_once(const OnceKey& once) {
  return access_.write([&](Transaction& tx) { write_once(tx, once, nullptr); });
}

Status SqliteTickets::remember(const OnceKey& once, const KeptAnswer& answer) {
  return access_.write([&](Transaction& tx) { write_once(tx, once, &answer); });
}

Status SqliteTickets::forget(const OnceKey& once) {
  return access_.write([&](Transaction& tx) {
    tx.db.run("DELETE FROM once WHERE identity=? AND key=?", once.identity, once.key);
  });
}

Result<std::size_t> SqliteTickets::forget_before(Instant before) {
  return access_.write([&](Transaction& tx) {
    tx.db.run("DELETE FROM once WHERE at<?", before);
    return static_cast<std::size_t>(tx.db.changes());
  });
}

Status SqliteTickets::put_token(const StoredToken& stored, const std::string& actor) {
  return access_.write([&](Transaction& tx) {
    const auto& token = stored.token;
    tx.db.run(
        "INSERT INTO token(id,identity,name,secret,created_at,expires_at,revoked_at)"
        " VALUES(?,?,?,?,?,?,NULL)",
        token.id, token.identity, token.name, stored.secret, token.created_at, token.expires_at);
    for (const auto& grant : token.grants)
      tx.db.run("INSERT INTO token_grant(token,authority,role) VALUES(?,?,?)", token.id, grant.authority,
                to_string(grant.role));
    note(tx, "token.created", actor, token.id, token.identity, token.grants);
  });
}

Result<std::optional<StoredToken>> SqliteTickets::find_token(const TokenId& id) {
  return access_.read([&](Connection& db) -> std::optional<StoredToken> {
    static const std::string sql = std::string(select_tokens) + "WHERE id=?";
    auto rows = db.prepare(sql);
    rows.bind(id);
    auto found = read_tokens(db, rows);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
  });
}

Result<std::vector<Token>> SqliteTickets::tokens(const std::optional<IdentityId>& identity) {
  return access_.read([&](Connection& db) {
    static const std::string sql =
        std::string(select_tokens) + "WHERE ?1 IS NULL OR identity=?1 ORDER BY created_at DESC,id DESC";
    auto rows = db.prepare(sql);
    rows.bind(identity);
    std::vector<Token> out;
    for (auto& stored : read_tokens(db, rows))
      out.push_back(std::move(stored.token));
    return out;
  });
}

Status SqliteTickets::revoke_token(const TokenId& id, const std::string& actor) {
  return access_.write([&](Transaction& tx) {
    auto row = tx.db.prepare("SELECT identity,revoked_at IS NULL FROM token WHERE id=?").bind(id);
    if (!row.step()) throw Refusal(not_found("token"));
    const auto identity = row.next<IdentityId>();
    if (!row.next<bool>()) return;
    tx.db.run("UPDATE token SET revoked_at=? WHERE id=?", tx.now, id);
    note(tx, "token.revoked", actor, id, identity, grants_of(tx.db, id));
  });
}

}  // namespace demat::store
