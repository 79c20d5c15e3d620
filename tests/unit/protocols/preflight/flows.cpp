#include "flows.hpp"

namespace demat::preflight::test {
namespace {

std::string flow(std::string_view domain) {
  constexpr std::string_view head = R"(<?xml version="1.0" encoding="ISO-8859-1"?>
<n:PES_Aller xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller">
<Enveloppe><Parametres><Version V="2"/><TypFic V="PESALR1"/><NomFic V="FLUX-1"/></Parametres>
<Emetteur><Sigle V="EXEMPLE"/><Adresse V="Compta 1"/></Emetteur></Enveloppe>
<EnTetePES><DteStr V="2026-01-15"/><IdPost V="034000"/><IdColl V="21340007000016"/>
<CodCol V="123"/><CodBud V="00"/></EnTetePES>
)";
  return std::string(head) + std::string(domain) + "</n:PES_Aller>\n";
}

constexpr std::string_view depense = R"(<PES_DepenseAller>
<EnTeteDepense><IdVer V="2"/><InfoDematerialisee V="0"/></EnTeteDepense>
<Bordereau Id="B1">
<BlocBordereau><Exer V="2026"/><IdBord V="7"/><DteBordEm V="2026-01-14"/><TypBord V="01"/><NbrPce V="1"/>
<MtCumulAnnuel V="1200.00"/><MtBordHT V="1000.00"/><MtBordTVA V="200.00"/></BlocBordereau>
<Piece>
<BlocPiece><InfoPce><IdPce V="41"/><TypPce V="01"/><NatPce V="01"/><Obj V="Fournitures"/></InfoPce>
<DGP><Dgp V="0"/><DteDebDgp V="2026-01-02"/><DteFinDgp V="2026-02-01"/><DureeDgp V="30"/></DGP></BlocPiece>
<LigneDePiece>
<BlocLignePiece><InfoLignePce><IdLigne V="1"/><Nature V="60632"/><Fonction V="020"/><ModRegl V="03"/>
<TVAIntraCom V="0"/><MtHT V="600.00"/><MtTVA V="120.00"/></InfoLignePce></BlocLignePiece>
<Tiers><InfoTiers><CatTiers V="50"/><NatJur V="03"/><Nom V="PAPETERIE EXEMPLE"/></InfoTiers>
<Adresse><TypAdr V="1"/><Adr2 V="1 RUE DE LA PAIX"/><CP V="34000"/><Ville V="EXEMPLEVILLE"/><CodRes V="0"/></Adresse>
<CpteBancaire><BIC V="BDFEFRPPCCT"/><IBAN V="FR7630001007941234567890185"/><TitCpte V="PAPETERIE"/></CpteBancaire>
</Tiers>
</LigneDePiece>
<LigneDePiece>
<BlocLignePiece><InfoLignePce><IdLigne V="2"/><Nature V="60633"/><Fonction V="020"/><ModRegl V="02"/>
<TVAIntraCom V="0"/><MtHT V="400.00"/><MtTVA V="80.00"/></InfoLignePce></BlocLignePiece>
<Tiers><InfoTiers><CatTiers V="50"/><NatJur V="03"/><Nom V="ATELIER EXEMPLE"/></InfoTiers></Tiers>
</LigneDePiece>
</Piece>
</Bordereau>
</PES_DepenseAller>
)";

constexpr std::string_view recette = R"(<PES_RecetteAller>
<EnTeteRecette><IdVer V="2"/><InfoDematerialisee V="0"/></EnTeteRecette>
<Bordereau Id="B1">
<BlocBordereau><Exer V="2026"/><IdBord V="8"/><DteBordEm V="2026-01-14"/><TypBord V="01"/><NbrPce V="1"/>
<MtCumulAnnuel V="1200.00"/><MtBordHt V="1000.00"/><MtBordTVA V="200.00"/></BlocBordereau>
<Piece>
<BlocPiece><IdPce V="51"/><TypPce V="01"/><NatPce V="01"/><ObjPce V="Location"/></BlocPiece>
<LigneDePiece>
<BlocLignePiece><InfoLignePiece><IdLigne V="1"/><CodProdLoc V="1"/><Nature V="752"/><Fonction V="020"/>
<TxTva V="20.00"/><Majo V="0"/><TvaIntraCom V="0"/><MtHT V="1000.00"/><MtTVA V="200.00"/></InfoLignePiece>
</BlocLignePiece>
<Tiers><InfoTiers><IdTiers V="90000000100017"/><NatIdTiers V="01"/><CatTiers V="50"/><NatJur V="03"/><TypTiers V="01"/>
<Nom V="LOCATAIRE EXEMPLE"/></InfoTiers>
<Adresse><TypAdr V="1"/><Adr2 V="2 RUE DE LA PAIX"/><CP V="34000"/><Ville V="EXEMPLEVILLE"/><CodRes V="0"/></Adresse>
<CpteBancaire><BIC V="BDFEFRPPCCT"/><IBAN V="FR7630001007941234567890185"/><TitCpte V="LOCATAIRE"/></CpteBancaire>
</Tiers>
</LigneDePiece>
</Piece>
</Bordereau>
</PES_RecetteAller>
)";

constexpr std::string_view ormc = R"(<PES_RecetteAller>
<EnTeteRecette><IdVer V="2"/></EnTeteRecette>
<Bordereau>
<BlocBordereau><Exer V="2026"/><IdBord V="12"/><DteBordEm V="2026-01-14"/><TypBord V="06"/><NbrPce V="1"/>
<MtBordHt V="30.00"/><DteAsp V="2026-01-20"/><Objet V="Cantine"/></BlocBordereau>
<Piece>
<BlocPiece><IdPce V="61"/><TypPce V="15"/><NatPce V="01"/><ObjPce V="Cantine"/><NumDette V="77"/><Per V="1"/></BlocPiece>
<LigneDePiece>
<BlocLignePiece><InfoLignePiece><IdLigne V="1"/><CodProdLoc V="1"/><Nature V="7067"/><Majo V="0"/>
<TvaIntraCom V="0"/><MtHT V="30.00"/></InfoLignePiece></BlocLignePiece>
<Tiers><InfoTiers><CatTiers V="50"/><NatJur V="03"/><TypTiers V="01"/><Nom V="USAGER EXEMPLE"/></InfoTiers>
<Adresse><TypAdr V="1"/><Adr2 V="3 RUE DE LA PAIX"/><CP V="34000"/><Ville V="EXEMPLEVILLE"/><CodRes V="0"/></Adresse>
</Tiers>
</LigneDePiece>
</Piece>
</Bordereau>
</PES_RecetteAller>
)";

/// The content is a gzip of the letter "a", in base64.
constexpr std::string_view pj = R"(<PES_PJ><EnTetePES_PJ><IdVer V="1"/></EnTetePES_PJ>
<PJ><Contenu><Fichier MIMEType="application/pdf">H4sIAAAAAAAC/0sEAEO+t+gBAAAA</Fichier></Contenu>
<IdUnique V="PJ001"/><NomPJ V="facture.pdf"/><TypePJ V="003"/><Description V="Facture"/>
<RefCompta><Domaine V="01"/><Exercice V="2026"/><TypeObjet V="01"/><Identifiant V="41"/></RefCompta></PJ>
</PES_PJ>
)";

}  // namespace

std::string depense_flow() {
  return flow(depense);
}
std::string recette_flow() {
  return flow(recette);
}
std::string ormc_flow() {
  return flow(ormc);
}
std::string pj_flow() {
  return flow(pj);
}

}  // namespace demat::preflight::test
