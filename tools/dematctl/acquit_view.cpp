#include "tools/dematctl/acquit_view.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <set>

#include "protocols/base/utf8.hpp"
#include "protocols/pes/anomaly.hpp"
#include "protocols/rules/values.hpp"
#include "tools/dematctl/outline_text.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;
using pes::Part;
using pes::PartKind;

constexpr std::size_t max_accepted = 20;  // accepted things named to people; all are counted
constexpr std::size_t max_explained = 100;

std::string without_zeros(std::string_view number) {
  return std::string(number.substr(std::min(number.find_first_not_of('0'), number.size())));
}

/// DomaineAck 5 and 6; the other domains have no bordereaux of their own.
std::string domaine_of(const pes::AcquitElement& element) {
  if (element.domaine_ack == "5") return "PES_DepenseAller";
  return element.domaine_ack == "6" ? "PES_RecetteAller" : std::string();
}

std::string key(std::string_view domaine, std::string_view exercice, std::string_view bordereau,
                std::string_view piece) {
  return std::string(domaine) + '|' + std::string(exercice) + '|' + without_zeros(bordereau) + '|' +
         without_zeros(piece);
}

std::string pj_key(std::string_view id) {
  return "pj|" + std::string(id);
}

std::string key_of(const Rejection& rejection) {
  const auto& e = *rejection.element;
  if (!e.id_unique.empty()) return pj_key(e.id_unique);
  return key(domaine_of(e), e.exercice_bord, e.num_bord, rejection.piece);
}

std::string place_of(const Rejection& rejection) {
  const auto& e = *rejection.element;
  std::string out(pes::domaine_ack_label(e.domaine_ack));
  if (e.domaine_ack == "4" && !e.id_unique.empty()) return out + " " + e.id_unique;
  if (out.empty()) out = e.domaine_ack.empty() ? "flux" : "domaine " + e.domaine_ack;
  const auto add = [&](std::string_view what, const std::string& value) {
    if (!value.empty()) out += ", " + std::string(what) + " " + value;
  };
  add("exercice", e.exercice_bord);
  add("bordereau", e.num_bord);
  add(e.domaine_ack == "5" ? "mandat" : e.domaine_ack == "6" ? "titre" : "pièce", rejection.piece);
  add("ligne", rejection.ligne);
  add("marché", e.id_marche);
  add("pièce jointe", e.id_unique);
  return out;
}

std::string seen_text(const SentParts::Seen& seen) {
  std::string out = seen.objet.empty() ? "" : "« " + seen.objet + " »";
  if (!seen.tiers.empty()) out += (out.empty() ? "" : " — ") + seen.tiers;
  if (!seen.others.empty()) out += " et " + seen.others + " autre(s)";
  if (seen.sums.pieces > 1) out += (out.empty() ? "" : " — ") + std::to_string(seen.sums.pieces) + " pièces";
  if (seen.sums.lignes > 0) out += (out.empty() ? "" : " — ") + amounts_text(seen.sums);
  return out;
}

void print_anomaly(Output& out, const pes::Anomaly& anomaly) {
  out.line("      " + printable(anomaly.num_ano_ack + (anomaly.num_ano_ack.empty() ? "" : " : ") +
                                anomaly.libelle_ano_ack));
}

/// What the codes met mean, each once.
void print_explanations(Output& out, const std::vector<Rejection>& rejected) {
  std::set<std::string> told;
  for (const auto& rejection : rejected) {
    for (const auto& anomaly : *rejection.anomalies) {
      const auto words = pes::explain(anomaly);
      if (words.meaning.fr.empty() || told.size() == max_explained || !told.insert(words.meaning.fr).second)
        continue;
      if (told.size() == 1) out.line("\nExplications / explanations");
      const bool business = words.known && !anomaly.business_code.empty();
      out.line("  " + printable(business ? anomaly.business_code : anomaly.num_ano_ack));
      out.line("    " + printable(words.meaning.fr));
      if (!words.remedy.fr.empty()) out.line("    À faire : " + printable(words.remedy.fr));
      out.line("    " + printable(words.meaning.en));
      if (!words.remedy.en.empty()) out.line("    To do: " + printable(words.remedy.en));
    }
  }
}

void print_rejections(Output& out, const std::vector<Rejection>& all, const SentParts* sent, bool ok) {
  const auto of_kind = [&](const Rejection& one) { return one.element->ok == ok; };
  const auto count = std::count_if(all.begin(), all.end(), of_kind);
  if (count == 0) return;
  out.line((ok ? "\nSignalé sans rejet / noted, not rejected : " : "\nRejeté / rejected : ") +
           std::to_string(count));
  for (const auto& rejection : all) {
    if (!of_kind(rejection)) continue;
    out.line((ok ? "  ! " : "  ✗ ") + printable(place_of(rejection)));
    if (const auto* seen = sent == nullptr ? nullptr : sent->of(rejection))
      out.line("      " + printable(seen_text(*seen)));
    for (const auto& anomaly : *rejection.anomalies)
      print_anomaly(out, anomaly);
    if (rejection.anomalies->empty()) out.line("      sans motif donné / no reason given");
  }
}

std::string_view verdict_text(pes::AcquitVerdict verdict) {
  switch (verdict) {
    case pes::AcquitVerdict::acknowledged:
      return "ACCEPTÉ / accepted";
    case pes::AcquitVerdict::partly_rejected:
      return "REJETÉ EN PARTIE / rejected in part";
    case pes::AcquitVerdict::rejected:
      return "REJETÉ / rejected";
  }
  return "REJETÉ / rejected";
}

void print_accepted(Output& out, const pes::Acquit& acquit) {
  const auto count = static_cast<std::size_t>(std::count_if(
      acquit.elements.begin(), acquit.elements.end(), [](const pes::AcquitElement& e) { return e.ok; }));
  if (count == 0) return;
  out.line("\nAccepté / accepted : " + std::to_string(count));
  std::size_t named = 0;
  for (const auto& element : acquit.elements) {
    if (!element.ok) continue;
    if (named++ == max_accepted) {
      out.line("    … et " + std::to_string(count - max_accepted) + " de plus / more");
      break;
    }
    out.line("  + " + printable(place_of({&element, {}, {}, nullptr})));
  }
}

json::object words_json(const Words& words) {
  return {{"fr", words.fr}, {"en", words.en}};
}

json::object anomaly_json(const pes::Anomaly& anomaly) {
  json::object out{{"num_ano_ack", utf8_replaced(anomaly.num_ano_ack)},
                   {"libelle_ano_ack", utf8_replaced(anomaly.libelle_ano_ack)}};
  if (!anomaly.business_code.empty()) out["business_code"] = anomaly.business_code;
  const auto told = pes::explain(anomaly);
  if (!told.meaning.fr.empty()) out["explanation"] = words_json(told.meaning);
  if (!told.remedy.fr.empty()) out["remedy"] = words_json(told.remedy);
  return out;
}

json::object place_json(const Rejection& rejection) {
  const auto& e = *rejection.element;
  json::object out;
  const auto put = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) out[name] = utf8_replaced(std::string(value));
  };
  put("domaine", e.domaine_ack);
  put("domaine_fr", pes::domaine_ack_label(e.domaine_ack));
  put("domaine_en", pes::domaine_ack_label_en(e.domaine_ack));
  put("exercice", e.exercice_bord);
  put("bordereau", e.num_bord);
  put("piece", rejection.piece);
  put("ligne", rejection.ligne);
  put("marche", e.id_marche);
  put("pj", e.id_unique);
  return out;
}

json::object rejection_json(const Rejection& rejection, const SentParts* sent) {
  json::object out = place_json(rejection);
  if (const auto* seen = sent == nullptr ? nullptr : sent->of(rejection)) {
    if (!seen->objet.empty()) out["objet"] = seen->objet;
    if (!seen->tiers.empty()) out["tiers"] = seen->tiers;
    if (seen->sums.lignes > 0 && seen->sums.readable) {
      out["ht"] = rules::decimal(seen->sums.ht);
      out["tva"] = rules::decimal(seen->sums.tva);
    }
  }
  json::array anomalies;
  for (const auto& anomaly : *rejection.anomalies)
    anomalies.push_back(anomaly_json(anomaly));
  out["anomalies"] = std::move(anomalies);
  return out;
}

}  // namespace

std::vector<Rejection> rejections_of(const pes::Acquit& acquit) {
  std::vector<Rejection> out;
  for (const auto& element : acquit.elements) {
    const auto before = out.size();
    for (const auto& piece : element.pieces) {
      if (!piece.anomalies.empty()) out.push_back({&element, piece.num_piece, {}, &piece.anomalies});
      for (const auto& ligne : piece.lignes)
        if (!ligne.anomalies.empty())
          out.push_back({&element, piece.num_piece, ligne.num_ligne, &ligne.anomalies});
    }
    // A bordereau that is turned down without a word on its pièces still has to be shown.
    const bool silent = !element.ok && out.size() == before;
    if (!element.anomalies.empty() || silent)
      out.insert(out.begin() + static_cast<std::ptrdiff_t>(before), {&element, {}, {}, &element.anomalies});
  }
  return out;
}

SentParts::SentParts(const std::vector<Rejection>& wanted) {
  for (const auto& one : wanted)
    wanted_.try_emplace(key_of(one));
}

void SentParts::open(const Part& part) {
  if (part.kind == PartKind::domaine) domaine_ = part.element;
  if (part.kind != PartKind::bordereau) return;
  exercice_ = part["exercice"];
  bordereau_ = part["numero"];
}

void SentParts::close(const Part& part) {
  if (part.kind == PartKind::pj) return see(pj_key(part["id_unique"]), part);
  if (part.kind != PartKind::piece && part.kind != PartKind::bordereau) return;
  const std::string_view piece = part.kind == PartKind::piece ? part["numero"] : std::string_view{};
  see(key(domaine_, exercice_, bordereau_, piece), part);
  // A signature that is turned down names a bordereau without saying of which domain.
  see(key({}, exercice_, bordereau_, piece), part);
}

void SentParts::see(const std::string& wanted, const Part& part) {
  const auto at = wanted_.find(wanted);
  if (at == wanted_.end() || !at->second.domaine.empty()) return;
  Seen& seen = at->second;
  seen.domaine = domaine_;
  seen.objet = part.kind == PartKind::pj ? part["nom"] : part["objet"];
  seen.tiers = part["tiers"];
  seen.others = part["autres_tiers"];
  seen.sums = part.sums;
}

const SentParts::Seen* SentParts::of(const Rejection& rejection) const {
  const auto at = wanted_.find(key_of(rejection));
  return at == wanted_.end() || at->second.domaine.empty() ? nullptr : &at->second;
}

void print_acquit(Output& out, const pes::Acquit& acquit, const SentParts* sent) {
  out.line(printable(acquit.header.root + " de « " + acquit.header.nom_fic.str() + " » : ") +
           std::string(verdict_text(acquit.verdict)));
  const auto rejected = rejections_of(acquit);
  print_rejections(out, rejected, sent, false);
  print_rejections(out, rejected, sent, true);
  print_explanations(out, rejected);
  print_accepted(out, acquit);
  if (acquit.elements_left_out > 0)
    out.line("… " + std::to_string(acquit.elements_left_out) + " éléments de plus / more elements");
}

json::object acquit_json(const pes::Acquit& acquit, const SentParts* sent) {
  json::array rejected;
  for (const auto& rejection : rejections_of(acquit))
    rejected.push_back(rejection_json(rejection, sent));
  json::array accepted;
  for (const auto& element : acquit.elements)
    if (element.ok) accepted.push_back(place_json({&element, {}, {}, nullptr}));
  json::object out{{"kind", "acquit"},
                   {"element", utf8_replaced(acquit.header.root)},
                   {"nom_fic", utf8_replaced(acquit.header.nom_fic.str())},
                   {"verdict", pes::to_string(acquit.verdict)},
                   {"rejected", std::move(rejected)},
                   {"accepted", std::move(accepted)}};
  if (acquit.elements_left_out > 0) out["left_out"] = acquit.elements_left_out;
  return out;
}

}  // namespace demat::ctl
