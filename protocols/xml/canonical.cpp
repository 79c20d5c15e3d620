#include "protocols/xml/canonical.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "protocols/xml/document_state.hpp"
#include "protocols/xml/events.hpp"
#include "protocols/xml/libxml.hpp"
#include "protocols/xml/node.hpp"

namespace demat::xml {
namespace {

using detail::as_element;
using detail::ElementNode;
using detail::Hole;
using detail::InstructionNode;
using detail::Node;
using detail::view;

constexpr std::size_t buffer_bytes = 16'384;

struct Options {
  bool exclusive = true;
  bool comments = false;
  const Node* left_out = nullptr;
  std::vector<std::string_view> prefixes;  ///< treated inclusively; "" is the default namespace
};

/// The characters that one kind of text must escape.
using Specials = std::array<bool, 256>;
constexpr Specials specials(std::string_view characters) {
  Specials table{};
  for (const char c : characters)
    table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr Specials in_text = specials("&<>\r");
constexpr Specials in_value = specials("&<\"\t\n\r");
/// Comments and processing instructions: only the carriage return is escaped.
constexpr Specials in_plain = specials("\r");

/// Where the canonical text goes: gathered, and handed on in large pieces.
class Output {
 public:
  explicit Output(std::function<void(std::string_view)> flush) : flush_(std::move(flush)) {}

  void raw(std::string_view text) {
    if (text.size() > buffer_.size() - used_) {
      flush();
      if (text.size() > buffer_.size()) return flush_(text);
    }
    if (!text.empty()) std::memcpy(buffer_.data() + used_, text.data(), text.size());
    used_ += text.size();
  }
  void text(std::string_view text) { escaped(text, in_text); }
  void value(std::string_view text) { escaped(text, in_value); }
  void plain(std::string_view text) { escaped(text, in_plain); }
  void flush() {
    if (used_ > 0) flush_({buffer_.data(), used_});
    used_ = 0;
  }

 private:
  static std::string_view replacement(char c) {
    switch (c) {
      case '&':
        return "&amp;";
      case '<':
        return "&lt;";
      case '>':
        return "&gt;";
      case '"':
        return "&quot;";
      case '\t':
        return "&#x9;";
      case '\n':
        return "&#xA;";
      default:
        return "&#xD;";
    }
  }

  void escaped(std::string_view text, const Specials& special) {
    std::size_t done = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (!special[static_cast<unsigned char>(text[at])]) continue;
      raw(text.substr(done, at - done));
      raw(replacement(text[at]));
      done = at + 1;
    }
    raw(text.substr(done));
  }

  std::function<void(std::string_view)> flush_;
  std::vector<char> buffer_ = std::vector<char>(buffer_bytes);
  std::size_t used_ = 0;
};

using Binding = std::pair<std::string_view, std::string_view>;  ///< prefix, URI

/// What the written ancestors have declared.
class Rendered {
 public:
  [[nodiscard]] std::string_view uri(std::string_view prefix) const {
    const auto found = stacks_.find(prefix);
    return found == stacks_.end() || found->second.empty() ? std::string_view{} : found->second.back();
  }
  [[nodiscard]] bool no_default() const { return defaults_ == 0; }
  void enter() { frames_.push_back(log_.size()); }
  void declare(const Binding& binding) {
    stacks_[binding.first].push_back(binding.second);
    log_.push_back(binding.first);
    if (binding.first.empty()) ++defaults_;
  }
  void leave() {
    for (; log_.size() > frames_.back(); log_.pop_back()) {
      stacks_[log_.back()].pop_back();
      if (log_.back().empty()) --defaults_;
    }
    frames_.pop_back();
  }

 private:
  std::unordered_map<std::string_view, std::vector<std::string_view>> stacks_;
  std::vector<std::string_view> log_;
  std::vector<std::size_t> frames_;
  std::size_t defaults_ = 0;  ///< declarations of the default namespace in force
};

/// Canonical XML 1.0 and Exclusive XML Canonicalization 1.0 of a subtree, each node written once.
class Canonicaliser {
 public:
  Canonicaliser(Options options, const ByteSource* source, Output& output)
      : options_(std::move(options)), source_(source), output_(output) {}
  [[nodiscard]] Status run(const Node* apex);

 private:
  void start(const ElementNode* element, bool is_apex);
  void end(const ElementNode* element);
  void leaf(const Node* node);
  [[nodiscard]] Status hole(const Hole& hole);
  void name(const ElementNode* element);
  void namespaces(const ElementNode* element, bool is_apex);
  void attributes(const ElementNode* element, bool is_apex);
  void attribute(const xmlChar* const* fields);
  void in_scope(const ElementNode* element);
  void declared(const ElementNode* element);
  void used(const ElementNode* element);
  [[nodiscard]] bool inclusive(std::string_view prefix) const {
    return !options_.exclusive ||
           std::find(options_.prefixes.begin(), options_.prefixes.end(), prefix) != options_.prefixes.end();
  }

  Options options_;
  const ByteSource* source_;  ///< of the texts that are not in the tree
  Output& output_;
  Rendered rendered_;
  std::vector<Binding> wanted_;                ///< namespaces of the current element
  std::vector<const xmlChar* const*> sorted_;  ///< attributes of the current element
};

Status Canonicaliser::run(const Node* apex) {
  const Node* node = apex;
  while (true) {
    bool descend = false;
    if (node != options_.left_out) {
      if (node->kind == Node::Kind::element) {
        const auto* element = as_element(node);
        start(element, node == apex);
        if (element->hole != nullptr)
          if (auto status = hole(*element->hole); !status) return status;
        descend = element->first != nullptr;
        if (!descend) end(element);
      } else {
        leaf(node);
      }
    }
    if (descend) {
      node = as_element(node)->first;
      continue;
    }
    while (node != apex && node->next == nullptr) {
      node = node->parent;
      end(as_element(node));
    }
    if (node == apex) return {};
    node = node->next;
  }
}

/// Line ends as the parser would have given them (XML 1.0, 2.11); nothing else of base64 is ever escaped.
Status Canonicaliser::hole(const Hole& hole) {
  std::vector<char> buffer(buffer_bytes);
  bool after_return = false;
  for (std::size_t at = hole.begin; at < hole.end;) {
    const auto got = source_->read(at, std::span(buffer).first(std::min(buffer.size(), hole.end - at)));
    if (!got) return failure(got.error());
    if (*got == 0)
      return failure(waiting_error("xml.source", "Le fichier n'a pu être relu en entier.",
                                   "The file could not be read again as a whole."));
    at += *got;
    std::string_view chunk(buffer.data(), *got);
    if (after_return && chunk.front() == '\n') chunk.remove_prefix(1);
    after_return = !chunk.empty() && chunk.back() == '\r';
    while (!chunk.empty()) {
      const auto end = chunk.find('\r');
      output_.raw(chunk.substr(0, end));
      if (end == std::string_view::npos) break;
      output_.raw("\n");
      chunk.remove_prefix(
          std::min(chunk.size(), chunk.substr(end + 1).starts_with('\n') ? end + 2 : end + 1));
    }
  }
  return {};
}

void Canonicaliser::name(const ElementNode* element) {
  if (element->prefix != nullptr) {
    output_.raw(view(element->prefix));
    output_.raw(":");
  }
  output_.raw(view(element->name));
}

void Canonicaliser::start(const ElementNode* element, bool is_apex) {
  output_.raw("<");
  name(element);
  rendered_.enter();
  namespaces(element, is_apex);
  attributes(element, is_apex);
  output_.raw(">");
}

void Canonicaliser::end(const ElementNode* element) {
  output_.raw("</");
  name(element);
  output_.raw(">");
  rendered_.leave();
}

void Canonicaliser::leaf(const Node* node) {
  if (node->kind == Node::Kind::text) {
    output_.text(node->content);
  } else if (node->kind == Node::Kind::instruction) {
    output_.raw("<?");
    output_.raw(view(static_cast<const InstructionNode*>(node)->target));
    if (!node->content.empty()) output_.raw(" ");
    output_.plain(node->content);
    output_.raw("?>");
  } else if (node->kind == Node::Kind::comment && options_.comments) {
    output_.raw("<!--");
    output_.plain(node->content);
    output_.raw("-->");
  }
}

void Canonicaliser::in_scope(const ElementNode* element) {
  std::unordered_map<std::string_view, bool> seen;
  for (const auto* node = element; node != nullptr; node = node->parent)
    for (std::size_t i = 0; i < node->namespace_count; ++i) {
      const auto prefix = view(node->namespaces[i * 2]);
      if (inclusive(prefix) && seen.emplace(prefix, true).second)
        wanted_.emplace_back(prefix, view(node->namespaces[i * 2 + 1]));
    }
}

void Canonicaliser::declared(const ElementNode* element) {
  for (std::size_t i = 0; i < element->namespace_count; ++i)
    if (inclusive(view(element->namespaces[i * 2])))
      wanted_.emplace_back(view(element->namespaces[i * 2]), view(element->namespaces[i * 2 + 1]));
}

void Canonicaliser::used(const ElementNode* element) {
  wanted_.emplace_back(view(element->prefix), view(element->ns));
  for (std::size_t i = 0; i < element->attribute_count; ++i)
    if (const xmlChar** fields = element->attributes + i * 5; fields[2] != nullptr)
      wanted_.emplace_back(view(fields[1]), view(fields[2]));
}

void Canonicaliser::namespaces(const ElementNode* element, bool is_apex) {
  wanted_.clear();
  if (is_apex) {
    in_scope(element);
  } else {
    declared(element);
  }
  if (options_.exclusive) used(element);
  // Nearly every element of a PES: no namespace, and none to undo.
  if (wanted_.size() == 1 && wanted_.front() == Binding{} && rendered_.no_default()) return;
  std::sort(wanted_.begin(), wanted_.end());
  wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
  for (const auto& [prefix, uri] : wanted_) {
    if (prefix == "xml" || rendered_.uri(prefix) == uri) continue;
    rendered_.declare({prefix, uri});
    output_.raw(prefix.empty() ? " xmlns" : " xmlns:");
    output_.raw(prefix);
    output_.raw("=\"");
    output_.value(uri);
    output_.raw("\"");
  }
}

void Canonicaliser::attribute(const xmlChar* const* fields) {
  output_.raw(" ");
  if (fields[1] != nullptr) {
    output_.raw(view(fields[1]));
    output_.raw(":");
  }
  output_.raw(view(fields[0]));
  output_.raw("=\"");
  const auto value = view(fields[3], fields[4]);
  if (value.find('&') == std::string_view::npos)
    output_.value(value);
  else
    output_.value(detail::decode(value));
  output_.raw("\"");
}

bool is_xml(const xmlChar* const* fields) {
  return fields[1] != nullptr && view(fields[1]) == "xml";
}

void Canonicaliser::attributes(const ElementNode* element, bool is_apex) {
  sorted_.clear();
  for (std::size_t i = 0; i < element->attribute_count; ++i)
    sorted_.push_back(element->attributes + i * 5);
  if (is_apex && !options_.exclusive) {
    // Inclusive form: the apex takes over xml:lang, xml:space... from the ancestors that are not written.
    for (const auto* node = element->parent; node != nullptr; node = node->parent)
      for (std::size_t i = 0; i < node->attribute_count; ++i) {
        const xmlChar** fields = node->attributes + i * 5;
        const bool known = std::any_of(sorted_.begin(), sorted_.end(), [&](const auto* other) {
          return is_xml(other) && view(other[0]) == view(fields[0]);
        });
        if (is_xml(fields) && !known) sorted_.push_back(fields);
      }
  }
  if (sorted_.size() > 1) {
    const auto key = [](const auto* fields) { return Binding{view(fields[2]), view(fields[0])}; };
    std::sort(sorted_.begin(), sorted_.end(), [&](const auto* a, const auto* b) { return key(a) < key(b); });
  }
  for (const auto* fields : sorted_)
    attribute(fields);
}

Options make_options(C14n method, const Element* left_out, std::string_view prefixes) {
  Options options;
  options.exclusive = method == C14n::exclusive || method == C14n::exclusive_with_comments;
  options.comments = method == C14n::exclusive_with_comments || method == C14n::inclusive_with_comments;
  if (left_out != nullptr) options.left_out = static_cast<const Node*>(left_out->handle());
  while (!prefixes.empty()) {
    const auto end = prefixes.find_first_of(" \t\r\n");
    const auto prefix = prefixes.substr(0, end);
    if (!prefix.empty()) options.prefixes.push_back(prefix == "#default" ? std::string_view{} : prefix);
    if (end == std::string_view::npos) break;
    prefixes.remove_prefix(end + 1);
  }
  return options;
}

Status write(const Document& document, const Element& apex, Options options,
             const std::function<void(std::string_view)>& sink) {
  Output output([&](std::string_view piece) {
    document.state().canonicalised += piece.size();
    sink(piece);
  });
  Canonicaliser canonicaliser(std::move(options), document.state().source, output);
  if (auto status = canonicaliser.run(static_cast<const Node*>(apex.handle())); !status) return status;
  output.flush();
  return {};
}

}  // namespace

Result<std::string> canonical(const Document& document, const Element& apex, C14n method,
                              const Element* left_out, std::string_view inclusive_prefixes) {
  std::string text;
  auto status = write(document, apex, make_options(method, left_out, inclusive_prefixes),
                      [&](std::string_view piece) { text += piece; });
  if (!status) return failure(std::move(status.error()));
  return text;
}

Result<Bytes> canonical_digest(const Document& document, const Element& apex, C14n method,
                               Digester::Algorithm algorithm, const Element* left_out,
                               std::string_view inclusive_prefixes) {
  Digester digester(algorithm);
  auto status = write(document, apex, make_options(method, left_out, inclusive_prefixes),
                      [&](std::string_view piece) { digester.update(piece); });
  if (!status) return failure(std::move(status.error()));
  return digester.finish();
}

}  // namespace demat::xml
