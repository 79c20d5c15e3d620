#include "protocols/xml/canonical.hpp"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "protocols/xml/libxml.hpp"

namespace demat::xml {
namespace {

using detail::view;

constexpr std::size_t buffer_bytes = 65'536;

struct Options {
  bool exclusive = true;
  bool comments = false;
  const xmlNode* left_out = nullptr;
  std::vector<std::string_view> prefixes;  ///< treated inclusively; "" is the default namespace
};

/// Where the canonical text goes: gathered, and handed on in large pieces.
class Output {
 public:
  explicit Output(std::function<void(std::string_view)> flush) : flush_(std::move(flush)) {}

  void raw(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= buffer_bytes) flush();
  }
  void text(std::string_view text) { escaped(text, "&<>\r"); }
  void value(std::string_view text) { escaped(text, "&<\"\t\n\r"); }
  /// Comments and processing instructions: only the carriage return is escaped.
  void plain(std::string_view text) { escaped(text, "\r"); }
  void flush() {
    flush_(buffer_);
    buffer_.clear();
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

  void escaped(std::string_view text, std::string_view special) {
    while (!text.empty()) {
      const auto at = text.find_first_of(special);
      raw(text.substr(0, at));
      if (at == std::string_view::npos) return;
      raw(replacement(text[at]));
      text.remove_prefix(at + 1);
    }
  }

  std::function<void(std::string_view)> flush_;
  std::string buffer_;
};

using Binding = std::pair<std::string_view, std::string_view>;  ///< prefix, URI

/// What the written ancestors have declared.
class Rendered {
 public:
  [[nodiscard]] std::string_view uri(std::string_view prefix) const {
    const auto found = stacks_.find(prefix);
    return found == stacks_.end() || found->second.empty() ? std::string_view{} : found->second.back();
  }
  void enter() { frames_.push_back(log_.size()); }
  void declare(const Binding& binding) {
    stacks_[binding.first].push_back(binding.second);
    log_.push_back(binding.first);
  }
  void leave() {
    for (; log_.size() > frames_.back(); log_.pop_back())
      stacks_[log_.back()].pop_back();
    frames_.pop_back();
  }

 private:
  std::unordered_map<std::string_view, std::vector<std::string_view>> stacks_;
  std::vector<std::string_view> log_;
  std::vector<std::size_t> frames_;
};

/// Canonical XML 1.0 and Exclusive XML Canonicalization 1.0 of a subtree, each node written once.
class Canonicaliser {
 public:
  Canonicaliser(Options options, Output& output) : options_(std::move(options)), output_(output) {}
  [[nodiscard]] Status run(const xmlNode* apex);

 private:
  void start(const xmlNode* element, bool is_apex);
  void end(const xmlNode* element);
  void leaf(const xmlNode* node);
  void name(const xmlNode* element);
  void namespaces(const xmlNode* element, bool is_apex);
  void attributes(const xmlNode* element, bool is_apex);
  void in_scope(const xmlNode* element, std::vector<Binding>& wanted) const;
  void declared(const xmlNode* element, std::vector<Binding>& wanted) const;
  static void used(const xmlNode* element, std::vector<Binding>& wanted);
  [[nodiscard]] bool inclusive(std::string_view prefix) const {
    return !options_.exclusive ||
           std::find(options_.prefixes.begin(), options_.prefixes.end(), prefix) != options_.prefixes.end();
  }

  Options options_;
  Output& output_;
  Rendered rendered_;
};

bool is_xml_namespace(const xmlNs* ns) {
  return ns != nullptr && view(ns->prefix) == "xml";
}

Status Canonicaliser::run(const xmlNode* apex) {
  const xmlNode* node = apex;
  while (true) {
    bool descend = false;
    if (node != options_.left_out) {
      if (node->type == XML_ENTITY_REF_NODE)
        return failure(permanent_error("xml.canonical", "Référence d'entité inattendue.",
                                       "Unexpected entity reference."));
      if (node->type == XML_ELEMENT_NODE) {
        start(node, node == apex);
        descend = node->children != nullptr;
        if (!descend) end(node);
      } else {
        leaf(node);
      }
    }
    if (descend) {
      node = node->children;
      continue;
    }
    while (node != apex && node->next == nullptr) {
      node = node->parent;
      end(node);
    }
    if (node == apex) return {};
    node = node->next;
  }
}

void Canonicaliser::name(const xmlNode* element) {
  if (element->ns != nullptr && element->ns->prefix != nullptr) {
    output_.raw(view(element->ns->prefix));
    output_.raw(":");
  }
  output_.raw(view(element->name));
}

void Canonicaliser::start(const xmlNode* element, bool is_apex) {
  output_.raw("<");
  name(element);
  rendered_.enter();
  namespaces(element, is_apex);
  attributes(element, is_apex);
  output_.raw(">");
}

void Canonicaliser::end(const xmlNode* element) {
  output_.raw("</");
  name(element);
  output_.raw(">");
  rendered_.leave();
}

void Canonicaliser::leaf(const xmlNode* node) {
  if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
    output_.text(view(node->content));
  } else if (node->type == XML_PI_NODE) {
    output_.raw("<?");
    output_.raw(view(node->name));
    if (!view(node->content).empty()) output_.raw(" ");
    output_.plain(view(node->content));
    output_.raw("?>");
  } else if (node->type == XML_COMMENT_NODE && options_.comments) {
    output_.raw("<!--");
    output_.plain(view(node->content));
    output_.raw("-->");
  }
}

void Canonicaliser::in_scope(const xmlNode* element, std::vector<Binding>& wanted) const {
  std::unordered_map<std::string_view, bool> seen;
  for (const auto* node = element; node != nullptr && node->type == XML_ELEMENT_NODE; node = node->parent)
    for (const xmlNs* ns = node->nsDef; ns != nullptr; ns = ns->next)
      if (inclusive(view(ns->prefix)) && seen.emplace(view(ns->prefix), true).second)
        wanted.emplace_back(view(ns->prefix), view(ns->href));
}

void Canonicaliser::declared(const xmlNode* element, std::vector<Binding>& wanted) const {
  for (const xmlNs* ns = element->nsDef; ns != nullptr; ns = ns->next)
    if (inclusive(view(ns->prefix))) wanted.emplace_back(view(ns->prefix), view(ns->href));
}

void Canonicaliser::used(const xmlNode* element, std::vector<Binding>& wanted) {
  if (element->ns == nullptr) {
    wanted.emplace_back();
  } else {
    wanted.emplace_back(view(element->ns->prefix), view(element->ns->href));
  }
  for (const xmlAttr* attribute = element->properties; attribute != nullptr; attribute = attribute->next)
    if (attribute->ns != nullptr) wanted.emplace_back(view(attribute->ns->prefix), view(attribute->ns->href));
}

void Canonicaliser::namespaces(const xmlNode* element, bool is_apex) {
  std::vector<Binding> wanted;
  if (is_apex) {
    in_scope(element, wanted);
  } else {
    declared(element, wanted);
  }
  if (options_.exclusive) used(element, wanted);
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  for (const auto& [prefix, uri] : wanted) {
    if (prefix == "xml" || rendered_.uri(prefix) == uri) continue;
    rendered_.declare({prefix, uri});
    output_.raw(prefix.empty() ? " xmlns" : " xmlns:");
    output_.raw(prefix);
    output_.raw("=\"");
    output_.value(uri);
    output_.raw("\"");
  }
}

void Canonicaliser::attributes(const xmlNode* element, bool is_apex) {
  std::vector<const xmlAttr*> sorted;
  for (const xmlAttr* attribute = element->properties; attribute != nullptr; attribute = attribute->next)
    sorted.push_back(attribute);
  if (is_apex && !options_.exclusive) {
    // Inclusive form: the apex takes over xml:lang, xml:space... from the ancestors that are not written.
    for (const auto* node = element->parent; node != nullptr && node->type == XML_ELEMENT_NODE;
         node = node->parent)
      for (const xmlAttr* attribute = node->properties; attribute != nullptr; attribute = attribute->next) {
        const bool known = std::any_of(sorted.begin(), sorted.end(), [&](const xmlAttr* other) {
          return is_xml_namespace(other->ns) && view(other->name) == view(attribute->name);
        });
        if (is_xml_namespace(attribute->ns) && !known) sorted.push_back(attribute);
      }
  }
  const auto key = [](const xmlAttr* attribute) {
    return Binding{attribute->ns == nullptr ? std::string_view{} : view(attribute->ns->href),
                   view(attribute->name)};
  };
  std::sort(sorted.begin(), sorted.end(), [&](const auto* a, const auto* b) { return key(a) < key(b); });
  for (const auto* attribute : sorted) {
    output_.raw(" ");
    if (attribute->ns != nullptr && attribute->ns->prefix != nullptr) {
      output_.raw(view(attribute->ns->prefix));
      output_.raw(":");
    }
    output_.raw(view(attribute->name));
    output_.raw("=\"");
    for (const xmlNode* text = attribute->children; text != nullptr; text = text->next)
      output_.value(view(text->content));
    output_.raw("\"");
  }
}

Options make_options(C14n method, const Element* left_out, std::string_view prefixes) {
  Options options;
  options.exclusive = method == C14n::exclusive || method == C14n::exclusive_with_comments;
  options.comments = method == C14n::exclusive_with_comments || method == C14n::inclusive_with_comments;
  if (left_out != nullptr) options.left_out = static_cast<const xmlNode*>(left_out->handle());
  while (!prefixes.empty()) {
    const auto end = prefixes.find_first_of(" \t\r\n");
    const auto prefix = prefixes.substr(0, end);
    if (!prefix.empty()) options.prefixes.push_back(prefix == "#default" ? std::string_view{} : prefix);
    if (end == std::string_view::npos) break;
    prefixes.remove_prefix(end + 1);
  }
  return options;
}

Status write(const Element& apex, Options options, const std::function<void(std::string_view)>& sink) {
  Output output(sink);
  Canonicaliser canonicaliser(std::move(options), output);
  if (auto status = canonicaliser.run(static_cast<const xmlNode*>(apex.handle())); !status) return status;
  output.flush();
  return {};
}

}  // namespace

Result<std::string> canonical(const Document& /*document*/, const Element& apex, C14n method,
                              const Element* left_out, std::string_view inclusive_prefixes) {
  std::string text;
  auto status = write(apex, make_options(method, left_out, inclusive_prefixes),
                      [&](std::string_view piece) { text += piece; });
  if (!status) return failure(std::move(status.error()));
  return text;
}

Result<Bytes> canonical_digest(const Document& /*document*/, const Element& apex, C14n method,
                               Digester::Algorithm algorithm, const Element* left_out,
                               std::string_view inclusive_prefixes) {
  Digester digester(algorithm);
  auto status = write(apex, make_options(method, left_out, inclusive_prefixes),
                      [&](std::string_view piece) { digester.update(piece); });
  if (!status) return failure(std::move(status.error()));
  return digester.finish();
}

}  // namespace demat::xml
