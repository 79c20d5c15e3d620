#include "flows.hpp"
#include "pairs.hpp"

namespace demat::preflight::test {
namespace {

const std::string iban = "FR7630006000011234567890189";

/// An ASAP without anything to say about it.
constexpr std::string_view asap =
    R"(<PES_Facture><IdVer V="2"/><Annee V="2026"/><TypeFact V="09"/><Date V="2026-01-15"/>
<Emetteur><InfoTiers><Nom V="COMMUNE"/></InfoTiers>
<Adresse><Adr2 V="1 PLACE DE LA MAIRIE"/><CP V="34000"/><Ville V="EXEMPLEVILLE"/><CodRes V="0"/></Adresse>
<InfoSuppl><NumTel V="0400000000"/><CodeTipi V="123456"/><AdrTipi V="https://payfip.example"/><RefBdf V="123456"/></InfoSuppl>
<Signataire><Personne><Nom V="MAIRE"/><Prenom V="ADA"/></Personne><Role V="Maire"/></Signataire></Emetteur>
<Tiers><InfoTiers><TypTiers V="25"/><Nom V="CENTRE"/></InfoTiers>
<Adresse><CP V="35000"/><Ville V="RENNES"/><CodRes V="0"/></Adresse></Tiers>
<Tiers><InfoTiers><TypTiers V="26"/><Nom V="TRESORERIE"/></InfoTiers>
<Adresse><Adr2 V="2 RUE DU TRESOR"/><CP V="34000"/><Ville V="EXEMPLEVILLE"/><CodRes V="0"/></Adresse>
<CpteBancaire><BIC V="BDFEFRPPCCT"/><IBAN V="FR7630006000011234567890189"/></CpteBancaire></Tiers>
<FactureIndiv><DateEmission V="2026-01-14"/><NumeroFacture V="F-1"/>
<Debiteur><InfoTiers><IdTiers V="73282932000074"/><NatIdTiers V="01"/><Nom V="DEBITEUR"/></InfoTiers>
<Adresse><Adr2 V="3 RUE DU DU"/><CP V="34000"/><Ville V="EXEMPLEVILLE"/><CodRes V="0"/></Adresse>
<!--account--></Debiteur><!--destinataire-->
<LigneFacture><Quantite V="2"/><Unite1 V="h"/><MtUnitaire V="60.00"/><MtHT V="120.00"/><TauxTVA V="20.00"/>
<MtTVA V="24.00"/><MtTTC V="144.00"/></LigneFacture>
<LigneFacture><MtRemise V="20.00"/><MtHT V="20.00"/><MtTVA V="4.00"/><MtTTC V="24.00"/></LigneFacture>
<TotalAPayer><MtTotalHT V="100.00"/><MtTotalTVA V="20.00"/><MtTotalTTC V="120.00"/></TotalAPayer><!--file-->
<RefTitre><Exercice V="2026"/><NumBordereau V="7"/><NumTitre V="51"/><NumLigne V="1"/></RefTitre><!--talon-->
<ModeRecouvrement V="1"/></FactureIndiv><!--more--></PES_Facture>)";

/// The ASAP with pieces replaced.
std::string with(const std::vector<Swap>& swaps) {
  return aller(change(std::string(asap), swaps));
}
std::string with(const std::string& from, const std::string& to) {
  return with({{from, to}});
}
std::string kept() {
  return aller(asap);
}

const std::string type = R"(<TypeFact V="09"/>)";
const std::string mode = R"(<ModeRecouvrement V="1"/>)";
const std::string reference = R"(<RefBdf V="123456"/>)";
const std::string account = "<!--account-->";
const std::string destinataire = "<!--destinataire-->";

std::string sepa(std::string_view number, std::string_view more = "<TitCpte V=\"D\"/>") {
  return "<CpteBancaire><BIC V=\"BDFEFRPPCCT\"/><IBAN V=\"" + std::string(number) + "\"/>" +
         std::string(more) + "</CpteBancaire>";
}

std::string second_invoice() {
  const std::string whole(asap);
  const auto from = whole.find("<FactureIndiv>");
  return whole.substr(from, whole.find("</FactureIndiv>") + 15 - from);
}

/// What lies between two marks, taken out.
std::string without(std::string_view from, std::string_view to) {
  std::string text(asap);
  const auto at = text.find(from);
  return aller(text.erase(at, text.find(to, at) + to.size() - at));
}

std::vector<Pair> common_pairs() {
  const std::string other_issuer =
      R"(<Adr2 V="1 PLACE DE LA MAIRIE"/><CP V="34000"/><Ville V="EXEMPLEVILLE"/>)";
  const std::string issuer_resides = other_issuer + R"(<CodRes V="0"/>)";
  const std::string issuer_abroad = other_issuer + R"(<CodRes V="1"/>)";
  return {
      {"pes.facture.idver", kept(), with(R"(<IdVer V="2"/>)", R"(<IdVer V="1"/>)"), "1"},
      {"pes.facture.type", kept(), with(type, "")},
      {"pes.facture.centres", kept(), without("<Tiers><InfoTiers><TypTiers V=\"26\"", "</Tiers>"),
       "0 × TypTiers 26"},
      {"pes.facture.centres", kept(), with(R"(<TypTiers V="26"/>)", R"(<TypTiers V="25"/>)"), {}, 2},
      {"pes.facture.adresse_emetteur", kept(), with(R"(<Adr2 V="1 PLACE DE LA MAIRIE"/>)", "")},
      {"pes.facture.signataire", kept(), without("<Signataire>", "</Signataire>")},
      {"pes.facture.tipi", kept(), with(R"(<CodeTipi V="123456"/>)", ""), "AdrTipi"},
      {"pes.facture.tipi", kept(), with(R"(<AdrTipi V="https://payfip.example"/>)", ""), "CodeTipi"},
      {"pes.facture.ref_bdf", kept(), with(reference, "")},
      {"pes.facture.ics",
       with({{mode, R"(<ModeRecouvrement V="0"/>)"}, {reference, R"(<RefBdf V="FR72ZZZ123456"/>)"}}),
       with(mode, R"(<ModeRecouvrement V="false"/>)"), "123456"},
      {"pes.facture.hors_asap", kept(), with(type, R"(<TypeFact V="01"/>)"), "TypeFact 01"},
      {"pes.facture.type_tiers", kept(), with(R"(<TypTiers V="25"/>)", R"(<TypTiers V="10"/>)"), "10"},
      {"pes.facture.adresse_centre", kept(),
       with(R"(<CP V="35000"/>)", R"(<Adr1 V="X"/><Adr2 V="1 RUE"/><CP V="35000"/>)"), "TypTiers 25, Adr1",
       2},
      {"pes.facture.adresse_centre", kept(), with(R"(<Adr2 V="2 RUE DU TRESOR"/>)", ""), "TypTiers 26"},
      {"pes.facture.adresse_centre", kept(),
       with(R"(<Adresse><CP V="35000"/><Ville V="RENNES"/><CodRes V="0"/></Adresse>)", "")},
      {"pes.facture.compte_tresor", kept(), without("<CpteBancaire>", "</CpteBancaire>"), "TypTiers 26"},
      {"pes.facture.compte_tresor", kept(), with(iban, "FR7630006000011234567890188"), "FR76…188"},
      {"pes.facture.compte_tresor", kept(), with("BDFEFRPPCCT", "BDFEZZPPCCT"), "BDFEZZPPCCT"},
      {"pes.facture.paiement_telephone", kept(),
       with(
           R"(<TypTiers V="26"/><Nom V="TRESORERIE"/></InfoTiers>)",
           R"(<TypTiers V="26"/></InfoTiers><InfoSupplTiers><PaiementTel><NumTel3 V="04"/></PaiementTel></InfoSupplTiers>)"),
       "TypeFact 09"},
      {"pes.facture.residence", kept(), with(issuer_resides, issuer_abroad), "1"},
      {"pes.facture.residence", kept(),
       with(R"(<Ville V="RENNES"/><CodRes V="0"/>)", R"(<Ville V="RENNES"/><CodRes V="true"/>)"), "true"}};
}

std::vector<Pair> invoice_pairs() {
  const std::string titre =
      R"(<RefTitre><Exercice V="2026"/><NumBordereau V="7"/><NumTitre V="51"/><NumLigne V="1"/></RefTitre>)";
  const std::string role = R"(<RefORMC><Exercice V="2026"/><NumRole V="7"/><NumArticle V="1"/></RefORMC>)";
  const std::string of_role = R"(<TypeFact V="11"/>)";
  const auto lines_out = [](std::string_view instead) {
    std::string text(asap);
    const auto from = text.find("<LigneFacture>");
    const std::string_view end = "</TotalAPayer>";
    return text.replace(from, text.find(end) + end.size() - from, instead);
  };
  const std::string patient = lines_out(
      R"(<DossierPatient><Beneficiaire><NumDossier V="1"/></Beneficiaire></DossierPatient><LigneFacturePatient><MtRestantDu V="1"/></LigneFacturePatient>)");
  const auto as_patient = [](std::string text) {
    return aller(change(std::move(text), type, R"(<TypeFact V="10"/>)"));
  };
  const std::string other = R"(<RefTitre><Exercice V="2026"/><NumTitre V="52"/><NumLigne V="1"/></RefTitre>)";
  const auto second_other = change(second_invoice(), titre, other);
  return {
      {"pes.p8", kept(), with(type, R"(<TypeFact V="10"/>)"), "TypeFact 10"},
      {"pes.p8", as_patient(patient), aller(patient), "TypeFact 09"},
      {"pes.facture.reference", kept(), with(titre, ""), "TypeFact 09"},
      {"pes.facture.reference", with({{type, of_role}, {titre, role}}), with(type, of_role), "TypeFact 11"},
      {"pes.facture.reference_double", with("<!--more-->", second_other),
       with("<!--more-->", second_invoice()), "2026-51"},
      {"pes.facture.ligne_titre", kept(), with(R"(<NumLigne V="1"/>)", R"(<NumLigne V="2"/>)"), "2"},
      {"pes.facture.mode", kept(), with(mode, ""), "TypeFact 09"},
      {"pes.facture.mode", as_patient(patient),
       as_patient(change(patient, mode, R"(<ModeRecouvrement V="0"/>)")), "TypeFact 10, 0"},
      {"pes.facture.tip", with(R"(<MtTotalTTC V="120.00"/>)", R"(<MtTotalTTC V="150000.01"/>)"),
       with({{R"(<MtTotalTTC V="120.00"/>)", R"(<MtTotalTTC V="150000.01"/>)"},
             {mode, R"(<ModeRecouvrement V="0"/>)"}}),
       "150000.01"},
      {"pes.facture.talon",
       with("<!--talon-->", "<TalonOptique2Lignes><Ligne1 V=\"1\"/></TalonOptique2Lignes>"),
       kept(),
       {},
       1,
       "5.17"},
      {"pes.facture.adresse", kept(), with(R"(<Adr2 V="3 RUE DU DU"/>)", ""), "Debiteur"},
      {"pes.facture.adresse", kept(),
       with(destinataire, R"(<Destinataire><InfoTiers><Nom V="AUTRE"/></InfoTiers></Destinataire>)"),
       "Destinataire"},
      {"pes.facture.pays", kept(),
       with(destinataire, R"(<Destinataire><Adresse><Adr2 V="x"/><CodRes V="1"/></Adresse></Destinataire>)"),
       "Destinataire CodRes 1"},
      {"pes.facture.pays", kept(),
       with(destinataire,
            R"(<Destinataire><Adresse><CodRes V="0"/><CodPays V="132"/></Adresse></Destinataire>)"),
       "Destinataire CodRes 0, CodPays 132"},
      {"pes.facture.destinataire", kept(),
       with(
           destinataire,
           R"(<Destinataire><InfoTiers><Nom V="DEBITEUR"/></InfoTiers><Adresse><Adr2 V="3 RUE DU DU"/><Ville V="EXEMPLEVILLE"/></Adresse></Destinataire>)")},
      {"pes.facture.id_tiers", kept(), with("73282932000074\"/><NatIdTiers", "73282932000075\"/><NatIdTiers"),
       "73282932000075"},
      {"pes.facture.compte", with(account, sepa(iban)), with(account, sepa("FR7630006000011234567890188")),
       "FR76…188"},
      {"pes.facture.compte", kept(),
       with(
           account,
           R"(<CpteBancaire><CodeEtab V="30006"/><CodeGuic V="00001"/><IdCpte V="12345678901"/><CleRib V="88"/><TitCpte V="D"/></CpteBancaire>)"),
       "…901"},
      {"pes.facture.compte", kept(),
       with(
           account,
           R"(<CpteBancaire><IdPayInt V="FR76"/><CodeEtab V="30006"/><CodeGuic V="00001"/><IdCpte V="12345678901"/><CleRib V="89"/><TitCpte V="D"/></CpteBancaire>)"),
       "IdPayInt"},
      {"pes.facture.compte_francais", with(account, sepa(iban)),
       with(account, sepa("DE89370400440532013000")), "DE"},
      {"pes.facture.titulaire", with(account, sepa(iban)), with(account, sepa(iban, ""))},
      {"pes.facture.nir", as_patient(patient),
       as_patient(change(patient, R"(<NumDossier V="1"/>)",
                         R"(<NumDossier V="1"/><NIRBeneficiaire V="255081416802539"/>)")),
       "…39"}};
}

std::vector<Pair> amount_pairs() {
  return {
      {"pes.facture.montant", kept(), with(R"(<MtHT V="20.00"/>)", R"(<MtHT V="0.00"/>)"), "MtHT 0.00"},
      {"pes.facture.unite", kept(), with(R"(<Quantite V="2"/>)", ""), "h"},
      {"pes.facture.unite", kept(), with(R"(<Unite1 V="h"/>)", R"(<Unite2 V="j"/>)"), "j"},
      {"pes.facture.somme_ligne", kept(), with(R"(<MtTTC V="144.00"/>)", R"(<MtTTC V="140.00"/>)"), "140.00"},
      {"pes.facture.somme_total", kept(), with(R"(<MtTotalTVA V="20.00"/>)", R"(<MtTotalTVA V="19.00"/>)"),
       "120.00"},
      {"pes.facture.total", kept(),
       with({{R"(<MtTVA V="4.00"/><MtTTC V="24.00"/>)", R"(<MtTVA V="5.00"/><MtTTC V="25.00"/>)"}}),
       "120.00"}};
}

std::string line(std::string_view order, std::string_view more,
                 std::string_view tax = R"(<CodeTypeTVA V="S"/><TauxTVA V="20.00"/>)") {
  return std::string(more) + "<IdentifiantLigneFacture V=\"" + std::string(order) + "\"/>" + std::string(tax);
}

std::string file_of(const std::vector<std::string>& lines, std::string_view seller = "73282932000074",
                    std::string_view more = {}) {
  std::string all;
  for (const auto& one : lines)
    all += "<LigneFElectronique>" + one + "</LigneFElectronique>";
  return "<DossierFElectronique><VendeurGestionnaire><IdentifiantSIRET V=\"" + std::string(seller) + "\"/>" +
         all + "</VendeurGestionnaire>" + std::string(more) +
         "<Acheteur><IdentifiantSIRET V=\"35600000000048\"/></Acheteur></DossierFElectronique>";
}

std::string electronic(const std::string& file, std::string_view kind = "12",
                       const std::vector<Swap>& more = {}) {
  const auto of_kind = "<TypeFact V=\"" + std::string(kind) + "\"/>";
  return aller(change(change(change(std::string(asap), type, of_kind), "<!--file-->", file), more));
}

std::vector<Pair> electronic_pairs() {
  const std::string base = R"(<MtBase V="100.00"/>)";
  const std::string ht = R"(<MtHT V="100.00"/>)";
  const auto good = file_of({line("1", base + ht)});
  const auto one = [&](const std::string& text) { return electronic(file_of({text})); };
  const std::string priced = R"(<Quantite1 V="2.5"/><MtUnitaire V="40.00"/>)";
  const std::string twice = R"(<Quantite1 V="2.5"/><Quantite2 V="2"/><MtUnitaire V="20.00"/>)";
  const std::string beneficiary =
      R"(<VendeurBeneficiaire><IdentifiantSIRET V="73282932000074"/></VendeurBeneficiaire>)";
  const std::string exempt = R"(<CodeTypeTVA V="E"/><TauxTVA V="0.00"/>)";
  const std::string reason = R"(<MotifExoTVA V="Art. 261"/>)";
  const auto numbered = [&](const std::string& number) {
    return electronic(good, "12", {{"<NumeroFacture V=\"F-1\"/>", number}});
  };
  auto two = electronic(good);
  const auto from = two.find("<FactureIndiv>");
  const auto whole = two.substr(from, two.find("</FactureIndiv>") + 15 - from);
  const auto same_number = change(two, "</FactureIndiv><!--more-->", "</FactureIndiv>" + whole);
  const auto other_number =
      change(two, "</FactureIndiv><!--more-->", "</FactureIndiv>" + change(whole, "\"F-1\"", "\"F-2\""));
  return {{"pes.facture.electronique", electronic(good), electronic(""), "TypeFact 12"},
          {"pes.facture.electronique", kept(), with("<!--file-->", good), "TypeFact 09"},
          {"pes.facture.beneficiaire",
           electronic(file_of({line("1", base + ht)}, "73282932000074", beneficiary), "13"),
           electronic(file_of({line("1", base + ht)}, "73282932000074", beneficiary)), "TypeFact 12"},
          {"pes.facture.siret", electronic(good),
           electronic(file_of({line("1", base + ht)}, "73282932000075")), "73282932000075"},
          {"pes.facture.numero_ligne", electronic(file_of({line("1", base + ht), line("2", base + ht)})),
           electronic(file_of({line("1", base + ht), line("3", base + ht)})), "3"},
          {"pes.facture.montant_ligne", one(line("1", priced + ht)),
           one(line("1", priced + R"(<MtHT V="101.00"/>)")), "101.00"},
          {"pes.facture.montant_ligne", one(line("1", twice + ht)),
           one(line("1", base + R"(<MtHT V="99.00"/>)")), "99.00"},
          {"pes.facture.montant_ligne", one(line("1", R"(<MtRemise V="100.00"/>)" + ht)),
           one(line("1", R"(<MtRemise V="10.00"/>)" + ht)), "100.00"},
          {"pes.facture.taux_tva", one(line("1", base + ht, exempt + reason)),
           one(line("1", base + ht, R"(<CodeTypeTVA V="O"/><TauxTVA V="20.00"/>)")), "CodeTypeTVA O, 20.00"},
          {"pes.facture.motif_exoneration", one(line("1", base + ht, exempt + reason)),
           one(line("1", base + ht, exempt)), "E"},
          {"pes.facture.numero", numbered(R"(<NumeroFacture V="F_2026/1+a"/>)"),
           numbered(R"(<NumeroFacture V="F 2026"/>)"), "F 2026"},
          {"pes.facture.numero", electronic(good), numbered(R"(<NumeroFacture V="123456789012345678901"/>)")},
          {"pes.facture.numero_double", other_number, same_number, "F-1"}};
}

}  // namespace

std::vector<RuleCase> facture_cases() {
  std::vector<Pair> pairs;
  for (const auto& some : {common_pairs(), invoice_pairs(), amount_pairs(), electronic_pairs()})
    pairs.insert(pairs.end(), some.begin(), some.end());
  auto all = paired(pairs);
  all.push_back({"pes.facture.talon", "GoneSince526", kept(), 0});
  return all;
}

}  // namespace demat::preflight::test
