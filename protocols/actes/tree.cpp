#include "protocols/actes/tree.hpp"

#include <algorithm>
#include <optional>

#include "protocols/actes/latin1.hpp"
#include "protocols/base/utf8.hpp"
#include "protocols/xml/canonical.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::actes {
namespace {

class Builder final : public xml::Visitor {
 public:
  void start(const xml::StartElement& element, std::string_view path) override {
    ++nodes_;
    if (!wants_more()) return;
    signed_ |= element.name == "Signature" && element.ns == signature_ns;
    TreeNode node;
    node.name = element.name;
    node.ns = element.ns;
    node.path = path;
    node.line = element.line;
    for (const auto& attribute : element.attributes)
      node.attributes.push_back({std::string{attribute.name}, std::string{attribute.value}});
    open_.push_back(std::move(node));
  }
  void end(std::string_view /*name*/, std::string_view /*path*/) override {
    if (open_.empty()) return;
    auto node = std::move(open_.back());
    open_.pop_back();
    if (open_.empty())
      root_ = std::move(node);
    else
      open_.back().children.push_back(std::move(node));
  }
  void text(std::string_view piece) override {
    if (!open_.empty()) open_.back().text += piece;
  }
  [[nodiscard]] bool wants_more() const override { return nodes_ <= max_message_nodes; }

  [[nodiscard]] std::optional<TreeNode> take() {
    if (!wants_more()) return std::nullopt;
    return std::move(root_);
  }
  /// Whether a ds:Signature has come.
  [[nodiscard]] bool has_signature() const { return signed_; }

 private:
  std::vector<TreeNode> open_;
  std::optional<TreeNode> root_;
  std::size_t nodes_ = 0;
  bool signed_ = false;
};

/// Fills `written` of each ds:Signature below `node`; `all` are those of the same document, in its order.
Status write_signatures(TreeNode& node, const xml::Document& document, const std::vector<xml::Element>& all,
                        std::size_t& next) {
  if (node.name == "Signature" && node.ns == signature_ns && next < all.size()) {
    auto text = xml::canonical(document, all[next++], xml::C14n::exclusive);
    if (!text) return failure(text.error());
    node.written = std::move(*text);
    // Those inside are none of a file.
    const auto inside = [](const TreeNode& one, const auto& self) -> std::size_t {
      std::size_t found = 0;
      for (const auto& child : one.children)
        found += (child.name == "Signature" && child.ns == signature_ns ? 1U : 0U) + self(child, self);
      return found;
    };
    next += inside(node, inside);
    return {};
  }
  for (auto& child : node.children)
    if (auto status = write_signatures(child, document, all, next); !status) return status;
  return {};
}

/// Prefixes are forgotten by the tree, and signed by a signature: a second look at the document.
Status keep_signatures(TreeNode& root, std::string_view bytes) {
  const auto document = xml::parse_borrowed(bytes);
  if (!document) return failure(document.error());
  std::size_t next = 0;
  return write_signatures(root, *document, document->all("Signature", signature_ns), next);
}

/// `<?xml … ?>` and what comes before it; empty when there is none.
std::string_view declaration_of(std::string_view bytes) {
  if (!bytes.starts_with("<?xml")) return {};
  const auto end = bytes.find("?>");
  constexpr std::size_t longest = 512;
  return end == std::string_view::npos || end > longest ? std::string_view{} : bytes.substr(0, end + 2);
}

Finding encoding_remark(std::string_view declared, std::string_view real) {
  const std::string label{declared}, found{real};
  return {"actes.read.encoding",
          Severity::warning,
          {1, {}},
          "Le fichier annonce l'encodage " + label + " mais il est en " + found + " : il a été lu ainsi.",
          "The file declares the encoding " + label + " but is " + found + ": it was read as that."};
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool any_between(std::string_view bytes, unsigned char low, unsigned char high) {
  return std::any_of(bytes.begin(), bytes.end(), [&](char c) {
    return static_cast<unsigned char>(c) >= low && static_cast<unsigned char>(c) <= high;
  });
}

/// How the bytes are to be understood, whatever they declare: UTF-8 by itself proves that it is UTF-8, and
/// what is not can only be one of the two one-byte encodings the ministry uses (actes 3.5). Nothing when the
/// parser understands them as they are.
std::optional<std::string> as_utf8(std::string_view bytes, Report& remarks) {
  const auto declared = xml::declared_encoding(bytes.substr(0, 1024));
  const bool utf8_label = declared.name == "UTF-8";
  const bool latin1_label = is_one_of(declared.name, {"ISO-8859-1", "US-ASCII", "ASCII"});
  const bool windows_label = is_one_of(
      declared.name, {"WINDOWS-1252", "CP1252", "LATIN1", "ISO8859-1", "ISO_8859-1", "ISO-8859-15"});
  if (!utf8_label && !latin1_label && !windows_label) return std::nullopt;
  const bool ascii = !any_between(bytes, 0x80, 0xFF);
  if (ascii && !windows_label) return std::nullopt;
  const bool utf8 = is_utf8(bytes);
  if (utf8_label && utf8) return std::nullopt;
  if (declared.name == "ISO-8859-1" && !utf8 && !any_between(bytes, 0x80, 0x9F)) return std::nullopt;
  if (!ascii && !(windows_label && !utf8))
    remarks.add(encoding_remark(declared.name, utf8 ? "UTF-8" : "Windows-1252"));
  const auto declaration = declaration_of(bytes);
  const auto lines = std::count(declaration.begin(), declaration.end(), '\n');
  std::string out(static_cast<std::size_t>(lines), '\n');
  const auto body = bytes.substr(declaration.size());
  return out + (utf8 ? std::string{body} : utf8_from_windows1252(body));
}

/// Without a byte-order mark and blanks before the declaration, which some transfers add.
std::string_view begun(std::string_view bytes) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  if (bytes.starts_with(mark)) bytes.remove_prefix(mark.size());
  const auto first = bytes.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? bytes : bytes.substr(first);
}

}  // namespace

std::string TreeNode::attribute(std::string_view wanted) const {
  for (const auto& attribute : attributes)
    if (attribute.name == wanted) return std::string{trimmed(attribute.value)};
  return {};
}

const TreeNode* TreeNode::child(std::string_view wanted) const {
  for (const auto& node : children)
    if (node.name == wanted) return &node;
  return nullptr;
}

std::vector<const TreeNode*> TreeNode::all(std::string_view wanted) const {
  std::vector<const TreeNode*> found;
  for (const auto& node : children)
    if (node.name == wanted) found.push_back(&node);
  return found;
}

Result<TreeNode> read_tree(std::string_view bytes, Report& remarks) {
  const auto too_large = [] {
    return failure(permanent_error("actes.read.too_large",
                                   "Ce message est bien plus gros qu'aucun message ACTES.",
                                   "This message is far larger than any ACTES message."));
  };
  if (bytes.size() > max_message_bytes) return too_large();
  bytes = begun(bytes);
  const auto converted = as_utf8(bytes, remarks);
  Builder builder;
  if (converted) bytes = *converted;
  const xml::MemorySource source(bytes);
  if (auto status = xml::stream(source, builder); !status) return failure(status.error());
  auto root = builder.take();
  if (!root) return too_large();
  if (builder.has_signature())
    if (auto status = keep_signatures(*root, bytes); !status) return failure(status.error());
  return std::move(*root);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace demat::actes
