#include <gtest/gtest.h>

#include "flows.hpp"
#include "pairs.hpp"

/// Sums that no amount of money reaches, and that a flow can ask for all the same.
namespace demat::preflight::test {
namespace {

constexpr int enough = 9'500;  // times the largest amount that reads: beyond 64 bits
constexpr std::string_view largest = "9999999999999.99";

std::string repeated(std::string_view text) {
  std::string out;
  for (int i = 0; i < enough; ++i)
    out += text;
  return out;
}

TEST(PreflightSums, OfInvoicesBeyondReachAreNotCompared) {
  for (const std::string_view sign : {"", "-"}) {
    const auto amount = std::string(sign) + std::string(largest);
    const auto report =
        judged(aller("<PES_Facture><TypeFact V=\"09\"/><FactureIndiv>" +
                     repeated("<LigneFacture><MtTTC V=\"" + amount + "\"/></LigneFacture>") +
                     "<TotalAPayer><MtTotalTTC V=\"1.00\"/></TotalAPayer></FactureIndiv></PES_Facture>"));
    EXPECT_TRUE(of(report, "pes.facture.total").empty()) << amount;
  }
}

TEST(PreflightSums, OfBordereauxBeyondReachAreNotCompared) {
  for (const std::string_view sign : {"", "-"}) {
    const auto amount = std::string(sign) + std::string(largest);
    const auto report = judged(
        aller("<PES_DepenseAller><Bordereau><BlocBordereau><MtBordHT V=\"1.00\"/><MtBordTVA V=\"1.00\"/>"
              "</BlocBordereau><Piece>" +
              repeated("<LigneDePiece><BlocLignePiece><InfoLignePce><MtHT V=\"" + amount + "\"/><MtTVA V=\"" +
                       amount + "\"/></InfoLignePce></BlocLignePiece></LigneDePiece>") +
              "</Piece></Bordereau></PES_DepenseAller>"));
    EXPECT_TRUE(of(report, "pes.total.ht").empty()) << amount;
    EXPECT_TRUE(of(report, "pes.total.tva").empty()) << amount;
    EXPECT_EQ(of(report, "pes.p15").size(), sign.empty() ? 0U : 1U) << "lignes with VAT are still counted";
  }
}

TEST(PreflightSums, OfElectronicLinesBeyondReachAreNotCompared) {
  for (const std::string_view sign : {"", "-"}) {
    const auto report = judged(
        aller("<PES_Facture><TypeFact V=\"12\"/><FactureIndiv><DossierFElectronique><VendeurGestionnaire>"
              "<LigneFElectronique><Quantite1 V=\"" +
              std::string(sign) + "99999999999.9999\"/><MtUnitaire V=\"" + std::string(largest) +
              "\"/><MtHT V=\"1.00\"/></LigneFElectronique></VendeurGestionnaire></DossierFElectronique>"
              "</FactureIndiv></PES_Facture>"));
    EXPECT_TRUE(of(report, "pes.facture.montant_ligne").empty()) << sign;
  }
}

}  // namespace
}  // namespace demat::preflight::test
