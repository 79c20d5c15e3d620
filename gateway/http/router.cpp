#include "gateway/http/router.hpp"

namespace demat::http {
namespace {

/// Takes the next "/segment" off the front of `rest`.
std::string_view next_segment(std::string_view& rest) {
  if (!rest.empty() && rest.front() == '/') rest.remove_prefix(1);
  const auto end = std::min(rest.find('/'), rest.size());
  const auto segment = rest.substr(0, end);
  rest.remove_prefix(end);
  return segment;
}

bool matches(std::string_view pattern, std::string_view path, std::map<std::string, std::string>& captures) {
  captures.clear();
  while (!pattern.empty() && !path.empty()) {
    const auto wanted = next_segment(pattern);
    const auto given = next_segment(path);
    if (wanted.size() > 2 && wanted.front() == '{' && wanted.back() == '}') {
      captures.emplace(wanted.substr(1, wanted.size() - 2), given);
    } else if (wanted != given) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

}  // namespace

void Router::add(Route route) {
  routes_.push_back(std::move(route));
}

Match Router::match(std::string_view method, std::string_view path) const {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  Match out;
  for (const auto& route : routes_) {
    if (!matches(route.pattern, path, out.captures)) continue;
    if (route.method == wanted) {
      out.route = &route;
      out.allow.clear();
      return out;
    }
    if (!out.allow.empty()) out.allow += ", ";
    out.allow += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  out.captures.clear();
  return out;
}

}  // namespace demat::http
