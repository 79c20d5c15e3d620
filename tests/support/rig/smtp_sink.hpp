#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gateway/config/settings.hpp"
#include "tests/support/rig/pki.hpp"
#include "tests/support/rig/process.hpp"

namespace demat::rig {

/// A mail that the sink took.
struct TakenMail {
  std::string to;
  std::string from;
  std::string content;
  std::string user;  ///< who was logged in; empty: nobody
  bool tls = false;
  std::uint16_t peer_port = 0;  ///< tells connections apart
};

/// A real mail server (tests/support/smtp_sink.py) as a child process. Throws std::runtime_error, with its
/// own output, when it does not come up.
class SmtpSink {
 public:
  enum class Mode { starttls, smtps, clear };
  explicit SmtpSink(Mode mode = Mode::starttls, const std::string& user = {},
                    const std::string& password = {});
  ~SmtpSink();
  SmtpSink(const SmtpSink&) = delete;
  SmtpSink& operator=(const SmtpSink&) = delete;

  /// Comes up at the port it had.
  void start();
  void stop();
  /// JSON of smtp_sink.py; "{}" ends all faults.
  void misbehave(const std::string& faults) const;
  [[nodiscard]] std::vector<TakenMail> taken() const;
  /// Who was named in RCPT, in order, whatever came of it.
  [[nodiscard]] std::vector<std::string> heard() const;
  /// Ready to use, with short times.
  [[nodiscard]] config::Mail settings() const;

 private:
  Mode mode_;
  std::string user_;
  std::string password_;
  TempFolder folder_;
  Pki pki_;
  Issued issued_;
  std::uint16_t port_ = 0;
  Child child_;
};

/// Empty when the sink can run here, else what is missing (for GTEST_SKIP).
[[nodiscard]] std::string missing_for_smtp();

}  // namespace demat::rig
