#include "gateway/http/message.hpp"

#include <algorithm>
#include <array>

namespace demat::http {

std::string_view Request::header(std::string_view name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto& entry) { return entry.first == name; });
  return found == headers.end() ? std::string_view{} : std::string_view(found->second);
}

std::optional<std::string> Request::parameter(std::string_view name) const {
  const auto found =
      std::find_if(query.begin(), query.end(), [&](const auto& entry) { return entry.first == name; });
  if (found == query.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> Request::parameters(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& [key, value] : query) {
    if (key == name) out.push_back(value);
  }
  return out;
}

const std::string& Request::capture(const std::string& name) const {
  static const std::string none;
  const auto found = captures.find(name);
  return found == captures.end() ? none : found->second;
}

Response& Response::with(std::string name, std::string_view value) {
  std::string clean(value);
  std::replace_if(
      clean.begin(), clean.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  headers.emplace_back(std::move(name), std::move(clean));
  return *this;
}

std::string_view reason_phrase(int status) {
  using Entry = std::pair<int, std::string_view>;
  static constexpr std::array phrases = {
      Entry{100, "Continue"},
      Entry{200, "OK"},
      Entry{201, "Created"},
      Entry{202, "Accepted"},
      Entry{204, "No Content"},
      Entry{304, "Not Modified"},
      Entry{400, "Bad Request"},
      Entry{401, "Unauthorized"},
      Entry{403, "Forbidden"},
      Entry{404, "Not Found"},
      Entry{405, "Method Not Allowed"},
      Entry{408, "Request Timeout"},
      Entry{409, "Conflict"},
      Entry{413, "Content Too Large"},
      Entry{415, "Unsupported Media Type"},
      Entry{417, "Expectation Failed"},
      Entry{422, "Unprocessable Content"},
      Entry{429, "Too Many Requests"},
      Entry{431, "Request Header Fields Too Large"},
      Entry{500, "Internal Server Error"},
      Entry{501, "Not Implemented"},
      Entry{503, "Service Unavailable"},
      Entry{507, "Insufficient Storage"},
  };
  const auto* found =
      std::find_if(phrases.begin(), phrases.end(), [&](const Entry& entry) { return entry.first == status; });
  return found == phrases.end() ? "Unknown" : found->second;
}

}  // namespace demat::http
