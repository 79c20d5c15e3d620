#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "gateway/config/settings.hpp"
#include "gateway/store/mails.hpp"
#include "gateway/transport/smtp_client.hpp"

namespace demat::mailing {

/// What the postman works with; tests give their own. All must be thread-safe.
struct PostmanParts {
  store::Store& store;
  const Clock& clock;
  std::function<config::Mail()> settings;  ///< in force; a reload changes them
  /// The server answered for or against a mail; it is well.
  std::function<void(const store::OutgoingMail&, const transport::SmtpOutcome&)> heard{};
  /// Nothing can leave for now.
  std::function<void(const Error&)> server_ill{};
  /// A recipient was given up: somebody must look.
  std::function<void(const store::OutgoingMail&, const store::MailFailure&)> given_up{};
  std::function<void(std::string_view code, std::string_view detail)> trouble{};
};

/// How long a recipient waits after `tries` failed ones.
[[nodiscard]] Duration wait_after(const config::Mail& mail, std::uint32_t tries);

/// Takes mails out of the store to the mail server, one thread, per_connection of them over one session. At
/// least once: see transport::SmtpEnd::cut.
class Postman {
 public:
  explicit Postman(PostmanParts parts);
  ~Postman();  ///< waits for a mail under way, which ends within mail.timeout
  Postman(const Postman&) = delete;
  Postman& operator=(const Postman&) = delete;

  /// There may be new mails. From any thread.
  void wake();
  /// The same, and the server may be well again: a person says so, or the settings are others.
  void hurry();

 private:
  void run(const std::stop_token& stop);
  [[nodiscard]] bool pass(const std::stop_token& stop);
  /// False: this session has come to its end.
  [[nodiscard]] bool deliver(const store::OutgoingMail& mail, const config::Mail& settings,
                             transport::SmtpClient& client);
  /// Writes the end of a mail down; what the store cannot take now is kept and written before anything
  /// leaves.
  [[nodiscard]] bool note(std::function<Status()> end);
  [[nodiscard]] bool note_failure(const store::OutgoingMail& mail, const config::Mail& settings,
                                  store::MailFailure how);
  void rest_after(const Error& error, const config::Mail& settings);
  void sleep(const std::stop_token& stop, std::uint64_t seen);
  void rest(Duration time) { rest_until_ = std::chrono::steady_clock::now() + time; }
  void report(const Error& error) const;

  PostmanParts parts_;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  std::uint64_t wakes_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> hurried_ = false;
  // of the thread
  std::uint32_t refusals_ = 0;  ///< of the server, in a row
  std::chrono::steady_clock::time_point rest_until_{};
  std::function<Status()> unwritten_;
  std::jthread thread_;  // last: it uses all the others
};

}  // namespace demat::mailing
