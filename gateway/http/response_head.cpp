#include "gateway/http/response_head.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>

#include "gateway/base/clock.hpp"
#include "gateway/base/random.hpp"

namespace demat::http {
namespace {

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(std::time_t now) {
  static constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm parts{};
  gmtime_r(&now, &parts);
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::string(days.at(static_cast<std::size_t>(parts.tm_wday))) + ", " + two(parts.tm_mday) + " " +
         months.at(static_cast<std::size_t>(parts.tm_mon)) + " " + std::to_string(parts.tm_year + 1900) +
         " " + two(parts.tm_hour) + ":" + two(parts.tm_min) + ":" + two(parts.tm_sec) + " GMT";
}

void add(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::size_t body_size(const Response& response) {
  if (const auto* text = std::get_if<std::string>(&response.body)) return text->size();
  const auto* stream = std::get_if<Stream>(&response.body);
  return stream != nullptr && *stream ? (*stream)->size() : 0;
}

std::string response_head(const Response& response, std::size_t content_length, bool keep_alive,
                          const std::string& request_id, const ServerOptions& options) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.append(reason_phrase(response.status)).append("\r\n");
  add(head, "Date", http_date(std::time(nullptr)));
  for (const auto& [name, value] : response.headers)
    add(head, name, value);
  const bool endless = std::holds_alternative<Feed>(response.body);  // ends with the connection
  if (response.status != 204 && response.status != 304 && !endless)
    add(head, "Content-Length", std::to_string(content_length));
  add(head, "X-Request-Id", request_id);
  add(head, "X-Content-Type-Options", "nosniff");
  add(head, "Cache-Control", "no-store");
  for (const auto& [name, value] : options.headers)
    add(head, name, value);
  add(head, "Connection", keep_alive ? "keep-alive" : "close");
  return head + "\r\n";
}

std::string choose_request_id(std::string_view offered) {
  const bool sane = offered.size() >= 8 && offered.size() <= 64 &&
                    std::all_of(offered.begin(), offered.end(), [](unsigned char c) {
                      return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
                    });
  return sane ? std::string(offered) : make_uuid_v7(SystemClock().now());
}

}  // namespace demat::http
