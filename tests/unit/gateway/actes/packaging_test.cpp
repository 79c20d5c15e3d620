#include "gateway/actes/packaging.hpp"

#include "cms_kit.hpp"
#include "protocols/actes/budget.hpp"
#include "protocols/actes/read.hpp"
#include "protocols/archive/reader.hpp"
#include "protocols/base/digest.hpp"
#include "protocols/base/limits.hpp"
#include "road_rig.hpp"
#include "tests/support/shared.hpp"

namespace demat::actes_road {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Deposit full() {
  Deposit out;
  out.code = Code::pieces;
  out.number = "A1";
  out.date = "2026-01-15";
  out.nature = "1";
  out.matieres = "7.1";
  out.object = "L'été \"à\" 100 % <&> €";
  out.previous_id = "p";
  out.paper = "O";
  out.classification_date = "2026-01-01";
  out.about = FlowId{"f"};
  out.letter = LetterId{"l"};
  out.id_acte = "i";
  out.letter_date = "2026-02-01";
  out.mark = "m";
  out.files = {{"acte", "a b.pdf", "99_DE", Sha256{std::string(64, 'a')}, 12, "MII="},
               {"annexe", "é.png", "21_RP", Sha256{std::string(64, 'b')}, 0, {}}};
  return out;
}

TEST(Manifests, AreReadBackAndTheSameBytes) {
  const auto json = to_manifest(full());
  const auto back = from_manifest(json);
  ASSERT_TRUE(back);
  EXPECT_EQ(to_manifest(*back), json);
  EXPECT_EQ(back->code, Code::pieces);
  EXPECT_EQ(back->object, full().object);
  ASSERT_EQ(back->files.size(), 2U);
  EXPECT_EQ(back->files[0].signature, "MII=");
  EXPECT_EQ(back->files[0].size, 12U);
  EXPECT_EQ(back->files[1].name, "é.png");
  auto other = full();
  other.mark = "n";
  EXPECT_NE(to_manifest(other), json);
}

TEST(Manifests, ThatNobodyMadeAreRefused) {
  for (const std::string text : {"", "[]", "{}", R"({"message":"9-9","files":[]})", R"({"message":"1-1"})",
                                 R"({"message":"1-1","files":[1]})"}) {
    const auto read = from_manifest(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, "actes.manifest");
    EXPECT_EQ(read.error().outlook, Outlook::waiting);
  }
}

TEST(Conventions, CoverNaturesAndMatieres) {
  auto deposit = full();
  deposit.code = Code::acte;
  flow::ActesSettings settings;
  const auto places = [&] {
    std::vector<std::string> out;
    for (const auto& finding : check_convention(deposit, settings).findings)
      out.push_back(finding.place.path);
    return out;
  };
  EXPECT_THAT(places(), IsEmpty());
  settings.natures = {"2", "5"};
  settings.matieres = {"7.10", "8"};
  EXPECT_THAT(places(), ElementsAre("nature", "matieres"));
  settings.natures = {"1"};
  settings.matieres = {"7"};
  EXPECT_THAT(places(), IsEmpty());
  deposit.matieres = "71.1";
  EXPECT_THAT(places(), ElementsAre("matieres"));
  deposit.code = Code::cancellation;
  EXPECT_THAT(places(), IsEmpty());
}

class Packages : public RoadRig {
 protected:
  struct Files final : archive::EntrySink {
    Status begin(const archive::Entry& entry) override {
      return names.push_back(entry.name), bytes.emplace_back(), Status{};
    }
    Status piece(std::string_view more) override { return bytes.back().append(more), Status{}; }
    Status end() override { return {}; }
    std::vector<std::string> names, bytes;
  };
  PackagingContext context() {
    return {settings,
            settings_->destinations[0].prefecture,
            "2026-01-01",
            clock_.now(),
            [this](const std::string& key) {
              last_key = key;
              return Result<std::uint64_t>(serial);
            },
            [this] { return store_->new_payload(); },
            [this](const Sha256& name) { return store_->open_payload(name); }};
  }
  /// Puts the bytes into the store, where packaging finds them.
  Deposit kept(Deposit deposit, const std::vector<std::string>& bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      auto payload = stage(bytes[i]);
      deposit.files[i].sha256 = payload.sha256();
      deposit.files[i].size = payload.size();
      store::NewReturn item;
      item.destination = DestinationName{"x"};
      item.remote_name = std::to_string(++kept_);
      EXPECT_TRUE(store_->import_return(item, std::move(payload)));
    }
    return deposit;
  }
  static Files listed(const Package& made) {
    Files files;
    EXPECT_TRUE(archive::read_tar_gz(made.archive.bytes(), files));
    return files;
  }
  static std::string whole(const ByteSource& source) {
    std::string out(source.size(), '\0');
    EXPECT_TRUE(source.read(0, out));
    return out;
  }
  void expect_valid(const std::string& xml, const std::string& schema) {
    if (!std::filesystem::exists("/usr/bin/xmllint")) GTEST_SKIP() << "xmllint is not installed";
    const std::filesystem::path source(DEMAT_SOURCE_DIR);
    std::vector<std::filesystem::path> schemas{source / "schemas" / "actes" / "2.2" / schema};
    if (const auto shared = samples::shared_folder(source))
      if (const auto file = *shared / "schemas" / "actes" / "actesv1_1-2018-stela" / "actesv1_1.xsd";
          std::filesystem::exists(file))
        schemas.push_back(file);
    for (const auto& one : schemas) {
      const auto said =
          tools.run({"xmllint", "--nonet", "--noout", "--schema", one.string(), tools.file("x.xml", xml)});
      EXPECT_EQ(said.code, 0) << one << said.text << xml;
    }
  }

  flow::ActesSettings settings = settings_of(town);
  std::uint64_t serial = 7;
  std::string last_key;
  papers::kit::Tools tools;

 private:
  int kept_ = 0;
};

TEST_F(Packages, AnActeLeavesUnderItsNames) {
  auto deposit = RoadRig::deposit();
  deposit.object = "Été & <travaux>";
  deposit.files.push_back({"annexe", "plan.png", "21_RP", {}, 0, {}});
  deposit.files[0].signature = "TUlJ";
  settings.contact_name = "Mairie";
  deposit = kept(deposit, {pdf(), "\x89PNG\r\n\x1a\n rest"});
  const auto made = package(deposit, {actes::Media::pdf, actes::Media::png}, context());
  ASSERT_TRUE(made) << made.error().code;
  EXPECT_EQ(made->archive_name, "TRI-TACT--123456782--20260225-7.tar.gz");
  EXPECT_EQ(made->classification_date, "2026-01-01");
  EXPECT_EQ(last_key, "actes:123456782:20260225");
  const auto files = listed(*made);
  EXPECT_THAT(files.names,
              ElementsAre("TACT--123456782--20260225-7.xml", "034-123456782-20260115-A1-DE-1-1_0.xml",
                          "99_DE-034-123456782-20260115-A1-DE-1-1_1.pdf",
                          "21_RP-034-123456782-20260115-A1-DE-1-1_2.png"));
  EXPECT_EQ(files.bytes[2], pdf());
  const auto envelope = actes::read_envelope(files.bytes[0]).value();
  EXPECT_THAT(envelope.return_addresses, ElementsAre("passerelle@exemple.fr", "mairie@exemple.fr"));
  EXPECT_EQ(envelope.forms.at(0).name, files.names[1]);
  const auto message = actes::read_message(files.bytes[1]).value();
  const auto& acte = std::get<actes::ActeMessage>(message.body).acte;
  EXPECT_EQ(acte.object, "Été & <travaux>");
  EXPECT_EQ(acte.document.name, files.names[2]);
  EXPECT_EQ(acte.document.signature, "TUlJ");
  EXPECT_EQ(acte.annexes.at(0).name, files.names[3]);
  EXPECT_THAT(acte.matieres, ElementsAre("7", "1"));
  expect_valid(files.bytes[0], "enveloppe.xsd");
  expect_valid(files.bytes[1], "acte.xsd");

  const auto archive = whole(made->archive.bytes());
  const auto said = tools.run({"tar", "tvzf", tools.file("a.tar.gz", archive)});
  EXPECT_EQ(said.code, 0) << said.text;
  for (const auto& name : files.names)
    EXPECT_THAT(said.text, HasSubstr(name));
  const auto again = package(deposit, {actes::Media::pdf, actes::Media::png}, context());
  EXPECT_EQ(whole(again->archive.bytes()), archive);
}

TEST_F(Packages, EveryMessageOfAnAuthorityIsValid) {
  struct Case {
    Code code;
    std::string xml_name, schema;
    std::size_t files;
    bool gateway_only;
  };
  // Names hold the day of the acte, as its IDActe says it; the letter's day is in the message.
  const std::string day = "034-123456782-20260115-A1-DE-";
  for (const auto& c :
       {Case{Code::letter_answer, day + "2-2_0.xml", "courrier.xsd", 1, false},
        Case{Code::pieces_request_receipt, day + "3-2_0.xml", "courrier.xsd", 0, true},
        Case{Code::pieces_refusal, day + "3-3_0.xml", "courrier.xsd", 1, false},
        Case{Code::pieces, day + "3-4_0.xml", "courrier.xsd", 2, false},
        Case{Code::observations_receipt, day + "4-2_0.xml", "courrier.xsd", 0, true},
        Case{Code::observations_rejection, day + "4-3_0.xml", "courrier.xsd", 1, false},
        Case{Code::observations_answer, day + "4-4_0.xml", "courrier.xsd", 1, false},
        Case{Code::cancellation, "034-123456782-20260115-A1-DE-6-1_0.xml", "suite.xsd", 0, false},
        Case{Code::classification_request, "034-123456782----7-1_0.xml", "classification.xsd", 0, true}}) {
    Deposit deposit;
    deposit.code = c.code;
    deposit.number = "A1";
    deposit.date = "2026-01-15";
    deposit.nature = "1";
    deposit.id_acte = acte_id();
    if (c.schema == "courrier.xsd") deposit.letter_date = "2026-02-01";
    if (c.code == Code::classification_request) deposit.classification_date = "2001-01-01";
    std::vector<std::string> bytes;
    for (std::size_t i = 0; i < c.files; ++i) {
      deposit.files.push_back({"acte", "f.pdf", "99_DE", {}, 0, {}});
      bytes.push_back(pdf(std::to_string(i)));
    }
    deposit = kept(deposit, bytes);
    const auto made = package(deposit, std::vector<actes::Media>(c.files, actes::Media::pdf), context());
    ASSERT_TRUE(made) << c.xml_name << made.error().code;
    const auto files = listed(*made);
    EXPECT_EQ(files.names.size(), 2 + c.files);
    EXPECT_EQ(files.names.at(1), c.xml_name);
    expect_valid(files.bytes[1], c.schema);
    const auto addresses = actes::read_envelope(files.bytes[0]).value().return_addresses;
    EXPECT_EQ(addresses.size(), c.gateway_only ? 1U : 2U) << c.xml_name;
    EXPECT_EQ(addresses.at(0), "passerelle@exemple.fr");
  }
}

TEST_F(Packages, TheDayEndsAt9999) {
  const auto deposit = kept(RoadRig::deposit(), {pdf()});
  serial = 9999;
  EXPECT_EQ(package(deposit, {actes::Media::pdf}, context())->archive_name,
            "TRI-TACT--123456782--20260225-9999.tar.gz");
  serial = 10'000;
  const auto made = package(deposit, {actes::Media::pdf}, context());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "actes.serial.exhausted");
  EXPECT_EQ(made.error().outlook, Outlook::waiting);
}

TEST_F(Packages, TheDayIsThatOfParis) {
  clock_.advance(std::chrono::hours(17));  // 23:13 UTC
  EXPECT_EQ(paris_date(clock_.now()), "2026-02-26");
  EXPECT_EQ(next_name(context())->date, "20260226");
}

class FileContents : public RoadRig {
 protected:
  Result<Contents> look(const std::vector<std::string>& files, const std::string& nature = "1",
                        bool scan_them = true, const std::string& role = "acte",
                        const std::string& matieres = "7.1") {
    auto item = RoadRig::deposit();
    item.nature = nature;
    item.matieres = matieres;
    item.files.clear();
    std::map<Sha256, std::string> all;
    for (const auto& bytes : files) {
      item.files.push_back({role, "misleading.doc", "99_DE", sha256(bytes), bytes.size(), {}});
      all[sha256(bytes)] = bytes;
    }
    const auto scanner = scan_them
                             ? pipeline::Scanner([this](const ByteSource& bytes) { return scan(bytes); })
                             : pipeline::Scanner{};
    return look_into(item,
                     [&](const Sha256& name) {
                       return Result<store::Payload>(std::make_shared<StringSource>(all.at(name)));
                     },
                     {scanner, budgets_});
  }
  class StringSource final : public ByteSource {
   public:
    explicit StringSource(std::string bytes) : bytes_(std::move(bytes)) {}
    [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
      return MemorySource(bytes_).read(offset, buffer);
    }
    [[nodiscard]] std::size_t size() const override { return bytes_.size(); }

   private:
    std::string bytes_;
  };

  std::shared_ptr<const xml::SchemaPack> budgets_;  ///< null: no schema
};

/// A sealed budget that the schema finds wanting still goes, with its remarks.
TEST_F(FileContents, BudgetsAreHeldAgainstTheirSchema) {
  const std::string plain =
      R"(<DocumentBudgetaire xmlns="http://www.minefi.gouv.fr/cp/demat/docbudgetaire"><VersionSchema V="87"/>)"
      R"(<EnTeteDocBudgetaire><DteStr V="2026-02-30"/><LibellePoste V="P"/><IdPost V="034000"/><LibelleColl V="C"/>)"
      R"(<NatCEPL V="Commune"/></EnTeteDocBudgetaire><Budget><EnTeteBudget><LibelleEtab V="C"/><CodColl V="123"/>)"
      R"(<CodBud V="00"/><Nomenclature V="M57"/></EnTeteBudget><BlocBudget><NatDec V="01"/><Exer V="2026"/>)"
      R"(<BudgPrec V="1"/><ReprRes V="1"/><NatFonc V="9"/><CodTypBud V="P"/></BlocBudget><InformationsGenerales/>)"
      R"(<LigneBudget><Nature V="60611"/></LigneBudget></Budget></DocumentBudgetaire>)";
  const auto sealed = actes::seal_budget(plain, "2026-02-25T10:00:00").value();
  EXPECT_THAT(look({sealed}, "5")->report.findings, IsEmpty());
  const auto pack = xml::SchemaPack::load(std::string(DEMAT_SOURCE_DIR) + "/schemas/pes/5.30");
  ASSERT_TRUE(pack) << pack.error().detail;
  budgets_ = *pack;
  const auto found = look({sealed}, "5");
  ASSERT_TRUE(found);
  EXPECT_THAT(codes(found->report), testing::Each("actes.budget.schema"));
  EXPECT_FALSE(found->report.refused());
  std::string places;
  for (const auto& finding : found->report.findings)
    places += finding.place.path + "\n";
  EXPECT_THAT(places, HasSubstr("DteStr"));
  EXPECT_THAT(places, HasSubstr("NatFonc"));
  EXPECT_THAT(codes(look({"<form/>"}, "5", true, "annexe")->report), IsEmpty());
}

TEST_F(FileContents, AreKnownByTheirBytesNotTheirNames) {
  using actes::Media;
  const auto found =
      look({pdf(), "\xFF\xD8\xFF\xE0 jpeg", "\x89PNG\r\n\x1a\n", "<?xml version=\"1.0\"?><a/>", "text"});
  ASSERT_TRUE(found);
  EXPECT_THAT(found->media, ElementsAre(Media::pdf, Media::jpeg, Media::png, Media::xml, Media::other));
  EXPECT_FALSE(found->report.refused());
}

TEST_F(FileContents, BrokenPdfsAndThreatsAreTold) {
  EXPECT_THAT(codes(look({"%PDF-1.4 nothing more"})->report), Contains("actes.pdf.corrupt"));
  const auto bad = look({"%PDF-1.4 EICAR", pdf()});
  ASSERT_TRUE(bad);
  EXPECT_TRUE(bad->infected);
  EXPECT_THAT(codes(bad->report), ElementsAre("antivirus.infected"));
  EXPECT_EQ(bad->media.size(), 2U);
  scanner_down_ = true;
  const auto down = look({pdf()});
  ASSERT_FALSE(down);
  EXPECT_EQ(down.error().outlook, Outlook::waiting);
  EXPECT_TRUE(look({pdf()}, "1", false));
}

TEST_F(FileContents, EverySignatureOfAFileIsTakenWithWhatItBrings) {
  using papers::kit::signed_pdf;
  const papers::kit::Identity mayor("Maire"), clerk("Secrétaire"), authority("Autorité");
  const auto first = signed_pdf(pdf(), mayor, {.cms = {.names_certificate = true, .beside = &authority}});
  const auto both = signed_pdf(first, clerk, {.field = "Signature2"});
  const auto found = look({both});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->signatures.size(), 2U);
  const auto &one = found->signatures[0], &two = found->signatures[1];
  EXPECT_EQ(one.format, "PAdES");
  EXPECT_EQ(one.id, "Signature1");
  ASSERT_TRUE(one.extent && two.extent);
  EXPECT_EQ(one.extent->covered, first.size());
  EXPECT_EQ(one.extent->of, both.size());
  EXPECT_EQ(two.extent->covered, both.size());
  ASSERT_EQ(one.offered.size(), 1U);
  EXPECT_EQ(as_text(one.offered[0]), authority.certificate_der());
  EXPECT_EQ(one.naming, trust::Naming::named);
  EXPECT_EQ(two.naming, trust::Naming::missing) << "ETSI.CAdES.detached asks for it";
}

TEST_F(FileContents, SignersAreTaken) {
  const papers::kit::Identity mayor("Maire");
  const auto bytes = papers::kit::signed_pdf(pdf(), mayor);
  const auto found = look({bytes, pdf()});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->signatures.size(), 1U);
  EXPECT_EQ(found->signatures[0].cryptography, trust::Indication::passed);
  EXPECT_EQ(as_text(found->signatures[0].certificate_der), mayor.certificate_der());
  EXPECT_EQ(found->signatures[0].digest, "SHA256");
  EXPECT_FALSE(found->signatures[0].integrity_only);
  struct Row {
    const char* nature;
    const char* matieres;
    bool integrity_only;
  };
  for (const auto& row : {Row{"4", "1.1", true}, Row{"4", "1.1.2", true}, Row{"4", "1.10", false},
                          Row{"4", "1.2", false}, Row{"1", "1.1", false}})
    EXPECT_EQ(look({bytes}, row.nature, true, "acte", row.matieres)->signatures.at(0).integrity_only,
              row.integrity_only)
        << row.nature << " " << row.matieres;
}

TEST_F(FileContents, ABudgetIsSealed) {
  const std::string plain =
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"
      "<DocumentBudgetaire xmlns=\"http://www.minefi.gouv.fr/cp/demat/docbudgetaire\"><VersionSchema "
      "V=\"72\"/>"
      "<EnTeteDocBudgetaire><LibelleColl V=\"Ville\"/><IdColl V=\"12345678200011\"/></EnTeteDocBudgetaire>"
      "<Budget><EnTeteBudget><Nomenclature V=\"M57-M57\"/></EnTeteBudget><BlocBudget><NatDec V=\"09\"/>"
      "<Exer V=\"2026\"/></BlocBudget></Budget></DocumentBudgetaire>\n";
  EXPECT_THAT(codes(look({plain}, "5")->report), ElementsAre("actes.budget.not_sealed"));
  EXPECT_THAT(codes(look({plain}, "1")->report), IsEmpty());
  const auto sealed = actes::seal_budget(plain, "2026-02-25").value();
  EXPECT_THAT(codes(look({sealed}, "5")->report), IsEmpty());

  // An annexe is a budget or any other form; as a budget it is sealed too.
  const std::string form = "<?xml version=\"1.0\"?><Formulaire><Ligne/></Formulaire>";
  EXPECT_THAT(codes(look({form}, "5")->report), ElementsAre("actes.budget.not_budget"));
  EXPECT_THAT(codes(look({form}, "5", true, "annexe")->report), IsEmpty());
  EXPECT_THAT(codes(look({plain}, "5", true, "annexe")->report), ElementsAre("actes.budget.not_sealed"));
  EXPECT_THAT(codes(look({sealed}, "5", true, "annexe")->report), IsEmpty());
  auto changed = sealed;
  changed.replace(changed.find("\"2026\""), 6, "\"2027\"");
  EXPECT_THAT(codes(look({changed}, "5", true, "annexe")->report), ElementsAre("actes.budget.seal"));
}

/// XML that says to be larger than anything that is read.
class EndlessXml final : public ByteSource {
 public:
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    return MemorySource("<?xml version=\"1.0\"?><DocumentBudgetaire/>").read(offset, buffer);
  }
  [[nodiscard]] std::size_t size() const override { return limits::max_return_bytes + 1; }
};

TEST_F(FileContents, ABudgetThatCannotBeReadAsAWholeIsRefused) {
  auto item = RoadRig::deposit();
  item.nature = "5";
  const auto found = look_into(
      item, [](const Sha256&) { return Result<store::Payload>(std::make_shared<EndlessXml>()); }, {});
  ASSERT_TRUE(found);
  EXPECT_THAT(codes(found->report), ElementsAre("actes.budget.too_large"));
}

}  // namespace
}  // namespace demat::actes_road
