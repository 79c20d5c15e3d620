#include "protocols/pes/bordereau_line.hpp"

#include <fmt/format.h>

#include <string_view>

namespace demat::pes {
namespace {

/// helios 2.5: what TypBord says.
std::string_view kind_fr(const BordereauLine& line) {
  if (line.type == "02") return " (annulation, réduction)";
  if (line.type == "03") return line.depense ? " (ordres de paiement)" : " (ordres de recette)";
  return line.type == "06" ? " (ORMC)" : "";
}

std::string_view kind_en(const BordereauLine& line) {
  if (line.type == "02") return " (cancellation, reduction)";
  if (line.type == "03") return line.depense ? " (payment orders)" : " (revenue orders)";
  return line.type == "06" ? " (ORMC)" : "";
}

std::string given(std::string_view pattern, const std::string& value) {
  return value.empty() ? std::string() : fmt::format(fmt::runtime(pattern), value);
}

void take(BordereauLine& line, const xml::Element& block) {
  for (const auto& field : block.children()) {
    const auto name = field.name();
    const auto value = [&field] { return field.attribute("V"); };
    if (name == "Exer") line.exercice = value();
    if (name == "IdBord") line.numero = value();
    if (name == "TypBord") line.type = value();
    if (name == "DteBordEm") line.date = value();
    if (name == "MtBordHT" || name == "MtBordHt") line.net = value();
    if (name == "MtBordTVA") line.tax = value();
  }
}

BordereauLine line_of(const xml::Element& bordereau, bool depense) {
  BordereauLine line;
  line.id = bordereau.attribute("Id");
  line.depense = depense;
  for (const auto& block : bordereau.children("BlocBordereau", ""))
    take(line, block);
  line.pieces = bordereau.children("Piece", "").size();
  return line;
}

}  // namespace

std::string BordereauLine::fr() const {
  return fmt::format("Bordereau de {} n° {}{}{}{} : {} pièce{}{}{}", depense ? "dépense" : "recette", numero,
                     kind_fr(*this), given(", exercice {}", exercice), given(", du {}", date), pieces,
                     pieces > 1 ? "s" : "", given(", total HT {} €", net), given(", TVA {} €", tax));
}

std::string BordereauLine::en() const {
  return fmt::format("Bordereau of {} no. {}{}{}{}: {} piece{}{}{}", depense ? "dépense" : "recette", numero,
                     kind_en(*this), given(", year {}", exercice), given(", of {}", date), pieces,
                     pieces == 1 ? "" : "s", given(", net total {} €", net), given(", VAT {} €", tax));
}

std::vector<BordereauLine> bordereau_lines(const xml::Document& document) {
  std::vector<BordereauLine> out;
  for (const auto& domain : document.root().children()) {
    const bool depense = domain.name() == "PES_DepenseAller";
    if (!domain.ns().empty() || (!depense && domain.name() != "PES_RecetteAller")) continue;
    for (const auto& bordereau : domain.children("Bordereau", ""))
      out.push_back(line_of(bordereau, depense));
  }
  return out;
}

}  // namespace demat::pes
