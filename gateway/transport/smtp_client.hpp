#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "gateway/config/settings.hpp"
#include "protocols/base/error.hpp"

namespace demat::transport {

/// One mail to one recipient. Addresses are plain (mail::is_address); `bytes` has CRLF line ends.
struct SmtpMail {
  std::string from;
  std::string to;
  std::string bytes;
};

/// What became of it.
enum class SmtpEnd {
  taken,      ///< the server answers for it from now on
  put_off,    ///< 4xx for this recipient or this mail
  refused,    ///< 5xx for this recipient or this mail
  cut,        ///< no answer once this mail was under way: the server may have taken it
  no_server,  ///< nothing was said of this mail: connection, TLS, login, or the sender's address refused
};

struct SmtpOutcome {
  SmtpEnd end = SmtpEnd::no_server;
  int reply = 0;      ///< the server's code; 0: no answer to the last command
  std::string words;  ///< its last line, made safe (errors.hpp, printable)
  Error error{};      ///< with no_server: transport.*
};

/// A session with the mail server of [mail] over libcurl, kept between mails. TLS from the first byte
/// (smtps) or required STARTTLS: a server, or who stands between, that does not offer it gets nothing; the
/// chain and the name are verified. Never sends a mail twice by itself once its recipient was named. Not
/// thread-safe.
class SmtpClient {
 public:
  /// `stop` ends a connection that is being made; may be null. Both are borrowed.
  explicit SmtpClient(const config::Mail& mail, const std::atomic<bool>* stop = nullptr);
  ~SmtpClient();
  SmtpClient(const SmtpClient&) = delete;
  SmtpClient& operator=(const SmtpClient&) = delete;

  [[nodiscard]] SmtpOutcome send(const SmtpMail& mail);

 private:
  struct Session;
  [[nodiscard]] SmtpOutcome attempt(const SmtpMail& mail);

  const config::Mail& settings_;
  const std::atomic<bool>* stop_;
  std::unique_ptr<Session> session_;
};

}  // namespace demat::transport
