#include "gateway/mailing/postman.hpp"

#include <algorithm>

#include "gateway/base/crash_point.hpp"
#include "gateway/base/thread_name.hpp"
#include "protocols/mail/compose.hpp"

namespace demat::mailing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds longest_sleep{30};
constexpr seconds longest_rest{300};

Duration doubled(Duration first, Duration most, std::uint32_t times) {
  constexpr std::uint32_t enough = 20;
  Duration wait = first;
  for (std::uint32_t i = 0; i < std::min(times, enough) && wait < most; ++i)
    wait *= 2;
  return std::min(wait, most);
}

Result<std::string> written(const store::OutgoingMail& mail, const config::Mail& settings) {
  mail::Outgoing out;
  out.from = {settings.from_name, settings.from};
  out.to = {{{}, mail.recipient}};
  out.subject = mail.subject;
  out.text = mail.text;
  out.message_id = mail.message_id;
  out.date = std::chrono::floor<seconds>(mail.created_at.time_since_epoch()).count();
  return mail::compose(out);
}

store::MailFailure failure_of(const transport::SmtpOutcome& outcome) {
  store::MailFailure how;
  how.reply = outcome.reply;
  how.reason = outcome.words;
  switch (outcome.end) {
    case transport::SmtpEnd::refused:
      how.error_code = "mail.refused";
      how.give_up = true;
      break;
    case transport::SmtpEnd::put_off:
      how.error_code = "mail.deferred";
      break;
    default:
      how.error_code = "mail.unanswered";
      break;
  }
  return how;
}

}  // namespace

Duration wait_after(const config::Mail& mail, std::uint32_t tries) {
  return doubled(mail.retry_first, mail.retry_max, tries > 0 ? tries - 1 : 0);
}

Postman::Postman(PostmanParts parts) : parts_(std::move(parts)) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Postman::~Postman() {
  stopping_ = true;
  thread_.request_stop();
}

void Postman::wake() {
  {
    const std::lock_guard lock(mutex_);
    ++wakes_;
  }
  woken_.notify_all();
}

void Postman::hurry() {
  hurried_ = true;
  wake();
}

void Postman::report(const Error& error) const {
  if (parts_.trouble) parts_.trouble("mail.store", error.code);
}

void Postman::run(const std::stop_token& stop) {
  name_this_thread("postman");
  while (!stop.stop_requested()) {
    std::uint64_t seen = 0;
    {
      const std::lock_guard lock(mutex_);
      seen = wakes_;
    }
    bool more = false;
    try {
      more = pass(stop);
    } catch (const std::exception& broken) {
      if (parts_.trouble) parts_.trouble("mail.broken", broken.what());
    }
    if (!more) sleep(stop, seen);
  }
}

/// Until the next mail is due and the server has rested, news come, or some time has passed.
void Postman::sleep(const std::stop_token& stop, std::uint64_t seen) {
  Duration wait = longest_sleep;
  const Duration rest = std::chrono::ceil<Duration>(rest_until_ - std::chrono::steady_clock::now());
  if (!parts_.settings().url.empty())
    if (const auto next = parts_.store.mails().next_due(); next && *next)
      wait = std::max(**next - parts_.clock.now(), rest);
  wait = std::clamp<Duration>(wait, milliseconds(50), longest_sleep);
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, stop, wait, [seen, this] { return seen != wakes_; });
}

/// True when there may be more to do at once.
bool Postman::pass(const std::stop_token& stop) {
  const auto settings = parts_.settings();
  if (hurried_.exchange(false)) rest_until_ = {};
  if (settings.url.empty() || std::chrono::steady_clock::now() < rest_until_) return false;
  if (unwritten_ && !note(std::exchange(unwritten_, {}))) return false;
  const auto due = parts_.store.mails().due(parts_.clock.now(), settings.per_connection);
  if (!due) {
    report(due.error());
    return false;
  }
  transport::SmtpClient client(settings, &stopping_);
  for (const auto& mail : *due) {
    if (stop.stop_requested()) return false;
    if (!deliver(mail, settings, client)) return false;
  }
  return due->size() == settings.per_connection;
}

bool Postman::deliver(const store::OutgoingMail& mail, const config::Mail& settings,
                      transport::SmtpClient& client) {
  const auto bytes = written(mail, settings);
  if (!bytes) return note_failure(mail, settings, {0, bytes.error().code, bytes.error().detail, {}, true});
  crash_point("before_mail");
  const auto outcome = client.send({settings.from, mail.recipient, *bytes});
  crash_point("after_mail");
  if (outcome.end == transport::SmtpEnd::no_server) {
    if (!stopping_) rest_after(outcome.error, settings);
    return false;
  }
  refusals_ = 0;
  if (parts_.heard) parts_.heard(mail, outcome);
  if (outcome.end != transport::SmtpEnd::taken) return note_failure(mail, settings, failure_of(outcome));
  return note([this, id = mail.id, reply = outcome.reply] { return parts_.store.mails().sent(id, reply); });
}

bool Postman::note(std::function<Status()> end) {
  const auto noted = end();
  if (noted) return true;
  report(noted.error());
  if (noted.error().outlook != Outlook::waiting) return false;  // the row is gone
  // Sent again for want of a note, a mail would go out with every look at the store.
  unwritten_ = std::move(end);
  rest(seconds(1));
  return false;
}

bool Postman::note_failure(const store::OutgoingMail& mail, const config::Mail& settings,
                           store::MailFailure how) {
  const auto now = parts_.clock.now();
  how.next = now + wait_after(settings, mail.tries + 1);
  if (!how.give_up && mail.failing_since && now - *mail.failing_since >= settings.give_up) {
    how.error_code = "mail.expired";
    how.give_up = true;
  }
  if (how.give_up && parts_.given_up) parts_.given_up(mail, how);
  return note([this, id = mail.id, how] { return parts_.store.mails().failed(id, how); });
}

/// The server is left alone for a while; no recipient is to blame.
void Postman::rest_after(const Error& error, const config::Mail& settings) {
  const Duration most = std::min<Duration>(settings.retry_max, longest_rest);
  rest(doubled(std::min<Duration>(settings.retry_first, most), most, refusals_));
  ++refusals_;
  if (parts_.server_ill) parts_.server_ill(error);
}

}  // namespace demat::mailing
