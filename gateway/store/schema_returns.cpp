#include "gateway/store/schema_fragments.hpp"

namespace demat::store::fragments {

/// A return_piece is what one pièce of a PES_Retour is found by, once whatever its number of lines.
/// `domaines` has a blank around each word. A siret_block may be of a SIRET that nobody has registered.
const std::string_view returns = R"sql(
ALTER TABLE answer ADD COLUMN domaines TEXT NOT NULL DEFAULT '';
ALTER TABLE answer ADD COLUMN typ_restit TEXT NOT NULL DEFAULT '';
ALTER TABLE answer ADD COLUMN day TEXT NOT NULL DEFAULT '';
ALTER TABLE answer ADD COLUMN acquit TEXT NOT NULL DEFAULT '';
ALTER TABLE answer ADD COLUMN acquit_note TEXT NOT NULL DEFAULT '';
CREATE INDEX answer_acquit_due ON answer(received_at, id) WHERE acquit_note='due';
CREATE INDEX answer_retour_nom_fic ON answer(authority, nom_fic, received_at, id) WHERE kind='PES_Retour';
CREATE INDEX answer_retour_remote ON answer(authority, remote_name, received_at, id) WHERE kind='PES_Retour';
CREATE INDEX answer_siret ON answer(id_coll, received_at) WHERE kind='PES_Retour';

CREATE TABLE return_piece(
  answer INTEGER NOT NULL REFERENCES answer(number),
  exercice TEXT NOT NULL,
  bordereau TEXT NOT NULL,
  piece TEXT NOT NULL,
  domaine TEXT NOT NULL,
  etat TEXT NOT NULL,
  PRIMARY KEY(answer, exercice, bordereau, piece, domaine, etat)) WITHOUT ROWID;
CREATE INDEX return_piece_by_piece ON return_piece(piece, answer);
CREATE INDEX return_piece_by_etat ON return_piece(answer, etat);
CREATE INDEX return_piece_by_bordereau ON return_piece(answer, bordereau);

CREATE TABLE return_settings(
  authority TEXT PRIMARY KEY REFERENCES authority(siren),
  acquit TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE siret_block(
  siret TEXT PRIMARY KEY,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  since INTEGER NOT NULL) WITHOUT ROWID;
)sql";

}  // namespace demat::store::fragments
