#include "protocols/marche/judging.hpp"

/// Contract papers: PJRefs of a marché and PJ of type 009 (helios 9.2; TPJRef).
namespace demat::marche {
namespace {

constexpr std::string_view electronic = "01";    // Support
constexpr std::string_view contractual = "009";  // TypePJ

void name_extension(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  constexpr std::size_t longest = 4;
  for (const auto& ref : m.pj) {
    const auto& name = ref.nom.text;
    const auto dot = name.rfind('.');
    const auto extension = dot == std::string::npos ? 0 : name.size() - dot - 1;
    if (ref.nom.present() && (extension == 0 || extension > longest)) hit(out, rule, m, ref, ref.nom, name);
  }
}

void refer(const Marche& m, Flux& flux) {
  for (const auto& ref : m.pj) {
    if (flux.refs.size() >= max_attachments) {
      flux.all_kept = false;
      return;
    }
    flux.refs.push_back(
        {m.identifiant.id_contrat.text, ref.id_unique.text, ref.support.text, place_of(ref, ref.id_unique)});
  }
}

void found(Verdicts& out, const RuleInfo& rule, const Flux::Ref& ref, std::string value, Words expected) {
  Subject subject;
  subject.domaine = "marche";
  subject.marche = ref.contrat;
  subject.pj = ref.id_unique;
  out.add(rule, {.place = ref.place,
                 .subject = std::move(subject),
                 .value = std::move(value),
                 .expected = std::move(expected)});
}

void there(const Flux& flux, const RuleInfo& rule, Verdicts& out) {
  if (!flux.all_kept) return;
  for (const auto& ref : flux.refs)
    if (ref.support == electronic && !flux.pj.contains(ref.id_unique))
      found(out, rule, ref, ref.id_unique, {});
}

void of_type(const Flux& flux, const RuleInfo& rule, Verdicts& out) {
  for (const auto& ref : flux.refs) {
    const auto pj = flux.pj.find(ref.id_unique);
    if (pj != flux.pj.end() && pj->second != contractual)
      found(out, rule, ref, "TypePJ " + pj->second, same(contractual));
  }
}

void not_on_paper(const Flux& flux, const RuleInfo& rule, Verdicts& out) {
  for (const auto& ref : flux.refs)
    if (ref.support != electronic && flux.pj.contains(ref.id_unique))
      found(out, rule, ref, "Support " + ref.support, same(electronic));
}

constexpr MarcheRow rows[]{
    {{.code = "pes.marche.pj_nom",
      .name = "pes.marche.pj_nom",
      .level = Level::pj,
      .severity = Severity::warning,
      .source = "TPJRef/NomPJ",
      .title_fr = "Le nom d'une pièce de marché a une extension de quatre caractères au plus",
      .title_en = "The name of a contract paper has an extension of at most four characters",
      .fr = "Le nom « {value} » n'a pas d'extension, ou plus de quatre caractères : le Guichet rejette la "
            "pièce.",
      .en = "The name \"{value}\" has no extension, or one above four characters: the Guichet rejects the "
            "paper.",
      .remedy_fr = "Nommer le fichier avec son extension (.pdf, .docx).",
      .remedy_en = "Name the file with its extension (.pdf, .docx)."},
     name_extension},
};

using FluxRow = rules::Row<Flux, Verdicts>;

constexpr FluxRow flux_rows[]{
    {{.code = "pes.marche.pj_absente",
      .name = "pes.marche.pj_absente",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "helios 9.2; TMarche/PJRefs",
      .title_fr = "Une pièce référencée par un marché est dans le flux, ou a déjà été envoyée",
      .title_en = "A paper that a contract refers to is in the flow, or was sent before",
      .fr = "La pièce {value} n'est pas dans ce flux.",
      .en = "The paper {value} is not in this flow.",
      .remedy_fr = "Joindre la pièce, ou s'assurer qu'elle est partie dans un flux précédent.",
      .remedy_en = "Attach the paper, or make sure that it left in an earlier flow."},
     there},
    {{.code = "pes.marche.pj_type",
      .name = "pes.marche.pj_type",
      .level = Level::pj,
      .severity = Severity::warning,
      .source = "helios P12, 9.2; TPJRef/TypePJ",
      .title_fr = "Une pièce de marché est de type 009",
      .title_en = "A contract paper is of type 009",
      .fr = "La pièce référencée par le marché est de {value} dans le flux ; attendu : {expected}.",
      .en = "The paper that the contract refers to is of {value} in the flow; expected: {expected}.",
      .remedy_fr = "Mettre le type 009 (pièce contractuelle de marché) à la pièce jointe.",
      .remedy_en = "Set type 009 (contract paper) for the attachment."},
     of_type},
    {{.code = "pes.marche.pj_support",
      .name = "pes.marche.pj_support",
      .level = Level::pj,
      .severity = Severity::warning,
      .source = "helios P13; TPJRef/Support",
      .title_fr = "Une pièce jointe au flux est référencée en support électronique",
      .title_en = "A paper within the flow is referred to as electronic",
      .fr = "La pièce est dans le flux et référencée avec {value} ; attendu : {expected}.",
      .en = "The paper is in the flow and referred to with {value}; expected: {expected}.",
      .remedy_fr = "Mettre le support à 01, ou ne pas joindre la pièce.",
      .remedy_en = "Set the support to 01, or do not attach the paper."},
     not_on_paper},
};

}  // namespace

void judge_attachments(const Marche& contract, Verdicts& out) {
  out.judge(rows, contract);
  refer(contract, out.memory<Flux>());
}

void judge_attachments_of(const Flux& flux, Verdicts& out) {
  out.judge(flux_rows, flux);
}

std::vector<const RuleInfo*> attachment_rules() {
  return infos(rows, flux_rows);
}

}  // namespace demat::marche
