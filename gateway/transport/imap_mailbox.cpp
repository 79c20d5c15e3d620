#include "gateway/transport/imap_mailbox.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "gateway/base/crash_point.hpp"
#include "gateway/transport/errors.hpp"

namespace demat::transport {
namespace {

constexpr std::uint64_t page_size = 500;
constexpr std::uint64_t most_listed = 100'000;
constexpr std::size_t most_untagged = 100'000;  ///< responses to one command

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = (group << 8U) | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k > bytes.size() ? '=' : digits[(group >> (18U - 6U * k)) & 63U];
  }
  return out;
}

TlsStream::Place place_of(const config::Destination& to) {
  return {to.name,       to.prefecture.mail_host, to.prefecture.mail_port, to.prefecture.mail_ca.string(),
          std::string(), to.connect_timeout};
}

std::string mail_name(std::uint64_t uid_validity, std::uint32_t uid) {
  return std::to_string(uid_validity) + "." + std::to_string(uid);
}

bool has_word(std::string_view text, std::string_view word) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" ]"), text.size());
    if (same_word(text.substr(0, end), word)) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

/// The number of "* 12 EXISTS" or "* 12 EXPUNGE", by `what`.
std::optional<std::uint64_t> number_of(std::string_view what, std::string_view text) {
  if (!text.starts_with("* ")) return std::nullopt;
  text.remove_prefix(2);
  std::uint64_t count = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), count);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const bool same = wrong == std::errc() && text.starts_with(' ') && same_word(text.substr(1), what);
  return same ? std::optional(count) : std::nullopt;
}

const auto ignore = [](const ImapResponse&) {};

}  // namespace

ImapMailbox::ImapMailbox(const config::Destination& to) : to_(to), stream_(place_of(to)) {}

Error ImapMailbox::error(Fault fault, std::string_view detail) const {
  return make_error(fault, to_.name, detail);
}

void ImapMailbox::note(std::string_view line) const {
  if (transcript_ != nullptr) transcript_->add(line);
}

void ImapMailbox::close() {
  reader_.reset();
  stream_.close();
}

Status ImapMailbox::send(const std::string& line, const std::string& shown) {
  note("> " + shown);
  return stream_.write(line + "\r\n", deadline_);
}

void ImapMailbox::watch_state(const ImapResponse& response) {
  if (const auto count = number_of("EXISTS", response.text)) exists_ = *count;
  if (number_of("EXPUNGE", response.text) && exists_ > 0) --exists_;
  if (const auto validity = response_code_number(response.text, "UIDVALIDITY")) uid_validity_ = *validity;
  constexpr std::string_view told = "* CAPABILITY ";
  if (response.text.size() > told.size() && same_word(response.text.substr(0, told.size()), told))
    capabilities_ = response.text.substr(told.size());
}

Result<ImapResponse> ImapMailbox::read(const BodyTarget* body) {
  auto response = reader_->next(body);
  if (response) note("< " + response->text);
  return response;
}

Status ImapMailbox::command(const std::string& text, const OnUntagged& on_untagged, const BodyTarget* body) {
  const std::string tag = "a" + std::to_string(++tag_);
  if (Status sent = send(tag + " " + text, tag + " " + text); !sent) return sent;
  for (std::size_t count = 0; count < most_untagged; ++count) {
    const auto response = read(body);
    if (!response) return failure(response.error());
    if (response->text.starts_with("* ")) {
      watch_state(*response);
      on_untagged(*response);
      continue;
    }
    if (!response->text.starts_with(tag + " ")) break;
    const std::string_view status = std::string_view(response->text).substr(tag.size() + 1);
    if (same_word(status.substr(0, 2), "OK")) return {};
    return failure(error(Fault::refused, status));
  }
  return failure(error(Fault::refused, "IMAP: no end of the answer"));
}

Status ImapMailbox::greet() {
  arm(to_.connect_timeout);
  const auto greeting = read(nullptr);
  if (!greeting) return failure(greeting.error());
  if (!greeting->text.starts_with("* OK")) return failure(error(Fault::refused, greeting->text));
  return {};
}

Status ImapMailbox::ask_capabilities() {
  arm(to_.connect_timeout);
  return command("CAPABILITY", ignore);
}

/// AUTHENTICATE PLAIN carries any password; LOGIN as a quoted string for servers without.
Status ImapMailbox::log_in() {
  const std::string& user = to_.prefecture.mail_user;
  const std::string& password = to_.prefecture.mail_password.reveal();
  const auto name = imap_quoted(user), secret = imap_quoted(password);
  const bool plain = has_word(capabilities_, "AUTH=PLAIN");
  if (!plain && (has_word(capabilities_, "LOGINDISABLED") || !name || !secret))
    return failure(error(Fault::login, "no common way to log in"));
  // A server may take its time over a refusal, against guessing.
  arm(std::max(to_.connect_timeout, std::chrono::milliseconds(30'000)));
  const std::string tag = "a" + std::to_string(++tag_);
  const std::string verb = plain ? "AUTHENTICATE PLAIN" : "LOGIN";
  const std::string line = plain ? tag + " " + verb : tag + " LOGIN " + *name + " " + *secret;
  if (Status sent = send(line, tag + " " + verb + (plain ? "" : " **** ****")); !sent) return sent;
  bool asked = false;
  for (std::size_t count = 0; count < most_untagged; ++count) {
    const auto response = read(nullptr);
    if (!response) return failure(response.error());
    if (response->text.starts_with("* BYE")) return failure(error(Fault::refused, response->text));
    if (response->text.starts_with("* ")) continue;
    if (plain && !asked && response->text.starts_with('+')) {
      asked = true;
      using namespace std::string_literals;
      if (Status sent = send(base64("\0"s + user + "\0"s + password), "****"); !sent) return sent;
      continue;
    }
    if (!response->text.starts_with(tag + " ")) break;
    const std::string_view status = std::string_view(response->text).substr(tag.size() + 1);
    if (same_word(status.substr(0, 2), "OK")) return {};
    // The server's own trouble is no word on our password (RFC 5530).
    const bool theirs = status.find("[UNAVAILABLE]") != std::string_view::npos;
    return failure(error(theirs ? Fault::refused : Fault::login, status));
  }
  return failure(error(Fault::refused, "IMAP: unforeseen answer to the login"));
}

Status ImapMailbox::select() {
  arm(to_.transfer_timeout);
  const auto folder = imap_quoted(to_.prefecture.mail_folder);
  if (!folder) return failure(error(Fault::bad_parameter, "mail_folder"));
  uid_validity_ = 0;
  exists_ = 0;
  if (Status done = command("SELECT " + *folder, ignore); !done) return done;
  if (uid_validity_ == 0) return failure(error(Fault::refused, "IMAP: no UIDVALIDITY"));
  return {};
}

Status ImapMailbox::begin() {
  if (Status open = stream_.open(); !open) return open;
  note("= connected, server verified");
  reader_.emplace(to_.name, [this](std::span<char> buffer) { return stream_.read(buffer, deadline_); });
  Status done = greet();
  if (done) done = ask_capabilities();
  if (done) done = log_in();
  if (done) done = ask_capabilities();  // what is offered may change with the login
  if (done) done = select();
  return done;
}

Status ImapMailbox::in_session(const std::function<Status()>& work, const std::function<bool()>& again) {
  const bool kept = stream_.is_open();
  Status done = kept ? Status() : begin();
  if (done) done = work();
  if (!done && kept && done.error().code == "transport.interrupted" && again()) {
    close();
    done = begin();
    if (done) done = work();
  }
  // A dialogue that a fault brought out of step would mistake everything from then on.
  if (!done && done.error().code != "transport.absent") close();
  return done;
}

Status ImapMailbox::list_page(std::uint64_t first, std::uint64_t last, Mails& into) {
  const std::string range = std::to_string(first) + ":" + std::to_string(last);
  return command("FETCH " + range + " (UID RFC822.SIZE INTERNALDATE)", [&](const ImapResponse& response) {
    const auto item = parse_fetch(response);
    if (!item || !item->uid || !item->size || into.size() >= most_listed) return;
    into.insert_or_assign(*item->uid,
                          RemoteFile{mail_name(uid_validity_, *item->uid), *item->size, item->time});
  });
}

Result<std::vector<RemoteFile>> ImapMailbox::list(Transcript* transcript) {
  transcript_ = transcript;
  Mails mails;
  const bool kept = stream_.is_open();
  const Status done = in_session(
      [&]() -> Status {
        mails.clear();
        arm(to_.transfer_timeout);  // for all of it, whatever the server counts
        // A kept session learns of new mail by asking (rigs §3).
        if (kept) {
          if (Status news = command("NOOP", ignore); !news) return news;
        }
        const std::uint64_t count = exists_;
        for (std::uint64_t first = count > most_listed ? count - most_listed + 1 : 1; first <= count;
             first += page_size) {
          const std::uint64_t last = std::min(first + page_size - 1, count);
          if (Status page = list_page(first, last, mails); !page) return page;
        }
        return {};
      },
      [] { return true; });
  transcript_ = nullptr;
  if (!done) return failure(done.error());
  std::vector<RemoteFile> files;
  for (auto& [uid, mail] : mails)
    files.push_back(std::move(mail));
  return files;
}

Result<std::uint32_t> ImapMailbox::uid_of(const std::string& name) const {
  const std::size_t dot = name.find('.');
  std::uint32_t uid = 0;
  std::uint64_t validity = 0;
  const char* const end = name.data() + name.size();
  const bool good = dot != std::string::npos && dot > 0 &&
                    std::from_chars(name.data(), name.data() + dot, validity).ptr == name.data() + dot &&
                    std::from_chars(name.data() + dot + 1, end, uid).ptr == end && uid != 0;
  if (!good) return failure(error(Fault::unsafe_name, name));
  if (validity != uid_validity_) return failure(error(Fault::absent, "the folder was numbered anew"));
  return uid;
}

Status ImapMailbox::fetch(const RemoteFile& mail, const Sink& sink) {
  bool begun = false;
  bool found = false;
  std::uint64_t streamed = 0;
  Status taken;
  const Sink watched = [&](std::string_view piece) {
    begun = true;
    Status kept = sink(piece);
    crash_point("during_fetch");
    return kept;
  };
  return in_session(
      [&]() -> Status {
        const auto uid = uid_of(mail.name);
        if (!uid) return failure(uid.error());
        const BodyTarget body{*uid, mail.size, &watched};
        arm(to_.transfer_timeout);
        const Status done = command(
            "UID FETCH " + std::to_string(*uid) + " (UID RFC822.SIZE BODY.PEEK[])",
            [&](const ImapResponse& response) {
              const auto item = parse_fetch(response);
              if (!item || !item->has_body || item->uid != *uid) return;
              found = !item->size || *item->size == mail.size;
              streamed += response.streamed;
              // A body this short may come as a quoted string.
              if (found && response.streamed == 0 && item->short_body.size() == mail.size && mail.size > 0) {
                taken = watched(item->short_body);
                streamed += item->short_body.size();
              }
            },
            &body);
        if (!done) return done;
        if (!taken) return taken;
        if (!found && !begun) return failure(error(Fault::absent, mail.name));
        if (!found || streamed != mail.size)
          return failure(error(Fault::interrupted, "another mail than the one listed"));
        return {};
      },
      [&] { return !begun; });
}

Status ImapMailbox::remove(const std::string& name) {
  return in_session(
      [&]() -> Status {
        const auto uid = uid_of(name);
        if (!uid) return failure(uid.error());
        // A plain EXPUNGE would take others with it.
        if (!has_word(capabilities_, "UIDPLUS"))
          return failure(error(Fault::refused, "IMAP: the server lacks UIDPLUS"));
        const std::string number = std::to_string(*uid);
        arm(to_.transfer_timeout);
        const Status marked = command("UID STORE " + number + " +FLAGS.SILENT (\\Deleted)", ignore);
        if (!marked) return marked;
        crash_point("mail_marked");
        return command("UID EXPUNGE " + number, ignore);
      },
      [] { return true; });
}

Status ImapMailbox::probe(Transcript& transcript) {
  close();
  transcript_ = &transcript;
  const Status done = in_session([] { return Status(); }, [] { return false; });
  transcript_ = nullptr;
  if (done)
    transcript.add("= " + to_.prefecture.mail_folder + ": " + std::to_string(exists_));
  else
    transcript.add("= " + done.error().code + " " + done.error().detail);
  return done;
}

}  // namespace demat::transport
