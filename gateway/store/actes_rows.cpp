#include "gateway/store/actes_rows.hpp"

#include <charconv>

#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"

namespace demat::store {
namespace {

constexpr std::string_view acte_columns =
    "acte.flow,acte.place,acte.authority,acte.message,acte.number,acte.nature,acte.decision_date,"
    "acte.matieres,acte.objet,acte.papier,acte.classification_date,acte.id_acte,acte.id_confirmed,"
    "acte.verdict,acte.received_on,acte.annulled_on,acte.about,acte.letter,acte.envelope";

flow::Acte read_acte(Statement& row) {
  flow::Acte a;
  row.next(a.flow);
  row.next(a.place);
  row.next(a.authority);
  row.next(a.message);
  row.next(a.number);
  row.next(a.nature);
  row.next(a.decision_date);
  row.next(a.matieres);
  row.next(a.objet);
  row.next(a.papier);
  row.next(a.classification_date);
  row.next(a.id_acte);
  row.next(a.id_confirmed);
  const auto word = row.next<std::string>();
  const auto verdict = flow::verdict_from(word);
  if (!verdict) throw Refusal(corrupt("unknown verdict in a row: " + word));
  a.verdict = *verdict;
  row.next(a.received_on);
  row.next(a.annulled_on);
  row.next(a.about);
  row.next(a.letter);
  row.next(a.envelope);
  return a;
}

/// Words without line ends, as one text and back.
std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words)
    out.append(word).append("\n");
  return out;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    out.emplace_back(word);
  }
  return out;
}

std::string numbers_text(const std::vector<std::uint32_t>& numbers) {
  std::vector<std::string> words;
  for (const auto number : numbers)
    words.push_back(std::to_string(number));
  return join(words);
}

std::vector<std::uint32_t> numbers_of(std::string_view text) {
  std::vector<std::uint32_t> out;
  for (const auto& word : split(text)) {
    std::uint32_t number = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), number);
    if (read.ec != std::errc{}) throw Refusal(corrupt("a document number in a row: " + word));
    out.push_back(number);
  }
  return out;
}

}  // namespace

void insert_acte(Connection& db, const flow::Acte& a) {
  db.run(
      "INSERT INTO acte(flow,place,authority,message,number,nature,decision_date,matieres,objet,papier,"
      "classification_date,id_acte,id_confirmed,verdict,received_on,annulled_on,about,letter,envelope)"
      " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      a.flow, a.place, a.authority, a.message, a.number, a.nature, a.decision_date, a.matieres, a.objet,
      a.papier, a.classification_date, a.id_acte, a.id_confirmed, to_string(a.verdict), a.received_on,
      a.annulled_on, a.about, a.letter, a.envelope);
}

void update_acte(Connection& db, const flow::Acte& a) {
  db.run(
      "UPDATE acte SET classification_date=?,id_acte=?,id_confirmed=?,verdict=?,received_on=?,annulled_on=?,"
      "envelope=? WHERE flow=? AND place=?",
      a.classification_date, a.id_acte, a.id_confirmed, to_string(a.verdict), a.received_on, a.annulled_on,
      a.envelope, a.flow, a.place);
  if (db.changes() != 1) throw Refusal(not_found("acte"));
}

std::vector<flow::Acte> actes_of(Connection& db, const FlowId& flow) {
  static const std::string sql =
      "SELECT " + std::string(acte_columns) + " FROM acte WHERE flow=? ORDER BY place";
  auto rows = db.prepare(sql);
  rows.bind(flow);
  std::vector<flow::Acte> out;
  while (rows.step())
    out.push_back(read_acte(rows));
  return out;
}

std::string select_actes(std::string_view rest) {
  std::string sql = "SELECT " + std::string(acte_columns) + " FROM acte JOIN flow ON flow.id=acte.flow ";
  return sql.append(rest);
}

std::vector<ActeOnFlow> read_actes(Connection& db, Statement& rows) {
  std::vector<ActeOnFlow> out;
  while (rows.step())
    out.push_back({read_acte(rows), {}});
  for (auto& item : out)
    item.flow = need_flow(db, item.acte.flow).flow;
  return out;
}

std::optional<FlowId> flow_with_number(Connection& db, const AuthorityId& authority,
                                       const std::string& number) {
  auto row = db.prepare(
      "SELECT acte.flow FROM acte JOIN flow ON flow.id=acte.flow WHERE acte.authority=? AND acte.number=?"
      " AND acte.message='1-1' AND acte.verdict<>'rejected' AND flow.blocks=1 LIMIT 1");
  if (!row.bind(authority, number).step()) return std::nullopt;
  return row.next<FlowId>();
}

std::string select_letters(std::string_view rest) {
  std::string sql =
      "SELECT id,mail,authority,acte,message,id_acte,date,text,received_at,state,documents,acknowledged_by,"
      "answered_by FROM letter ";
  return sql.append(rest);
}

flow::Letter read_letter(Statement& row) {
  flow::Letter l;
  row.next(l.id);
  row.next(l.mail);
  row.next(l.authority);
  row.next(l.acte);
  row.next(l.message);
  row.next(l.id_acte);
  row.next(l.date);
  row.next(l.text);
  row.next(l.received_at);
  const auto word = row.next<std::string>();
  const auto state = flow::letter_state_from(word);
  if (!state) throw Refusal(corrupt("unknown letter state in a row: " + word));
  l.state = *state;
  l.documents = numbers_of(row.next<std::string>());
  row.next(l.acknowledged_by);
  row.next(l.answered_by);
  return l;
}

std::optional<flow::Letter> find_letter(Connection& db, const LetterId& id) {
  static const std::string sql = select_letters("WHERE id=?");
  auto row = db.prepare(sql).bind(id);
  if (!row.step()) return std::nullopt;
  return read_letter(row);
}

void insert_letter(Connection& db, const flow::Letter& l) {
  db.run(
      "INSERT INTO letter(id,mail,authority,acte,message,id_acte,date,text,received_at,state,documents,"
      "acknowledged_by,answered_by) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)",
      l.id, l.mail, l.authority, l.acte, l.message, l.id_acte, l.date, l.text, l.received_at,
      to_string(l.state), numbers_text(l.documents), l.acknowledged_by, l.answered_by);
}

void update_letter(Connection& db, const flow::Letter& l) {
  db.run("UPDATE letter SET state=?,acknowledged_by=?,answered_by=? WHERE id=?", to_string(l.state),
         l.acknowledged_by, l.answered_by, l.id);
  if (db.changes() != 1) throw Refusal(not_found("letter"));
}

void reopen_letters(Connection& db, const FlowId& answer) {
  db.run(
      "UPDATE letter SET state='read',answered_by='' WHERE answered_by=? AND answered_by<>'' AND"
      " state='answered'",
      answer);
}

std::string select_settings(std::string_view rest) {
  std::string sql =
      "SELECT authority,departement,arrondissement,nature,convention_date,natures,matieres,paper,"
      "paper_reason,contact_name,contact_phone,contact_email,addresses,notify,image_document,pdf_budget,"
      "classification_days,stamp_across,stamp_down"
      " FROM actes_settings ";
  return sql.append(rest);
}

flow::ActesSettings read_settings(Statement& row) {
  flow::ActesSettings s;
  row.next(s.authority);
  row.next(s.departement);
  row.next(s.arrondissement);
  row.next(s.nature);
  row.next(s.convention_date);
  s.natures = split(row.next<std::string>());
  s.matieres = split(row.next<std::string>());
  row.next(s.paper);
  row.next(s.paper_reason);
  row.next(s.contact_name);
  row.next(s.contact_phone);
  row.next(s.contact_email);
  s.addresses = split(row.next<std::string>());
  s.notify = split(row.next<std::string>());
  row.next(s.image_document);
  row.next(s.pdf_budget);
  row.next(s.classification_days);
  row.next(s.stamp_across);
  row.next(s.stamp_down);
  return s;
}

void put_settings_row(Connection& db, const flow::ActesSettings& s) {
  db.run(
      "INSERT OR REPLACE INTO actes_settings(authority,departement,arrondissement,nature,convention_date,"
      "natures,matieres,paper,paper_reason,contact_name,contact_phone,contact_email,addresses,notify,"
      "image_document,pdf_budget,classification_days,stamp_across,stamp_down)"
      " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      s.authority, s.departement, s.arrondissement, s.nature, s.convention_date, join(s.natures),
      join(s.matieres), s.paper, s.paper_reason, s.contact_name, s.contact_phone, s.contact_email,
      join(s.addresses), join(s.notify), s.image_document, s.pdf_budget, s.classification_days,
      s.stamp_across, s.stamp_down);
}

}  // namespace demat::store
