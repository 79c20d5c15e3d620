#include "pairs.hpp"

namespace demat::preflight::test {
namespace {

constexpr std::string_view iban = "FR7630006000011234567890189";

std::string line(std::string_view tiers, std::string_view means = "03") {
  return aller(
      "<PES_DepenseAller><Bordereau><BlocBordereau/><Piece><BlocPiece/><LigneDePiece><BlocLignePiece>"
      "<InfoLignePce><ModRegl V=\"" +
      std::string(means) + "\"/></InfoLignePce></BlocLignePiece><Tiers>" + std::string(tiers) +
      "</Tiers></LigneDePiece></Piece></Bordereau></PES_DepenseAller>");
}

std::string account(std::string_view fields) {
  return "<CpteBancaire>" + std::string(fields) + "</CpteBancaire>";
}

std::string sepa(std::string_view number, std::string_view bic = {}) {
  return account((bic.empty() ? "" : "<BIC V=\"" + std::string(bic) + "\"/>") + "<IBAN V=\"" +
                 std::string(number) + "\"/>");
}

std::string rib(std::string_view key, std::string_view guichet = "00001", std::string_view before = {}) {
  return account(std::string(before) + "<CodeEtab V=\"30006\"/><CodeGuic V=\"" + std::string(guichet) +
                 "\"/><IdCpte V=\"12345678901\"/><CleRib V=\"" + std::string(key) + "\"/>");
}

std::string invoice(std::string_view emetteur, std::string_view facture) {
  return aller("<PES_Facture><TypeFact V=\"09\"/><Emetteur>" + std::string(emetteur) +
               "</Emetteur><FactureIndiv>" + std::string(facture) + "</FactureIndiv></PES_Facture>");
}

/// Invoices in an attachment of type 006.
std::string enclosed(std::string_view number) {
  const auto invoices = "<PES_Aller><PES_Facture><FactureIndiv><Debiteur>" + sepa(number) +
                        "</Debiteur></FactureIndiv></PES_Facture></PES_Aller>";
  return aller("<PES_PJ><PJ><Contenu><Fichier MIMEType=\"text/xml\">" + packed(invoices) +
               "</Fichier></Contenu><IdUnique V=\"PJ1\"/><TypePJ V=\"006\"/></PJ></PES_PJ>");
}

std::vector<Pair> bank_cases() {
  const std::string small = "FR1420041010050500013m02606";
  const std::string both = "<IdPayInt V=\"FR76\"/><IdBancInt V=\"BNPAFRPP\"/>";
  return {{"pes.p6", line(sepa("FR1420041010050500013M02606")), line(sepa(small)), "IBAN FR14…606"},
          {"pes.p6", line(sepa(iban, "BNPAFRPP")), line(sepa(iban, "bnpafrpp")), "BIC bnpa…rpp"},
          {"pes.p6", invoice("<CptBancaire><IBAN V=\"" + std::string(iban) + "\"/></CptBancaire>", ""),
           invoice("<CptBancaire><IBAN V=\"" + small + "\"/></CptBancaire>", "")},
          {"pes.p6", invoice("", "<Debiteur>" + sepa(iban) + "</Debiteur>"),
           invoice("", "<Debiteur>" + sepa(small) + "</Debiteur>")},
          {"pes.p6", invoice("", "<Destinataire>" + sepa(iban) + "</Destinataire>"),
           invoice("", "<Destinataire>" + sepa(small) + "</Destinataire>")},
          {"pes.facture.casse_bancaire", enclosed(iban), enclosed(small), "IBAN FR14…606"},
          {"pes.p6", enclosed(small), invoice("", "<Tiers>" + sepa(small) + "</Tiers>")},
          {"pes.p16", line(sepa(iban)), line(""), "ModRegl 03"},
          {"pes.p16", line("", "06"), line("", "05"), "ModRegl 05"},
          {"pes.banque.compte_interdit", line("", "01"), line(sepa(iban), "01"), "ModRegl 01"},
          {"pes.banque.iban", line(sepa(iban)), line(sepa("FR7630006000011234567890188")), "FR76…188"},
          {"pes.banque.iban", line(sepa("DE89370400440532013000")), line(sepa("FR763000600001123456789018"))},
          {"pes.banque.iban", line(rib("89")), line(sepa("ZZ7630006000011234567890189"))},
          {"pes.banque.rib", line(rib("89")), line(rib("88")), "…901"},
          {"pes.banque.rib", line(sepa(iban)), line(rib("89", "")), "CodeGuic vide"},
          {"pes.banque.rib_iban", line(sepa(iban)), line(sepa("FR0630006000011234567890188")), "FR06…188"},
          {"pes.banque.bic", line(sepa(iban, "BNPAFRPP")), line(sepa(iban, "BNPAZZPP")), "BNPAZZPP"},
          {"pes.banque.bic_etranger", line(sepa("DE89370400440532013000", "DEUTDEFF")),
           line(sepa("DE89370400440532013000")), "DE"},
          {"pes.banque.bic_etranger", line(sepa(iban)), line(sepa("GB82WEST12345698765432"))},
          {"pes.banque.international", line(rib("89", "00001", both)),
           line(rib("89", "00001", "<IdPayInt V=\"FR76\"/>")), "IdPayInt"},
          {"pes.banque.international", line(rib("89")),
           line(rib("89", "00001", "<IdBancInt V=\"BNPAFRPP\"/>")), "IdBancInt"},
          {"pes.banque.international", line(rib("89", "00001", both)),
           line(rib("89", "00001", "<IdPayInt V=\"FR75\"/><IdBancInt V=\"BNPAFRPP\"/>")), "IdPayInt FR75"},
          {"pes.banque.international", line(rib("89", "00001", both)),
           line(rib("89", "00001", "<IdPayInt V=\"ZZ76\"/><IdBancInt V=\"BNPAFRPP\"/>"))},
          {"pes.banque.international", line(rib("89", "00001", both)),
           line(rib("89", "00001", "<IdPayInt V=\"FR76\"/><IdBancInt V=\"BNP\"/>"))}};
}

}  // namespace

std::vector<RuleCase> banque_cases() {
  return paired(bank_cases());
}

}  // namespace demat::preflight::test
