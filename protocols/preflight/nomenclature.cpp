#include "protocols/preflight/nomenclature.hpp"

#include <array>

namespace demat::preflight {
namespace {

enum Set : std::uint32_t {
  m14 = 1U << 0,
  m21 = 1U << 1,
  m22 = 1U << 2,
  m31 = 1U << 3,
  m4x = 1U << 4,
  m52 = 1U << 5,
  m57 = 1U << 6,
  m61 = 1U << 7,
  m71 = 1U << 8,
  m832 = 1U << 9,
};

constexpr std::uint32_t hospital = m21 | m22;
constexpr std::string_view in_hospital = "M21, M22";

enum Number : std::size_t { fin_jur, fonction, operation, tva_hlm, assure, periode, etablissement };

constexpr std::array marks{
    Nomenclature::Mark{"FinJur", in_hospital, hospital},
    Nomenclature::Mark{"Fonction", "M14, M52, M57, M71", m14 | m52 | m57 | m71},
    Nomenclature::Mark{"Operation", "M14, M4x, M52, M57, M61, M71, M832",
                       m14 | m4x | m52 | m57 | m61 | m71 | m832},
    Nomenclature::Mark{"InfoTVAHLM", "M31", m31},
    Nomenclature::Mark{"InfoAssure", in_hospital, hospital},
    Nomenclature::Mark{"DebFact, FinFact", in_hospital, hospital},
    Nomenclature::Mark{"CodEtGeo", in_hospital, hospital},
};

constexpr RuleInfo p5{
    .code = "pes.p5",
    .name = "P5",
    .level = Level::flux,
    .severity = Severity::warning,
    .source =
        "helios P5; TEnTetePES/FinJur, TInfoLignePce/Fonction, TInfoLignePce/Operation, TInfoTVAHLM, "
        "TInfoLignePiece/Fonction, TInfoAssure, TBlocPiece/DebFact",
    .title_fr = "Les balises propres à une nomenclature relèvent d'une seule et même nomenclature",
    .title_en = "Elements that belong to some nomenclatures belong to one and the same",
    .fr =
        "Aucune nomenclature n'admet à la fois {value} et {expected} : Hélios rejette le flux ou le "
        "bordereau.",
    .en = "No nomenclature has both {value} and {expected}: Hélios rejects the flow or the bordereau.",
    .remedy_fr =
        "Retirez la balise qui n'est pas de la nomenclature de votre budget (paramètres de votre logiciel "
        "financier).",
    .remedy_en =
        "Take out the element that is not of your budget's nomenclature (settings of your financial "
        "software).",
};

std::string in_words(const Nomenclature::Mark& mark) {
  return std::string(mark.element) + " (" + std::string(mark.where) + ")";
}

}  // namespace

const RuleInfo& Nomenclature::rule() {
  return p5;
}

void Nomenclature::met(const Mark& mark, const Unit& unit, FieldName field, Verdicts& out) {
  const auto number = static_cast<std::size_t>(&mark - marks.data());
  const auto bit = 1U << number;
  if (said_ || (met_ & bit) != 0) return;
  if ((left_ & mark.set) == 0) {
    for (std::size_t i = 0; i < marks.size(); ++i) {
      if ((met_ & (1U << i)) == 0 || (marks.at(i).set & mark.set) != 0) continue;
      said_ = true;
      return hit(out, p5, unit, field, in_words(mark), same(in_words(marks.at(i))));
    }
  }
  met_ |= bit;
  left_ &= mark.set;
}

void Nomenclature::look(const Unit& unit, Verdicts& out) {
  if (said_) return;
  const auto see = [&](std::size_t mark, FieldName field) {
    const bool known = (met_ & (1U << mark)) != 0;
    if (!known && !unit[field].empty()) met(marks.at(mark), unit, field, out);
  };
  if (unit.kind == UnitKind::entete) see(fin_jur, "FinJur"_f);
  if (!comptable(unit)) return;
  if (unit.kind == UnitKind::piece && unit.domaine() == "PES_RecetteAller") {
    see(periode, "BlocPiece/DebFact"_f);
    see(periode, "BlocPiece/FinFact"_f);
  }
  if (unit.kind != UnitKind::ligne) return;
  see(fonction, "BlocLignePiece/InfoLignePce/Fonction"_f);
  see(fonction, "BlocLignePiece/InfoLignePiece/Fonction"_f);
  see(operation, "BlocLignePiece/InfoLignePce/Operation"_f);
  see(tva_hlm, "BlocLignePiece/InfoTVAHLM/RecTVA"_f);
  see(assure, "BlocLignePiece/InfoAssure/CodAssDeb"_f);
  see(etablissement, "BlocLignePiece/InfoLignePiece/CodEtGeo"_f);
}

}  // namespace demat::preflight
