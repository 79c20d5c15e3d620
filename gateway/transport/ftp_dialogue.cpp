#include "gateway/transport/ftp_dialogue.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace demat::transport {
namespace {

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
    line.remove_suffix(1);
  return line;
}

std::string upper_verb(std::string_view line) {
  std::string verb(line.substr(0, line.find(' ')));
  std::transform(verb.begin(), verb.end(), verb.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return verb;
}

/// The three digits at the start of a reply line; 0 when there are none.
int reply_code(std::string_view line) {
  if (line.size() < 3) return 0;
  int code = 0;
  for (const char c : line.substr(0, 3)) {
    if (c < '0' || c > '9') return 0;
    code = code * 10 + (c - '0');
  }
  return code;
}

/// "213 1234"
std::optional<std::uint64_t> number_after_code(std::string_view line) {
  line.remove_prefix(std::min<std::size_t>(4, line.size()));
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (error != std::errc() || end != line.data() + line.size()) return std::nullopt;
  return number;
}

}  // namespace

void FtpDialogue::sent(std::string_view line) {
  line = trimmed(line);
  verb_ = upper_verb(line);
  stor_sent_ = stor_sent_ || verb_ == "STOR";
  rnto_sent_ = rnto_sent_ || verb_ == "RNTO";
  if (transcript_ == nullptr) return;
  const bool secret = verb_ == "PASS" || verb_ == "ACCT";
  transcript_->add(secret ? "> " + verb_ + " ****" : "> " + std::string(line));
}

void FtpDialogue::received(std::string_view line) {
  line = trimmed(line);
  if (transcript_ != nullptr) transcript_->add("< " + std::string(line));
  const int code = reply_code(line);
  const char mark = line.size() > 3 ? line[3] : ' ';
  if (open_reply_ != 0 && !(code == open_reply_ && mark == ' ')) return;
  open_reply_ = mark == '-' ? code : 0;
  if (open_reply_ == 0 && code >= 200) final_reply(code, line);
}

void FtpDialogue::final_reply(int code, std::string_view line) {
  last_code_ = code;
  reply_ = line;
  if (code >= 400) refusal_ = line;
  full_ = full_ || code == 452 || code == 552;
  if (verb_ == "SITE" && code != 200) {
    site_refused_ = true;
    refusal_ = line;
  }
  if (verb_ == "STOR") stor_reply_ = code;
  if (verb_ == "RNTO") rnto_reply_ = code;
  if (verb_ == "SIZE" && code == 213) size_told_ = number_after_code(line);
}

}  // namespace demat::transport
