#include "protocols/xml/canonical.hpp"

#include <gtest/gtest.h>
#include <libxml/c14n.h>
#include <libxml/parser.h>

#include <memory>
#include <random>

namespace demat::xml {
namespace {

struct FreeBuffer {
  void operator()(xmlOutputBuffer* buffer) const { xmlOutputBufferClose(buffer); }
};

struct FreeDocument {
  void operator()(xmlDoc* doc) const { xmlFreeDoc(doc); }
};
using ReferenceTree = std::unique_ptr<xmlDoc, FreeDocument>;

ReferenceTree by_libxml2(const std::string& bytes) {
  return ReferenceTree{xmlReadMemory(bytes.data(), static_cast<int>(bytes.size()), nullptr, nullptr,
                                     XML_PARSE_NONET | XML_PARSE_NOCDATA)};
}

struct Subtree {
  const xmlNode* apex;
  const xmlNode* left_out;
};

/// Whether libxml2 is to write this node: inside the apex, outside what is left out.
int visible(void* user_data, xmlNodePtr node, xmlNodePtr parent) {
  const auto* subtree = static_cast<const Subtree*>(user_data);
  const xmlNode* at = node->type == XML_NAMESPACE_DECL ? parent : node;
  for (; at != nullptr && at->type != XML_DOCUMENT_NODE; at = at->parent) {
    if (at == subtree->left_out) return 0;
    if (at == subtree->apex) return 1;
  }
  return 0;
}

/// The same canonical form by libxml2, which walks the whole document for it.
std::string by_libxml2(xmlDoc* doc, Subtree subtree, C14n method, const std::string& prefixes) {
  const bool exclusive = method == C14n::exclusive || method == C14n::exclusive_with_comments;
  const bool comments = method == C14n::exclusive_with_comments || method == C14n::inclusive_with_comments;
  std::string prefix = prefixes;
  auto* name = reinterpret_cast<xmlChar*>(prefix.data());
  xmlChar* list[] = {name, nullptr};
  const std::unique_ptr<xmlOutputBuffer, FreeBuffer> buffer{xmlAllocOutputBuffer(nullptr)};
  const int rc =
      xmlC14NExecute(doc, visible, &subtree, exclusive ? XML_C14N_EXCLUSIVE_1_0 : XML_C14N_1_0,
                     exclusive && !prefix.empty() ? list : nullptr, comments ? 1 : 0, buffer.get());
  EXPECT_GE(rc, 0);
  return {reinterpret_cast<const char*>(xmlOutputBufferGetContent(buffer.get())),
          xmlOutputBufferGetSize(buffer.get())};
}

/// Random documents full of what canonicalisation is about.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string document() { return "<!-- top --><?top?>" + element(0, {"p", "q"}, true) + "<!--end-->"; }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::string element(int depth, std::vector<std::string> prefixes, bool root) {
    std::string declarations;
    for (const auto* prefix : {"p", "q", "r", "s"}) {
      const bool wanted = root ? std::string{prefix} < "r" : below(4) == 0;
      if (!wanted) continue;
      declarations += std::string{" xmlns:"} + prefix + "=\"urn:" + std::to_string(below(3)) + prefix + "\"";
      prefixes.emplace_back(prefix);
    }
    if (below(3) == 0)
      declarations += below(3) == 0 ? " xmlns=\"\"" : " xmlns=\"urn:d" + std::to_string(below(2)) + "\"";
    const auto name = below(2) == 0 ? std::string{"e"} : prefixes[below(prefixes.size())] + ":e";
    std::string out = "<" + name + declarations;
    if (below(2) == 0) out += " z='a&#10;b&#9;c&#13;\"&lt;&amp;>'";
    if (below(2) == 0) out += " b=\"&quot; é\"";
    if (below(2) == 0) out += " " + prefixes[0] + ":a='1'";
    if (below(3) == 0) out += " xml:lang=\"fr\"";
    if (below(5) == 0) out += " xml:space='preserve'";
    if (below(5) == 0) return out + "/>";
    out += ">";
    for (auto parts = below(5); parts > 0; --parts)
      out += content(depth, prefixes);
    return out + "</" + name + ">";
  }

  std::string content(int depth, const std::vector<std::string>& prefixes) {
    static const char* const pieces[] = {"text\n ",
                                         "&#13;&#xA;&gt;]]&gt;\r\n",
                                         "<!-- a\r\n- comment -->",
                                         "<![CDATA[<&>]]>",
                                         "<?pi  data\r\nx?>",
                                         "<?bare?>",
                                         "é&#x20AC; &amp;amp;"};
    if (depth < 5 && below(2) == 0) return element(depth + 1, prefixes, false);
    return pieces[below(std::size(pieces))];
  }

  std::mt19937 random_;
};

constexpr C14n methods[] = {C14n::exclusive, C14n::exclusive_with_comments, C14n::inclusive,
                            C14n::inclusive_with_comments};

void every_element(const Element& element, std::vector<Element>& out) {
  out.push_back(element);
  for (const auto& child : element.children())
    every_element(child, out);
}

void every_element(const xmlNode* element, std::vector<const xmlNode*>& out) {
  out.push_back(element);
  for (const auto* child = element->children; child != nullptr; child = child->next)
    if (child->type == XML_ELEMENT_NODE) every_element(child, out);
}

TEST(Canonical, AgreesWithLibxml2OnRandomDocuments) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const auto bytes = Generator(seed).document();
    const auto document = parse(bytes);
    ASSERT_TRUE(document) << document.error().en << bytes;
    std::vector<Element> elements;
    every_element(document->root(), elements);
    const auto reference = by_libxml2(bytes);
    ASSERT_TRUE(reference);
    std::vector<const xmlNode*> twins;
    every_element(xmlDocGetRootElement(reference.get()), twins);
    ASSERT_EQ(twins.size(), elements.size());
    for (std::size_t i = 0; i < elements.size(); i += 1 + elements.size() / 12) {
      const auto children = elements[i].children();
      const Element* left_out = children.size() > 1 && seed % 2 == 0 ? &children[0] : nullptr;
      // A first child follows its parent in document order.
      const Subtree subtree{twins[i], left_out == nullptr ? nullptr : twins[i + 1]};
      for (const auto method : methods)
        for (const std::string prefixes : {"", "p", "#default"}) {
          const auto ours = canonical(*document, elements[i], method, left_out, prefixes);
          ASSERT_TRUE(ours);
          ASSERT_EQ(*ours, by_libxml2(reference.get(), subtree, method, prefixes))
              << "seed " << seed << " element " << i << " method " << static_cast<int>(method) << " prefixes "
              << prefixes << "\n"
              << bytes;
        }
    }
  }
}

TEST(Canonical, WritesTheKnownForms) {
  const std::string bytes =
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><n:A xmlns:n=\"urn:n\" xmlns:u=\"urn:unused\" "
      "xml:lang=\"fr\">"
      "<B b=\"\xE9\" a='1'/><!-- c -->\r\n</n:A>";
  const auto document = parse(bytes);
  ASSERT_TRUE(document);
  const auto root = document->root();
  EXPECT_EQ(*canonical(*document, root, C14n::exclusive),
            "<n:A xmlns:n=\"urn:n\" xml:lang=\"fr\"><B a=\"1\" b=\"\xC3\xA9\"></B>\n</n:A>");
  EXPECT_EQ(*canonical(*document, root.children()[0], C14n::inclusive_with_comments),
            "<B xmlns:n=\"urn:n\" xmlns:u=\"urn:unused\" a=\"1\" b=\"\xC3\xA9\" xml:lang=\"fr\"></B>");
}

TEST(Canonical, DigestIsThatOfTheText) {
  const auto document = parse("<a>" + std::string(200'000, 'x') + "&amp;<b/></a>");
  ASSERT_TRUE(document);
  for (const auto method : methods) {
    const auto text = canonical(*document, document->root(), method);
    const auto digest = canonical_digest(*document, document->root(), method, Digester::Algorithm::sha256);
    ASSERT_TRUE(text && digest);
    EXPECT_EQ(hex(*digest), sha256(*text).str());
  }
}

}  // namespace
}  // namespace demat::xml
