#include "protocols/xml/markup_scanner.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace demat::xml::detail {
namespace {

/// Comments and processing instructions are kept whole by the parser while it reads them.
constexpr std::size_t max_skipped_bytes = 65'536;
constexpr std::string_view cdata_opening = "[CDATA[";

/// What a name cannot contain and the scanner must look at.
constexpr std::array<bool, 256> make_ends() {
  std::array<bool, 256> ends{};
  for (const char c : std::string_view{" \t\r\n=/<>\"'"})
    ends[static_cast<unsigned char>(c)] = true;
  return ends;
}
constexpr auto ends = make_ends();
bool ends_name(char c) {
  return ends[static_cast<unsigned char>(c)];
}

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
    i += take_run(chunk.substr(i));
    if (i >= chunk.size()) break;
    offset_ = start + i;
    if (state_ == State::text) {
      if (const auto size = whole_tag(chunk.substr(i)); size > 0) {
        i += size - 1;
        continue;
      }
    }
    if (!step(chunk[i])) return fail(std::move(error_), i);
  }
  offset_ = start + chunk.size();
  lines_ += static_cast<std::size_t>(std::count(chunk.begin(), chunk.end(), '\n'));
  return {};
}

std::size_t MarkupScanner::whole_tag(std::string_view rest) {
  if (rest.size() < 3) return 0;
  return rest[1] == '/' ? whole_end_tag(rest) : whole_start_tag(rest);
}

std::size_t MarkupScanner::whole_end_tag(std::string_view rest) {
  std::size_t at = 2;
  while (at < rest.size() && rest[at] != '>' && rest[at] != '<')
    ++at;
  if (at == rest.size() || rest[at] != '>') return 0;
  end_tag(offset_, offset_ + at + 1, depth_);
  if (depth_ > 0) --depth_;
  return at + 1;
}

std::size_t MarkupScanner::whole_start_tag(std::string_view rest) {
  const char* at = rest.data() + 1;
  const char* const end = rest.data() + rest.size();
  const auto name_end = [&](const char* from) {
    while (from != end && !ends_name(*from))
      ++from;
    return from;
  };
  const char* const name = at;
  if (*at == '!' || *at == '?' || depth_ >= limits_.depth) return 0;
  at = name_end(at);
  const auto name_size = static_cast<std::size_t>(at - name);
  if (name_size == 0 || name_size > limits_.name_bytes) return 0;
  std::size_t attributes = 0;
  std::size_t namespaces = 0;
  while (true) {
    while (at != end && is_space(*at))
      ++at;
    if (at == end) return 0;
    const bool self_closing = *at == '/';
    if (self_closing) ++at;
    if (at != end && *at == '>') {
      const auto size = static_cast<std::size_t>(at + 1 - rest.data());
      start_tag({name, name_size}, offset_, offset_ + size, ++depth_, self_closing);
      if (self_closing) --depth_;
      return size;
    }
    if (self_closing) return 0;
    const char* const attribute = at;
    at = name_end(at);
    const std::string_view key(attribute, static_cast<std::size_t>(at - attribute));
    if (key.empty() || key.size() > limits_.name_bytes || end - at < 2 || at[0] != '=' ||
        (at[1] != '"' && at[1] != '\''))
      return 0;
    auto& count = key.starts_with("xmlns") && (key.size() == 5 || key[5] == ':') ? namespaces : attributes;
    if (++count > (&count == &namespaces ? limits_.namespaces : limits_.attributes)) return 0;
    const char quote = at[1];
    at += 2;
    const char* const value = at;
    while (at != end && *at != quote && *at != '<')
      ++at;
    if (at == end || *at != quote || static_cast<std::size_t>(at - value) > limits_.attribute_value_bytes)
      return 0;
    ++at;
  }
}

std::size_t MarkupScanner::take_run(std::string_view rest) {
  const auto to_byte = [&](char wanted) {
    const void* found = std::memchr(rest.data(), wanted, rest.size());
    return found == nullptr ? rest.size()
                            : static_cast<std::size_t>(static_cast<const char*>(found) - rest.data());
  };
  switch (state_) {
    case State::text:
      return to_byte('<');
    case State::cdata:
      return name_.empty() ? to_byte(']') : 0;
    case State::value: {
      // Up to the limit: the byte after it is for in_value() to refuse.
      const auto room = std::min(rest.size(), limits_.attribute_value_bytes - length_);
      std::size_t size = 0;
      while (size < room && rest[size] != quote_ && rest[size] != '<')
        ++size;
      length_ += size;
      return size;
    }
    case State::name:
    case State::attribute_name: {
      const auto room = std::min(rest.size(), limits_.name_bytes - name_.size());
      std::size_t size = 0;
      while (size < room && !ends_name(rest[size]))
        ++size;
      name_.append(rest.substr(0, size));
      return size;
    }
    case State::end_tag: {
      std::size_t size = 0;
      while (size < rest.size() && rest[size] != '>' && rest[size] != '<')
        ++size;
      return size;
    }
    default:
      return 0;
  }
}

bool MarkupScanner::refuse(Error error) {
  error_ = std::move(error);
  return false;
}

void MarkupScanner::enter(State state) {
  state_ = state;
  length_ = 0;
  name_.clear();
}

bool MarkupScanner::step(char c) {
  switch (state_) {
    case State::text:
      tag_begin_ = offset_;
      enter(State::open);
      return true;
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
      if (c != '>') return refuse(malformed("Balise mal fermée.", "A tag is not closed properly."));
      return close_start(true);
    case State::end_tag:
      if (c == '<') return refuse(malformed("Balise de fin mal formée.", "Malformed end tag."));
      if (c != '>') return true;
      end_tag(tag_begin_, offset_ + 1, depth_);
      if (depth_ > 0) --depth_;
      enter(State::text);
      return true;
  }
  return true;
}

bool MarkupScanner::in_open(char c) {
  if (c == '/') {
    enter(State::end_tag);
  } else if (c == '!') {
    other_markup();
    enter(State::declaration);
  } else if (c == '?') {
    other_markup();
    enter(State::instruction);
  } else if (is_space(c) || c == '<' || c == '>') {
    return refuse(
        malformed("Caractère « < » isolé : l'écrire &lt;.", "A lone \"<\" character: write it &lt;."));
  } else {
    enter(State::name);
    name_.push_back(c);
  }
  return true;
}

bool MarkupScanner::in_declaration(char c) {
  name_.push_back(c);
  if (name_ == "--") {
    enter(State::comment);
  } else if (name_ == cdata_opening) {
    enter(State::cdata);
  } else if (name_ != "-" && cdata_opening.substr(0, name_.size()) != name_) {
    return refuse(doctype());
  }
  return true;
}

bool MarkupScanner::in_skipped(char c) {
  const std::string_view closing = state_ == State::comment ? "-->" : state_ == State::cdata ? "]]>" : "?>";
  if (state_ != State::cdata && ++length_ > max_skipped_bytes)
    return refuse(over("xml.comment_too_long", "Commentaire ou instruction de traitement trop long",
                       "A comment or processing instruction is too long", max_skipped_bytes));
  name_.push_back(c);
  while (!name_.empty() && closing.substr(0, name_.size()) != name_)
    name_.erase(0, 1);
  if (name_ == closing) enter(State::text);
  return true;
}

bool MarkupScanner::in_name(char c) {
  if (is_space(c) || c == '/' || c == '>') {
    if (++depth_ > limits_.depth)
      return refuse(over("xml.too_deep", "Trop d'éléments imbriqués", "Too many elements inside each other",
                         limits_.depth));
    element_ = name_;
    attributes_ = 0;
    namespaces_ = 0;
    enter(State::tag);
    return in_tag(c);
  }
  if (c == '<') return refuse(malformed("Balise mal formée.", "Malformed tag."));
  name_.push_back(c);
  if (name_.size() > limits_.name_bytes)
    return refuse(over("xml.name_too_long", "Nom d'élément trop long", "An element name is too long",
                       limits_.name_bytes));
  return true;
}

bool MarkupScanner::in_tag(char c) {
  if (is_space(c)) return true;
  if (c == '>') return close_start(false);
  if (c == '/') {
    enter(State::empty_tag);
    return true;
  }
  return begin_attribute(c);
}

bool MarkupScanner::begin_attribute(char c) {
  if (c == '<' || c == '=' || c == '"' || c == '\'')
    return refuse(malformed("Attribut mal formé dans une balise.", "Malformed attribute in a tag."));
  enter(State::attribute_name);
  name_.push_back(c);
  return true;
}

bool MarkupScanner::in_attribute_name(char c) {
  if (is_space(c) || c == '=') {
    const bool declares = name_ == "xmlns" || name_.compare(0, 6, "xmlns:") == 0;
    if (declares && ++namespaces_ > limits_.namespaces)
      return refuse(over("xml.too_many_namespaces", "Trop de déclarations d'espaces de noms sur un élément",
                         "Too many namespace declarations on one element", limits_.namespaces));
    if (!declares && ++attributes_ > limits_.attributes)
      return refuse(over("xml.too_many_attributes", "Trop d'attributs sur un élément",
                         "Too many attributes on one element", limits_.attributes));
    enter(State::before_value);
    return in_before_value(c);
  }
  if (c == '<' || c == '>' || c == '/' || c == '"' || c == '\'')
    return refuse(malformed("Attribut sans valeur.", "An attribute has no value."));
  name_.push_back(c);
  if (name_.size() > limits_.name_bytes)
    return refuse(over("xml.name_too_long", "Nom d'attribut trop long", "An attribute name is too long",
                       limits_.name_bytes));
  return true;
}

bool MarkupScanner::in_before_value(char c) {
  if (is_space(c)) return true;
  if (c == '=' && length_ == 0) {
    length_ = 1;
    return true;
  }
  if (length_ == 0 || (c != '"' && c != '\''))
    return refuse(malformed("Valeur d'attribut sans guillemets.", "An attribute value is not quoted."));
  enter(State::value);
  quote_ = c;
  return true;
}

bool MarkupScanner::in_value(char c) {
  if (c == quote_) {
    enter(State::tag);
    return true;
  }
  if (c == '<')
    return refuse(
        malformed("Caractère « < » dans la valeur d'un attribut (guillemet oublié ?) : l'écrire &lt;.",
                  "A \"<\" character in an attribute value (forgotten quote?): write it &lt;."));
  if (++length_ > limits_.attribute_value_bytes)
    return refuse(over("xml.attribute_too_long", "Valeur d'attribut trop longue",
                       "An attribute value is too long", limits_.attribute_value_bytes));
  return true;
}

bool MarkupScanner::close_start(bool self_closing) {
  start_tag(element_, tag_begin_, offset_ + 1, depth_, self_closing);
  if (self_closing) --depth_;
  enter(State::text);
  return true;
}

}  // namespace demat::xml::detail
