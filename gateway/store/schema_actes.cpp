#include "gateway/store/schema_fragments.hpp"

namespace demat::store::fragments {

/// Lists are words joined by line ends; dates are "YYYY-MM-DD". `told`: the last deadline that was journalled
/// as passed ("ar", "silence", "control"); of a letter 1.
const std::string_view actes = R"sql(
CREATE TABLE acte(
  flow TEXT NOT NULL REFERENCES flow(id),
  place INTEGER NOT NULL,
  authority TEXT NOT NULL,
  message TEXT NOT NULL,
  number TEXT NOT NULL,
  nature TEXT NOT NULL,
  decision_date TEXT NOT NULL,
  matieres TEXT NOT NULL,
  objet TEXT NOT NULL,
  papier INTEGER NOT NULL,
  classification_date TEXT NOT NULL,
  id_acte TEXT NOT NULL,
  id_confirmed INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  received_on TEXT NOT NULL,
  annulled_on TEXT NOT NULL,
  about TEXT NOT NULL,
  letter TEXT NOT NULL,
  envelope TEXT NOT NULL,
  told TEXT NOT NULL DEFAULT '',
  PRIMARY KEY(flow, place)) WITHOUT ROWID;
CREATE INDEX acte_number ON acte(authority, number, message);
CREATE INDEX acte_id ON acte(id_acte) WHERE id_acte<>'';
CREATE INDEX acte_envelope ON acte(envelope) WHERE envelope<>'';
CREATE INDEX acte_about ON acte(about) WHERE about<>'';
CREATE INDEX acte_waiting ON acte(authority, message) WHERE verdict='none';
CREATE INDEX acte_in_control ON acte(received_on) WHERE message='1-1' AND received_on<>'' AND told<>'control';

CREATE TABLE letter(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  mail TEXT NOT NULL REFERENCES answer(id),
  authority TEXT NOT NULL,
  acte TEXT NOT NULL REFERENCES flow(id),
  message TEXT NOT NULL,
  id_acte TEXT NOT NULL,
  date TEXT NOT NULL,
  text TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  documents TEXT NOT NULL,
  acknowledged_by TEXT NOT NULL,
  answered_by TEXT NOT NULL,
  told INTEGER NOT NULL DEFAULT 0);
CREATE INDEX letter_authority ON letter(authority, received_at, id);
CREATE INDEX letter_state ON letter(state, received_at, id);
CREATE INDEX letter_acte ON letter(acte, received_at, id);
CREATE INDEX letter_time ON letter(received_at, id);
CREATE INDEX letter_mail ON letter(mail);
CREATE INDEX letter_answer ON letter(answered_by) WHERE answered_by<>'';

CREATE TABLE classification(
  authority TEXT PRIMARY KEY REFERENCES authority(siren),
  date TEXT NOT NULL,
  xml BLOB NOT NULL,
  received_at INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE actes_settings(
  authority TEXT PRIMARY KEY REFERENCES authority(siren),
  departement TEXT NOT NULL,
  arrondissement TEXT NOT NULL,
  nature TEXT NOT NULL,
  convention_date TEXT NOT NULL,
  natures TEXT NOT NULL,
  matieres TEXT NOT NULL,
  paper INTEGER NOT NULL,
  paper_reason TEXT NOT NULL,
  contact_name TEXT NOT NULL,
  contact_phone TEXT NOT NULL,
  contact_email TEXT NOT NULL,
  addresses TEXT NOT NULL,
  notify TEXT NOT NULL,
  image_document INTEGER NOT NULL,
  pdf_budget INTEGER NOT NULL,
  classification_days INTEGER NOT NULL,
  stamp_across INTEGER NOT NULL,
  stamp_down INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE mail(
  message_id TEXT PRIMARY KEY,
  item TEXT NOT NULL REFERENCES answer(id),
  content_mark TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX mail_item ON mail(item);
)sql";

}  // namespace demat::store::fragments
