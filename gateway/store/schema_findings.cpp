#include "gateway/store/schema_fragments.hpp"

namespace demat::store::fragments {

/// What a finding is about, in the numbers its people know, and what it found, expected and advises.
const std::string_view findings = R"sql(
ALTER TABLE finding ADD COLUMN domaine TEXT NOT NULL DEFAULT '';
ALTER TABLE finding ADD COLUMN exercice TEXT NOT NULL DEFAULT '';
ALTER TABLE finding ADD COLUMN bordereau TEXT NOT NULL DEFAULT '';
ALTER TABLE finding ADD COLUMN piece TEXT NOT NULL DEFAULT '';
ALTER TABLE finding ADD COLUMN ligne TEXT NOT NULL DEFAULT '';
ALTER TABLE finding ADD COLUMN pj TEXT NOT NULL DEFAULT '';
ALTER TABLE finding ADD COLUMN marche TEXT NOT NULL DEFAULT '';
ALTER TABLE finding ADD COLUMN facture TEXT NOT NULL DEFAULT '';
ALTER TABLE finding ADD COLUMN value TEXT NOT NULL DEFAULT '';
ALTER TABLE finding ADD COLUMN expected_fr TEXT NOT NULL DEFAULT '';
ALTER TABLE finding ADD COLUMN expected_en TEXT NOT NULL DEFAULT '';
ALTER TABLE finding ADD COLUMN remedy_fr TEXT NOT NULL DEFAULT '';
ALTER TABLE finding ADD COLUMN remedy_en TEXT NOT NULL DEFAULT '';
)sql";

}  // namespace demat::store::fragments
