#include <sstream>

#include "tests/support/invented.hpp"
#include "tests/support/pes_blocks.hpp"
#include "tests/support/pes_domains.hpp"

namespace demat::samples {
namespace {

constexpr std::string_view acquit_retour_ns = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller/ack";

/// The document up to its domain, with `kind` as TypFic.
void open_return(XmlWriter& xml, const FlowOutline& flow, std::string_view kind, const std::string& nom_fic) {
  xml.open("n:PES_Retour", {{"xmlns:n", retour_ns}});
  xml.open("Enveloppe");
  xml.open("Parametres");
  xml.leaf("Version", "2");
  xml.leaf("TypFic", kind);
  xml.leaf("NomFic", nom_fic);
  xml.close();
  xml.close();
  xml.open("EnTetePES");
  xml.leaf("DteStr", "2026-01-31");
  xml.leaf("IdPost", flow.header.id_post);
  xml.leaf("IdColl", flow.header.id_coll);
  xml.leaf("CodColl", flow.header.cod_col);
  xml.leaf("CodBud", flow.header.cod_bud);
  xml.close();
}

std::string name_of(const FlowOutline& flow, std::string_view kind, std::string_view nature) {
  return std::string(kind) + "_" + std::string(nature) + "_" + flow.header.cod_col + "_" +
         flow.header.cod_bud + "_" + flow.header.id_coll + "_" + flow.header.id_post +
         "_20260131_20260131_20260201060000.xml";
}

void write_fate(XmlWriter& xml, std::size_t index) {
  if (index % 3 == 0) {
    xml.open("Postalisation");
    xml.leaf("DatePostalisation", "2026-01-28");
  } else if (index % 3 == 1) {
    xml.open("NotificationParMail");
    xml.leaf("DateNotification", "2026-01-28");
    xml.leaf("Date1ereLecture", "2026-01-29");
  } else {
    xml.open("Rejet");
    xml.leaf("DateRejet", "2026-01-28");
    xml.leaf("MotifRejetPostalisation", "02");
    xml.leaf("IndicRelanceAsap", "1");
  }
  xml.close();
}

}  // namespace

std::string acquit_retour(const SampleHeader& header, const std::string& nom_fic_retour,
                          const std::string& domaine, const std::string& typ_restit) {
  std::ostringstream out;
  XmlWriter xml(out, header.encoding);
  xml.open("n:PES_ACQUIT_RETOUR", {{"xmlns:n", acquit_retour_ns}});
  write_header(xml, header);
  xml.open("ACQUIT_RETOUR");
  xml.open("EnTeteAcquit_Retour");
  xml.leaf("IdVer", "2");
  xml.close();
  xml.open("ElementACQUIT_RETOUR");
  xml.leaf("DomaineAckRetour", domaine);
  xml.leaf("NomFichierRetour", nom_fic_retour);
  xml.leaf("TypRestit", typ_restit);
  xml.leaf("DateAcquit", header.date);
  xml.close();
  xml.close();
  xml.close();
  return std::move(out).str();
}

std::string asap_retour(const FlowOutline& flow, std::string nom_fic) {
  if (nom_fic.empty()) nom_fic = name_of(flow, "PES2R_FCT", "ASAPTitresRejetes");
  std::ostringstream out;
  XmlWriter xml(out, SampleEncoding::latin1);
  open_return(xml, flow, "PES2R_FCT", nom_fic);
  xml.open("PES_AsapRetour");
  xml.open("EnTeteAsap");
  xml.leaf("IdVer", "2");
  xml.close();
  std::size_t index = 0;
  for (const auto& bordereau : flow.bordereaux) {
    for (const auto& piece : bordereau.pieces) {
      if (bordereau.depense || index >= flow.pj.size()) continue;
      xml.open("Asap");
      xml.leaf("IdUniquePJASAP", flow.pj[index]);
      xml.leaf("Exer", bordereau.exercice);
      xml.leaf("IdBord", bordereau.numero);
      xml.leaf("TypBord", "01");
      xml.leaf("IdPce", piece);
      xml.leaf("TypPce", "01");
      write_fate(xml, index++);
      xml.close();
    }
  }
  xml.close();
  xml.close();
  return std::move(out).str();
}

std::string client_retour(const FlowOutline& flow, std::size_t clients) {
  std::ostringstream out;
  XmlWriter xml(out, SampleEncoding::latin1);
  Dice dice(11);
  open_return(xml, flow, "PES2R_CLI", name_of(flow, "PES2R_CLI", "S"));
  xml.open("PES_ClientRetour");
  xml.open("EnTeteClient");
  xml.leaf("DateCalcul", "2026-01-31");
  xml.leaf("IdVer", "2");
  xml.close();
  for (std::size_t i = 0; i < clients; ++i) {
    xml.open("Client");
    xml.leaf("RefTiers", "U" + dice.digits(6));
    xml.open("ResteARecouvrer");
    xml.leaf("CodProdLoc", "RS01");
    xml.leaf("Rar", amount(1'000 + dice.below(100'000)));
    xml.leaf("RarFrais", "0.00");
    xml.close();
    xml.close();
  }
  xml.close();
  xml.close();
  return std::move(out).str();
}

}  // namespace demat::samples
