#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/finding.hpp"
#include "protocols/base/limits.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xml/source.hpp"
#include "protocols/xml/tag_scanner.hpp"
#include "protocols/xml/visitor.hpp"

namespace demat::xml {

/// Hard limits enforced in the SAX layer, before anything is allocated for the offending part (signature S5,
/// S6).
struct ParseLimits {
  std::size_t depth = limits::max_xml_depth;
  std::size_t attributes = limits::max_xml_attributes;
  std::size_t namespaces = limits::max_xml_namespaces;
  std::size_t name_bytes = limits::max_xml_name;
  std::size_t attribute_value_bytes = limits::max_attribute_value;
};

/// Name of the encoding a document declares ("ISO-8859-1", "UTF-8"), upper-cased; from the BOM when there is
/// one; "UTF-8" when nothing is declared (`declared` false).
struct Encoding {
  std::string name;
  bool declared = false;
};
[[nodiscard]] Encoding declared_encoding(std::string_view first_bytes);

/// A non-owning handle on an element of a Document; valid as long as the Document. Never null.
class Element {
 public:
  [[nodiscard]] std::string_view name() const;
  [[nodiscard]] std::string_view ns() const;
  [[nodiscard]] std::size_t line() const;
  [[nodiscard]] std::string path() const;  ///< /A/B[2]/C
  [[nodiscard]] std::string attribute(
      std::string_view name) const;  ///< no-namespace attribute; empty if absent
  [[nodiscard]] bool has_attribute(std::string_view name) const;
  [[nodiscard]] std::string text() const;               ///< concatenated text of the subtree
  [[nodiscard]] std::vector<Element> children() const;  ///< element children
  [[nodiscard]] std::vector<Element> children(std::string_view name, std::string_view ns) const;
  [[nodiscard]] bool has_parent() const;                      ///< false for the root
  [[nodiscard]] Element parent() const;                       ///< precondition: has_parent()
  [[nodiscard]] const void* handle() const { return node_; }  ///< identity; the node, for this folder only
  friend bool operator==(const Element&, const Element&) = default;

 private:
  friend class Document;
  explicit Element(const void* node) : node_(node) {}
  const void* node_;
};

namespace detail {
struct DocumentState;
}

/// A parsed document, as a tree. Movable, not copyable; const use from several threads is safe.
class Document {
 public:
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  [[nodiscard]] Element root() const;
  [[nodiscard]] Encoding encoding() const;
  /// Every element in document order for which name and namespace match ("" as ns: no namespace).
  [[nodiscard]] std::vector<Element> all(std::string_view name, std::string_view ns) const;
  /// Every element in document order that carries the no-namespace attribute `name`. Linear, without any
  /// copy.
  [[nodiscard]] std::vector<Element> with_attribute(std::string_view name) const;
  /// What two readers may understand in two ways; noted while parsing.
  struct Oddities {
    std::optional<Element> instruction;         ///< around the first processing instruction within the root
    std::optional<Element> relative_namespace;  ///< first to declare one, for which C14N is not defined
    /// Values of `ID`, `id`, `iD` and `xml:id`, which some readers take for an Id.
    std::vector<std::string> other_ids;
  };
  [[nodiscard]] Oddities oddities() const;
  /// Feeds the document to a visitor, as the streaming road does.
  void visit(Visitor& visitor) const;
  /// Where an element lies in the bytes; only for those of depth 1 to 3 (root = 1).
  [[nodiscard]] std::optional<ElementSpan> span(const Element& element) const;
  /// Whether long texts were left in the source (parse_lean): visitors and Element::text() do not see them,
  /// canonical forms do.
  [[nodiscard]] bool lean() const;
  /// Whether the bytes it was parsed from are at hand in one piece, as xmlsec wants them; never after
  /// parse_lean().
  [[nodiscard]] bool keeps_bytes() const;
  /// Bytes of canonical forms made of it so far, whoever asked for them: what tells linear work from
  /// quadratic, without a clock.
  [[nodiscard]] std::size_t canonicalised() const;
  [[nodiscard]] const detail::DocumentState& state() const { return *state_; }  ///< for this folder only

  explicit Document(std::unique_ptr<detail::DocumentState> state);  ///< for this folder only

 private:
  std::unique_ptr<detail::DocumentState> state_;
};

/// Parses with everything dangerous refused: DOCTYPE (`xml.doctype`), entities, network, and the limits
/// (`xml.too_deep`, `xml.too_many_attributes`, `xml.too_many_namespaces`, `xml.name_too_long`,
/// `xml.attribute_too_long`, `xml.comment_too_long`); not well-formed is `xml.malformed`, a bad or unknown
/// encoding `xml.encoding`. All errors are permanent and carry the line.
[[nodiscard]] Result<Document> parse(std::string_view bytes, const ParseLimits& limits = {});

/// The same, and the document refers to `bytes`, which must outlive it: nothing is copied.
[[nodiscard]] Result<Document> parse_borrowed(std::string_view bytes, const ParseLimits& limits = {});

/// The same refusals for a large document, read chunk by chunk from `source`, which must outlive the
/// document: base64 texts of at least `long_text` bytes that are the whole content of an element stay there
/// (stack X6). Memory depends on the rest alone.
inline constexpr std::size_t long_text_bytes = 65'536;
[[nodiscard]] Result<Document> parse_lean(const ByteSource& source, const ParseLimits& limits = {},
                                          std::size_t long_text = long_text_bytes);

/// How many bytes of `source` parse_lean() would keep in memory as a tree: those outside the long texts.
/// Errors: as for parse().
[[nodiscard]] Result<std::size_t> structured_bytes(const ByteSource& source, const ParseLimits& limits = {});

/// The streaming road: the same refusals, constant memory. Stops early, successfully, when the visitor wants
/// no more.
[[nodiscard]] Status stream(const ByteSource& source, Visitor& visitor, const ParseLimits& limits = {});

}  // namespace demat::xml
