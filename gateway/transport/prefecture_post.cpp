#include "gateway/transport/prefecture_post.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <memory>
#include <new>
#include <optional>

#include "gateway/base/crash_point.hpp"
#include "gateway/transport/curl_faults.hpp"
#include "gateway/transport/names.hpp"

namespace demat::transport {
namespace {

struct MimeCleanup {
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};
using CurlMime = std::unique_ptr<curl_mime, MimeCleanup>;

/// Headers of an answer beyond this are not an answer; its body is of no use (actes 5.1).
constexpr std::size_t most_answer_bytes = 65'536;

/// One POST under way.
struct Posting {
  const ByteSource& bytes;
  Transcript* transcript;
  std::size_t offset = 0;    ///< of the file, handed to libcurl so far
  std::size_t promised = 0;  ///< Content-Length of the request
  std::size_t sent = 0;      ///< bytes of the body written to the connection
  std::size_t told = 0;      ///< bytes of the answer
  std::optional<Error> failed;
  std::string answer;

  static std::size_t on_read(char* buffer, std::size_t unit, std::size_t count, void* user) {
    auto& posting = *static_cast<Posting*>(user);
    if (posting.offset == 0) crash_point("put_begins");
    const auto got = posting.bytes.read(posting.offset, std::span<char>(buffer, unit * count));
    if (!got) {
      posting.failed = got.error();
      return CURL_READFUNC_ABORT;
    }
    posting.offset += *got;
    return *got;
  }
  /// Back to the beginning only while nothing was read: a body is never sent twice.
  static int on_seek(void* user, curl_off_t offset, int origin) {
    const auto& posting = *static_cast<Posting*>(user);
    return origin == SEEK_SET && offset == 0 && posting.offset == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
  }
  /// The answer's body and headers: counted, not kept.
  static std::size_t on_answer(char* /*data*/, std::size_t unit, std::size_t count, void* user) {
    auto& posting = *static_cast<Posting*>(user);
    posting.told += unit * count;
    return posting.told > most_answer_bytes ? 0 : unit * count;
  }
};

std::string_view without_line_end(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
    line.remove_suffix(1);
  return line;
}

void note_request(Posting& posting, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = without_line_end(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    constexpr std::string_view secret = "Authorization:";
    constexpr std::string_view length = "Content-Length: ";
    if (line.starts_with(length))
      std::from_chars(line.data() + length.size(), line.data() + line.size(), posting.promised);
    if (line.starts_with(secret))
      posting.transcript->add("> Authorization: ****");
    else if (!line.empty())
      posting.transcript->add("> " + std::string(line));
  }
}

int on_debug(CURL* /*handle*/, curl_infotype type, char* data, std::size_t size, void* user) {
  auto& posting = *static_cast<Posting*>(user);
  const std::string_view text(data, size);
  if (type == CURLINFO_HEADER_OUT) note_request(posting, text);
  if (type == CURLINFO_HEADER_IN && !without_line_end(text).empty()) {
    if (text.starts_with("HTTP/")) posting.answer = without_line_end(text);
    posting.transcript->add("< " + std::string(without_line_end(text)));
  }
  if (type == CURLINFO_DATA_OUT) {
    posting.sent += size;
    crash_point("during_put");
    if (posting.promised > 0 && posting.sent >= posting.promised) crash_point("answer_awaited");
  }
  return 0;
}

void add_text(curl_mime* mime, const char* name, const std::string& text) {
  curl_mimepart* part = curl_mime_addpart(mime);
  if (part == nullptr || curl_mime_name(part, name) != CURLE_OK ||
      curl_mime_data(part, text.data(), text.size()) != CURLE_OK)
    throw std::bad_alloc();
}

/// The body of actes 5.1 in either style. `posting` outlives it.
CurlMime make_body(CURL* handle, config::PartStyle style, const std::string& name, Posting& posting) {
  CurlMime mime(curl_mime_init(handle));
  if (!mime) throw std::bad_alloc();
  const bool three = style == config::PartStyle::three_parts;
  if (three) {
    add_text(mime.get(), "name", name);
    add_text(mime.get(), "filename", name);
  }
  curl_mimepart* part = curl_mime_addpart(mime.get());
  const bool made = part != nullptr && curl_mime_name(part, three ? "file" : name.c_str()) == CURLE_OK &&
                    curl_mime_filename(part, name.c_str()) == CURLE_OK &&
                    curl_mime_type(part, "application/gzip") == CURLE_OK &&
                    curl_mime_data_cb(part, static_cast<curl_off_t>(posting.bytes.size()), &Posting::on_read,
                                      &Posting::on_seek, nullptr, &posting) == CURLE_OK;
  if (!made) throw std::bad_alloc();
  return mime;
}

/// What may stand in a part's name without any quoting: archive names are of these (actes 2.1).
bool plain_name(const std::string& name) {
  return safe_name(name) && std::all_of(name.begin(), name.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
         });
}

Status check(const config::Destination& to, const PutRequest& request) {
  const auto bad = [&](const char* what) { return failure(make_error(Fault::bad_parameter, to.name, what)); };
  if (!plain_name(request.remote_name)) return bad("archive name");
  if (request.bytes.size() == 0) return bad("empty archive");
  if (request.bytes.size() > to.prefecture.max_archive) return bad("archive above max_archive");
  return {};
}

PutFailure failed(Fault fault, const config::Destination& to, std::string_view detail, Delivery delivery) {
  return {make_error(fault, to.name, detail), delivery};
}

}  // namespace

tl::expected<void, PutFailure> judge_post(const config::Destination& to, const PostProgress& progress) {
  using Failure = tl::unexpected<PutFailure>;
  const auto& wanted = to.prefecture.success_codes;
  const bool good = std::find(wanted.begin(), wanted.end(), progress.status) != wanted.end();
  if (good && progress.body_whole) return {};
  const Delivery unsure = progress.body_begun ? Delivery::ambiguous : Delivery::not_delivered;
  if (progress.status == 0) {
    const std::string words = words_of(progress.code, progress.message);
    // Without an error of libcurl's and without an answer, the server closed after the request.
    const Fault fault = progress.code == CURLE_OK ? Fault::interrupted : fault_of(progress.code, words);
    return Failure(failed(fault, to, words, unsure));
  }
  if (progress.status >= 500) {
    const bool taken_for_no = !progress.body_whole || to.prefecture.server_error_means_not_delivered;
    return Failure(
        failed(Fault::unavailable, to, progress.answer, taken_for_no ? Delivery::not_delivered : unsure));
  }
  constexpr long unauthorised = 401;
  constexpr long conflict = 409;
  if (progress.status >= 400 && progress.status != conflict) {
    const Fault fault = progress.status == unauthorised ? Fault::login : Fault::refused;
    return Failure(failed(fault, to, progress.answer, Delivery::not_delivered));
  }
  return Failure(failed(Fault::unexpected, to, progress.answer, unsure));
}

void PrefecturePost::set_options(CURL* handle) const {
  const config::Prefecture& there = to_.prefecture;
  curl_easy_setopt(handle, CURLOPT_URL, there.post_url.c_str());
  set_tls(handle, to_.ca.string(), to_.max_tls);
  if (!there.verify_hostname) curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  std::string pins;
  for (const std::string& pin : there.pins)
    pins += (pins.empty() ? "" : ";") + pin;
  if (!pins.empty()) curl_easy_setopt(handle, CURLOPT_PINNEDPUBLICKEY, pins.c_str());
  if (!there.certificate.empty()) {
    curl_easy_setopt(handle, CURLOPT_SSLCERT, there.certificate.c_str());
    curl_easy_setopt(handle, CURLOPT_SSLKEY, to_.key.c_str());
    curl_easy_setopt(handle, CURLOPT_KEYPASSWD, to_.key_passphrase.reveal().c_str());
  }
  if (!to_.user.empty()) {
    curl_easy_setopt(handle, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    curl_easy_setopt(handle, CURLOPT_USERNAME, to_.user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, to_.password.reveal().c_str());
  }
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(to_.connect_timeout.count()));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS,
                   static_cast<long>((to_.connect_timeout + to_.transfer_timeout).count()));
  // libcurl repeats a request whose kept connection turns out dead: never here.
  curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
}

PostProgress PrefecturePost::attempt(const PutRequest& request, Transcript& transcript) const {
  const CurlEasy easy = make_easy();
  const CurlMulti multi = make_multi();
  CURL* handle = easy.get();
  Posting posting{request.bytes, &transcript, 0, 0, 0, 0, {}, {}};
  std::array<char, CURL_ERROR_SIZE> words{};
  const CurlMime body = make_body(handle, to_.prefecture.part_style, request.remote_name, posting);
  CurlList headers;
  headers.add(expect_ ? "Expect: 100-continue" : "Expect:");
  headers.add("User-Agent: " + to_.prefecture.user_agent);
  set_options(handle);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_EXPECT_100_TIMEOUT_MS, 1'000L);
  curl_easy_setopt(handle, CURLOPT_MIMEPOST, body.get());
  curl_easy_setopt(handle, CURLOPT_UPLOAD_BUFFERSIZE, 262'144L);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &Posting::on_answer);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &posting);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Posting::on_answer);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &posting);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, words.data());
  curl_easy_setopt(handle, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, &on_debug);
  curl_easy_setopt(handle, CURLOPT_DEBUGDATA, &posting);

  PostProgress progress;
  progress.code = perform(multi.get(), handle);
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  progress.status = status >= 200 ? status : 0;
  progress.message = words.data();
  progress.answer = posting.answer;
  // What was read may have left: libcurl tells of a piece only once it is written.
  progress.body_begun = posting.sent > 0 || posting.offset > 0;
  progress.body_whole = posting.promised > 0 && posting.sent >= posting.promised;
  progress.source_failed = std::move(posting.failed);
  transcript.add("= sent " + std::to_string(posting.sent) + " bytes of the body");
  if (progress.status == 0) transcript.add("= " + words_of(progress.code, progress.message));
  curl_easy_setopt(handle, CURLOPT_VERBOSE, 0L);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, nullptr);
  return progress;
}

tl::expected<void, PutFailure> PrefecturePost::put(const PutRequest& request, Transcript& transcript) {
  if (const Status fit = check(to_, request); !fit)
    return tl::unexpected<PutFailure>(PutFailure{fit.error(), Delivery::not_delivered});
  PostProgress progress = attempt(request, transcript);
  constexpr long expectation_failed = 417;
  if (progress.status == expectation_failed && expect_ && !progress.body_begun) {
    expect_ = false;  // an old server or a proxy in front of it; not a byte of the body has left
    progress = attempt(request, transcript);
  }
  auto done = judge_post(to_, progress);
  if (!done && progress.source_failed) done.error().error = *progress.source_failed;
  return done;
}

Status PrefecturePost::probe(Transcript& transcript) {
  const CurlEasy easy = make_easy();
  const CurlMulti multi = make_multi();
  std::array<char, CURL_ERROR_SIZE> words{};
  set_options(easy.get());
  curl_easy_setopt(easy.get(), CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, words.data());
  const CURLcode code = perform(multi.get(), easy.get());
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, nullptr);
  if (code == CURLE_OK) {
    transcript.add("= " + to_.prefecture.post_url + ": connected, server verified");
    return {};
  }
  const std::string text = words_of(code, words.data());
  transcript.add("= " + to_.prefecture.post_url + ": " + text);
  return failure(make_error(fault_of(code, text), to_.name, text));
}

}  // namespace demat::transport
