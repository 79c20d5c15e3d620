#include "protocols/xml/schema_pack.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <thread>

#include "protocols/xml/dsig.hpp"
#include "protocols/xml/source.hpp"
#include "shared_files.hpp"

namespace demat::xml {
namespace {

using test::TemporaryFolder;

/// CPU time, so that a busy machine changes nothing.
double seconds_since(std::clock_t begin) {
  return static_cast<double>(std::clock() - begin) / static_cast<double>(CLOCKS_PER_SEC);
}

constexpr const char* toml = R"(protocol = "demo"
version = "1"
title = "Demonstration"
[[entry]]
root = "R"
namespace = "urn:r"
file = "main/r.xsd"
unsupported = ["Later"]
[[entry]]
root = "Alone"
namespace = ""
file = "main/alone.xsd"
)";

constexpr const char* main_schema = R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:r="urn:r"
    xmlns:ds="http://www.w3.org/2000/09/xmldsig#" targetNamespace="urn:r">
  <xs:import namespace="http://www.w3.org/2000/09/xmldsig#" schemaLocation="../dsig/dsig.xsd"/>
  <xs:include schemaLocation="types.xsd"/>
  <xs:element name="R">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="Head" type="r:Leaf"/>
        <xs:element name="Item" type="r:Item" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="File" type="xs:base64Binary" minOccurs="0"/>
        <xs:element name="Note" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string">
          <xs:maxLength value="100"/></xs:restriction></xs:simpleType></xs:element>
        <xs:element ref="ds:X509Data" minOccurs="0"/>
      </xs:sequence>
      <xs:attribute name="Id" type="xs:ID"/>
    </xs:complexType>
  </xs:element>
</xs:schema>)";

constexpr const char* types_schema = R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:r="urn:r"
    targetNamespace="urn:r">
  <xs:complexType name="Leaf"><xs:attribute name="V" use="required"><xs:simpleType>
    <xs:restriction base="xs:string"><xs:maxLength value="5"/><xs:pattern value="[A-Z&amp;]*"/></xs:restriction>
  </xs:simpleType></xs:attribute></xs:complexType>
  <xs:complexType name="Number"><xs:attribute name="V" use="required"><xs:simpleType>
    <xs:restriction base="xs:decimal"><xs:totalDigits value="4"/><xs:fractionDigits value="2"/>
      <xs:minExclusive value="0"/></xs:restriction>
  </xs:simpleType></xs:attribute></xs:complexType>
  <xs:complexType name="Item">
    <xs:sequence>
      <xs:element name="Kind" minOccurs="0"><xs:complexType><xs:attribute name="V"><xs:simpleType>
        <xs:restriction base="xs:string"><xs:enumeration value="01"/><xs:enumeration value="02"/></xs:restriction>
      </xs:simpleType></xs:attribute></xs:complexType></xs:element>
      <xs:element name="Amount" type="r:Number" minOccurs="0"/>
      <xs:element name="Day" minOccurs="0"><xs:complexType><xs:attribute name="V" type="xs:date"/></xs:complexType>
      </xs:element>
      <xs:element name="Nom" type="r:Leaf" minOccurs="0"/>
    </xs:sequence>
    <xs:attribute name="Id" type="xs:ID"/>
  </xs:complexType>
</xs:schema>)";

// As some publications have it: an integer for the serial number, which libxml2 cannot hold (stack X1).
constexpr const char* integer_dsig = R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:ds="http://www.w3.org/2000/09/xmldsig#" targetNamespace="http://www.w3.org/2000/09/xmldsig#"
    elementFormDefault="qualified">
  <xs:element name="X509Data"><xs:complexType><xs:sequence>
    <xs:element name="X509IssuerSerial"><xs:complexType><xs:sequence>
      <xs:element name="X509IssuerName" type="xs:string"/>
      <xs:element name="X509SerialNumber" type="xs:integer"/>
    </xs:sequence></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>)";

constexpr const char* alone_schema = R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="Alone" type="xs:string"/></xs:schema>)";

/// A small pack of our own, on disk for the time of a test.
class Pack {
 public:
  Pack() {
    folder_.write("pack.toml", toml);
    folder_.write("main/r.xsd", main_schema);
    folder_.write("main/types.xsd", types_schema);
    folder_.write("main/alone.xsd", alone_schema);
    folder_.write("dsig/dsig.xsd", integer_dsig);
  }
  [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }
  [[nodiscard]] std::shared_ptr<const SchemaPack> load() const {
    auto pack = SchemaPack::load(folder_.path());
    EXPECT_TRUE(pack) << pack.error().en << pack.error().detail;
    return pack.value_or(nullptr);
  }

 private:
  TemporaryFolder folder_;
};

std::string document(const std::string& content, const std::string& attributes = {}) {
  return "<n:R xmlns:n=\"urn:r\" " + attributes + ">\n" + content + "\n</n:R>";
}

/// The report, the same from both roads.
Report both(const SchemaPack& pack, const std::string& bytes) {
  Report streamed;
  const auto status = pack.validate_stream(MemorySource{bytes}, {}, {}, streamed);
  EXPECT_TRUE(status) << status.error().en;
  const auto parsed = parse(bytes);
  EXPECT_TRUE(parsed);
  auto validated = pack.validate(*parsed);
  EXPECT_EQ(validated.findings.size(), streamed.findings.size());
  for (std::size_t i = 0; i < std::min(validated.findings.size(), streamed.findings.size()); ++i) {
    EXPECT_EQ(validated.findings[i].code, streamed.findings[i].code);
    EXPECT_EQ(validated.findings[i].place, streamed.findings[i].place);
    EXPECT_EQ(validated.findings[i].fr, streamed.findings[i].fr);
  }
  return validated;
}

TEST(SchemaPack, TellsWhatItHolds) {
  const Pack pack;
  const auto loaded = pack.load();
  EXPECT_EQ(loaded->info().protocol, "demo");
  EXPECT_EQ(loaded->info().version, "1");
  EXPECT_EQ(loaded->info().entries.size(), 2U);
  ASSERT_NE(loaded->entry("R", "urn:r"), nullptr);
  EXPECT_EQ(loaded->entry("R", "urn:r")->unsupported, std::vector<std::string>{"Later"});
  EXPECT_NE(loaded->entry("Alone", ""), nullptr);
  EXPECT_EQ(loaded->entry("R", ""), nullptr);
}

struct Fault {
  const char* name;
  std::string content;
  const char* code;  ///< of the only finding; empty for a valid document
  std::size_t line;
  const char* path;
  const char* french;  ///< part of the message
};

TEST(SchemaPack, EachFaultHasItsPlaceAndItsWords) {
  const Pack pack;
  const auto loaded = pack.load();
  const std::string head = "<Head V='A'/>\n";
  const std::vector<Fault> faults = {
      {"valid", head + "<Item><Kind V='02'/><Amount V='12.50'/></Item>", "", 0, "", ""},
      {"ampersand", "<Head V='A&amp;&#38;'/>", "", 0, "", ""},
      {"unexpected element", head + "<Item/>\n<Item>\n<Other/></Item>", "xsd.invalid", 5, "/R/Item[2]/Other",
       "cet élément n'est pas attendu ici ; attendu : Kind, Amount, Day, Nom."},
      {"missing child", "<!-- empty -->", "xsd.invalid", 1, "/R", "il manque un élément ; attendu : Head."},
      {"pattern", "<Head V='a'/>", "xsd.invalid", 2, "/R/Head",
       "la valeur « a » n'a pas la forme attendue : [A-Z&]*."},
      {"too long", "<Head V='ABCDEF'/>", "xsd.invalid", 2, "/R/Head",
       "trop longue : 6 caractères ; longueur maximale : 5 caractères."},
      {"enumeration", head + "<Item><Kind V='3'/></Item>", "xsd.invalid", 3, "/R/Item/Kind",
       "la valeur « 3 » n'est pas dans la liste admise : 01, 02."},
      {"digits", head + "<Item><Amount V='12345'/></Item>", "xsd.invalid", 3, "/R/Item/Amount",
       "a trop de chiffres ; maximum : 4."},
      {"decimals", head + "<Item><Amount V='1.234'/></Item>", "xsd.invalid", 3, "/R/Item/Amount",
       "a trop de décimales ; maximum : 2."},
      {"minimum", head + "<Item><Amount V='0'/></Item>", "xsd.invalid", 3, "/R/Item/Amount",
       "doit être plus grande que 0."},
      {"not a number", head + "<Item><Amount V='x'/></Item>", "xsd.invalid", 3, "/R/Item/Amount", "« x »"},
      {"date", head + "<Item><Day V='31/12/2024'/></Item>", "xsd.invalid", 3, "/R/Item/Day",
       "attendu : une date AAAA-MM-JJ"},
      {"missing attribute", "<Head/>", "xsd.invalid", 2, "/R/Head",
       "l'attribut V est obligatoire et manque."},
      {"unexpected attribute", "<Head V='A' x='1'/>", "xsd.invalid", 2, "/R/Head", "Head/@x : cet attribut"},
      {"text between elements", head + "oops<Item/>", "xsd.invalid", 1, "/R", "texte interdit"},
      {"text in an empty element", "<Head V='A'>x</Head>", "xsd.invalid", 2, "/R/Head", "doit être vide"},
      {"personal value", head + "<Item><Nom V='dup'/></Item>", "xsd.invalid", 3, "/R/Item/Nom",
       "Nom : la valeur n'a pas la forme attendue"},
      {"unsupported child", head + "<Later><any/><Head/></Later><Item/>", "xsd.unsupported_domain", 3,
       "/R/Later", "« Later » n'est pas pris en charge"},
      {"duplicate Id", head + "<Item Id='a'/>\n<Item Id='a'/>", "xsd.duplicate_id", 4, "/R/Item[2]",
       "deux fois"},
      {"base64", head + "<File>QUJD\nREVG</File>", "", 0, "", ""},
      {"not base64", head + "<File>QUJ</File>", "xsd.invalid", 3, "/R/File", "attendu : du base64"},
  };
  for (const auto& fault : faults) {
    SCOPED_TRACE(fault.name);
    const auto report = both(*loaded, document(fault.content));
    if (std::string_view{fault.code}.empty()) {
      EXPECT_TRUE(report.findings.empty()) << report.findings.front().en;
      continue;
    }
    ASSERT_EQ(report.findings.size(), 1U);
    const auto& finding = report.findings.front();
    EXPECT_EQ(finding.code, fault.code);
    EXPECT_EQ(finding.severity, Severity::error);
    EXPECT_EQ(finding.place.line, fault.line);
    EXPECT_EQ(finding.place.path, fault.path);
    EXPECT_NE(finding.fr.find(fault.french), std::string::npos) << finding.fr;
    EXPECT_FALSE(finding.en.empty());
    EXPECT_EQ(finding.fr.find("dup"), std::string::npos);
    EXPECT_EQ(finding.en.find("dup"), std::string::npos);
  }
}

TEST(SchemaPack, FaultsCarryValueExpectationAndRemedy) {
  const Pack pack;
  const auto loaded = pack.load();
  struct Carried {
    std::string content;
    std::string value;
    std::string expected;
  };
  const std::string head = "<Head V='A'/>\n";
  const std::vector<Carried> cases = {
      {head + "<Item><Kind V='3'/></Item>", "3", "01, 02"},
      {head + "<Item><Day V='31/12/2024'/></Item>", "31/12/2024", "une date AAAA-MM-JJ qui existe"},
      {head + "<Item><Amount V='12,50'/></Item>", "12,50",
       "un nombre, avec un point pour les décimales et sans espace"},
      {head + "<Item><Amount V='1 250.00'/></Item>", "1 250.00",
       "un nombre, avec un point pour les décimales et sans espace"},
      {head + "<Item><Amount V=''/></Item>", "",
       "un nombre, avec un point pour les décimales et sans espace"},
      {head + "<Item><Amount V='1.234'/></Item>", "1.234", "2 décimales au plus"},
      {head + "<Item><Amount V='0'/></Item>", "0", "plus de 0"},
      {"<Head V='ABCDEF'/>", "ABCDEF", "au plus 5 caractères"},
      {head + "<Item><Nom V='dup'/></Item>", "", "[A-Z&]*"},
      {head + "<Item><Other/></Item>", "", "Kind, Amount, Day, Nom"},
      {head + "<Item Id='a'/>\n<Item Id='a'/>", "a", "un Id différent pour chaque élément"},
  };
  for (const auto& one : cases) {
    const auto report = both(*loaded, document(one.content));
    ASSERT_EQ(report.findings.size(), 1U) << one.content;
    const auto& finding = report.findings.front();
    EXPECT_EQ(finding.value, one.value) << one.content;
    EXPECT_EQ(finding.expected.fr, one.expected) << one.content;
    EXPECT_EQ(finding.expected.fr.empty(), finding.expected.en.empty());
    EXPECT_FALSE(finding.remedy.fr.empty() || finding.remedy.en.empty());
  }
}

TEST(SchemaPack, UnknownRootIsNotInvalid) {
  const Pack pack;
  const auto loaded = pack.load();
  for (const std::string bytes : {"<Other/>", "<R/>", "<n:R xmlns:n='urn:other'/>", "<Head V='A'/>"}) {
    const auto report = both(*loaded, bytes);
    ASSERT_EQ(report.findings.size(), 1U) << bytes;
    EXPECT_EQ(report.findings.front().code, "xsd.unknown_root");
  }
}

TEST(SchemaPack, IgnoresSchemaLocationsOfTheDocument) {
  const Pack pack;
  const auto report = both(*pack.load(), document("<Head V='A'/>",
                                                  "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
                                                  "xsi:schemaLocation='urn:r file:///nothing.xsd'"));
  EXPECT_TRUE(report.findings.empty());
}

TEST(SchemaPack, LongSerialNumbersPassWhateverTheImportedSchemaSays) {
  const Pack pack;
  const auto report =
      both(*pack.load(),
           document("<Head V='A'/><X509Data xmlns='http://www.w3.org/2000/09/xmldsig#'><X509IssuerSerial>"
                    "<X509IssuerName>CN=x</X509IssuerName><X509SerialNumber>" +
                    std::string(48, '9') + "</X509SerialNumber></X509IssuerSerial></X509Data>"));
  EXPECT_TRUE(report.findings.empty()) << report.findings.front().en;
}

TEST(SchemaPack, LoadsAfterXmlsecHasStarted) {
  const auto signature = parse(
      "<s:Signature xmlns:s='http://www.w3.org/2000/09/xmldsig#'><s:SignedInfo><s:Reference "
      "URI=''/></s:SignedInfo>"
      "</s:Signature>");
  ASSERT_TRUE(signature);
  EXPECT_FALSE(verify_signature(*signature, signature->root(), Bytes{1})->valid);
  const Pack pack;
  EXPECT_TRUE(both(*pack.load(), document("<Head V='A'/>")).findings.empty());
}

TEST(SchemaPack, KeepsABoundedNumberOfFindings) {
  const Pack pack;
  std::string content = "<Head V='A'/>";
  for (int i = 0; i < 1000; ++i)
    content += "<Item><Kind V='x'/></Item>";
  const auto report = both(*pack.load(), document(content));
  ASSERT_EQ(report.findings.size(), limits::max_findings + 1);
  EXPECT_EQ(report.findings.back().code, "xsd.more");
}

TEST(SchemaPack, LongValuesAreShortened) {
  const Pack pack;
  const auto report =
      both(*pack.load(), document("<Head V='A'/><Item><Kind V='" + std::string(50'000, 'x') + "'/></Item>"));
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_LT(report.findings.front().fr.size(), 300U);
}

TEST(SchemaPack, StreamsABigFileInLittleTime) {
  const Pack pack;
  const auto loaded = pack.load();
  std::string base64;
  for (int i = 0; i < 400'000; ++i)
    base64 += "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9w\n";
  const auto begin = std::clock();
  for (const auto& [text, good] : {std::pair{base64 + "QUI=", true}, std::pair{base64 + "QUI", false},
                                   std::pair{base64 + "Q-==", false}}) {
    Report report;
    const auto bytes = document("<Head V='A'/><File>" + text + "</File>");
    ASSERT_TRUE(loaded->validate_stream(MemorySource{bytes}, {}, {}, report));
    EXPECT_EQ(report.findings.empty(), good);
  }
  Report report;
  const auto bytes = document("<Head V='A'/><Note>" + base64 + "</Note>");
  ASSERT_TRUE(loaded->validate_stream(MemorySource{bytes}, {}, {}, report));
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_NE(report.findings.front().en.find("too long"), std::string::npos);
  EXPECT_LT(seconds_since(begin), 30.0);
}

class Paths final : public Visitor {
 public:
  void start(const StartElement&, std::string_view path) override { seen += std::string{path} + " "; }
  void end(std::string_view, std::string_view) override {}
  void text(std::string_view piece) override { texts += piece; }
  std::string seen;
  std::string texts;
};

TEST(SchemaPack, FeedsVisitorsInTheSamePass) {
  const Pack pack;
  Paths first;
  Paths second;
  Report report;
  const auto bytes = document("<Head V='A'/><Later><x/></Later><File>QUJD</File>");
  ASSERT_TRUE(pack.load()->validate_stream(MemorySource{bytes}, {}, {&first, &second}, report));
  EXPECT_EQ(first.seen, "/R /R/Head /R/Later /R/Later/x /R/File ");
  EXPECT_EQ(second.seen, first.seen);
  EXPECT_EQ(first.texts, "\nQUJD\n");
}

TEST(SchemaPack, MalformedIsAStatusNotAFinding) {
  const Pack pack;
  Report report;
  const auto status =
      pack.load()->validate_stream(MemorySource{"<n:R xmlns:n='urn:r'><Head V='A'>"}, {}, {}, report);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, "xml.malformed");
}

TEST(SchemaPack, IsSharedByThreads) {
  const Pack pack;
  const auto loaded = pack.load();
  const auto good = document("<Head V='A'/>");
  const auto bad = document("<Head V='a'/>");
  std::vector<int> right(4);
  std::vector<std::thread> threads;
  for (auto& count : right)
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        Report report;
        const bool want_good = i % 2 == 0;
        const auto status = loaded->validate_stream(MemorySource{want_good ? good : bad}, {}, {}, report);
        if (status && report.findings.empty() == want_good) ++count;
      }
    });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(right, std::vector<int>(4, 200));
}

struct BadPack {
  const char* name;
  const char* file;
  std::string bytes;
  const char* code;
};

TEST(SchemaPack, RefusesABadPackByItsReason) {
  const std::string entry = "\n[[entry]]\nroot='R'\nnamespace='urn:r'\nfile='main/r.xsd'\n";
  const std::string top = "protocol='p'\nversion='1'\ntitle='t'";
  const std::vector<BadPack> packs = {
      {"syntax", "pack.toml", "protocol = ", "pack.invalid"},
      {"a key begins with a line end", "pack.toml", top + "\n[[\nentry]]", "pack.invalid"},
      {"a letter beyond ASCII in a key", "pack.toml", top + "\nclé = 1" + entry, "pack.invalid"},
      {"not UTF-8", "pack.toml", top + "\nx = '\xE9'" + entry, "pack.invalid"},
      {"no entry", "pack.toml", top, "pack.invalid"},
      {"no version", "pack.toml", "protocol='p'\ntitle='t'" + entry, "pack.invalid"},
      {"unknown key", "pack.toml", top + "\ncolour='blue'" + entry, "pack.invalid"},
      {"unknown key of an entry", "pack.toml", top + entry + "roots='x'", "pack.invalid"},
      {"wrong type", "pack.toml", top + entry + "unsupported='x'", "pack.invalid"},
      {"twice", "pack.toml", top + entry + entry, "pack.invalid"},
      {"outside", "pack.toml", top + "\n[[entry]]\nroot='R'\nnamespace='urn:r'\nfile='../r.xsd'\n",
       "pack.invalid"},
      {"absolute", "pack.toml", top + "\n[[entry]]\nroot='R'\nnamespace='urn:r'\nfile='/r.xsd'\n",
       "pack.invalid"},
      {"no such file", "pack.toml", top + "\n[[entry]]\nroot='R'\nnamespace='urn:r'\nfile='r.xsd'\n",
       "pack.schema"},
      {"not a schema", "main/r.xsd", "<a/>", "pack.schema"},
      {"broken include", "main/types.xsd", "<xs:schema", "pack.schema"},
      {"include outside", "main/r.xsd",
       "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:r'><xs:include "
       "schemaLocation='../../../outside.xsd'/></xs:schema>",
       "pack.schema"},
      {"include by http", "main/r.xsd",
       "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:r'><xs:include "
       "schemaLocation='http://127.0.0.1:9/x.xsd'/></xs:schema>",
       "pack.schema"},
  };
  for (const auto& bad : packs) {
    const Pack pack;
    pack.folder().write(bad.file, bad.bytes);
    const auto loaded = SchemaPack::load(pack.folder().path());
    ASSERT_FALSE(loaded) << bad.name;
    EXPECT_EQ(loaded.error().code, bad.code) << bad.name << loaded.error().en;
    EXPECT_FALSE(loaded.error().fr.empty());
  }
  const auto absent = SchemaPack::load(TemporaryFolder{}.path() / "absent");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, "pack.unreadable");
  EXPECT_NE(absent.error().fr.find("absent »"), std::string::npos) << absent.error().fr;
}

}  // namespace
}  // namespace demat::xml
