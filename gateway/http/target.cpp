#include <boost/url/decode_view.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>

#include "gateway/http/message.hpp"

namespace demat::http {

namespace urls = boost::urls;

std::optional<std::string> percent_decode(std::string_view text) {
  const auto checked = urls::make_pct_string_view(text);
  if (!checked) return std::nullopt;
  std::string out;
  const urls::decode_view decoded = **checked;
  out.assign(decoded.begin(), decoded.end());
  return out;
}

std::string percent_encode(std::string_view text) {
  return urls::encode(text, urls::unreserved_chars);
}

std::optional<Target> parse_target(std::string_view target) {
  const auto parsed = urls::parse_origin_form(target);
  if (!parsed) return std::nullopt;
  const urls::url_view& url = *parsed;
  Target out;
  for (const auto segment : url.segments()) {
    const bool hidden_slash = segment.find('/') != std::string::npos;
    const bool nul = segment.find('\0') != std::string::npos;
    if (segment.empty() || segment == "." || segment == ".." || hidden_slash || nul) return std::nullopt;
    out.path += '/';
    out.path += segment;
  }
  if (out.path.empty()) out.path = "/";
  for (const auto parameter : url.params())
    out.query.emplace_back(parameter.key, parameter.value);
  return out;
}

}  // namespace demat::http
