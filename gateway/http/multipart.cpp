#include "gateway/http/multipart.hpp"

#include <algorithm>
#include <cctype>

#include "gateway/http/header_value.hpp"

namespace demat::http {
namespace {

Error malformed(std::string_view what) {
  return permanent_error(
      "http.multipart", "Le corps multipart/form-data est mal formé. Vérifiez le logiciel qui l'envoie.",
      "The multipart/form-data body is malformed. Check the software that sends it.", what);
}

Error over_limit(std::string_view what) {
  return permanent_error("http.multipart_limit",
                         "Le corps multipart/form-data dépasse une limite (nombre ou en-têtes des parties).",
                         "The multipart/form-data body exceeds a limit (number or headers of its parts).",
                         what);
}

/// Reads the header lines of a part; `head` ends without its empty line.
Result<Part> parse_head(std::string_view head) {
  Part part;
  while (!head.empty()) {
    const auto end = std::min(head.find("\r\n"), head.size());
    const auto line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return failure(malformed("header line"));
    const auto name = lower_case(line.substr(0, colon));
    const auto value = trimmed(line.substr(colon + 1));
    if (name == "content-type") part.content_type = std::string(value);
    if (name != "content-disposition") continue;
    const auto disposition = parse_header_value(value);
    if (!disposition || disposition->value != "form-data") return failure(malformed("disposition"));
    part.name = disposition->parameter("name");
    part.file_name = last_path_component(disposition->file_name());
  }
  if (part.name.empty()) return failure(malformed("part without a name"));
  return part;
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
  const auto parsed = parse_header_value(content_type);
  if (!parsed || parsed->value != "multipart/form-data") return std::nullopt;
  auto boundary = parsed->parameter("boundary");
  const bool printable =
      std::all_of(boundary.begin(), boundary.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
  if (boundary.empty() || boundary.size() > 70 || !printable) return std::nullopt;
  return boundary;
}

MultipartReader::MultipartReader(std::string_view boundary, PartHandler handler, std::size_t most_parts)
    : delimiter_("\r\n--" + std::string(boundary)),
      handler_(std::move(handler)),
      buffer_("\r\n"),
      most_parts_(most_parts) {
}  // the first delimiter may open the body: pretend that a line ended before it

Status MultipartReader::feed(std::string_view bytes) {
  if (state_ == State::done) {
    outside_ += bytes.size();
    if (outside_ > max_outside) return failure(over_limit("epilogue"));
    return {};
  }
  buffer_.append(bytes);
  for (;;) {
    auto more = step();
    if (!more) return failure(std::move(more.error()));
    if (!*more) return {};
  }
}

Status MultipartReader::finish() const {
  if (state_ != State::done) return failure(malformed("the last delimiter is missing"));
  return {};
}

/// True when something was consumed and another step may follow.
Result<bool> MultipartReader::step() {
  switch (state_) {
    case State::preamble:
      return step_preamble();
    case State::after_delimiter:
      return step_after_delimiter();
    case State::head:
      return step_head();
    case State::data:
      return step_data();
    case State::done:
      return false;
  }
  return false;
}

Result<bool> MultipartReader::step_preamble() {
  const auto at = buffer_.find(delimiter_);
  const auto skipped =
      at == std::string::npos ? buffer_.size() - std::min(buffer_.size(), delimiter_.size() - 1) : at;
  outside_ += skipped;
  if (outside_ > max_outside) return failure(over_limit("preamble"));
  buffer_.erase(0, skipped);
  if (at == std::string::npos) return false;
  buffer_.erase(0, delimiter_.size());
  state_ = State::after_delimiter;
  return true;
}

Result<bool> MultipartReader::step_after_delimiter() {
  if (buffer_.size() < 2) return false;
  if (buffer_.starts_with("--")) {
    state_ = State::done;
    buffer_.clear();
    return false;
  }
  // transport padding (RFC 2046 5.1.1) may stand between the delimiter and its line end
  const auto text = buffer_.find_first_not_of(" \t");
  if (text == std::string::npos || text + 2 > buffer_.size()) {
    if (buffer_.size() > max_head) return failure(over_limit("padding"));
    return false;
  }
  if (buffer_.compare(text, 2, "\r\n") != 0) return failure(malformed("delimiter line"));
  if (++parts_ > most_parts_) return failure(over_limit("parts"));
  buffer_.erase(0, text);  // the line end stays: a head may be empty
  state_ = State::head;
  return true;
}

Result<bool> MultipartReader::step_head() {
  const auto end = buffer_.find("\r\n\r\n");
  if (std::min(end, buffer_.size()) > max_head) return failure(over_limit("part head"));
  if (end == std::string::npos) return false;
  auto part = parse_head(std::string_view(buffer_).substr(2, end < 2 ? 0 : end - 2));
  if (!part) return failure(std::move(part.error()));
  buffer_.erase(0, end + 4);
  if (auto status = handler_.begin(*part); !status) return failure(std::move(status.error()));
  state_ = State::data;
  return true;
}

Result<bool> MultipartReader::step_data() {
  const auto at = buffer_.find(delimiter_);
  const auto ready =
      at == std::string::npos ? buffer_.size() - std::min(buffer_.size(), delimiter_.size() - 1) : at;
  if (ready > 0) {
    auto status = handler_.data(std::string_view(buffer_).substr(0, ready));
    if (!status) return failure(std::move(status.error()));
    buffer_.erase(0, ready);
  }
  if (at == std::string::npos) return false;
  buffer_.erase(0, delimiter_.size());
  if (auto status = handler_.end(); !status) return failure(std::move(status.error()));
  state_ = State::after_delimiter;
  return true;
}

}  // namespace demat::http
