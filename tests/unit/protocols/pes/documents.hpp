#pragma once

#include <string>
#include <string_view>

#include "protocols/pes/header.hpp"
#include "protocols/pes/rules.hpp"
#include "protocols/xml/parser.hpp"

/// Small documents for the tests of this folder.
namespace demat::pes::test {

inline constexpr std::string_view aller_ns = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller";
inline constexpr std::string_view retour_ns = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour";
inline constexpr std::string_view acquit_v2_ns = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2";
inline constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n";
inline constexpr std::string_view signature =
    "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>";

inline std::string enveloppe(std::string_view nom_fic = "FLUX-1", std::string_view version = "2") {
  return "<Enveloppe><Parametres><Version V=\"" + std::string(version) +
         "\"/><TypFic V=\"PESALR1\"/><NomFic V=\"" + std::string(nom_fic) + "\"/></Parametres></Enveloppe>";
}

struct EnTete {
  std::string id_post = "034000";
  std::string id_coll = "21340000700011";
  std::string cod_col = "123";
  std::string cod_bud = "00";
};

inline std::string en_tete(const EnTete& values = {}) {
  return "<EnTetePES><DteStr V=\"2026-01-15\"/><IdPost V=\"" + values.id_post + "\"/><IdColl V=\"" +
         values.id_coll + "\"/><CodCol V=\"" + values.cod_col + "\"/><CodBud V=\"" + values.cod_bud +
         "\"/></EnTetePES>";
}

inline std::string document(std::string_view root, std::string_view ns, std::string_view content,
                            std::string_view attributes = {}, std::string_view head = declaration) {
  return std::string(head) + "<n:" + std::string(root) + " xmlns:n=\"" + std::string(ns) + "\"" +
         std::string(attributes) + ">" + std::string(content) + "</n:" + std::string(root) + ">";
}

inline std::string aller(std::string_view domains, std::string_view attributes = {}) {
  return document("PES_Aller", aller_ns, enveloppe() + en_tete() + std::string(domains), attributes);
}

inline std::string bordereau(std::string_view id = {}, std::string_view end = {},
                             std::string_view count = "1") {
  const std::string attribute = id.empty() ? "" : " Id=\"" + std::string(id) + "\"";
  return "<Bordereau" + attribute + "><BlocBordereau><Exer V=\"2026\"/><NbrPce V=\"" + std::string(count) +
         "\"/></BlocBordereau><Piece><BlocPiece/></Piece>" + std::string(end) + "</Bordereau>";
}

inline std::string depense(std::string_view dematerialisee, std::string_view bordereaux,
                           std::string_view id_ver = "2") {
  const std::string info =
      dematerialisee.empty() ? "" : "<InfoDematerialisee V=\"" + std::string(dematerialisee) + "\"/>";
  return "<PES_DepenseAller><EnTeteDepense><IdVer V=\"" + std::string(id_ver) + "\"/>" + info +
         "</EnTeteDepense>" + std::string(bordereaux) + "</PES_DepenseAller>";
}

inline std::string pj_domain(std::string_view id_ver = "1") {
  return "<PES_PJ><EnTetePES_PJ><IdVer V=\"" + std::string(id_ver) + "\"/></EnTetePES_PJ><PJ/></PES_PJ>";
}

struct Judged {
  Report report;
  FlowFacts facts;
};

/// Reads the header, then runs the rules over the whole document.
inline Judged judge(const std::string& text, const RuleOptions& options = {}) {
  const xml::MemorySource source(text);
  const auto header = read_header(source);
  if (!header) throw std::runtime_error("no header: " + header.error().en);
  StructuralRules rules(*header, options);
  if (const auto status = xml::stream(source, rules); !status) throw std::runtime_error(status.error().en);
  auto report = rules.finish();
  return {std::move(report), rules.facts()};
}

inline std::vector<std::string> codes(const Report& report) {
  std::vector<std::string> out;
  for (const auto& finding : report.findings)
    out.push_back(finding.code);
  return out;
}

}  // namespace demat::pes::test
