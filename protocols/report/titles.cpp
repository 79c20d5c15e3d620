#include "protocols/report/titles.hpp"

#include <algorithm>
#include <array>

#include "protocols/base/utf8.hpp"

namespace demat::report {
namespace {

struct Named {
  std::string_view word;
  std::string_view fr;
  std::string_view en;
};

constexpr std::array<Named, 5> domaines{{{"depense", "Dépense", "Expenditure"},
                                         {"recette", "Recette", "Revenue"},
                                         {"pj", "Pièces justificatives", "Attachments"},
                                         {"facture", "Factures (ASAP)", "Invoices (ASAP)"},
                                         {"marche", "Marchés", "Contracts"}}};

Words domaine_title(const std::string& word) {
  if (word.empty()) return {"Flux", "Flow"};
  const auto* found = std::ranges::find(domaines, word, &Named::word);
  if (found == domaines.end()) return {word, word};
  return {std::string(found->fr), std::string(found->en)};
}

void add(Words& to, std::string_view fr, std::string_view en, const std::string& value) {
  if (value.empty()) return;
  const std::string separator = to.fr.empty() ? "" : ", ";
  to.fr += separator + std::string(fr) + " " + value;
  to.en += separator + std::string(en) + " " + value;
}

}  // namespace

Words section_title(const Subject& subject) {
  Words out = domaine_title(subject.domaine);
  add(out, "bordereau", "bordereau", subject.bordereau);
  if (!subject.exercice.empty()) {
    out.fr += " (" + subject.exercice + ")";
    out.en += " (" + subject.exercice + ")";
  }
  add(out, "marché", "contract", subject.marche);
  return out;
}

Words part_title(const Subject& subject) {
  const bool recette = subject.domaine == "recette";
  const bool depense = subject.domaine == "depense";
  Words out;
  add(out,
      recette   ? "titre"
      : depense ? "mandat"
                : "pièce",
      recette   ? "titre"
      : depense ? "mandat"
                : "pièce",
      subject.piece);
  add(out, "facture", "invoice", subject.facture);
  add(out, "ligne", "ligne", subject.ligne);
  add(out, "PJ", "PJ", subject.pj);
  return out;
}

Words severity_word(Severity severity) {
  switch (severity) {
    case Severity::info:
      return {"information", "info"};
    case Severity::warning:
      return {"avertissement", "warning"};
    case Severity::error:
      break;
  }
  return {"erreur", "error"};
}

std::string plain(std::string_view text) {
  return utf8_visible(text);
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : plain(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace demat::report
