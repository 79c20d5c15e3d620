#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/base/result.hpp"

namespace demat::http {

/// The head of one part of a multipart/form-data body (RFC 7578).
struct Part {
  std::string name;
  std::string file_name;  ///< last component only; empty when the part is no file
  std::string content_type;
};

/// Where the parts go. A failure stops the reading and is handed back.
struct PartHandler {
  std::function<Status(const Part&)> begin;
  std::function<Status(std::string_view)> data;  ///< pieces of the current part
  std::function<Status()> end;
};

/// The boundary of a Content-Type that is multipart/form-data; empty when it is another type or has none of
/// 1 to 70 characters.
[[nodiscard]] std::optional<std::string> multipart_boundary(std::string_view content_type);

/// Reads multipart/form-data as it streams in, in memory bounded by one delimiter and one part's head.
/// Errors: `http.multipart` (malformed), `http.multipart_limit`, and those of the handler. Not thread-safe.
class MultipartReader {
 public:
  static constexpr std::size_t max_parts = 16;
  static constexpr std::size_t max_head = 8'192;      ///< bytes of one part's head
  static constexpr std::size_t max_outside = 65'536;  ///< bytes before the first and after the last part

  MultipartReader(std::string_view boundary, PartHandler handler, std::size_t most_parts = max_parts);
  [[nodiscard]] Status feed(std::string_view bytes);
  /// The body is over: an error when the last delimiter has not come.
  [[nodiscard]] Status finish() const;

 private:
  enum class State { preamble, after_delimiter, head, data, done };
  [[nodiscard]] Result<bool> step();
  [[nodiscard]] Result<bool> step_preamble();
  [[nodiscard]] Result<bool> step_after_delimiter();
  [[nodiscard]] Result<bool> step_head();
  [[nodiscard]] Result<bool> step_data();

  std::string delimiter_;  ///< CRLF, two dashes, boundary
  PartHandler handler_;
  std::string buffer_;
  std::size_t most_parts_;
  State state_ = State::preamble;
  std::size_t parts_ = 0;
  std::size_t outside_ = 0;
};

}  // namespace demat::http
