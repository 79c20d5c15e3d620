#include "gateway/intake/described.hpp"

namespace demat::intake {

flow::Flow described(const pes::Header& header) {
  flow::Flow flow;
  if (header.kind == pes::Kind::acquit_retour) flow.protocol = flow::acquit_retour_protocol;
  flow.business_key = pes::business_key(header);
  flow.nom_fic = header.nom_fic;
  flow.typ_fic = header.typ_fic;
  flow.id_post = header.id_post;
  flow.cod_col = header.cod_col;
  flow.cod_bud = header.cod_bud;
  flow.id_coll = Siret{header.id_coll};
  return flow;
}

}  // namespace demat::intake
