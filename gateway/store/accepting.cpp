#include <algorithm>
#include <array>

#include "gateway/base/crash_point.hpp"
#include "gateway/base/random.hpp"
#include "gateway/store/actes_rows.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/operations.hpp"
#include "gateway/store/sqlite_returns.hpp"

namespace demat::store {
namespace {

std::optional<FlowRow> first_of(Statement row) {
  if (!row.step()) return std::nullopt;
  return read_flow(row);
}

std::optional<FlowRow> with_same_bytes(Connection& db, const AuthorityId& authority, const Sha256& bytes) {
  static const std::string sql = select_flows("WHERE authority=? AND original=? AND blocks=1");
  return first_of(db.prepare(sql).bind(authority, bytes));
}

std::optional<FlowRow> with_same_key(Connection& db, const flow::Flow& wanted) {
  static const std::string sql =
      select_flows("WHERE authority=? AND protocol=? AND business_key=? AND business_key<>'' AND blocks=1");
  return first_of(db.prepare(sql).bind(wanted.authority, wanted.protocol, wanted.business_key));
}

/// An envelope may carry several actes: each of its numbers must be free.
std::optional<FlowRow> with_same_number(Connection& db, const NewFlow& item) {
  for (const auto& acte : item.actes) {
    if (acte.message != "1-1") continue;
    if (const auto flow = flow_with_number(db, acte.authority, acte.number)) return find_flow(db, *flow);
  }
  return std::nullopt;
}

bool is_receipt(const flow::Acte& acte) {
  return acte.message == "3-2" || acte.message == "4-2";
}

/// The live flow that asks already for what a message of the envelope asks: the annulment of the same acte,
/// the answer to the same letter.
std::optional<FlowRow> with_same_aim(Connection& db, const NewFlow& item) {
  for (const auto& acte : item.actes) {
    if (acte.message == "6-1") {
      auto row = db.prepare(
          "SELECT acte.flow FROM acte JOIN flow ON flow.id=acte.flow WHERE acte.about=? AND acte.about<>''"
          " AND acte.message='6-1' AND acte.id_acte=? AND flow.blocks=1 LIMIT 1");
      if (row.bind(acte.about, acte.id_acte).step()) return find_flow(db, row.next<FlowId>());
    } else if (!acte.letter.empty() && !is_receipt(acte)) {
      const auto letter = find_letter(db, acte.letter);
      if (letter && !letter->answered_by.empty()) return find_flow(db, letter->answered_by);
    }
  }
  return std::nullopt;
}

/// The letter that a message of the authority answers is answered from now on. 3-2 and 4-2 are no answers,
/// and the first one is written before its letter.
void answer_letter(Connection& db, const flow::Acte& acte) {
  if (acte.letter.empty()) return;
  const bool receipt = is_receipt(acte);
  auto letter = find_letter(db, acte.letter);
  if (!letter && receipt) return;
  if (!letter) throw Refusal(not_found("letter"));
  if (receipt) {
    letter->acknowledged_by = acte.flow;
  } else {
    letter->state = flow::LetterState::answered;
    letter->answered_by = acte.flow;
  }
  update_letter(db, *letter);
}

FlowId last_failed_with_key(Connection& db, const flow::Flow& wanted) {
  if (wanted.business_key.empty()) return {};
  // The planner would rather walk through all flows of the authority, for the order.
  auto row = db.prepare(
      "SELECT id FROM flow INDEXED BY flow_failed_key WHERE authority=? AND protocol=? AND business_key=?"
      " AND blocks=0"
      " ORDER BY created_at DESC, id DESC LIMIT 1");
  if (!row.bind(wanted.authority, wanted.protocol, wanted.business_key).step()) return {};
  return row.next<FlowId>();
}

struct StoredBytes {
  Sha256 sha256;
  Sha1 sha1;
  std::uint64_t size = 0;
};

FlowRow make_row(Transaction& tx, const NewFlow& item, const StoredBytes& payload) {
  FlowRow row;
  auto& f = row.flow;
  f = item.flow;
  f.id = FlowId{make_uuid_v7(tx.now)};
  f.environment = tx.environment;
  const bool confirmation = f.hold_reason == flow::awaits_confirmation;
  f.state = confirmation ? flow::State::held : flow::State::received;
  f.held_from = flow::State::received;
  if (!confirmation) f.hold_reason.clear();
  f.original = payload.sha256;
  f.original_sha1 = payload.sha1;
  f.original_size = payload.size;
  f.outgoing = payload.sha256;
  f.outgoing_size = payload.size;
  f.attempts = 0;
  f.created_at = tx.now;
  f.updated_at = tx.now;
  f.sent_at.reset();
  f.next_attempt_at.reset();
  f.waiting_code.clear();
  return row;
}

std::string name_of(const flow::Flow& f) {
  return f.file_name.empty() ? f.nom_fic.str() : f.file_name;
}

/// The row, its first document and its first event; the payload is kept already.
flow::Flow write_new_flow(Transaction& tx, const NewFlow& item, const StoredBytes& payload) {
  FlowRow row = make_row(tx, item, payload);
  auto& f = row.flow;
  if (f.linked_to.empty()) f.linked_to = last_failed_with_key(tx.db, f);
  insert_flow(tx.db, row);
  flow::Document original;
  original.role = "original";
  original.name = name_of(f);
  original.media_type = item.media_type;
  original.sha256 = payload.sha256;
  original.size = payload.size;
  add_document(tx, f.id, std::move(original));
  JournalEntry entry;
  entry.flow = f.id;
  entry.at = tx.now;
  entry.code = "flow.received";
  entry.to = f.state;
  entry.actor = item.actor;
  entry.detail = item.event_detail;
  entry.payloads = payload.sha256.str();
  tx.journal.append(tx.db, entry);
  return std::move(f);
}

/// What comes with the original, and what the flow says to the State.
void write_actes(Transaction& tx, const FlowId& flow, NewFlow& item) {
  for (auto& file : item.documents)
    keep_document(tx, flow, file);
  std::uint32_t place = 0;
  for (auto acte : item.actes) {
    acte.flow = flow;
    acte.place = ++place;
    insert_acte(tx.db, acte);
    answer_letter(tx.db, acte);
  }
}

/// The files that came with the original; what the gateway or the State added since stays with the old flow.
void copy_deposit(Transaction& tx, const FlowId& from, const FlowId& to) {
  constexpr std::array<std::string_view, 5> roles{"acte", "annexe", "signature", "message", "envelope_xml"};
  for (auto& document : documents_of(tx.db, from))
    if (std::find(roles.begin(), roles.end(), document.role) != roles.end())
      add_document(tx, to, std::move(document));
}

/// What the replayed flow said, without what happened to it.
std::vector<flow::Acte> actes_to_replay(Connection& db, const FlowId& from) {
  auto actes = actes_of(db, from);
  for (auto& acte : actes) {
    acte.id_confirmed = false;
    acte.verdict = flow::Verdict::none;
    acte.received_on.clear();
    acte.annulled_on.clear();
    acte.envelope.clear();
  }
  return actes;
}

/// The kind of the original that is replayed.
std::string media_type_of(Connection& db, const FlowId& from, std::string otherwise) {
  for (auto& document : documents_of(db, from))
    if (document.role == "original") return std::move(document.media_type);
  return otherwise;
}

StoredBytes stored_bytes(Connection& db, const Sha256& name) {
  auto row =
      db.prepare("SELECT sha256,sha1,size,purged_at,purged_why FROM payload WHERE sha256=?").bind(name);
  if (!row.step()) throw Refusal(not_found("payload"));
  StoredBytes bytes;
  row.next(bytes.sha256);
  row.next(bytes.sha1);
  row.next(bytes.size);
  if (const auto purged_at = row.next<std::optional<Instant>>())
    throw Refusal(payload_purged(*purged_at, row.next<std::string>()));
  return bytes;
}

/// A person accepted the duplicate: the live flow no longer stands in the way.
void step_aside(Connection& db, const FlowRow& row) {
  db.run("UPDATE flow SET blocks=0 WHERE id=?", row.flow.id);
}

}  // namespace

Acceptance accept_flow(Transaction& tx, NewFlow& item, StagedPayload& payload) {
  const auto& wanted = item.flow;
  if (auto same = with_same_bytes(tx.db, wanted.authority, payload.sha256()))
    return SameBytes{std::move(same->flow)};
  if (auto same = with_same_key(tx.db, wanted)) return KeyTaken{std::move(same->flow)};
  if (auto same = with_same_number(tx.db, item)) return KeyTaken{std::move(same->flow)};
  if (auto same = with_same_aim(tx.db, item)) return KeyTaken{std::move(same->flow)};
  tx.blobs.keep(tx.db, payload);
  crash_point("accept_payload_kept");
  auto flow = write_new_flow(tx, item, {payload.sha256(), payload.sha1(), payload.size()});
  write_actes(tx, flow.id, item);
  if (!item.acquits.empty()) acquit_return(tx, item.acquits, flow.id, item.actor);
  crash_point("accept_written");
  return Accepted{std::move(flow)};
}

flow::Flow replay_flow(Transaction& tx, NewFlow& item, const Sha256& original, bool even_if_live) {
  const StoredBytes bytes = stored_bytes(tx.db, original);
  const auto& source = item.flow.replay_of;
  if (item.actes.empty()) item.actes = actes_to_replay(tx.db, source);
  item.media_type = media_type_of(tx.db, source, std::move(item.media_type));
  for (const auto& live :
       {with_same_bytes(tx.db, item.flow.authority, original), with_same_key(tx.db, item.flow),
        with_same_number(tx.db, item), with_same_aim(tx.db, item)}) {
    if (!live) continue;
    if (!even_if_live) throw Refusal(duplicate(live->flow.id.str()));
    step_aside(tx.db, *live);
  }
  auto fresh = write_new_flow(tx, item, bytes);
  copy_deposit(tx, source, fresh.id);
  write_actes(tx, fresh.id, item);
  return fresh;
}

}  // namespace demat::store
