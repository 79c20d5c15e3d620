#include "protocols/preflight/edition.hpp"

#include <array>
#include <optional>

#include "protocols/preflight/comptable.hpp"

namespace demat::preflight {
namespace {

constexpr auto edition = "BlocPiece/Edition"_f;
constexpr auto facture = "BlocPiece/NumeroFacture"_f;
constexpr auto engagement = "BlocPiece/NumeroEngagement"_f;
constexpr auto cadre = "BlocPiece/CadreFacturation"_f;
constexpr auto dte_asp = "BlocPiece/DteAsp"_f;

/// What the State's services all have as recipients of invoices in Chorus Pro.
constexpr std::string_view siret_of_the_state = "11000201100044";

/// What one value of Edition asks for (TBlocPiece/Edition; pes530 7.2).
struct Treatment {
  std::string_view edition;
  enum class For { any, ormc, others } meant_for;
  std::string_view main_pj;   ///< type of the attachment that is the invoice
  std::string_view document;  ///< type of the one that Hélios joins to it
  bool one_debtor;
  bool siret;    ///< the debtor is known by a SIRET
  bool facture;  ///< NumeroFacture must be there
  bool chorus;   ///< the fields of Chorus Pro are read
};
using For = Treatment::For;

/// 09 and 10 are exchanged in the text that bars one of them for ORMC: none is barred here (pes530 7.2).
constexpr std::array treatments{
    Treatment{"01", For::others, "006", "011", true, false, false, false},
    Treatment{"02", For::others, "006", "008", true, true, true, true},
    Treatment{"03", For::ormc, "007", "008", true, true, true, true},
    Treatment{"04", For::any, "", "", false, false, false, false},
    Treatment{"05", For::others, "006", "011", true, false, false, false},
    Treatment{"06", For::ormc, "010", "011", true, false, false, false},
    Treatment{"07", For::ormc, "006", "011", true, false, false, false},
    Treatment{"08", For::ormc, "006", "008", true, true, false, true},
    Treatment{"09", For::any, "006", "014", false, true, false, false},
    Treatment{"10", For::any, "006", "014", false, true, false, false},
};

/// What lignes and tiers of a titre said of it.
struct Gathered {
  std::size_t pj = 0;        ///< PJRef
  std::size_t pj_typed = 0;  ///< that say the type
  std::uint32_t pj_types = 0;
  bool debtor = false;
  bool several_debtors = false;
  std::uint64_t first_debtor = 0;
  bool siret = true;  ///< every main debtor is known by 14 digits
  bool of_the_state = false;

  void attachments(const Unit& unit, FieldName id, FieldName type) {
    pj += unit.count(id);
    unit.each(type, [&](std::string_view value, const Unit::Field& /*field*/) {
      ++pj_typed;
      pj_types |= 1U << (rules::whole(value).value_or(0) & 31U);
    });
  }
  void tiers(const Unit& unit);
  [[nodiscard]] bool has_type(std::string_view type) const {
    return (pj_types & (1U << (rules::whole(type).value_or(0) & 31U))) != 0;
  }
  [[nodiscard]] bool announces(std::string_view type) const { return pj_typed < pj || has_type(type); }
};

/// TypTiers 01 is the main debtor; others may stand beside it.
void Gathered::tiers(const Unit& unit) {
  if (unit["InfoTiers/TypTiers"_f] != "01") return;
  const auto id = unit["InfoTiers/IdTiers"_f];
  auto said = rules::hashed(id);
  for (const auto field : {"InfoTiers/RefTiers"_f, "InfoTiers/Nom"_f, "InfoTiers/Prenom"_f})
    said = rules::hashed(unit[field], rules::hashed("/", said));
  several_debtors = several_debtors || (debtor && said != first_debtor);
  first_debtor = said;
  debtor = true;
  constexpr std::size_t siret_digits = 14;
  siret = siret && unit["InfoTiers/NatIdTiers"_f] == "01" && id.size() == siret_digits && all_digits(id);
  of_the_state = of_the_state || id == siret_of_the_state;
}

struct Titre {
  const Comptable& at;
  const Gathered& seen;
  std::string_view edition;
  const Treatment* treatment;  ///< null without Edition, or with an unknown one
};

bool ormc_role(const Titre& titre, For meant_for) {
  return titre.treatment != nullptr && titre.treatment->meant_for == meant_for;
}

void combination(const Titre& titre, const RuleInfo& rule, Verdicts& out) {
  if (ormc_role(titre, titre.at.ormc() ? For::others : For::ormc))
    hit_value(out, rule, titre.at, edition, same(titre.at.ormc() ? "03, 04, 06, 07, 08" : "01, 02, 04, 05"));
}

void without_treatment(const Titre& titre, const RuleInfo& rule, Verdicts& out) {
  if (titre.at.ormc() && titre.edition == "04") hit_value(out, rule, titre.at, edition);
}

void attachment(const Titre& titre, const RuleInfo& rule, Verdicts& out) {
  if (titre.treatment == nullptr || titre.treatment->main_pj.empty()) return;
  const auto wanted = titre.treatment->main_pj;
  if (titre.seen.pj == 0 || !titre.seen.announces(wanted))
    hit_value(out, rule, titre.at, edition, same(wanted));
}

void debtors(const Titre& titre, const RuleInfo& rule, Verdicts& out) {
  const bool one = titre.at.ormc() || (titre.treatment != nullptr && titre.treatment->one_debtor);
  if (one && titre.seen.several_debtors)
    hit(out, rule, titre.at, edition, titre.at.ormc() ? "ORMC" : "Edition " + std::string(titre.edition));
}

void siret(const Titre& titre, const RuleInfo& rule, Verdicts& out) {
  if (titre.treatment != nullptr && titre.treatment->siret && !(titre.seen.debtor && titre.seen.siret))
    hit_value(out, rule, titre.at, edition);
}

void number(const Titre& titre, const RuleInfo& rule, Verdicts& out) {
  if (titre.treatment != nullptr && titre.treatment->facture && titre.at.unit[facture].empty())
    hit_value(out, rule, titre.at, edition);
}

/// A document that would be joined to another kind of avis stays aside.
void document(const Titre& titre, const RuleInfo& rule, Verdicts& out) {
  if (titre.treatment == nullptr || titre.treatment->document.empty()) return;
  for (const std::string_view type : {"008", "011", "014"})
    if (type != titre.treatment->document && titre.seen.has_type(type))
      hit(out, rule, titre.at, edition, std::string(type), same(titre.treatment->document));
}

bool electronic(const Titre& titre) {
  return titre.edition == "09" || titre.edition == "10";
}

void space(const Titre& titre, const RuleInfo& rule, Verdicts& out) {
  if (electronic(titre) && titre.at.unit[facture].find(' ') != std::string_view::npos)
    hit_value(out, rule, titre.at, facture);
}

void frame(const Titre& titre, const RuleInfo& rule, Verdicts& out) {
  if (electronic(titre) && titre.at.unit[cadre].empty()) hit_value(out, rule, titre.at, edition);
}

void commitment(const Titre& titre, const RuleInfo& rule, Verdicts& out) {
  if (titre.edition == "02" && titre.seen.of_the_state && titre.at.unit[engagement].empty())
    hit(out, rule, titre.at, engagement, std::string(siret_of_the_state));
}

/// Elements of which Hélios makes nothing in this titre.
void unused(const Titre& titre, const RuleInfo& rule, Verdicts& out) {
  const auto see = [&](bool used, FieldName field, std::string_view name) {
    if (!used && !titre.at.unit[field].empty()) hit(out, rule, titre.at, field, std::string(name));
  };
  const bool ormc = titre.at.ormc();
  see(ormc, "BlocPiece/NumDette"_f, "NumDette");
  see(ormc, "BlocPiece/Per"_f, "Per");
  see(ormc, "BlocPiece/Cle1"_f, "Cle1");
  see(ormc, "BlocPiece/Cle2"_f, "Cle2");
  const bool chorus = titre.treatment != nullptr && titre.treatment->chorus;
  see(chorus, "BlocPiece/NumeroMarche"_f, "NumeroMarche");
  see(chorus, engagement, "NumeroEngagement");
  see(chorus, "BlocPiece/CodeService"_f, "CodeService");
  see(chorus, "BlocPiece/NomService"_f, "NomService");
  see(chorus || electronic(titre), facture, "NumeroFacture");
  see(titre.edition.empty() || titre.edition == "04" || electronic(titre), dte_asp, "DteAsp");
  see(titre.edition == "06", "BlocPiece/EnvRetour"_f, "EnvRetour");
  see(electronic(titre), cadre, "CadreFacturation");
}

using TitreRow = rules::Row<Titre, Verdicts>;

constexpr TitreRow titre_rows[]{
    {{.code = "pes.edition.titre",
      .name = "pes.edition.titre",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TBlocPiece/Edition; pes530 7.2",
      .title_fr = "Le traitement de l'avis (Edition) va avec le genre de titre",
      .title_en = "The treatment of the avis (Edition) goes with the kind of titre",
      .fr = "Edition {value} n'est pas admise pour ce genre de titre (ORMC ou non) : Hélios rejette le "
            "bordereau. "
            "Attendu : {expected}.",
      .en = "Edition {value} is not accepted for this kind of titre (ORMC or not): Hélios rejects the "
            "bordereau. "
            "Expected: {expected}.",
      .remedy_fr = "Corrigez le traitement de l'avis des sommes à payer dans votre logiciel financier.",
      .remedy_en = "Correct the treatment of the avis des sommes à payer in your financial software."},
     combination},
    {{.code = "pes.edition.sans_traitement",
      .name = "pes.edition.sans_traitement",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TBlocPiece/Edition (5.17)",
      .title_fr = "Un titre ORMC n'est pas sans traitement (Edition 04)",
      .title_en = "An ORMC titre is not without treatment (Edition 04)",
      .fr = "Edition {value} (sans traitement) n'est pas admise pour un titre ORMC.",
      .en = "Edition {value} (without treatment) is not accepted for an ORMC titre.",
      .remedy_fr = "Retirez Edition, ou choisissez un traitement prévu pour les ORMC.",
      .remedy_en = "Take Edition out, or choose a treatment meant for ORMC.",
      .until = "5.29"},
     without_treatment},
    {{.code = "pes.edition.pj",
      .name = "pes.edition.pj",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TBlocPiece/Edition; pes530 7.2",
      .title_fr = "Un avis à traiter par la DGFiP a sa facture en pièce jointe",
      .title_en = "An avis that the DGFiP is to treat has its invoice as an attachment",
      .fr = "Avec Edition {value}, le titre doit citer (PJRef) une pièce jointe de type {expected}.",
      .en = "With Edition {value}, the titre must name (PJRef) an attachment of type {expected}.",
      .remedy_fr = "Joignez la facture au titre dans votre logiciel financier.",
      .remedy_en = "Attach the invoice to the titre in your financial software."},
     attachment},
    {{.code = "pes.edition.document",
      .name = "pes.edition.document",
      .level = Level::piece,
      .severity = Severity::info,
      .source = "TBlocPiece/Edition; pes530 7.2",
      .title_fr = "Un document complémentaire est du type que l'Edition fait joindre à l'avis",
      .title_en = "A further document is of the type that the Edition has joined to the avis",
      .fr = "La pièce jointe de type {value} ne sera pas jointe à l'avis : avec cette Edition, c'est le type "
            "{expected}.",
      .en = "The attachment of type {value} will not be joined to the avis: with this Edition it is type "
            "{expected}.",
      .remedy_fr = "Corrigez le type de la pièce jointe (TypePJ) dans votre logiciel financier.",
      .remedy_en = "Correct the type of the attachment (TypePJ) in your financial software."},
     document},
    {{.code = "pes.edition.debiteur",
      .name = "pes.edition.debiteur",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TBlocPiece/Edition, IdPce; TInfoLignePiece/IdLigne",
      .title_fr = "Un titre ORMC ou à éditer n'a qu'un débiteur principal",
      .title_en = "A titre of a role or to be edited has one main debtor",
      .fr = "Ce titre ({value}) ne peut avoir qu'un débiteur principal ; ses lignes en citent plusieurs.",
      .en = "This titre ({value}) can have one main debtor only; its lignes name several.",
      .remedy_fr = "Faites un titre par débiteur.",
      .remedy_en = "Make one titre for each debtor."},
     debtors},
    {{.code = "pes.edition.siret",
      .name = "pes.edition.siret",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TBlocPiece/Edition; pes530 7.2",
      .title_fr = "Le débiteur d'un avis transmis par voie électronique est connu par son SIRET",
      .title_en = "The debtor of an avis sent electronically is known by a SIRET",
      .fr = "Avec Edition {value}, le débiteur principal doit avoir un SIRET (NatIdTiers 01, IdTiers de 14 "
            "chiffres).",
      .en = "With Edition {value}, the main debtor must have a SIRET (NatIdTiers 01, IdTiers of 14 digits).",
      .remedy_fr = "Complétez la fiche du débiteur dans votre logiciel financier.",
      .remedy_en = "Complete the debtor's record in your financial software."},
     siret},
    {{.code = "pes.edition.facture",
      .name = "pes.edition.facture",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TBlocPiece/Edition; pes530 7.2",
      .title_fr = "Un avis pour Chorus Pro porte un numéro de facture",
      .title_en = "An avis for Chorus Pro has an invoice number",
      .fr = "Avec Edition {value}, le numéro de facture (NumeroFacture) est obligatoire.",
      .en = "With Edition {value}, the invoice number (NumeroFacture) is mandatory.",
      .remedy_fr = "Renseignez le numéro de facture du titre dans votre logiciel financier.",
      .remedy_en = "Give the invoice number of the titre in your financial software."},
     number},
    {{.code = "pes.edition.numero_facture",
      .name = "pes.edition.numero_facture",
      .level = Level::flux,
      .severity = Severity::warning,
      .source = "TBlocPiece/NumeroFacture; pes530 7.2",
      .title_fr = "Le numéro d'une facture électronique ne contient pas d'espace",
      .title_en = "The number of an electronic invoice has no space",
      .fr = "Le numéro de facture « {value} » contient un espace, interdit en facturation électronique.",
      .en = "The invoice number '{value}' has a space, which electronic invoices forbid.",
      .remedy_fr = "Renumérotez la facture sans espace.",
      .remedy_en = "Renumber the invoice without space.",
      .since = "5.30"},
     space},
    {{.code = "pes.edition.cadre",
      .name = "pes.edition.cadre",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TBlocPiece/CadreFacturation; pes530 7.2",
      .title_fr = "Une facture électronique dit son cadre de facturation",
      .title_en = "An electronic invoice says its billing frame",
      .fr = "Avec Edition {value}, le cadre de facturation (CadreFacturation) est obligatoire.",
      .en = "With Edition {value}, the billing frame (CadreFacturation) is mandatory.",
      .remedy_fr = "Renseignez le cadre de facturation du titre (B1, S1, B8, S8 ou M8).",
      .remedy_en = "Give the billing frame of the titre (B1, S1, B8, S8 or M8).",
      .since = "5.30"},
     frame},
    {{.code = "pes.edition.engagement",
      .name = "pes.edition.engagement",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TBlocPiece/NumeroEngagement; pes530 7.2",
      .title_fr = "Un avis adressé à l'État par Chorus Pro cite l'engagement",
      .title_en = "An avis sent to the State by Chorus Pro names the commitment",
      .fr =
          "Le débiteur est l'État (SIRET {value}) : le numéro d'engagement est obligatoire avec Edition 02.",
      .en = "The debtor is the State (SIRET {value}): the commitment number is mandatory with Edition 02.",
      .remedy_fr = "Demandez le numéro d'engagement au service de l'État et renseignez-le.",
      .remedy_en = "Ask the State's service for the commitment number and give it.",
      .since = "5.30"},
     commitment},
    {{.code = "pes.recette.sans_effet",
      .name = "pes.recette.sans_effet",
      .level = Level::piece,
      .severity = Severity::info,
      .source = "TBlocPiece/NumDette, Per, Cle1, Cle2, DteAsp, EnvRetour, NumeroFacture, NumeroMarche, "
                "NumeroEngagement, CodeService, NomService, CadreFacturation",
      .title_fr = "Un titre ne porte que des balises dont Hélios se sert",
      .title_en = "A titre carries only elements that Hélios uses",
      .fr = "{value} est sans effet dans ce titre : Hélios ne s'en sert pas pour ce type ou cette Edition.",
      .en = "{value} has no effect in this titre: Hélios does not use it for this type or Edition.",
      .remedy_fr = "Rien à faire si c'est voulu ; sinon vérifiez le type du titre et Edition.",
      .remedy_en = "Nothing to do if that is meant; else check the type of the titre and Edition."},
     unused},
};

/// Elements that only roles use.
void unused_bordereau(const Comptable& bordereau, const RuleInfo& rule, Verdicts& out) {
  if (bordereau.typ_bord() == "06") return;
  for (const auto& [field, name] :
       {std::pair{"BlocBordereau/DteAsp"_f, "DteAsp"}, std::pair{"BlocBordereau/Objet"_f, "Objet"}})
    if (!bordereau.unit[field].empty()) hit(out, rule, bordereau, field, name);
}

constexpr ComptableRow bordereau_rows[]{
    {{.code = "pes.recette.role_seul",
      .name = "pes.recette.role_seul",
      .level = Level::bordereau,
      .severity = Severity::info,
      .source = "TBlocBordereau/DteAsp, Objet",
      .title_fr = "DteAsp et Objet d'un bordereau ne servent qu'aux ORMC",
      .title_en = "DteAsp and Objet of a bordereau are for ORMC only",
      .fr = "{value} est sans effet : Hélios ne s'en sert que pour les bordereaux ORMC (TypBord 06).",
      .en = "{value} has no effect: Hélios uses it for ORMC bordereaux (TypBord 06) only.",
      .remedy_fr = "Rien à faire si c'est voulu.",
      .remedy_en = "Nothing to do if that is meant."},
     unused_bordereau},
};

/// The budget that benefits is named for lignes of roles only.
void beneficiary(const Comptable& ligne, const RuleInfo& rule, Verdicts& out) {
  constexpr auto field = "BlocLignePiece/InfoLignePiece/InfoCollBen/CodCollBen"_f;
  if (!ligne.ormc() && ligne.unit.has(field)) hit(out, rule, ligne, field, "InfoCollBen");
}

constexpr ComptableRow ligne_rows[]{
    {{.code = "pes.recette.beneficiaire",
      .name = "pes.recette.beneficiaire",
      .level = Level::piece,
      .severity = Severity::info,
      .source = "TInfoCollBen",
      .title_fr = "Le budget bénéficiaire (InfoCollBen) ne sert qu'aux titres ORMC",
      .title_en = "The benefiting budget (InfoCollBen) is for ORMC titres only",
      .fr = "{value} est sans effet : Hélios ne s'en sert que pour les titres ORMC.",
      .en = "{value} has no effect: Hélios uses it for ORMC titres only.",
      .remedy_fr = "Rien à faire si c'est voulu.",
      .remedy_en = "Nothing to do if that is meant."},
     beneficiary},
};

const Treatment* treatment_of(std::string_view value) {
  for (const auto& one : treatments)
    if (one.edition == value) return &one;
  return nullptr;
}

class Edition final : public rules::Family {
 public:
  void close(const Unit& unit, Verdicts& out) override {
    if (unit.domaine() != "PES_RecetteAller") return;
    if (unit.kind == UnitKind::tiers) return gathered_.tiers(unit);
    if (!comptable(unit)) return;
    const Comptable subject(unit);
    switch (unit.kind) {
      case UnitKind::ligne:
        gathered_.attachments(unit, "BlocLignePiece/InfoLignePiece/PJRef/IdUnique"_f,
                              "BlocLignePiece/InfoLignePiece/PJRef/TypePJ"_f);
        return out.judge(ligne_rows, subject);
      case UnitKind::piece:
        gathered_.attachments(unit, "BlocPiece/PJRef/IdUnique"_f, "BlocPiece/PJRef/TypePJ"_f);
        out.judge(titre_rows, Titre{subject, gathered_, unit[edition], treatment_of(unit[edition])});
        gathered_ = {};
        return;
      default:
        return out.judge(bordereau_rows, subject);
    }
  }

 private:
  Gathered gathered_;
};

}  // namespace

std::span<const RuleInfo* const> edition_rules() {
  static const auto all = infos(bordereau_rows, titre_rows, ligne_rows);
  return all;
}

std::unique_ptr<rules::Family> edition_family() {
  return std::make_unique<Edition>();
}

}  // namespace demat::preflight
