#include "protocols/preflight/pj.hpp"

#include <algorithm>
#include <array>

#include "protocols/pes/pj_content.hpp"
#include "protocols/preflight/enclosed_facture.hpp"
#include "protocols/preflight/enclosed_xml.hpp"
#include "protocols/preflight/judging.hpp"
#include "protocols/preflight/pj_index.hpp"
#include "protocols/preflight/ref_compta.hpp"

/// Attachments and what refers to them (helios P7, P10, P11, P12, P13).
namespace demat::preflight {
namespace {

constexpr auto content = "Contenu/Fichier"_f;
constexpr auto id = "IdUnique"_f;
constexpr auto type = "TypePJ"_f;

/// What is known of the attachment being read and of the flow around it.
struct State {
  PjIndex index;
  Status content{};     ///< of the attachment that closes
  bool opened = false;  ///< its content was looked at
  bool holds_facture = false;
  bool partial = false;                 ///< units came without all of their fields: references may be missing
  std::span<PjReference> references{};  ///< to it
};

/// The names of the fields of a PJRef in a unit.
struct ReferenceNames {
  FieldName support, id, type;
};

constexpr ReferenceNames names_in(std::string_view block) {
  const auto from = rules::hashed(block);
  return {below(from, "Support"), below(from, "IdUnique"), below(from, "TypePJ")};
}

const ReferenceNames& names_of(const Unit& holder) {
  static constexpr auto mandat = names_in("BlocPiece/InfoPce/PJRef");
  static constexpr auto titre = names_in("BlocPiece/PJRef");
  static constexpr auto ligne_mandat = names_in("BlocLignePiece/InfoLignePce/PJRef");
  static constexpr auto ligne_titre = names_in("BlocLignePiece/InfoLignePiece/PJRef");
  const bool depense = holder.domaine() == "PES_DepenseAller";
  if (holder.kind == UnitKind::piece) return depense ? mandat : titre;
  return depense ? ligne_mandat : ligne_titre;
}

/// One PJRef.
struct Reference {
  std::string_view at;  ///< its path below the unit
  std::string_view support, id, type;
  std::size_t line = 0;
};

/// Calls `each` with every PJRef of a pièce or a ligne.
template <class Each>
void each_reference(const Unit& holder, Each each) {
  const auto& names = names_of(holder);
  Reference now;
  const auto leaf = [&](FieldName name) -> std::string_view* {
    if (name == names.support) return &now.support;
    if (name == names.id) return &now.id;
    return name == names.type ? &now.type : nullptr;
  };
  for (const auto& field : holder.fields()) {
    if (leaf(field.name) == nullptr) continue;
    const auto path = holder.below(field);
    const auto at = path.substr(0, path.rfind('/'));
    if (at != now.at) {
      if (!now.at.empty()) each(now);
      now = {at, {}, {}, {}, field.line};
    }
    *leaf(field.name) = holder.value(field);
  }
  if (!now.at.empty()) each(now);
}

void p7(const Unit& holder, const RuleInfo& rule, Verdicts& out) {
  SubjectOnce subject(holder);
  each_reference(holder, [&](const Reference& one) {
    for (const auto& [value, name] : {std::pair{one.support, "Support"}, std::pair{one.id, "IdUnique"}})
      if (value.empty())
        out.add(rule, {.place = {one.line, holder.place.path + "/" + std::string(one.at)},
                       .subject = subject.get(),
                       .value = "PJRef",
                       .expected = same(name)});
  });
}

struct Failure {
  std::string_view code, shown;
};

constexpr std::array failures{
    Failure{"pj.empty", "vide / empty"}, Failure{"pj.base64", "pas du base64 / not base64"},
    Failure{"pj.not_gzip", "pas du gzip / not gzip"}, Failure{"pj.damaged", "gzip abîmé / damaged gzip"},
    Failure{"pj.truncated", "gzip tronqué / truncated gzip"}};

/// A gzip that reads and holds nothing: no reason to turn a flow down.
constexpr std::string_view empty_content = "pj.empty_content";

/// Null for what our own limits stopped, and for what can be read.
const Failure* failure_of(const Status& status) {
  if (status) return nullptr;
  const auto* found = std::find_if(failures.begin(), failures.end(),
                                   [&](const Failure& one) { return one.code == status.error().code; });
  return found == failures.end() ? nullptr : found;
}

void p10(const Unit& pj, const RuleInfo& rule, Verdicts& out) {
  const auto& state = out.memory<State>();
  if (!state.opened) return;
  if (const auto* failure = failure_of(state.content))
    out.add(rule, {.place = {pj.place.line, pj.place.path + "/Contenu/Fichier"},
                   .subject = pj.subject(),
                   .value = std::string(failure->shown),
                   .expected = {"un fichier compressé par gzip, en base64",
                                "a file compressed by gzip, in base64"}});
}

void empty_document(const Unit& pj, const RuleInfo& rule, Verdicts& out) {
  const auto& state = out.memory<State>();
  if (state.opened && !state.content && state.content.error().code == empty_content)
    hit_value(out, rule, pj, id);
}

void not_looked_at(const Unit& pj, const RuleInfo& rule, Verdicts& out) {
  const auto& state = out.memory<State>();
  if (!state.content && state.content.error().code == empty_content) return;
  if (state.opened && !state.content && failure_of(state.content) == nullptr)
    hit(out, rule, pj, id, "PJ, " + state.content.error().code,
        {"256 Mio, 200 fois le gzip", "256 MiB, 200 times the gzip"});
}

void p11(const Unit& pj, const RuleInfo& rule, Verdicts& out) {
  if (!pj[id].empty() && !out.memory<State>().index.carry(pj[id])) hit_value(out, rule, pj, id);
}

void p13(const Unit& pj, const RuleInfo& rule, Verdicts& out) {
  for (const auto& one : out.memory<State>().references)
    if (one.support == 2 || one.support == 3)
      return hit(out, rule, pj, id, "Support 0" + std::to_string(one.support),
                 {"pas de PJ dans le flux, ou Support 01", "no PJ in the flow, or Support 01"});
}

std::string three_digits(unsigned number) {
  auto out = std::to_string(number);
  return std::string(out.size() < 3 ? 3 - out.size() : 0, '0') + out;
}

void other_type(const Unit& pj, const RuleInfo& rule, Verdicts& out) {
  if (pj[type].empty()) return;
  for (const auto& one : out.memory<State>().references)
    if (one.type != 0 && three_digits(one.type) != pj[type])
      return hit(out, rule, pj, type, "TypePJ " + std::string(pj[type]),
                 same("PJRef TypePJ " + three_digits(one.type)));
}

/// Documents that Hélios joins to an invoice only when a PJRef names them with their type.
void type_not_announced(const Unit& pj, const RuleInfo& rule, Verdicts& out) {
  constexpr std::array<std::string_view, 4> announced{"008", "010", "011", "014"};
  const auto& references = out.memory<State>().references;
  if (out.memory<State>().partial || references.empty() ||
      std::find(announced.begin(), announced.end(), pj[type]) == announced.end())
    return;
  if (std::any_of(references.begin(), references.end(), [](const PjReference& one) { return one.type != 0; }))
    return;
  hit(out, rule, pj, type, "TypePJ " + std::string(pj[type]), same("PJRef/TypePJ " + std::string(pj[type])));
}

/// Those of contracts (009) are referred to from PES_Marche, which is not cut into units.
void orphan(const Unit& pj, const RuleInfo& rule, Verdicts& out) {
  const auto& state = out.memory<State>();
  if (pj[type] == "009" || !state.references.empty() || state.index.full() || state.partial) return;
  if (out.memory<RefComptaSeen>().count == 0) hit_value(out, rule, pj, id, same("RefCompta / PJRef"));
}

void p12_missing(const Unit& pj, const RuleInfo& rule, Verdicts& out) {
  if ((pj[type] == "012" || pj[type] == "013") && out.memory<RefComptaSeen>().count == 0)
    hit(out, rule, pj, type, "TypePJ " + std::string(pj[type]), same("RefCompta"));
}

void no_facture(const Unit& pj, const RuleInfo& rule, Verdicts& out) {
  const auto& state = out.memory<State>();
  if (state.opened && state.content && pj[type] == "006" && !state.holds_facture)
    hit(out, rule, pj, type, "TypePJ 006", same("PES_Facture"));
}

constexpr UnitRow holder_rows[] = {
    {{.code = "pes.p7",
      .name = "P7",
      .level = Level::flux,
      .source = "helios P7; TPJReference/Support, IdUnique",
      .title_fr = "Une référence de PJ dit son support et son identifiant",
      .title_en = "A reference to an attachment says its support and its identifier",
      .fr = "{value} sans {expected} : Hélios rejette tout le flux.",
      .en = "{value} without {expected}: Hélios rejects the whole flow.",
      .remedy_fr = "Compléter la référence de la pièce jointe.",
      .remedy_en = "Complete the reference to the attachment."},
     p7}};

constexpr UnitRow pj_rows[] = {
    {{.code = "pes.p10",
      .name = "P10",
      .level = Level::pj,
      .severity = Severity::error,
      .source = "helios P10; Contenu/Fichier",
      .title_fr = "Le contenu d'une PJ est un gzip lisible, en base64",
      .title_en = "The content of an attachment is a readable gzip, in base64",
      .fr = "Le contenu de la pièce jointe est illisible ({value}) ; attendu : {expected}.",
      .en = "The content of the attachment cannot be read ({value}); expected: {expected}.",
      .remedy_fr = "Joindre de nouveau le document ; si cela revient, l'éditeur du logiciel doit corriger.",
      .remedy_en =
          "Attach the document again; if it comes back, the publisher of the software must mend it."},
     p10},
    {{.code = "pes.pj.vide",
      .name = "pes.pj.vide",
      .level = Level::pj,
      .source = "déduit de Contenu/Fichier",
      .title_fr = "Le document joint n'est pas vide",
      .title_en = "The document attached is not empty",
      .fr = "Le document de la pièce jointe « {value} » est vide : son gzip se lit mais ne contient rien.",
      .en = "The document of the attachment \"{value}\" is empty: its gzip reads and holds nothing.",
      .remedy_fr = "Joindre le document lui-même.",
      .remedy_en = "Attach the document itself."},
     empty_document},
    {not_checked_rule, not_looked_at},
    {{.code = "pes.p11",
      .name = "P11",
      .level = Level::pj,
      .source = "helios P11; TPES_PJ/IdUnique",
      .title_fr = "L'identifiant d'une PJ est unique dans le flux",
      .title_en = "The identifier of an attachment is unique in the flow",
      .fr = "La pièce jointe « {value} » figure deux fois dans le flux : Hélios rejette la seconde.",
      .en = "The attachment \"{value}\" stands twice in the flow: Hélios rejects the second one.",
      .remedy_fr = "Ne transmettre la pièce qu'une fois et la référencer partout où il faut.",
      .remedy_en = "Transmit the attachment once and refer to it wherever needed."},
     p11},
    {p12_rule, p12_missing},
    {{.code = "pes.p13",
      .name = "P13",
      .level = Level::pj,
      .source = "helios P13; TPJReference/Support",
      .title_fr = "Une PJ annoncée sur papier ou sur disque n'est pas dans le flux",
      .title_en = "An attachment announced on paper or on disc is not in the flow",
      .fr = "Cette pièce jointe est annoncée hors du flux ({value}) ; attendu : {expected}.",
      .en = "This attachment is announced outside the flow ({value}); expected: {expected}.",
      .remedy_fr = "Mettre le support 01 (électronique) dans la référence, ou ne pas joindre la pièce.",
      .remedy_en = "Put support 01 (electronic) into the reference, or do not attach the document."},
     p13},
    {{.code = "pes.pj.type_different",
      .name = "pes.pj.type_different",
      .level = Level::pj,
      .source = "déduit de TPJReference/TypePJ et TPES_PJ/TypePJ",
      .title_fr = "Une PJ a le type que sa référence annonce",
      .title_en = "An attachment has the type that its reference announces",
      .fr = "La pièce jointe a {value}, sa référence {expected}.",
      .en = "The attachment has {value}, its reference {expected}.",
      .remedy_fr = "Accorder le type de la pièce jointe et celui de sa référence.",
      .remedy_en = "Make the type of the attachment and that of its reference agree."},
     other_type},
    {{.code = "pes.pj.type_non_annonce",
      .name = "pes.pj.type_non_annonce",
      .level = Level::pj,
      .source = "TPJReference/TypePJ; pes530 5, 7.2",
      .title_fr = "Un document à joindre à la facture (008, 010, 011, 014) est référencé avec son type",
      .title_en = "A document to go with the invoice (008, 010, 011, 014) is referred to with its type",
      .fr = "{value} référencé sans son type : Hélios ne le joindra pas à la facture ; attendu : {expected}.",
      .en = "{value} referred to without its type: Hélios will not join it to the invoice; expected: "
            "{expected}.",
      .remedy_fr = "Renseigner le type dans la référence de la pièce jointe du titre.",
      .remedy_en = "Fill in the type in the reference to the attachment of the titre."},
     type_not_announced},
    {{.code = "pes.pj.orpheline",
      .name = "pes.pj.orpheline",
      .level = Level::pj,
      .source = "TPES_PJ/RefCompta",
      .title_fr = "Une PJ est référencée par une pièce du flux ou a une référence comptable",
      .title_en = "An attachment is referred to by a pièce of the flow or has a reference of its own",
      .fr = "Rien ne rattache la pièce jointe « {value} » à une pièce comptable ({expected}).",
      .en = "Nothing links the attachment \"{value}\" to a pièce ({expected}).",
      .remedy_fr =
          "Référencer la pièce jointe dans le mandat ou le titre, ou lui donner une référence comptable.",
      .remedy_en = "Refer to the attachment in the mandat or titre, or give it a reference of its own."},
     orphan},
    {{.code = "pes.pj.facture_absente",
      .name = "pes.pj.facture_absente",
      .level = Level::pj,
      .source = "TPES_PJ/TypePJ; PES_Aller/PES_Facture",
      .title_fr = "Une PJ de type 006 contient un PES_Facture",
      .title_en = "An attachment of type 006 holds a PES_Facture",
      .fr = "{value}, mais le document joint n'est pas un {expected}.",
      .en = "{value}, but the document is not a {expected}.",
      .remedy_fr = "Donner à la pièce son vrai type, ou joindre le PES_Facture.",
      .remedy_en = "Give the attachment its real type, or attach the PES_Facture."},
     no_facture}};

constexpr RuleInfo reference_without_pj{
    .code = "pes.pj.absente",
    .name = "pes.pj.absente",
    .level = Level::pj,
    .severity = Severity::info,
    .source = "TPJReference/Support; arrêté 1-7-2 (une PJ peut partir seule)",
    .title_fr = "Une PJ électronique référencée est dans le flux, ou part dans un autre",
    .title_en = "An electronic attachment referred to is in the flow, or leaves in another one",
    .fr = "La pièce jointe « {value} » est référencée mais n'est pas dans ce flux, qui en contient d'autres.",
    .en = "The attachment \"{value}\" is referred to but is not in this flow, which holds others.",
    .remedy_fr = "Vérifier qu'elle est transmise dans un autre flux.",
    .remedy_en = "Check that it is transmitted in another flow."};

class Pj final : public rules::Family {
 public:
  Pj()
      : content_(
            {},
            [this](std::string_view piece) {
              enclosed_.take(piece);
              return Status{};
            },
            [this](std::string_view gzip) { enclosed_.keep(gzip); }) {
    enclosed_.limit(PjOptions{}.enclosed_gzip);
  }

  [[nodiscard]] bool reads_text() const override { return true; }

  void text(const Unit& unit, FieldName field, std::string_view piece) override {
    if (!open_ || unit.kind != UnitKind::pj || field != content) return;
    // An error stays in content_ and is asked for when the attachment closes.
    if (content_.add(piece)) return;
  }

  void close(const Unit& unit, Verdicts& out) override {
    if (unit.dropped > 0) out.memory<State>().partial = true;
    switch (unit.kind) {
      case UnitKind::entete:
        out.memory<State>().index.limit(out.memory<PjOptions>().matched);
        enclosed_.limit(out.memory<PjOptions>().enclosed_gzip);
        open_ = out.memory<PjOptions>().open && unpacked_ <= out.memory<PjOptions>().unpacked;
        return;
      case UnitKind::piece:
      case UnitKind::ligne:
        return refer(unit, out);
      case UnitKind::ref_compta:
        return judge_ref_compta(unit, out);
      case UnitKind::pj:
        return pj(unit, out);
      default:
        return;
    }
  }

  void finish(Verdicts& out) override {
    auto& index = out.memory<State>().index;
    if (index.full())
      out.add(not_checked_rule,
              {.place = {1, "/PES_Aller/PES_PJ"}, .value = "PJRef, PJ", .expected = same("200 000")});
    if (!index.any_carried() || index.full() || out.memory<State>().partial) return;
    for (const auto& one : index.not_carried()) {
      if (one.support > 1) continue;
      auto subject = index.subject(one);
      const auto value = subject.pj;
      const auto* const domaine = one.recette ? "/PES_Aller/PES_RecetteAller" : "/PES_Aller/PES_DepenseAller";
      out.add(reference_without_pj,
              {.place = {one.line, domaine}, .subject = std::move(subject), .value = value});
    }
  }

 private:
  static void refer(const Unit& holder, Verdicts& out) {
    out.judge(holder_rows, holder);
    SubjectOnce subject(holder);
    each_reference(holder, [&](const Reference& one) {
      if (one.id.empty()) return;
      const auto* piece = holder.enclosing(UnitKind::piece);
      const auto edition = piece == nullptr ? std::string_view{} : (*piece)["BlocPiece/Edition"_f];
      out.memory<State>().index.refer(subject.get(), {one.id, one.support, one.type, edition, one.line});
    });
  }

  /// Leaves the attachments that follow alone once the flow has cost enough.
  void count(const Unit& unit, Verdicts& out) {
    unpacked_ += content_.sizes().content;
    if (unpacked_ <= out.memory<PjOptions>().unpacked) return;
    open_ = false;
    hit(out, not_checked_rule, unit, id, "PJ, total", {"4 Gio décompressés", "4 GiB unpacked"});
  }

  void pj(const Unit& unit, Verdicts& out) {
    auto& state = out.memory<State>();
    state.opened = open_;
    state.content = content_.finish();
    const auto size = content_.sizes().content;
    if (open_) count(unit, out);
    content_.restart();
    state.holds_facture = enclosed_.facture();
    state.references = state.index.references(unit[id]);
    out.judge(pj_rows, unit);
    if (state.opened && state.content) enclosed_.judge(unit, size, state.references, out);
    enclosed_.restart();
    state.references = {};
    out.memory<RefComptaSeen>().count = 0;
  }

  bool open_ = true;
  std::size_t unpacked_ = 0;  ///< of all attachments so far
  EnclosedXml enclosed_;
  pes::PjContent content_;
};

}  // namespace

std::span<const RuleInfo* const> pj_rules() {
  static const auto all = [] {
    auto out = infos(holder_rows, pj_rows);
    out.push_back(&reference_without_pj);
    for (const auto* rule : ref_compta_rules())
      out.push_back(rule);
    for (const auto& some : {EnclosedFacture::rules(), EnclosedXml::rules()})
      out.insert(out.end(), some.begin(), some.end());
    return out;
  }();
  return all;
}

std::unique_ptr<rules::Family> pj_family() {
  return std::make_unique<Pj>();
}

}  // namespace demat::preflight
