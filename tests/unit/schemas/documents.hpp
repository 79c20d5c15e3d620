#pragma once

#include <string>

/// Small documents, valid under the PES packs, that the tests change in one place. Every value is invented.
namespace demat::test {

inline constexpr const char* envelope = R"(<Enveloppe>
  <Parametres><Version V="2"/><TypFic V="PESALR1"/><NomFic V="EXEMPLE-1"/></Parametres>
  <Emetteur><Sigle V="EDITEUR"/><Adresse V="Application 1.0"/></Emetteur>
</Enveloppe>
<EnTetePES>
  <DteStr V="2026-01-15"/><IdPost V="034000"/><IdColl V="00000000000000"/><CodCol V="123"/><CodBud V="00"/>
</EnTetePES>
)";

inline constexpr const char* depense = R"(<PES_DepenseAller>
  <EnTeteDepense><IdVer V="2"/><InfoDematerialisee V="1"/></EnTeteDepense>
  <Bordereau Id="B1">
    <BlocBordereau><Exer V="2026"/><IdBord V="7"/><DteBordEm V="2026-01-15"/><TypBord V="01"/><NbrPce V="1"/>
      <MtBordHT V="100.00"/></BlocBordereau>
    <Piece>
      <BlocPiece><InfoPce><IdPce V="42"/><TypPce V="01"/><NatPce V="01"/>
        <PJRef><Support V="01"/><IdUnique V="PJ42"/></PJRef></InfoPce></BlocPiece>
      <LigneDePiece>
        <BlocLignePiece><InfoLignePce><IdLigne V="1"/><Nature V="60632"/><ModRegl V="20"/><TVAIntraCom V="0"/>
          <MtHT V="0"/></InfoLignePce>
          <VentilationMarche><IdMarche V="2026M1"/><AvanceHT V="-1.00"/></VentilationMarche></BlocLignePiece>
        <Tiers>
          <InfoTiers><IdTiers V="T-12"/><CatTiers V="20"/><NatJur V="03"/><Nom V="SOCIETE FICTIVE"/></InfoTiers>
          <Adresse><TypAdr V="1"/><Adr2 V="1 rue Inventee"/><CP V="34000"/><Ville V="EXEMPLEVILLE"/><CodRes V="0"/>
          </Adresse>
          <CpteBancaire><IBAN V="FR7600000000000000000000000"/><TitCpte V="SOCIETE FICTIVE"/></CpteBancaire>
        </Tiers>
      </LigneDePiece>
    </Piece>
  </Bordereau>
</PES_DepenseAller>
)";

inline constexpr const char* recette = R"(<PES_RecetteAller>
  <EnTeteRecette><IdVer V="2"/></EnTeteRecette>
  <Bordereau>
    <BlocBordereau><Exer V="2026"/><IdBord V="7"/><DteBordEm V="2026-01-15"/><TypBord V="01"/><NbrPce V="1"/>
      <MtBordHt V="100.00"/></BlocBordereau>
    <Piece>
      <BlocPiece><IdPce V="43"/><TypPce V="01"/><NatPce V="01"/><Edition V="10"/><CadreFacturation V="M8"/>
      </BlocPiece>
      <LigneDePiece>
        <BlocLignePiece><InfoLignePiece><IdLigne V="1"/><CodProdLoc V="EAU"/><Nature V="7011"/><Majo V="0"/>
          <TvaIntraCom V="false"/><MtHT V="100"/></InfoLignePiece>
          <InfoPrelevementSEPA><NatPrel V="01"/><PerPrel V="02"/><DtePrel V="2026-02-01"/><MtPrel V="100"/>
            <SequencePres V="03"/><DateSignMandat V="2025-01-01"/><RefUniMdt V="RUM/1"/></InfoPrelevementSEPA>
        </BlocLignePiece>
        <Tiers>
          <InfoTiers><CatTiers V="01"/><NatJur V="01"/><TypTiers V="01"/><Nom V="FICTIF"/>
            <LieuNaissance><NeEnFrance V="1"/><MetropoleDomCom><CodeDeptDomCom V="2A"/></MetropoleDomCom>
            </LieuNaissance></InfoTiers>
          <Adresse><TypAdr V="1"/><Adr2 V="2 rue Inventee"/><CP V="34000"/><Ville V="EXEMPLEVILLE"/><CodRes V="0"/>
          </Adresse>
        </Tiers>
      </LigneDePiece>
    </Piece>
  </Bordereau>
</PES_RecetteAller>
)";

inline constexpr const char* attachment = R"(<PES_PJ>
  <EnTetePES_PJ><IdVer V="1"/></EnTetePES_PJ>
  <PJ><Contenu><Fichier MIMEType="application/pdf">AAAA</Fichier></Contenu><IdUnique V="PJ42"/>
    <NomPJ V="facture.pdf"/><TypePJ V="014"/><Description V="Facture"/>
    <RefCompta><Domaine V="01"/><Exercice V="2026"/><TypeObjet V="01"/></RefCompta></PJ>
</PES_PJ>
)";

inline constexpr const char* acquit_v1 = R"(<ACQUIT><EnTeteAcquit><IdVer V="2"/></EnTeteAcquit>
  <ElementACQUIT><DomaineAck V="5"/><EtatAck V="false"/><NumBord V="7"/><NumAnoAck V="ERREUR_PJ"/></ElementACQUIT>
</ACQUIT>
)";

inline constexpr const char* acquit_v2 = R"(<ACQUIT><EnTeteAcquit><IdVer V="2"/></EnTeteAcquit>
  <ElementACQUIT><DomaineAck V="5"/><EtatAck V="1"/><NumBord V="7"/><ExerciceBord V="2026"/></ElementACQUIT>
  <ElementACQUIT><DomaineAck V="99"/><EtatAck V="0"/><Erreur><LibelleAnoAck V="budget inconnu"/></Erreur>
    <DetailPiece><NumPiece V="42"/><DetailLigne><NumLigne V="1"/><Erreur/></DetailLigne></DetailPiece>
  </ElementACQUIT>
</ACQUIT>
)";

inline constexpr const char* retour = R"(<Enveloppe>
  <Parametres><Version V="2"/><TypFic V="PES2R_DEP"/><NomFic V=""/></Parametres>
</Enveloppe>
<EnTetePES>
  <DteStr V="2026-01-15"/><IdPost V="000000"/><IdColl V=""/><CodColl V="123"/><CodBud V="00"/>
</EnTetePES>
<PES_DepenseRetour>
  <EnTeteDepense><TypRestit V="02"/><IdVer V="2"/><NatInf V="2"/></EnTeteDepense>
  <Bordereau>
    <BlocBordereau><Exer V="2026"/><IdBord V="7"/><TypBord V="01"/></BlocBordereau>
    <Piece>
      <InfoPiece><IdPce V="42"/><TypPce V="01"/><NatPce V="30"/><EtatPce V="05"/></InfoPiece>
      <LigneDePiece><BlocLignePiece><InfoLignePiece><IdLigne V="1"/><EtatLigPce V="16"/><MtHT V="-1.5"/>
      </InfoLignePiece></BlocLignePiece></LigneDePiece>
    </Piece>
  </Bordereau>
</PES_DepenseRetour>
<PES_RecetteRetour>
  <EnTeteRecette><TypRestit V="02"/><IdVer V="2"/><NatInf V="1"/></EnTeteRecette>
  <Bordereau><BordereauORMCGlobal><Exer V="2026"/><IdBord V="8"/><MtTTC V="0"/></BordereauORMCGlobal></Bordereau>
</PES_RecetteRetour>
)";

inline const std::string helios = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/";

inline std::string document(const std::string& root, const std::string& ns, const std::string& content) {
  return "<n:" + root + " xmlns:n=\"" + helios + ns + "\">\n" + content + "</n:" + root + ">\n";
}

}  // namespace demat::test
