#include "pairs.hpp"

namespace demat::preflight::test {
namespace {

struct Attachment {
  std::string id = "PJ1";
  std::string type{};
  std::string refs{};
  std::string content = packed("document");
};

std::string pj(const Attachment& one) {
  return "<PJ><Contenu><Fichier MIMEType=\"application/pdf\">" + one.content +
         "</Fichier></Contenu><IdUnique V=\"" + one.id + "\"/><NomPJ V=\"a.pdf\"/>" +
         (one.type.empty() ? "" : "<TypePJ V=\"" + one.type + "\"/>") + "<Description V=\"d\"/>" + one.refs +
         "</PJ>";
}

std::string attachments(std::string_view all, std::string_view before = {}) {
  return aller(std::string(before) + "<PES_PJ><EnTetePES_PJ><IdVer V=\"1\"/></EnTetePES_PJ>" +
               std::string(all) + "</PES_PJ>");
}

std::string reference(std::string_view domaine, std::string_view objet, std::string_view id,
                      std::string_view more = {}) {
  return "<RefCompta><Domaine V=\"" + std::string(domaine) + "\"/><Exercice V=\"2026\"/><TypeObjet V=\"" +
         std::string(objet) + "\"/>" + (id.empty() ? "" : "<Identifiant V=\"" + std::string(id) + "\"/>") +
         std::string(more) + "</RefCompta>";
}

/// An attachment of that type with that reference.
std::string referring(std::string_view type, const std::string& refs) {
  return attachments(pj({.type = std::string(type), .refs = refs}));
}

std::string ref(std::string_view id, std::string_view support = "01", std::string_view type = {}) {
  return "<PJRef><Support V=\"" + std::string(support) + "\"/><IdUnique V=\"" + std::string(id) + "\"/>" +
         (type.empty() ? "" : "<TypePJ V=\"" + std::string(type) + "\"/>") + "</PJRef>";
}

std::string mandat(const std::string& refs, const std::string& line_refs = {}) {
  return "<PES_DepenseAller><Bordereau><Piece><BlocPiece><InfoPce><IdPce V=\"41\"/>" + refs +
         "</InfoPce></BlocPiece>\n<LigneDePiece><BlocLignePiece><InfoLignePce><IdLigne V=\"1\"/>" +
         line_refs + "</InfoLignePce></BlocLignePiece></LigneDePiece></Piece></Bordereau></PES_DepenseAller>";
}

std::string titre(const std::string& refs, const std::string& line_refs = {}) {
  return "<PES_RecetteAller><Bordereau><Piece><BlocPiece><IdPce V=\"51\"/>" + refs +
         "</BlocPiece><LigneDePiece><BlocLignePiece><InfoLignePiece><IdLigne V=\"1\"/>" + line_refs +
         "</InfoLignePiece></BlocLignePiece></LigneDePiece></Piece></Bordereau></PES_RecetteAller>";
}

std::string one_with(const Attachment& attachment, const std::string& before = mandat(ref("PJ1"))) {
  return attachments(pj(attachment), before);
}

std::string large(int fields) {
  std::string out;
  for (int i = 0; i < fields; ++i)
    out += "<X V=\"1\"/>";
  return out;
}

std::vector<Pair> flow_pairs() {
  const std::string no_support = "<PJRef><IdUnique V=\"PJ1\"/></PJRef>";
  const std::string no_id = "<PJRef><Support V=\"01\"/></PJRef>";
  static const auto bomb = packed(std::string(5'000'000, '0'));
  const auto two = pj({.id = "PJ1"}) + pj({.id = "PJ2"});
  const auto truncated = packed("document, truncated").substr(0, 20);
  return {
      {"pes.p7", aller(mandat(ref("PJ1"))), aller(mandat(ref("PJ0") + no_support)), "PJRef"},
      {"pes.p7", aller(mandat({}, ref("PJ1"))), aller(mandat({}, no_id))},
      {"pes.p7", aller(titre(ref("PJ1"), ref("PJ2"))), aller(titre(no_id, no_support)), {}, 2},
      {"pes.p10", one_with({}), one_with({.content = ""}), "vide / empty"},
      {"pes.p10", one_with({.content = " \n" + packed("x") + "\n"}), one_with({.content = "%%%"}),
       "pas du base64 / not base64"},
      {"pes.p10", one_with({}), one_with({.content = "JVBERi0xLjQK"}), "pas du gzip / not gzip"},
      {"pes.p10", one_with({}), one_with({.content = truncated}), "gzip tronqué / truncated gzip"},
      {"pes.pj.vide", one_with({}), one_with({.content = packed("")})},
      {"pes.partie_trop_grande", one_with({}), one_with({}, mandat(large(20'001)))},
      {"pes.p11", attachments(two), attachments(two + pj({.id = "PJ1"})), "PJ1"},
      {"pes.p13", one_with({}), one_with({}, mandat(ref("PJ1", "02"))), "Support 02"},
      {"pes.p13", one_with({}, titre({}, ref("PJ2", "03"))), one_with({}, titre({}, ref("PJ1", "03")))},
      {"pes.pj.type_different", one_with({.type = "003"}, mandat(ref("PJ1", "01", "003"))),
       one_with({.type = "003"}, mandat(ref("PJ1", "01", "006"))), "TypePJ 003"},
      {"pes.pj.type_non_annonce", one_with({.type = "011"}, titre(ref("PJ1", "01", "011"))),
       one_with({.type = "011"}, titre(ref("PJ1"))), "TypePJ 011"},
      {"pes.pj.orpheline", one_with({}), one_with({}, mandat(ref("PJ2"))), "PJ1"},
      {"pes.pj.orpheline", attachments(pj({.type = "009"})), attachments(pj({.type = "003"}))},
      {"pes.pj.orpheline", referring("003", reference("01", "01", "41")), referring("003", "")},
      {"pes.pj.absente", one_with({}), one_with({}, mandat(ref("PJ1") + ref("PJ2"), ref("PJ3"))), "PJ2", 2},
      {"pes.pj.absente", aller(mandat(ref("PJ2"))), one_with({}, mandat(ref("PJ2")))},
      {"pes.pj.absente", one_with({}, mandat(ref("PJ2", "02"))), one_with({}, mandat(ref("PJ2")))},
      {"pes.pj.non_verifie", one_with({}), one_with({.content = bomb}), "PJ, pj.ratio"},
      {"pes.pj.facture_absente",
       one_with({.type = "006", .content = packed("<PES_Aller><PES_Facture/></PES_Aller>")}),
       one_with({.type = "006"}), "TypePJ 006"},
      {"pes.facture.illisible",
       one_with({.type = "006", .content = packed("<PES_Aller><PES_Facture/></PES_Aller>")}),
       one_with({.type = "006", .content = packed("<PES_Aller><PES_Facture></PES_Aller>")}), "xml.malformed"},
  };
}

std::string invoices_of(std::string_view kind, std::string_view number) {
  return packed("<PES_Aller><PES_Facture><TypeFact V=\"" + std::string(kind) +
                "\"/><FactureIndiv><RefTitre><NumTitre V=\"" + std::string(number) +
                "\"/></RefTitre></FactureIndiv></PES_Facture></PES_Aller>");
}

/// Invoices attached to titre 51, edited so.
std::string attached(std::string_view edition, std::string_view kind, std::string_view number = "51") {
  return one_with({.type = "006", .content = invoices_of(kind, number)},
                  titre("<Edition V=\"" + std::string(edition) + "\"/>" + ref("PJ1", "01", "006")));
}

std::vector<Pair> attached_pairs() {
  return {{"pes.facture.edition", attached("01", "09"), attached("01", "10"), "TypeFact 10"},
          {"pes.facture.edition", attached("05", "10"), attached("05", "09"), "TypeFact 09"},
          {"pes.facture.edition", attached("04", "10"), attached("10", "12")},
          {"pes.facture.titre", attached("01", "09"), attached("01", "09", "52"), "52"}};
}

std::vector<Pair> reference_pairs() {
  return {
      {"pes.p12", referring("003", reference("01", "01", "41")),
       referring("003", reference("02", "01", "41")), "TypePJ 003, Domaine 02"},
      {"pes.p12", referring("006", reference("02", "01", "41")),
       referring("006", reference("04", "01", "1"))},
      {"pes.p12", referring("014", reference("02", "01", "41")),
       referring("014", reference("01", "01", "41"))},
      {"pes.p12", referring("012", reference("04", "10", "2026")), referring("012", ""), "TypePJ 012"},
      {"pes.p12", referring("009", reference("06", "02", "2026MARCHE1")),
       referring("009", reference("01", "02", "41"))},
      {"pes.pj.domaine", referring("", reference("01", "01", "41")),
       referring("", reference("05", "01", "41")), "05"},
      {"pes.pj.type_objet", referring("003", reference("01", "02", "41")),
       referring("003", reference("01", "06", "41")), "Domaine 01, TypeObjet 06"},
      {"pes.pj.type_objet", referring("007", reference("02", "06", "41")),
       referring("007", reference("02", "01", "41")), "TypePJ 007, TypeObjet 01"},
      {"pes.pj.type_objet", referring("013", reference("04", "10", "2026")),
       referring("013", reference("04", "01", "2026"))},
      {"pes.pj.type_objet", referring("006", reference("02", "06", "41")),
       referring("002", reference("02", "06", "41"))},
      {"pes.pj.identifiant", referring("003", reference("01", "01", "41")),
       referring("003", reference("01", "01", ""))},
      {"pes.pj.identifiant", referring("003", reference("01", "01", "41")),
       referring("003", reference("01", "01", "M41")), "M41"},
      {"pes.pj.identifiant", referring("012", reference("04", "10", "2026")),
       referring("012", reference("04", "10", "2025"))},
      {"pes.pj.identifiant", referring("001", reference("04", "01", "1")),
       referring("001", reference("04", "01", "2"))},
      {"pes.pj.identifiant", referring("001", reference("04", "02", "3")),
       referring("001", reference("04", "02", "DM3"))},
      {"pes.pj.identifiant", referring("009", reference("06", "02", "2026MARCHE1")),
       referring("009", reference("06", "02", "MARCHE1"))},
      {"pes.pj.complement", referring("003", reference("01", "01", "41", "<ComplementIdentifiant V=\"1\"/>")),
       referring("003", reference("01", "01", "41", "<ComplementIdentifiant V=\"0\"/>")), "0"},
      {"pes.pj.complement",
       referring("009", reference("06", "02", "2026M1", "<ComplementIdentifiant V=\"73282932000074\"/>")),
       referring("009", reference("06", "02", "2026M1", "<ComplementIdentifiant V=\"73282932000075\"/>"))},
  };
}

}  // namespace

std::vector<RuleCase> pj_cases() {
  auto pairs = flow_pairs();
  for (const auto& some : {reference_pairs(), attached_pairs()})
    pairs.insert(pairs.end(), some.begin(), some.end());
  return paired(pairs);
}

}  // namespace demat::preflight::test
