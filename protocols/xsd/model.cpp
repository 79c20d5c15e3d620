#include "protocols/xsd/model.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "protocols/xsd/files.hpp"

namespace demat::xsd {
namespace {

constexpr std::string_view dsig = "http://www.w3.org/2000/09/xmldsig#";

/// A part of a schema as text.
std::string written(const pugi::xml_node& node) {
  std::ostringstream out;
  node.print(out, "", pugi::format_raw);
  return out.str();
}

unsigned times(unsigned a, unsigned b) {
  if (a == 0 || b == 0) return 0;
  return a == unbounded || b == unbounded ? unbounded : a * b;
}

/// The groups around an element: what they leave of its cardinality, and the alternatives it belongs to.
struct Around {
  unsigned least = 1;
  unsigned most = 1;
  std::vector<std::pair<std::size_t, std::size_t>> branches;  ///< (choice, branch) from the outside
};

/// An element declared in the content of another.
struct Child {
  Definition declared;
  Around around;
};

struct Content {
  std::vector<Child> children;
  std::vector<AttributeUse> attributes;
  std::optional<ValueType> text;
  bool any = false;
};

class Reader {
 public:
  explicit Reader(const Files& files) : files_(files) {}

  Grammar read(const xml::PackEntry& entry, const Definition& root) {
    grammar_.root = entry.root;
    grammar_.ns = entry.ns;
    unfold({root, {}}, "", entry.root);
    return std::move(grammar_);
  }

 private:
  void unfold(const Child& child, const std::string& parent, const std::string& name) {
    const auto path = parent.empty() ? name : parent + "/" + name;
    const bool known = std::any_of(grammar_.nodes.begin(), grammar_.nodes.end(),
                                   [&](const Node& n) { return n.path == path; });
    if (known) return;
    Node node{path, parent, name, child.around.least, child.around.most, {}, {}, false};
    const bool signature = child.declared.scope != nullptr && child.declared.scope->target == dsig;
    const auto type = type_of(child.declared);
    const bool inside_itself = type && std::find(branch_.begin(), branch_.end(), type) != branch_.end();
    const auto content = signature ? Content{} : content_of(child.declared);
    node.attributes = content.attributes;
    node.text = content.text;
    node.any = content.any;
    grammar_.nodes.push_back(std::move(node));
    note_exclusive(content, path);
    if (inside_itself) return;
    branch_.push_back(type);
    for (const auto& below : content.children)
      unfold(below, path, below.declared.node.attribute("name").value());
    branch_.pop_back();
  }

  /// The complexType that an element is of, named or its own.
  pugi::xml_node type_of(const Definition& element) const {
    const std::string type = element.node.attribute("type").value();
    if (!type.empty()) return files_.find("complexType", element.scope->resolve(type)).node;
    const auto own = std::find_if(element.node.children().begin(), element.node.children().end(),
                                  [](const auto& n) { return local(n) == "complexType"; });
    return own == element.node.children().end() ? pugi::xml_node{} : *own;
  }

  void note_exclusive(const Content& content, const std::string& path) {
    for (std::size_t i = 0; i < content.children.size(); ++i)
      for (std::size_t j = i + 1; j < content.children.size(); ++j)
        if (apart(content.children[i].around, content.children[j].around))
          grammar_.exclusive.insert({path,
                                     {content.children[i].declared.node.attribute("name").value(),
                                      content.children[j].declared.node.attribute("name").value()}});
  }

  static bool apart(const Around& a, const Around& b) {
    for (const auto& one : a.branches)
      for (const auto& other : b.branches)
        if (one.first == other.first) return one.second != other.second;
    return false;
  }

  Content content_of(const Definition& element) {
    for (const auto& inside : element.node.children()) {
      if (local(inside) == "complexType") return complex({inside, element.scope});
      if (local(inside) == "simpleType") return {{}, {}, simple({inside, element.scope}), false};
    }
    const std::string type = element.node.attribute("type").value();
    if (type.empty()) return {{}, {}, {}, true};
    return content_of_type(element.scope->resolve(type));
  }

  Content content_of_type(const QName& name) {
    if (name.first == xs) return {{}, {}, ValueType{name.second, {}}, false};
    if (const auto found = files_.find("complexType", name); found.node) return complex(found);
    return {{}, {}, value_of(name), false};
  }

  Content complex(const Definition& type) {
    Content out;
    for (const auto& child : type.node.children()) {
      const auto kind = local(child);
      if (kind == "sequence" || kind == "choice" || kind == "all" || kind == "group")
        particle({child, type.scope}, {}, out);
      if (kind == "attribute" || kind == "attributeGroup") attribute({child, type.scope}, out.attributes);
      if (kind == "complexContent" || kind == "simpleContent") derived({child, type.scope}, out);
    }
    return out;
  }

  void derived(const Definition& content, Content& out) {
    for (const auto& step : content.node.children()) {
      if (local(step) != "restriction" && local(step) != "extension") continue;
      auto own = complex({step, content.scope});
      auto base = content_of_type(content.scope->resolve(step.attribute("base").value()));
      out.attributes = std::move(base.attributes);
      std::move(own.attributes.begin(), own.attributes.end(), std::back_inserter(out.attributes));
      out.text = std::move(base.text);
      if (local(step) == "extension") out.children = std::move(base.children);
      std::move(own.children.begin(), own.children.end(), std::back_inserter(out.children));
      out.any = base.any || own.any;
    }
  }

  static Around within(const pugi::xml_node& node, const Around& outer) {
    Around out = outer;
    const std::string most = node.attribute("maxOccurs").as_string("1");
    out.least = times(out.least, node.attribute("minOccurs").as_uint(1));
    out.most = times(out.most, most == "unbounded" ? unbounded : node.attribute("maxOccurs").as_uint(1));
    return out;
  }

  void particle(const Definition& at, const Around& outer, Content& out) {
    const auto kind = local(at.node);
    auto around = within(at.node, outer);
    if (kind == "any") {
      out.any = true;
      return;
    }
    if (kind == "element") {
      const std::string ref = at.node.attribute("ref").value();
      const auto declared = ref.empty() ? at : files_.find("element", at.scope->resolve(ref));
      if (declared.node) out.children.push_back({declared, around});
      return;
    }
    if (kind == "group" && at.node.attribute("ref")) {
      const auto group = files_.find("group", at.scope->resolve(at.node.attribute("ref").value()));
      for (const auto& body : group.node.children())
        if (local(body) != "annotation") particle({body, group.scope}, around, out);
      return;
    }
    inner(at, around, out);
  }

  void inner(const Definition& at, const Around& around, Content& out) {
    const bool choice = local(at.node) == "choice";
    const auto number = choice ? ++choices_ : 0;
    std::size_t branch = 0;
    for (const auto& child : at.node.children()) {
      if (local(child) == "annotation" || child.type() != pugi::node_element) continue;
      auto inside = around;
      if (choice) {
        inside.least = 0;
        if (around.most == 1) inside.branches.emplace_back(number, ++branch);
      }
      particle({child, at.scope}, inside, out);
    }
  }

  void attribute(const Definition& at, std::vector<AttributeUse>& out) {
    if (local(at.node) == "attributeGroup") {
      const auto group = files_.find("attributeGroup", at.scope->resolve(at.node.attribute("ref").value()));
      for (const auto& child : group.node.children())
        attribute({child, group.scope}, out);
      return;
    }
    const std::string_view use = at.node.attribute("use").value();
    if (!at.node.attribute("name") || use == "prohibited") return;
    AttributeUse found{at.node.attribute("name").value(), use == "required", {}};
    for (const auto& child : at.node.children())
      if (local(child) == "simpleType") found.type = simple({child, at.scope});
    if (at.node.attribute("type"))
      found.type = value_of(at.scope->resolve(at.node.attribute("type").value()));
    if (at.node.attribute("fixed"))
      found.type.facets.push_back({"enumeration", {at.node.attribute("fixed").value()}});
    out.push_back(std::move(found));
  }

  ValueType value_of(const QName& name) {
    if (name.first == xs) return {name.second, {}};
    const auto found = files_.find("simpleType", name);
    return found.node ? simple(found) : ValueType{};
  }

  ValueType simple(const Definition& type) {
    const auto restriction = std::find_if(type.node.children().begin(), type.node.children().end(),
                                          [](const auto& n) { return local(n) == "restriction"; });
    if (restriction == type.node.children().end()) return {written(type.node), {}, false};
    ValueType out;
    if (restriction->attribute("base"))
      out = value_of(type.scope->resolve(restriction->attribute("base").value()));
    std::vector<Facet> alternatives;
    for (const auto& child : restriction->children()) {
      const std::string kind(local(child));
      if (kind == "simpleType") out = simple({child, type.scope});
      if (kind == "simpleType" || kind == "annotation" || !child.attribute("value")) continue;
      const std::string value = child.attribute("value").value();
      if (kind != "enumeration" && kind != "pattern") {
        out.facets.push_back({kind, {value}});
        continue;
      }
      const auto same = std::find_if(alternatives.begin(), alternatives.end(),
                                     [&](const Facet& f) { return f.name == kind; });
      if (same == alternatives.end())
        alternatives.push_back({kind, {value}});
      else
        same->values.push_back(value);
    }
    std::move(alternatives.begin(), alternatives.end(), std::back_inserter(out.facets));
    return out;
  }

  const Files& files_;
  Grammar grammar_;
  std::vector<pugi::xml_node> branch_;  ///< types of the elements around
  std::size_t choices_ = 0;
};

}  // namespace

Result<Grammar> read_grammar(const std::filesystem::path& folder, const xml::PackEntry& entry) {
  Files files;
  if (auto status = files.load(folder / entry.file, {}); !status) return failure(std::move(status.error()));
  const auto root = files.find("element", {entry.ns, entry.root});
  if (!root.node)
    return failure(permanent_error("pack.schema",
                                   "Le schéma « " + entry.file + " » ne déclare pas « " + entry.root + " ».",
                                   "Schema \"" + entry.file + "\" does not declare \"" + entry.root + "\"."));
  return Reader(files).read(entry, root);
}

}  // namespace demat::xsd
