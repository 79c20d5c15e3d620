#include "protocols/xsd/diff.hpp"

#include <gtest/gtest.h>

#include "../xml/shared_files.hpp"

namespace demat::xsd {
namespace {

constexpr std::string_view schema =
    R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:p" targetNamespace="urn:p">
<xs:include schemaLocation="types.xsd"/>
<xs:element name="Flux"><xs:complexType><xs:sequence>
  <xs:element name="Code" type="Code"/>
  <xs:element name="Objet" type="Texte" minOccurs="0"/>
  <xs:choice><xs:element name="Rib" type="Texte"/><xs:element name="Iban" type="Texte"/></xs:choice>
  <xs:element name="Ligne" maxOccurs="unbounded"><xs:complexType><xs:sequence>
    <xs:element name="Montant" type="Montant"/></xs:sequence><xs:attribute name="Id" type="xs:ID"/></xs:complexType></xs:element>
</xs:sequence></xs:complexType></xs:element></xs:schema>)";

// A chameleon: it takes the namespace of its includer.
constexpr std::string_view types = R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:simpleType name="S-code"><xs:restriction base="xs:string"><xs:enumeration value="01"/><xs:enumeration value="02"/></xs:restriction></xs:simpleType>
<xs:complexType name="Code"><xs:attribute name="V" type="S-code" use="required"/></xs:complexType>
<xs:complexType name="Texte"><xs:attribute name="V" use="required"><xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="20"/></xs:restriction></xs:simpleType></xs:attribute></xs:complexType>
<xs:complexType name="Montant"><xs:attribute name="V" use="required"><xs:simpleType><xs:restriction base="xs:decimal"><xs:fractionDigits value="2"/></xs:restriction></xs:simpleType></xs:attribute></xs:complexType>
</xs:schema>)";

const xml::PackEntry entry{"Flux", "urn:p", "main.xsd", {}};

std::string edited(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const auto at = out.find(from);
  if (!from.empty() && at != std::string::npos) out.replace(at, from.size(), to);
  return out;
}

Grammar grammar(const std::string& main, const std::string& included) {
  const test::TemporaryFolder folder;
  folder.write("main.xsd", main);
  folder.write("types.xsd", included);
  auto read = read_grammar(folder.path(), entry);
  EXPECT_TRUE(read) << (read ? "" : read.error().detail);
  return read ? *read : Grammar{};
}

struct Case {
  const char* name;
  std::string_view from, to;         // edit of whichever of both files holds it
  std::vector<std::string> changes;  // "code path effect"
};

class Diff : public testing::TestWithParam<Case> {};

TEST_P(Diff, NamesWhatChanges) {
  const auto& c = GetParam();
  const auto before = grammar(std::string(schema), std::string(types));
  const auto after = grammar(edited(schema, c.from, c.to), edited(types, c.from, c.to));
  std::vector<std::string> seen;
  for (const auto& change : compare(before, after))
    seen.push_back(change.code + " " + change.path + " " + to_string(change.effect));
  EXPECT_EQ(seen, c.changes);
}

INSTANTIATE_TEST_SUITE_P(
    Schemas, Diff,
    testing::Values(
        Case{"nothing", "", "", {}},
        Case{"optional_element",
             R"(<xs:element name="Objet")",
             R"(<xs:element name="Plus" type="Texte" minOccurs="0"/><xs:element name="Objet")",
             {"element.added Flux/Plus widens"}},
        Case{"mandatory_element",
             R"(<xs:element name="Objet")",
             R"(<xs:element name="Plus" type="Texte"/><xs:element name="Objet")",
             {"element.added Flux/Plus tightens"}},
        Case{"removed_element",
             R"(<xs:element name="Objet" type="Texte" minOccurs="0"/>)",
             "",
             {"element.removed Flux/Objet tightens"}},
        Case{"now_mandatory",
             R"(type="Texte" minOccurs="0")",
             R"(type="Texte")",
             {"cardinality.changed Flux/Objet tightens"}},
        Case{"once_only", R"(maxOccurs="unbounded")", "", {"cardinality.changed Flux/Ligne tightens"}},
        Case{"new_code",
             R"(<xs:enumeration value="02"/>)",
             R"(<xs:enumeration value="02"/><xs:enumeration value="03"/>)",
             {"value.changed Flux/Code widens"}},
        Case{"other_code",
             R"(<xs:enumeration value="02"/>)",
             R"(<xs:enumeration value="03"/>)",
             {"value.changed Flux/Code both"}},
        Case{"shorter",
             R"(<xs:maxLength value="20"/>)",
             R"(<xs:maxLength value="19"/>)",
             {"value.changed Flux/Objet tightens", "value.changed Flux/Rib tightens",
              "value.changed Flux/Iban tightens"}},
        Case{"same_values_otherwise_written",
             R"(<xs:maxLength value="20"/>)",
             R"(<xs:maxLength value="30"/><xs:maxLength value="20"/>)",
             {}},
        Case{"more_decimals",
             R"(<xs:fractionDigits value="2"/>)",
             R"(<xs:fractionDigits value="3"/>)",
             {"value.changed Flux/Ligne/Montant widens"}},
        Case{
            "no_choice",
            R"(<xs:choice><xs:element name="Rib" type="Texte"/><xs:element name="Iban" type="Texte"/></xs:choice>)",
            R"(<xs:element name="Rib" type="Texte" minOccurs="0"/><xs:element name="Iban" type="Texte" minOccurs="0"/>)",
            {"choice.changed Flux widens"}},
        Case{"order",
             R"(<xs:element name="Code" type="Code"/>
  <xs:element name="Objet" type="Texte" minOccurs="0"/>)",
             R"(<xs:element name="Objet" type="Texte" minOccurs="0"/><xs:element name="Code" type="Code"/>)",
             {"order.changed Flux both"}},
        Case{"attribute_mandatory",
             R"(name="Id" type="xs:ID")",
             R"(name="Id" type="xs:ID" use="required")",
             {"attribute.required Flux/Ligne/@Id tightens"}},
        Case{"attribute_gone",
             R"(<xs:attribute name="Id" type="xs:ID"/>)",
             "",
             {"attribute.removed Flux/Ligne/@Id tightens"}},
        Case{
            "subtree",
            R"(<xs:element name="Montant" type="Montant"/>)",
            R"(<xs:element name="Montant" type="Montant"/><xs:element name="Sous" minOccurs="0"><xs:complexType><xs:sequence><xs:element name="A" type="Texte"/></xs:sequence></xs:complexType></xs:element>)",
            {"element.added Flux/Ligne/Sous widens"}}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Diff, SaysWhatItCannotCompare) {
  const auto change = [](std::string_view from, std::string_view to) {
    const auto after = compare(grammar(std::string(schema), std::string(types)),
                               grammar(std::string(schema), edited(types, from, to)));
    return after.empty() ? std::string() : after[0].code + " " + to_string(after[0].effect);
  };
  EXPECT_EQ(change(R"(<xs:restriction base="xs:decimal"><xs:fractionDigits value="2"/></xs:restriction>)",
                   R"(<xs:union memberTypes="xs:decimal xs:date"/>)"),
            "value.unknown both");
  EXPECT_EQ(change(R"(base="xs:decimal")", R"(base="xs:notAType")"), "value.unknown both");
}

/// A part inside a part of its own kind: read once at each place, and no deeper.
TEST(Grammar, EndsWithTypesInsideThemselves) {
  const test::TemporaryFolder folder;
  folder.write(
      "main.xsd",
      R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:p" targetNamespace="urn:p">
    <xs:complexType name="Part"><xs:sequence><xs:element name="A" type="Part" minOccurs="0"/>
    <xs:element name="B" type="Part" minOccurs="0"/><xs:element name="C" type="Part" minOccurs="0"/></xs:sequence></xs:complexType>
    <xs:element name="Flux" type="Part"/></xs:schema>)");
  const auto read = read_grammar(folder.path(), entry);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->nodes.size(), 4U);
}

TEST(Grammar, SaysWhyAFileCannotBeRead) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(read_grammar(folder.path(), entry).error().code, "pack.unreadable");
  folder.write("main.xsd", "<xs:schema");
  EXPECT_EQ(read_grammar(folder.path(), entry).error().code, "pack.unreadable");
  folder.write("main.xsd", R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>)");
  EXPECT_EQ(read_grammar(folder.path(), entry).error().code, "pack.schema");
}

}  // namespace
}  // namespace demat::xsd
