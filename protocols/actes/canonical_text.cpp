#include "protocols/actes/canonical_text.hpp"

#include <algorithm>

namespace demat::actes {
namespace {

/// Position after the '>' that ends the tag beginning at `at`; quotes may hide others.
std::size_t end_of_tag(std::string_view text, std::size_t at) {
  char quote = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at + 1;
    }
  }
  return text.size();
}

std::size_t end_after(std::string_view text, std::size_t at, std::string_view mark) {
  const auto found = text.find(mark, at);
  return found == std::string_view::npos ? text.size() : found + mark.size();
}

Token next_token(std::string_view text, std::size_t at) {
  using Kind = Token::Kind;
  const auto rest = text.substr(at);
  const auto cut = [&](Kind kind, std::size_t end) { return Token{kind, text.substr(at, end - at), 0}; };
  if (!rest.starts_with('<')) return cut(Kind::text, std::min(text.find('<', at), text.size()));
  if (rest.starts_with("<!--")) return cut(Kind::comment, end_after(text, at, "-->"));
  if (rest.starts_with("<?")) return cut(Kind::instruction, end_after(text, at, "?>"));
  return cut(rest.starts_with("</") ? Kind::end : Kind::start, end_of_tag(text, at));
}

std::string_view local(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

void line(std::string& out, std::size_t depth) {
  constexpr std::size_t step = 3;
  out += '\n';
  out.append(depth * step, ' ');
}

/// White space that is not all of an element's content says nothing: the indentation replaces it.
bool is_boundary(const std::vector<Token>& tokens, std::size_t i) {
  if (!tokens[i].is_blank()) return false;
  const bool whole = i > 0 && tokens[i - 1].kind == Token::Kind::start && i + 1 < tokens.size() &&
                     tokens[i + 1].kind == Token::Kind::end;
  return !whole;
}

/// The tokens of a document as a serializer that indents would write them: text pieces are owned by `lines`.
struct Written {
  Token::Kind kind;
  std::string bytes;
  std::size_t depth;
  std::string_view name;
};

std::vector<Written> indented(const std::vector<Token>& tokens) {
  using Kind = Token::Kind;
  std::vector<Written> out;
  const auto put = [&](Kind kind, std::string bytes, std::size_t depth, std::string_view name = {}) {
    // Adjacent text is one node once read again.
    if (kind == Kind::text && !out.empty() && out.back().kind == Kind::text)
      out.back().bytes += bytes;
    else
      out.push_back({kind, std::move(bytes), depth, name});
  };
  const auto broken = [&](std::size_t depth) {
    std::string text;
    line(text, depth);
    put(Kind::text, std::move(text), depth);
  };
  std::vector<bool> has_children;  // other than text, of the open elements
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto& token = tokens[i];
    if (token.kind == Kind::text) {
      if (!is_boundary(tokens, i)) put(Kind::text, std::string{token.bytes}, token.depth);
      continue;
    }
    if (token.kind == Kind::end) {
      if (has_children.back()) broken(token.depth);
      has_children.pop_back();
    } else {
      if (!has_children.empty()) {
        has_children.back() = true;
        broken(token.depth);
      }
      if (token.kind == Kind::start) has_children.push_back(false);
    }
    put(token.kind, std::string{token.bytes}, token.depth, token.name());
  }
  return out;
}

std::string joined_without(const std::vector<Written>& tokens, std::string_view left_out) {
  using Kind = Token::Kind;
  std::string out;
  bool inside = false;
  bool after = false;
  for (const auto& written : tokens) {
    const bool of_it = written.depth == 1 && local(written.name) == left_out;
    if (of_it && written.kind == Kind::start) inside = true;
    if (inside) {
      after = of_it && written.kind == Kind::end;
      inside = !after;
      continue;
    }
    const bool dropped = after && written.kind == Kind::text;
    after = false;
    if (!dropped && written.kind != Kind::comment) out += written.bytes;
  }
  return out;
}

}  // namespace

bool Token::is_blank() const {
  return kind == Kind::text && std::all_of(bytes.begin(), bytes.end(), [](char c) {
           return c == ' ' || c == '\t' || c == '\n' || c == '\r';
         });
}

std::string_view Token::name() const {
  if (kind != Kind::start && kind != Kind::end) return {};
  const std::size_t begin = kind == Kind::start ? 1 : 2;
  const auto end = bytes.find_first_of(" \t\n>", begin);
  return bytes.substr(begin, end == std::string_view::npos ? end : end - begin);
}

std::vector<Token> tokens_of(std::string_view canonical) {
  std::vector<Token> tokens;
  std::size_t depth = 0;
  for (std::size_t at = 0; at < canonical.size();) {
    auto token = next_token(canonical, at);
    at += token.bytes.size();
    if (token.kind == Token::Kind::end && depth > 0) --depth;
    token.depth = depth;
    if (token.kind == Token::Kind::start) ++depth;
    tokens.push_back(token);
  }
  return tokens;
}

std::string indented_without(std::string_view canonical, std::string_view left_out) {
  return joined_without(indented(tokens_of(canonical)), left_out);
}

std::string without(std::string_view canonical, std::string_view left_out) {
  std::vector<Written> as_it_is;
  for (const auto& token : tokens_of(canonical))
    as_it_is.push_back({token.kind, std::string{token.bytes}, token.depth, token.name()});
  return joined_without(as_it_is, left_out);
}

}  // namespace demat::actes
