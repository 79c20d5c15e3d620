#include "protocols/pes/retour_codes.hpp"

#include <algorithm>
#include <array>

#include "protocols/pes/retour.hpp"
#include "protocols/pes/retour_code_tables.hpp"

namespace demat::pes {
namespace {

using namespace retour_code_tables;

struct Lists {
  RetourTable table;
  CodeList depense;
  CodeList recette;
};
constexpr std::array lists{
    Lists{RetourTable::typ_restit, CodeList::typ_restit, CodeList::typ_restit},
    Lists{RetourTable::etat_piece, CodeList::etat_piece_depense, CodeList::etat_piece_recette},
    Lists{RetourTable::etat_ligne, CodeList::etat_ligne_depense, CodeList::etat_ligne_recette},
    Lists{RetourTable::motif, CodeList::motif_depense, CodeList::motif_recette},
    Lists{RetourTable::origine, CodeList::emargement_depense, CodeList::emargement_recette},
    Lists{RetourTable::cession, CodeList::cession_opposition, CodeList::cession_opposition},
    Lists{RetourTable::etat_complement, CodeList::etat_pj_asap, CodeList::etat_pj_asap},
    Lists{RetourTable::motif_postal, CodeList::rejet_asap_courrier, CodeList::rejet_asap_courrier},
    Lists{RetourTable::motif_mail, CodeList::rejet_asap_mail, CodeList::rejet_asap_mail},
};

template <class Rows>
const Label* row_of(const Rows& rows, std::string_view code) {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Label& r) { return r.code == code; });
  return row == rows.end() ? nullptr : &*row;
}

const Label* find_label(RetourTable table, bool depense, std::string_view code) {
  if (table == RetourTable::suspension) return row_of(suspensions, code);
  if (table == RetourTable::etape) return row_of(etapes, code);
  const auto known =
      std::find_if(lists.begin(), lists.end(), [&](const Lists& l) { return l.table == table; });
  return known == lists.end() ? nullptr : label_of(depense ? known->depense : known->recette, code);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr std::string_view between = " -,;/+";

}  // namespace

std::string_view etat_piece_label(std::string_view etat) {
  const auto* row = label_of(CodeList::etat_piece_depense, etat);
  return row == nullptr ? std::string_view{} : row->fr;
}

std::string_view etat_piece_label_en(std::string_view etat) {
  const auto* row = label_of(CodeList::etat_piece_depense, etat);
  return row == nullptr ? std::string_view{} : row->en;
}

Words retour_words(RetourTable table, std::string_view domaine, std::string_view code) {
  const auto* row = find_label(table, domaine == "depense", code);
  if (row == nullptr) return {};
  return {std::string(row->fr), std::string(row->en)};
}

Motif motif_of(std::string_view obs_etat) {
  Motif out;
  while (!obs_etat.empty()) {
    const auto start = obs_etat.find_first_not_of(between);
    if (start == std::string_view::npos) return out;
    obs_etat.remove_prefix(start);
    const bool code = obs_etat.size() >= 2 && is_digit(obs_etat[0]) && is_digit(obs_etat[1]) &&
                      (obs_etat.size() == 2 || between.find(obs_etat[2]) != std::string_view::npos);
    if (!code) break;
    out.codes.emplace_back(obs_etat.substr(0, 2));
    obs_etat.remove_prefix(2);
  }
  out.text = obs_etat;
  return out;
}

Words motif_words(std::string_view domaine, std::string_view obs_etat) {
  const auto motif = motif_of(obs_etat);
  Words out;
  const auto add = [&out](std::string_view fr, std::string_view en) {
    out.fr.append(out.fr.empty() ? "" : " ; ").append(fr);
    out.en.append(out.en.empty() ? "" : "; ").append(en);
  };
  for (const auto& code : motif.codes) {
    const auto words = retour_words(RetourTable::motif, domaine, code);
    add(words.fr.empty() ? code : words.fr, words.en.empty() ? code : words.en);
  }
  if (!motif.text.empty()) add(motif.text, motif.text);
  return out;
}

}  // namespace demat::pes
