#include "gateway/transport/smtp_client.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "gateway/base/crash_point.hpp"
#include "gateway/transport/curl_faults.hpp"
#include "gateway/transport/curl_handle.hpp"

namespace demat::transport {
namespace {

constexpr int login_wanted = 530;  ///< RFC 4954: no word on sender or recipient

/// How far the dialogue about a mail has come.
enum class Phase { before, sender, recipient, body };

/// Follows one mail through libcurl's eyes: which command is under way, and what was answered to it.
struct Dialogue {
  std::string_view bytes;
  const std::atomic<bool>* stop = nullptr;
  Phase phase = Phase::before;
  int reply = 0;      ///< to the last command; 0: none yet
  std::string line;   ///< of that reply
  bool over = false;  ///< libcurl takes its leave: the answer to QUIT is no word on the mail

  void command(std::string_view text) {
    over = over || text.starts_with("QUIT");
    if (over) return;
    if (text.starts_with("MAIL ")) phase = Phase::sender;
    if (text.starts_with("RCPT ")) phase = Phase::recipient;
    forget_reply();
  }
  void answer(std::string_view text) {
    const auto digit = [&](std::size_t i) { return text.size() > i && text[i] >= '0' && text[i] <= '9'; };
    if (over || !digit(0) || !digit(1) || !digit(2)) return;
    reply = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
    line = text.substr(0, text.find_last_not_of("\r\n") + 1);
  }
  void forget_reply() {
    reply = 0;
    line.clear();
  }
  static std::size_t on_read(char* buffer, std::size_t unit, std::size_t count, void* self) {
    auto& dialogue = *static_cast<Dialogue*>(self);
    const std::size_t length = std::min(unit * count, dialogue.bytes.size());
    std::memcpy(buffer, dialogue.bytes.data(), length);
    dialogue.bytes.remove_prefix(length);
    return length;
  }
  static int on_debug(CURL* /*handle*/, curl_infotype type, char* data, std::size_t size, void* self) {
    auto& dialogue = *static_cast<Dialogue*>(self);
    const std::string_view text(data, size);
    if (type == CURLINFO_HEADER_OUT) dialogue.command(text);
    if (type == CURLINFO_HEADER_IN) dialogue.answer(text);
    if (type == CURLINFO_DATA_OUT && dialogue.phase != Phase::body) {
      dialogue.phase = Phase::body;
      dialogue.forget_reply();
      crash_point("during_mail");
    }
    return 0;
  }
  /// Ends what only waits for a connection; a mail under way is brought to its end.
  static int on_progress(void* self, curl_off_t /*download*/, curl_off_t /*downloaded*/,
                         curl_off_t /*upload*/, curl_off_t /*uploaded*/) {
    const auto& dialogue = *static_cast<Dialogue*>(self);
    return dialogue.stop != nullptr && dialogue.stop->load() && dialogue.phase == Phase::before ? 1 : 0;
  }
};

std::string url_of(const config::Mail& mail) {
  return mail.helo.empty() ? mail.url : mail.url + "/" + escape(mail.helo);
}

void set_session(CURL* handle, const config::Mail& mail) {
  curl_easy_setopt(handle, CURLOPT_URL, url_of(mail).c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(handle, CURLOPT_USE_SSL,
                   static_cast<long>(mail.starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(handle, CURLOPT_CA_CACHE_TIMEOUT, 0L);
  if (!mail.ca.empty()) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, mail.ca.c_str());
    curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
  }
  if (!mail.user.empty()) {
    curl_easy_setopt(handle, CURLOPT_USERNAME, mail.user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, mail.password.reveal().c_str());
  }
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(mail.connect_timeout.count()));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(mail.timeout.count()));
}

Fault fault_before_mail(CURLcode code, int reply, std::string_view words) {
  if (code == CURLE_USE_SSL_FAILED) return Fault::identity;
  if (code == CURLE_LOGIN_DENIED || reply == login_wanted) return Fault::login;
  if (code == CURLE_ABORTED_BY_CALLBACK) return Fault::interrupted;
  return reply >= 400 ? Fault::refused : fault_of(code, words);
}

/// What the end of the dialogue means for the mail.
SmtpOutcome judge(const Dialogue& dialogue, CURLcode code, std::string_view message) {
  constexpr int too_large = 552;  // MAIL FROM tells the size
  SmtpOutcome out;
  out.reply = dialogue.reply;
  out.words = printable(dialogue.line);
  const bool of_this_mail = dialogue.phase == Phase::recipient || dialogue.phase == Phase::body ||
                            (dialogue.phase == Phase::sender && dialogue.reply == too_large);
  if (code == CURLE_OK) {
    out.end = SmtpEnd::taken;
  } else if (!of_this_mail || dialogue.reply == login_wanted) {
    const std::string words = words_of(code, message);
    const std::string detail = dialogue.line.empty() ? words : words + ": " + dialogue.line;
    out.error = make_error(fault_before_mail(code, dialogue.reply, words), "mail", detail);
  } else if (dialogue.reply >= 500) {
    out.end = SmtpEnd::refused;
  } else {
    out.end = dialogue.reply >= 400 ? SmtpEnd::put_off : SmtpEnd::cut;
    if (dialogue.reply < 400) out.words = printable(words_of(code, message));
  }
  return out;
}

}  // namespace

struct SmtpClient::Session {
  CurlMulti multi = make_multi();
  CurlEasy easy = make_easy();
  bool used = false;  ///< a mail went through it, so that the next one may meet a dead connection
};

SmtpClient::SmtpClient(const config::Mail& mail, const std::atomic<bool>* stop)
    : settings_(mail), stop_(stop) {}

SmtpClient::~SmtpClient() = default;

SmtpOutcome SmtpClient::attempt(const SmtpMail& mail) {
  if (!session_) session_ = std::make_unique<Session>();
  CURL* handle = session_->easy.get();
  Dialogue dialogue;
  dialogue.bytes = mail.bytes;
  dialogue.stop = stop_;
  std::array<char, CURL_ERROR_SIZE> words{};
  CurlList recipients;
  recipients.add("<" + mail.to + ">");
  const std::string from = "<" + mail.from + ">";
  curl_easy_reset(handle);
  set_session(handle, settings_);
  curl_easy_setopt(handle, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.bytes.size()));
  curl_easy_setopt(handle, CURLOPT_READFUNCTION, &Dialogue::on_read);
  curl_easy_setopt(handle, CURLOPT_READDATA, &dialogue);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &Dialogue::on_progress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &dialogue);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, words.data());
  curl_easy_setopt(handle, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, &Dialogue::on_debug);
  curl_easy_setopt(handle, CURLOPT_DEBUGDATA, &dialogue);
  const CURLcode code = perform(session_->multi.get(), handle);
  // The end of the session is told, too, when nothing of this call is there any more.
  curl_easy_setopt(handle, CURLOPT_VERBOSE, 0L);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, nullptr);
  const SmtpOutcome outcome = judge(dialogue, code, words.data());
  session_->used = outcome.end == SmtpEnd::taken;
  return outcome;
}

SmtpOutcome SmtpClient::send(const SmtpMail& mail) {
  const bool kept = session_ && session_->used;
  SmtpOutcome outcome = attempt(mail);
  const bool closing = outcome.reply == 0 || outcome.reply == 421;
  if (outcome.end == SmtpEnd::no_server && kept && closing) {
    session_.reset();  // the server had enough of that session before it heard of this mail
    outcome = attempt(mail);
  }
  if (outcome.end != SmtpEnd::taken) session_.reset();
  return outcome;
}

}  // namespace demat::transport
