// What we sign, told by the stock xmlsec1 to be sound for a chain of three, without any help of ours; and
// nothing but signatures added, by a comparison that knows nothing of our own.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "pki_kit.hpp"
#include "protocols/xades/sign.hpp"
#include "protocols/xades/splice.hpp"
#include "protocols/xml/parser.hpp"

using namespace demat;

namespace {

/// Root, signing authority, and a signer with a key that Hélios takes.
const test::Pki& chain() {
  static const test::Pki pki = [] {
    test::HolderWish root, sub, leaf;
    root.name = "Racine d'essai";
    sub.name = "AC de signature d'essai";
    root.authority = sub.authority = true;
    root.elliptic = sub.elliptic = leaf.elliptic = false;
    test::Pki made;
    made.root = test::issue(root, nullptr);
    made.sub = test::issue(sub, &made.root);
    made.leaf = test::issue(leaf, &made.sub);
    return made;
  }();
  return pki;
}

xades::SignRequest request() {
  static const test::Identity signer = [] {
    test::Identity identity;
    EVP_PKEY_up_ref(chain().leaf.key.get());
    identity.key.reset(chain().leaf.key.get());
    identity.der = chain().leaf.der();
    return identity;
  }();
  return test::make_request(signer);
}

std::string sign(const std::string& bytes) {
  const auto document = xml::parse(bytes);
  return xades::sign_pes(*document, bytes, request()).value();
}

/// As a large flow is signed: its long texts left where they are.
std::string sign_lean(const std::string& bytes) {
  const MemorySource source(bytes);
  const auto document = xml::parse_lean(source);
  EXPECT_TRUE(document->lean());
  const auto plan = xades::plan_signatures(*document, bytes.size(), request());
  const auto output = xades::SplicedSource::make(source, *plan);
  std::string out(output->size(), '\0');
  for (std::size_t at = 0; at < out.size();)
    at += output->read(at, {out.data() + at, out.size() - at}).value();
  return out;
}

std::string without_signatures(std::string bytes) {
  for (auto at = bytes.find("<ds:Signature "); at != std::string::npos; at = bytes.find("<ds:Signature ", at))
    bytes.erase(at, bytes.find("</ds:Signature>", at) + 15 - at);
  return bytes;
}

struct Flow {
  const char* name;
  std::string clear;
  std::string output;
  std::size_t signatures;
};

std::vector<Flow> flows() {
  const auto flow = [](const char* name, const test::PesWish& wish, std::size_t signatures) {
    const auto clear = test::make_pes(wish);
    return Flow{name, clear, sign(clear), signatures};
  };
  test::PesWish utf8, several, global, hundred;
  utf8.encoding = "UTF-8";
  several.depense_ids = {"D1", "D2"};
  several.recette_ids = {"R1"};
  global.root_id = "PES1";
  global.depense_ids = {""};
  hundred.depense_ids.clear();
  for (int i = 0; i < 100; ++i)
    hundred.depense_ids.push_back(fmt::format("BORD{}", i));
  std::vector<Flow> all{flow("ISO-8859-1", {}, 1), flow("UTF-8", utf8, 1),
                        flow("dépense and recette", several, 3), flow("global", global, 1),
                        flow("a hundred bordereaux", hundred, 100)};
  for (const auto& [name, wish] : {std::pair{"large", several}, std::pair{"large, global", global}}) {
    auto clear = test::make_pes(wish);
    clear.insert(clear.rfind("</"), "<PES_PJ><PJ><Contenu><Fichier>" + std::string(200'000, 'Q') +
                                        "</Fichier></Contenu></PJ></PES_PJ>");
    all.push_back({name, clear, sign_lean(clear), std::string_view(name) == "large" ? 3U : 1U});
  }
  return all;
}

}  // namespace

TEST(Oracle, StockXmlsecTakesAllThatWeSign) {
  if (!test::has_tool("xmlsec1")) GTEST_SKIP() << "xmlsec1 is not installed";
  const test::TemporaryFolder folder;
  const auto root = folder.write("root.pem", chain().root.pem());
  const auto sub = folder.write("sub.pem", chain().sub.pem());
  for (const auto& flow : flows()) {
    const auto file = folder.write("signed.xml", flow.output);
    for (std::size_t i = 1; i <= flow.signatures; ++i) {
      SCOPED_TRACE(fmt::format("{}, signature {}", flow.name, i));
      const auto ran = test::run(fmt::format(
          "xmlsec1 --verify --enabled-key-data x509 --enabled-reference-uris same-doc --trusted-pem {} "
          "--untrusted-pem {} --verification-gmt-time '2026-01-15 12:00:00' --id-attr:Id Bordereau "
          "--id-attr:Id "
          "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller:PES_Aller --node-xpath "
          "\"(//*[local-name()='Signature'])[{}]\" {}",
          root.string(), sub.string(), i, file.string()));
      EXPECT_EQ(ran.code, 0) << ran.output;
      EXPECT_NE(ran.output.find("2/2"), std::string::npos) << ran.output;
    }
  }
}

TEST(Oracle, StockXmlsecRefusesWhatWasChanged) {
  // Without this the test above would also hold for a tool that accepts anything.
  if (!test::has_tool("xmlsec1")) GTEST_SKIP() << "xmlsec1 is not installed";
  const test::TemporaryFolder folder;
  const auto root = folder.write("root.pem", chain().root.pem());
  const auto sub = folder.write("sub.pem", chain().sub.pem());
  const auto command = [&](const std::string& anchor, const std::string& bytes) {
    return test::run("xmlsec1 --verify --enabled-key-data x509 --trusted-pem " + anchor +
                     " --untrusted-pem " + sub.string() +
                     " --verification-gmt-time '2026-01-15 12:00:00' --id-attr:Id Bordereau " +
                     folder.write("one.xml", bytes).string());
  };
  const auto bytes = sign(test::make_pes());
  const auto stranger = folder.write("stranger.pem", test::ordinary_pki().root.pem());
  EXPECT_EQ(command(root.string(), bytes).code, 0);
  EXPECT_NE(command(stranger.string(), bytes).code, 0);
  EXPECT_NE(
      command(root.string(), test::replaced(bytes, "<MtHT V=\"120.50\"/>", "<MtHT V=\"920.50\"/>")).code, 0);
}

TEST(Oracle, NothingButSignaturesIsAdded) {
  for (const auto& flow : flows()) {
    EXPECT_TRUE(without_signatures(flow.output) == flow.clear) << flow.name;
    std::size_t found = 0;
    for (auto at = flow.output.find("<ds:Signature "); at != std::string::npos;
         at = flow.output.find("<ds:Signature ", at + 1))
      ++found;
    EXPECT_EQ(found, flow.signatures) << flow.name;
  }
}
