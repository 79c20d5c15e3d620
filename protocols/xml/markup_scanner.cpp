#include "protocols/xml/markup_scanner.hpp"

#include <algorithm>
#include <cstring>

namespace demat::xml::detail {
namespace {

/// Comments and processing instructions are kept whole by the parser while it reads them.
constexpr std::size_t max_skipped_bytes = 65'536;
constexpr std::string_view cdata_opening = "[CDATA[";

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

Error doctype() {
  return permanent_error(
      "xml.doctype",
      "Le fichier contient une déclaration DOCTYPE, interdite : la retirer et renvoyer le fichier.",
      "The file holds a DOCTYPE declaration, which is forbidden: remove it and send again.");
}

Error malformed(std::string_view fr, std::string_view en) {
  return permanent_error("xml.malformed", fr, en);
}

Error over(std::string_view code, std::string_view what_fr, std::string_view what_en, std::size_t limit) {
  auto error = permanent_error(code, what_fr, what_en);
  error.fr += " (limite : " + std::to_string(limit) + ").";
  error.en += " (limit: " + std::to_string(limit) + ").";
  return error;
}

}  // namespace

Status MarkupScanner::feed(std::string_view chunk) {
  const auto fail = [&](Error error, std::size_t at) {
    const auto newlines = std::count(chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    error.place.line = lines_ + static_cast<std::size_t>(newlines) + 1;
    return failure(std::move(error));
  };
  const auto start = offset_;
  if (const void* zero = chunk.empty() ? nullptr : std::memchr(chunk.data(), 0, chunk.size()))
    return fail(malformed("Le fichier contient un octet nul : ce n'est pas un document XML.",
                          "The file holds a NUL byte: it is not an XML document."),
                static_cast<std::size_t>(static_cast<const char*>(zero) - chunk.data()));
  for (std::size_t i = 0; i < chunk.size(); ++i) {
    if (state_ == State::text) {
      const void* found = std::memchr(chunk.data() + i, '<', chunk.size() - i);
      if (found == nullptr) break;
      i = static_cast<std::size_t>(static_cast<const char*>(found) - chunk.data());
    }
    offset_ = start + i;
    if (auto error = step(chunk[i])) return fail(std::move(*error), i);
  }
  offset_ = start + chunk.size();
  lines_ += static_cast<std::size_t>(std::count(chunk.begin(), chunk.end(), '\n'));
  return {};
}

void MarkupScanner::enter(State state) {
  state_ = state;
  length_ = 0;
  name_.clear();
}

std::optional<Error> MarkupScanner::step(char c) {
  switch (state_) {
    case State::text:
      tag_begin_ = offset_;
      enter(State::open);
      return std::nullopt;
    case State::open:
      return in_open(c);
    case State::declaration:
      return in_declaration(c);
    case State::comment:
    case State::cdata:
    case State::instruction:
      return in_skipped(c);
    case State::name:
      return in_name(c);
    case State::tag:
      return in_tag(c);
    case State::attribute_name:
      return in_attribute_name(c);
    case State::before_value:
      return in_before_value(c);
    case State::value:
      return in_value(c);
    case State::empty_tag:
      if (c != '>') return malformed("Balise mal fermée.", "A tag is not closed properly.");
      return close_start(true);
    case State::end_tag:
      if (c == '<') return malformed("Balise de fin mal formée.", "Malformed end tag.");
      if (c != '>') return std::nullopt;
      end_tag(tag_begin_, offset_ + 1, depth_);
      if (depth_ > 0) --depth_;
      enter(State::text);
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Error> MarkupScanner::in_open(char c) {
  if (c == '/') {
    enter(State::end_tag);
  } else if (c == '!') {
    enter(State::declaration);
  } else if (c == '?') {
    enter(State::instruction);
  } else if (is_space(c) || c == '<' || c == '>') {
    return malformed("Caractère « < » isolé : l'écrire &lt;.", "A lone \"<\" character: write it &lt;.");
  } else {
    enter(State::name);
    name_.push_back(c);
  }
  return std::nullopt;
}

std::optional<Error> MarkupScanner::in_declaration(char c) {
  name_.push_back(c);
  if (name_ == "--") {
    enter(State::comment);
  } else if (name_ == cdata_opening) {
    enter(State::cdata);
  } else if (name_ != "-" && cdata_opening.substr(0, name_.size()) != name_) {
    return doctype();
  }
  return std::nullopt;
}

std::optional<Error> MarkupScanner::in_skipped(char c) {
  const std::string_view closing = state_ == State::comment ? "-->" : state_ == State::cdata ? "]]>" : "?>";
  if (state_ != State::cdata && ++length_ > max_skipped_bytes)
    return over("xml.comment_too_long", "Commentaire ou instruction de traitement trop long",
                "A comment or processing instruction is too long", max_skipped_bytes);
  name_.push_back(c);
  while (!name_.empty() && closing.substr(0, name_.size()) != name_)
    name_.erase(0, 1);
  if (name_ == closing) enter(State::text);
  return std::nullopt;
}

std::optional<Error> MarkupScanner::in_name(char c) {
  if (is_space(c) || c == '/' || c == '>') {
    if (++depth_ > limits_.depth)
      return over("xml.too_deep", "Trop d'éléments imbriqués", "Too many elements inside each other",
                  limits_.depth);
    element_ = name_;
    attributes_ = 0;
    namespaces_ = 0;
    enter(State::tag);
    return in_tag(c);
  }
  if (c == '<') return malformed("Balise mal formée.", "Malformed tag.");
  name_.push_back(c);
  if (name_.size() > limits_.name_bytes)
    return over("xml.name_too_long", "Nom d'élément trop long", "An element name is too long",
                limits_.name_bytes);
  return std::nullopt;
}

std::optional<Error> MarkupScanner::in_tag(char c) {
  if (is_space(c)) return std::nullopt;
  if (c == '>') return close_start(false);
  if (c == '/') {
    enter(State::empty_tag);
    return std::nullopt;
  }
  return begin_attribute(c);
}

std::optional<Error> MarkupScanner::begin_attribute(char c) {
  if (c == '<' || c == '=' || c == '"' || c == '\'')
    return malformed("Attribut mal formé dans une balise.", "Malformed attribute in a tag.");
  enter(State::attribute_name);
  name_.push_back(c);
  return std::nullopt;
}

std::optional<Error> MarkupScanner::in_attribute_name(char c) {
  if (is_space(c) || c == '=') {
    const bool declares = name_ == "xmlns" || name_.compare(0, 6, "xmlns:") == 0;
    if (declares && ++namespaces_ > limits_.namespaces)
      return over("xml.too_many_namespaces", "Trop de déclarations d'espaces de noms sur un élément",
                  "Too many namespace declarations on one element", limits_.namespaces);
    if (!declares && ++attributes_ > limits_.attributes)
      return over("xml.too_many_attributes", "Trop d'attributs sur un élément",
                  "Too many attributes on one element", limits_.attributes);
    enter(State::before_value);
    return in_before_value(c);
  }
  if (c == '<' || c == '>' || c == '/' || c == '"' || c == '\'')
    return malformed("Attribut sans valeur.", "An attribute has no value.");
  name_.push_back(c);
  if (name_.size() > limits_.name_bytes)
    return over("xml.name_too_long", "Nom d'attribut trop long", "An attribute name is too long",
                limits_.name_bytes);
  return std::nullopt;
}

std::optional<Error> MarkupScanner::in_before_value(char c) {
  if (is_space(c)) return std::nullopt;
  if (c == '=' && length_ == 0) {
    length_ = 1;
    return std::nullopt;
  }
  if (length_ == 0 || (c != '"' && c != '\''))
    return malformed("Valeur d'attribut sans guillemets.", "An attribute value is not quoted.");
  enter(State::value);
  quote_ = c;
  return std::nullopt;
}

std::optional<Error> MarkupScanner::in_value(char c) {
  if (c == quote_) {
    enter(State::tag);
    return std::nullopt;
  }
  if (c == '<')
    return malformed("Caractère « < » dans la valeur d'un attribut (guillemet oublié ?) : l'écrire &lt;.",
                     "A \"<\" character in an attribute value (forgotten quote?): write it &lt;.");
  if (++length_ > limits_.attribute_value_bytes)
    return over("xml.attribute_too_long", "Valeur d'attribut trop longue", "An attribute value is too long",
                limits_.attribute_value_bytes);
  return std::nullopt;
}

std::optional<Error> MarkupScanner::close_start(bool self_closing) {
  start_tag(element_, tag_begin_, offset_ + 1, depth_, self_closing);
  if (self_closing) --depth_;
  enter(State::text);
  return std::nullopt;
}

}  // namespace demat::xml::detail
