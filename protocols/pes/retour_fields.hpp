#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "protocols/base/utf8.hpp"
#include "protocols/pes/retour.hpp"

/// Which element of a PES_Retour fills which member; what is not listed is not kept. Of one folder only.
namespace demat::pes::retour_fields {

template <class T>
struct Field {
  std::string_view element;
  std::string T::*member;
};

inline constexpr std::array bordereau{Field<RetourPiece>{"Exer", &RetourPiece::exercice},
                                      Field<RetourPiece>{"IdBord", &RetourPiece::bordereau},
                                      Field<RetourPiece>{"TypBord", &RetourPiece::typ_bord}};

/// The last four are of BordereauORMCGlobal, which has the numbers of the bordereau itself.
inline constexpr std::array piece{Field<RetourPiece>{"IdPce", &RetourPiece::piece},
                                  Field<RetourPiece>{"TypPce", &RetourPiece::typ_pce},
                                  Field<RetourPiece>{"NatPce", &RetourPiece::nat_pce},
                                  Field<RetourPiece>{"Obj", &RetourPiece::objet},
                                  Field<RetourPiece>{"EtatPce", &RetourPiece::etat},
                                  Field<RetourPiece>{"ObsEtat", &RetourPiece::motif},
                                  Field<RetourPiece>{"Commentaire", &RetourPiece::commentaire},
                                  Field<RetourPiece>{"DtePcePec", &RetourPiece::date_pec},
                                  Field<RetourPiece>{"DtePceRej", &RetourPiece::date_rejet},
                                  Field<RetourPiece>{"DtePceInst", &RetourPiece::date_instance},
                                  Field<RetourPiece>{"NumDette", &RetourPiece::numero_dette},
                                  Field<RetourPiece>{"Exer", &RetourPiece::exercice},
                                  Field<RetourPiece>{"IdBord", &RetourPiece::bordereau},
                                  Field<RetourPiece>{"MtTTC", &RetourPiece::mt_ttc},
                                  Field<RetourPiece>{"DtePec", &RetourPiece::date_pec},
                                  Field<RetourPiece>{"DteRej", &RetourPiece::date_rejet},
                                  Field<RetourPiece>{"DteInst", &RetourPiece::date_instance}};

inline constexpr std::array ligne{Field<RetourLigne>{"IdLigne", &RetourLigne::ligne},
                                  Field<RetourLigne>{"EtatLigPce", &RetourLigne::etat},
                                  Field<RetourLigne>{"ObsEtat", &RetourLigne::motif},
                                  Field<RetourLigne>{"Commentaire", &RetourLigne::commentaire},
                                  Field<RetourLigne>{"MtHT", &RetourLigne::mt_ht},
                                  Field<RetourLigne>{"MtTVA", &RetourLigne::mt_tva},
                                  Field<RetourLigne>{"NbrPay", &RetourLigne::nombre_paiements},
                                  Field<RetourLigne>{"NbrReco", &RetourLigne::nombre_paiements},
                                  Field<RetourLigne>{"MtPayTot", &RetourLigne::total_paiements},
                                  Field<RetourLigne>{"MtRecoTot", &RetourLigne::total_paiements},
                                  Field<RetourLigne>{"RefTiers", &RetourLigne::ref_tiers},
                                  Field<RetourLigne>{"IdMarche", &RetourLigne::id_marche},
                                  Field<RetourLigne>{"CessOpp", &RetourLigne::cession},
                                  Field<RetourLigne>{"CodeSuspPour", &RetourLigne::suspension},
                                  Field<RetourLigne>{"DteSuspPour", &RetourLigne::date_suspension},
                                  Field<RetourLigne>{"DteRepPour", &RetourLigne::date_reprise},
                                  Field<RetourLigne>{"EtapePce", &RetourLigne::etape},
                                  Field<RetourLigne>{"DteEtapePce", &RetourLigne::date_etape},
                                  Field<RetourLigne>{"MtCtxTot", &RetourLigne::contentieux},
                                  Field<RetourLigne>{"SldPrinc", &RetourLigne::reste_principal},
                                  Field<RetourLigne>{"SldFrais", &RetourLigne::reste_frais},
                                  Field<RetourLigne>{"NbrePaiRest", &RetourLigne::echeances_restant}};

inline constexpr std::array paiement{Field<RetourPaiement>{"OrgEma", &RetourPaiement::origine},
                                     Field<RetourPaiement>{"DtePay", &RetourPaiement::date},
                                     Field<RetourPaiement>{"DteReco", &RetourPaiement::date},
                                     Field<RetourPaiement>{"MtPay", &RetourPaiement::montant},
                                     Field<RetourPaiement>{"MtReco", &RetourPaiement::montant}};

inline constexpr std::array reste{Field<RetourClient::Reste>{"CodProdLoc", &RetourClient::Reste::produit},
                                  Field<RetourClient::Reste>{"Rar", &RetourClient::Reste::rar},
                                  Field<RetourClient::Reste>{"RarFrais", &RetourClient::Reste::frais}};

inline constexpr std::array asap{Field<RetourAsap>{"IdUniquePJASAP", &RetourAsap::id_unique},
                                 Field<RetourAsap>{"IdUniquePJCplt", &RetourAsap::id_complement},
                                 Field<RetourAsap>{"Exer", &RetourAsap::exercice},
                                 Field<RetourAsap>{"IdBord", &RetourAsap::bordereau},
                                 Field<RetourAsap>{"TypBord", &RetourAsap::typ_bord},
                                 Field<RetourAsap>{"IdPce", &RetourAsap::piece},
                                 Field<RetourAsap>{"TypPce", &RetourAsap::typ_pce},
                                 Field<RetourAsap>{"EtatPJComplt", &RetourAsap::etat_complement},
                                 Field<RetourAsap>{"DatePostalisation", &RetourAsap::date_postalisation},
                                 Field<RetourAsap>{"DateNotification", &RetourAsap::date_notification},
                                 Field<RetourAsap>{"Date1ereLecture", &RetourAsap::date_lecture},
                                 Field<RetourAsap>{"DateRejet", &RetourAsap::date_rejet},
                                 Field<RetourAsap>{"MotifRejetPostalisation", &RetourAsap::motif_postal},
                                 Field<RetourAsap>{"MotifRejetNotificationParMail", &RetourAsap::motif_mail},
                                 Field<RetourAsap>{"IndicRelanceAsap", &RetourAsap::relance}};

/// The first value of an element counts, as a schema wants it once.
template <class T, std::size_t N>
void put(T& into, const std::array<Field<T>, N>& fields, std::string_view element, std::string value) {
  const auto* field =
      std::find_if(fields.begin(), fields.end(), [&](const Field<T>& f) { return f.element == element; });
  if (field == fields.end()) return;
  auto& member = into.*(field->member);
  if (member.empty()) member = std::move(value);
}

/// At most max_retour_value bytes, cut between characters.
[[nodiscard]] inline std::string clipped(std::string_view text) {
  return std::string(utf8_first(text, max_retour_value));
}

}  // namespace demat::pes::retour_fields
