#include "gateway/store/schema_fragments.hpp"

namespace demat::store::fragments {

/// `sent_number` holds what still counts only: whoever may give a number again finds no row.
const std::string_view history = R"sql(
CREATE TABLE sent_number(
  authority TEXT NOT NULL,
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  flow TEXT NOT NULL REFERENCES flow(id),
  PRIMARY KEY(authority, kind, number, flow)) WITHOUT ROWID;
CREATE INDEX sent_number_flow ON sent_number(flow);

CREATE TABLE marche_record(
  flow TEXT NOT NULL REFERENCES flow(id),
  number INTEGER NOT NULL,
  authority TEXT NOT NULL,
  contrat TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  ordre TEXT NOT NULL,
  correctif INTEGER NOT NULL,
  nature TEXT NOT NULL,
  concession INTEGER NOT NULL,
  state TEXT NOT NULL,
  out_of_order INTEGER NOT NULL,
  PRIMARY KEY(flow, number)) WITHOUT ROWID;
CREATE INDEX marche_record_order ON marche_record(authority, contrat, sequence, flow);
CREATE INDEX marche_record_contrat ON marche_record(contrat, authority);

ALTER TABLE flow ADD COLUMN waits_for TEXT NOT NULL DEFAULT '';
CREATE INDEX flow_waits_for ON flow(waits_for) WHERE waits_for<>'';
)sql";

}  // namespace demat::store::fragments
