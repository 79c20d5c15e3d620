#include "gateway/store/sqlite_signature_requests.hpp"

#include <algorithm>
#include <array>

#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"

namespace demat::store {
namespace {

constexpr std::array words{std::pair{RequestState::open, std::string_view("open")},
                           std::pair{RequestState::replaced, std::string_view("replaced")},
                           std::pair{RequestState::done, std::string_view("done")}};

RequestState state_from(const std::string& text) {
  for (const auto& [state, word] : words)
    if (word == text) return state;
  throw Refusal(corrupt("unknown state of a signature request: " + text));
}

/// One element per line, digest first: an Id is an NCName and holds neither space nor line end.
std::string to_lines(const std::vector<RequestedElement>& elements) {
  std::string out;
  for (const auto& one : elements)
    out.append(one.signed_info.str()).append(" ").append(one.id).append("\n");
  return out;
}

std::vector<RequestedElement> from_lines(std::string_view text) {
  std::vector<RequestedElement> out;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto space = line.find(' ');
    if (space == line.npos) throw Refusal(corrupt("elements of a signature request"));
    out.push_back({std::string(line.substr(space + 1)), Sha256{std::string(line.substr(0, space))}});
  }
  return out;
}

SignatureRequest read_request(Statement& row) {
  SignatureRequest out;
  row.next(out.id);
  row.next(out.flow);
  row.next(out.profile);
  row.next(out.requested_by);
  const auto certificate = row.next<std::string>();
  out.certificate_der.assign(certificate.begin(), certificate.end());
  row.next(out.role);
  row.next(out.city);
  row.next(out.postal_code);
  row.next(out.country);
  row.next(out.signing_time);
  row.next(out.expires_at);
  out.elements = from_lines(row.next<std::string>());
  out.state = state_from(row.next<std::string>());
  row.next(out.values);
  row.next(out.answer);
  return out;
}

void insert(Transaction& tx, const SignatureRequest& r) {
  tx.db.run(
      "INSERT INTO signature_request(id,flow,profile,requested_by,certificate,role,city,postal_code,country,"
      "signing_time,expires_at,elements,state,values_digest,answer)"
      " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,'open','','')",
      r.id, r.flow, r.profile, r.requested_by, BlobView{as_text(r.certificate_der)}, r.role, r.city,
      r.postal_code, r.country, r.signing_time, r.expires_at, to_lines(r.elements));
}

}  // namespace

Status SqliteSignatureRequests::open(const SignatureRequest& request, const std::string& actor,
                                     const std::string& detail) {
  return access_.write([&](Transaction& tx) {
    const auto row = need_flow(tx.db, request.flow);
    if (row.flow.state != flow::State::to_sign) throw Refusal(unexpected_state(row.flow.state));
    tx.db.run("UPDATE signature_request SET state='replaced' WHERE flow=? AND state='open'", request.flow);
    insert(tx, request);
    JournalEntry entry;
    entry.flow = request.flow;
    entry.at = tx.now;
    entry.code = "signature.requested";
    entry.from = row.flow.state;
    entry.to = row.flow.state;
    entry.actor = actor;
    entry.detail = detail;
    tx.journal.append(tx.db, entry);
  });
}

Result<std::optional<SignatureRequest>> SqliteSignatureRequests::find(const SignatureRequestId& id) {
  return access_.read([&](Connection& db) -> std::optional<SignatureRequest> {
    auto row = db.prepare(
        "SELECT id,flow,profile,requested_by,certificate,role,city,postal_code,country,signing_time,"
        "expires_at,elements,state,values_digest,answer FROM signature_request WHERE id=?");
    if (!row.bind(id).step()) return std::nullopt;
    return read_request(row);
  });
}

void close_request(Transaction& tx, const FlowId& flow, const BroughtSignature& brought) {
  tx.db.run(
      "UPDATE signature_request SET state='done',values_digest=?,answer=? WHERE id=? AND flow=? AND "
      "state='open'",
      brought.values, brought.answer, brought.request, flow);
  if (tx.db.changes() != 1) throw Refusal(request_replaced());
}

void forget_requests(Transaction& tx, std::string_view flow) {
  tx.db.run("DELETE FROM signature_request WHERE flow=?", flow);
}

}  // namespace demat::store
