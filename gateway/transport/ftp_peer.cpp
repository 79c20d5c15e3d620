#include "gateway/transport/ftp_peer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/base/crash_point.hpp"
#include "gateway/transport/errors.hpp"
#include "gateway/transport/listing.hpp"
#include "gateway/transport/names.hpp"

namespace demat::transport {
namespace {

using config::LinkMode;
using config::PutMode;

/// What the debug callback needs during one operation.
struct Watched {
  FtpDialogue dialogue;
  const OpenSockets& sockets;
  CURL* handle;
  Duration transfer_timeout;
  std::optional<std::uint64_t> expected_size;  ///< what SIZE must tell before the rename may leave
};

/// The server answered 226 and holds another number of bytes: a middlebox ended the data connection politely,
/// or the server takes a reset for the end (stream mode has no length; rigs §1).
bool truncated(const FtpDialogue& seen, std::optional<std::uint64_t> expected) {
  return expected && seen.size_told() && *seen.size_told() != *expected;
}

/// From STOR on, giving up makes the deposit uncertain: a server that takes its time over the last reply, or
/// stalls, gets the time of the whole transfer (CURLOPT_TIMEOUT_MS stays above).
void be_patient(const Watched& watched) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(watched.transfer_timeout).count();
  curl_easy_setopt(watched.handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(seconds));
  curl_easy_setopt(watched.handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(seconds));
}

int on_debug(CURL* /*handle*/, curl_infotype type, char* data, std::size_t size, void* user) {
  auto& watched = *static_cast<Watched*>(user);
  const std::string_view text(data, size);
  if (type == CURLINFO_HEADER_OUT) {
    watched.dialogue.sent(text);
    if (watched.dialogue.last_verb() == "STOR") be_patient(watched);
    if (watched.dialogue.last_verb() == "RNTO") crash_point("rename_asked");
  }
  if (type == CURLINFO_DATA_OUT) crash_point("during_put");
  if (type == CURLINFO_HEADER_IN) {
    watched.dialogue.received(text);
    // libcurl takes any reply below 400 for a yes; the Gateway means 200 only. Cutting here keeps STOR from
    // leaving with parameters that were not taken.
    // The same keeps RNFR from leaving for a file that is not whole.
    if (watched.dialogue.site_refused() || truncated(watched.dialogue, watched.expected_size))
      watched.sockets.cut();
  }
  return 0;
}

std::size_t on_text(char* data, std::size_t unit, std::size_t count, void* user) {
  constexpr std::size_t longest = 64 * 1024 * 1024;  // a listing larger than this is not one
  auto& text = *static_cast<std::string*>(user);
  if (text.size() + unit * count > longest) return 0;
  text.append(data, unit * count);
  return unit * count;
}

/// Hands fetched bytes to the sink and keeps the sink's error.
struct Download {
  const Sink& sink;
  Status status;
  bool begun =
      false;  ///< the sink has bytes of this file: a second try would add the file to its own beginning
};

std::size_t on_bytes(char* data, std::size_t unit, std::size_t count, void* user) {
  auto& download = *static_cast<Download*>(user);
  download.begun = true;
  download.status = download.sink(std::string_view(data, unit * count));
  crash_point("during_fetch");
  return download.status ? unit * count : CURL_WRITEFUNC_ERROR;
}

}  // namespace

/// Bytes on their way out.
struct FtpPeer::Upload {
  const ByteSource& bytes;
  std::size_t offset = 0;  ///< handed to libcurl so far
  std::optional<Error> failed;

  static std::size_t on_read(char* buffer, std::size_t unit, std::size_t count, void* user) {
    auto& upload = *static_cast<Upload*>(user);
    if (upload.offset == 0) crash_point("put_begins");
    const auto got = upload.bytes.read(upload.offset, std::span<char>(buffer, unit * count));
    if (!got) {
      upload.failed = got.error();
      return CURL_READFUNC_ABORT;
    }
    upload.offset += *got;
    return *got;
  }
};

/// How one operation ended.
struct FtpPeer::Outcome {
  CURLcode code = CURLE_OK;
  FtpDialogue dialogue;
  std::uint64_t uploaded = 0;  ///< bytes written to the data connection
  std::string message;         ///< libcurl's own words
  [[nodiscard]] bool ok() const { return code == CURLE_OK && !dialogue.site_refused(); }
};

FtpPeer::FtpPeer(config::Destination destination) : destination_(std::move(destination)) {}
FtpPeer::~FtpPeer() = default;

void FtpPeer::close() {
  handle_.reset();
}

Status FtpPeer::usable() const {
  const auto clean = [](const std::string& text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  };
  for (const std::string* text : {&destination_.host, &destination_.user, &destination_.password.reveal(),
                                  &destination_.send_directory, &destination_.return_directory}) {
    if (!clean(*text)) return failure(make_error(Fault::bad_parameter, destination_.name, "destination"));
  }
  if (destination_.mode == LinkMode::passtrans_ftps && destination_.ca.empty()) {
    return failure(make_error(Fault::identity, destination_.name, "no certification authority configured"));
  }
  // libcurl 7.88 opens an active data connection without TLS, whatever USE_SSL says: the flow would cross in
  // clear, and a server that wants TLS takes an empty file for a complete one.
  if (destination_.mode == LinkMode::passtrans_ftps && !destination_.passive) {
    return failure(make_error(Fault::bad_parameter, destination_.name, "FTPS needs passive mode"));
  }
  return {};
}

void FtpPeer::set_common(CURL* handle, const std::string& url) const {
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "ftp");
  curl_easy_setopt(handle, CURLOPT_PROXY, "");  // the environment must not redirect deposits
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(handle, CURLOPT_USERNAME, destination_.user.c_str());
  curl_easy_setopt(handle, CURLOPT_PASSWORD, destination_.password.reveal().c_str());
  curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(handle, CURLOPT_FTP_FILEMETHOD, static_cast<long>(CURLFTPMETHOD_SINGLECWD));
  if (!destination_.passive) curl_easy_setopt(handle, CURLOPT_FTPPORT, "-");
}

void FtpPeer::set_security(CURL* handle) const {
  if (destination_.mode != LinkMode::passtrans_ftps) return;
  curl_easy_setopt(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  curl_easy_setopt(handle, CURLOPT_FTPSSLAUTH, static_cast<long>(CURLFTPAUTH_TLS));
  curl_easy_setopt(handle, CURLOPT_CAINFO, destination_.ca.c_str());
  curl_easy_setopt(handle, CURLOPT_CA_CACHE_TIMEOUT, 0L);  // a file put right counts at the next connection
  curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);  // Debian's default would trust every public authority
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  const long most = destination_.max_tls == "1.2" ? static_cast<long>(CURL_SSLVERSION_MAX_TLSv1_2)
                                                  : static_cast<long>(CURL_SSLVERSION_MAX_DEFAULT);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2) | most);
}

void FtpPeer::set_deadlines(CURL* handle) const {
  const auto connect = static_cast<long>(destination_.connect_timeout.count());
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, connect);
  curl_easy_setopt(handle, CURLOPT_ACCEPTTIMEOUT_MS, connect);
  curl_easy_setopt(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, (connect + 999) / 1000);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(destination_.transfer_timeout.count()));
  // A transfer that stands still is given up as early as a connection that does not come.
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, std::max(connect / 1000, 1L));
}

std::string FtpPeer::url_of(std::string_view directory, std::string_view name) const {
  const bool ipv6 = destination_.host.find(':') != std::string::npos;
  const std::uint16_t port = destination_.port == 0 ? std::uint16_t{21} : destination_.port;
  std::string url = "ftp://" + (ipv6 ? "[" + destination_.host + "]" : destination_.host) + ":" +
                    std::to_string(port) + "/";
  std::string path = plain_directory(directory);
  if (path.starts_with('/')) {
    url += "%2F";  // an absolute path, not one below the login directory
    path.erase(0, 1);
  }
  while (!path.empty()) {
    const std::string segment = path.substr(0, path.find('/'));
    path.erase(0, segment.size() + 1);
    if (!segment.empty()) url += escape(segment) + "/";
  }
  return name.empty() ? url : url + escape(std::string(name));
}

CurlList FtpPeer::site_commands(const Parameters& given) const {
  CurlList commands;
  if (destination_.mode == LinkMode::gateway_ftp) {
    commands.add("SITE P_DEST " + given.p_dest);
    commands.add("SITE P_APPLI " + given.p_appli);
    commands.add("SITE P_MSG " + given.p_msg);
  }
  if (destination_.mode == LinkMode::passtrans_ftps) {
    commands.add("SITE META P_DEST=" + given.p_dest + ";P_APPLI=" + given.p_appli + ";P_MSG=" + given.p_msg);
  }
  return commands;
}

FtpPeer::Outcome FtpPeer::run_once(const std::string& url, const Prepare& prepare, Transcript* transcript) {
  if (!handle_) {
    handle_ = make_easy();
    connections_ = make_multi();
  }
  CURL* handle = handle_.get();
  curl_easy_reset(handle);  // options only; the connection stays
  std::array<char, CURL_ERROR_SIZE> words{};
  Watched watched{FtpDialogue(transcript), sockets_, handle, destination_.transfer_timeout, wanted_size_};
  sockets_.watch(handle);
  set_common(handle, url);
  set_security(handle);
  set_deadlines(handle);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, words.data());
  curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, &on_debug);
  curl_easy_setopt(handle, CURLOPT_DEBUGDATA, &watched);
  prepare(handle);
  const CURLcode code = perform(connections_.get(), handle);
  curl_off_t uploaded = 0;
  curl_easy_getinfo(handle, CURLINFO_SIZE_UPLOAD_T, &uploaded);
  // Nothing of this frame may be seen by a later close of the connection.
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, nullptr);
  curl_easy_setopt(handle, CURLOPT_VERBOSE, 0L);
  curl_easy_setopt(handle, CURLOPT_DEBUGDATA, nullptr);
  return Outcome{code, std::move(watched.dialogue),
                 static_cast<std::uint64_t>(std::max<curl_off_t>(uploaded, 0)), words.data()};
}

FtpPeer::Outcome FtpPeer::run(const std::string& url, const Prepare& prepare, Transcript* transcript,
                              const bool* irrevocable) {
  const bool kept = handle_ != nullptr;
  Outcome outcome = run_once(url, prepare, transcript);
  const bool died = outcome.code == CURLE_SEND_ERROR || outcome.code == CURLE_RECV_ERROR ||
                    outcome.code == CURLE_GOT_NOTHING || outcome.code == CURLE_FTP_WEIRD_SERVER_REPLY;
  const bool before_effect = outcome.dialogue.silent() || outcome.dialogue.last_code() == 421;
  const bool effect = outcome.dialogue.stor_sent() || (irrevocable != nullptr && *irrevocable);
  if (kept && died && before_effect && !effect) {
    close();
    outcome = run_once(url, prepare, transcript);
  }
  // A dialogue that a fault brought out of step would refuse everything from then on: the next one begins
  // anew.
  if (!outcome.ok()) close();
  return outcome;
}

tl::expected<void, PutFailure> FtpPeer::put(const PutRequest& request, Transcript& transcript) {
  const bool meta = destination_.mode == LinkMode::passtrans_ftps;
  const bool with_parameters = meta || destination_.mode == LinkMode::gateway_ftp;
  Status fit = usable();
  if (fit) fit = check_request(destination_.name, request, with_parameters, meta);
  if (!fit) return tl::unexpected<PutFailure>(PutFailure{fit.error(), Delivery::not_delivered});

  const bool rename = destination_.put == PutMode::temporary_then_rename;
  const std::string name = rename ? temporary_name(request.remote_name) : request.remote_name;
  const CurlList before = site_commands(request.parameters);
  CurlList after;
  if (rename) {
    after.add("*SIZE " + name);  // the asterisk: a server that does not tell is no obstacle
    after.add("RNFR " + name);
    after.add("RNTO " + request.remote_name);
  }
  Upload upload{request.bytes, 0, {}};
  const auto prepare = [&](CURL* handle) {
    upload.offset = 0;
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, &Upload::on_read);
    curl_easy_setopt(handle, CURLOPT_READDATA, &upload);
    curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.bytes.size()));
    curl_easy_setopt(handle, CURLOPT_UPLOAD_BUFFERSIZE, 262'144L);
    curl_easy_setopt(handle, CURLOPT_PREQUOTE, before.get());
    curl_easy_setopt(handle, CURLOPT_POSTQUOTE, after.get());
  };
  if (rename) wanted_size_ = request.bytes.size();
  const Outcome outcome = run(url_of(destination_.send_directory, name), prepare, &transcript);
  wanted_size_.reset();
  return judge(outcome, upload);
}

/// Exact by what the dialogue shows. An empty payload has no bytes to tell by, so its STOR is what counts.
tl::expected<void, PutFailure> FtpPeer::judge(const Outcome& outcome, const Upload& upload) const {
  const FtpDialogue& seen = outcome.dialogue;
  const bool rename = destination_.put == PutMode::temporary_then_rename;
  const bool stored =
      (seen.stor_reply() == 226 || seen.stor_reply() == 250) && outcome.uploaded == upload.bytes.size();
  const bool renamed = seen.rnto_reply() >= 200 && seen.rnto_reply() < 300;
  if (stored && (!rename || renamed)) return {};

  Delivery delivery = Delivery::ambiguous;
  if (rename) {
    if (!seen.rnto_sent() || seen.rnto_reply() >= 400) delivery = Delivery::not_delivered;
  } else if (!seen.stor_sent()) {
    delivery = Delivery::not_delivered;
  } else if (upload.offset == 0 && (upload.bytes.size() > 0 || seen.stor_reply() >= 400)) {
    delivery = Delivery::not_delivered;
  }
  if (rename && truncated(seen, upload.bytes.size())) {
    return tl::unexpected<PutFailure>(
        PutFailure{make_error(Fault::interrupted, destination_.name,
                              "the server holds " + std::to_string(*seen.size_told()) + " of " +
                                  std::to_string(upload.bytes.size()) + " bytes"),
                   delivery});
  }
  return tl::unexpected<PutFailure>(PutFailure{upload.failed ? *upload.failed : error_of(outcome), delivery});
}

Error FtpPeer::error_of(const Outcome& outcome) const {
  const FtpDialogue& seen = outcome.dialogue;
  const std::string& reply = seen.telling_reply();
  const auto with = [&](Fault fault, const std::string& detail) {
    return make_error(fault, destination_.name, detail);
  };
  if (seen.site_refused()) return with(Fault::refused, reply);
  if (seen.full()) return with(Fault::full, reply);
  const std::string words = outcome.message.empty() ? curl_easy_strerror(outcome.code) : outcome.message;
  switch (outcome.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return with(Fault::unreachable, words);
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_FTP_ACCEPT_TIMEOUT:
      return with(Fault::timeout, words);
    case CURLE_LOGIN_DENIED:
      return with(Fault::login, reply);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_USE_SSL_FAILED:
      return with(Fault::identity, words);
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SSL_CONNECT_ERROR:
      return with(Fault::interrupted, words);
    case CURLE_REMOTE_FILE_NOT_FOUND:
      return with(Fault::absent, reply);
    default:
      return with(Fault::refused, reply.empty() ? words : reply);
  }
}

Result<std::string> FtpPeer::list_raw(const std::string& directory, const char* verb,
                                      Transcript* transcript) {
  std::string text;
  const Outcome outcome = run(
      url_of(directory, {}),
      [&](CURL* handle) {
        text.clear();
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, verb);
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_text);
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, &text);
      },
      transcript);
  if (outcome.ok()) return text;
  // 450 and 550 to LIST or NLST: how some servers say "no file" (helios B31); 226 with nothing is the usual
  // way.
  const int code = outcome.dialogue.last_code();
  const std::string& last = outcome.dialogue.last_verb();
  if (last == "NLST" && (code == 450 || code == 550)) return std::string();
  return failure(error_of(outcome));
}

Result<std::vector<RemoteFile>> FtpPeer::list(const std::string& directory, Transcript* transcript) {
  if (const Status fit = usable(); !fit) return failure(fit.error());
  if (mlsd_) {
    auto text = list_raw(directory, "MLSD", transcript);
    if (text) return parse_mlsd(*text, directory);
    const std::string& why = text.error().detail;
    if (!why.starts_with("500") && !why.starts_with("502") && !why.starts_with("504")) {
      return failure(text.error());
    }
    mlsd_ = false;
  }
  auto text = list_raw(directory, "LIST", transcript);
  if (!text) return failure(text.error());
  if (auto files = parse_list(*text, directory)) return *std::move(files);
  text = list_raw(directory, "NLST", transcript);
  if (!text) return failure(text.error());
  std::vector<RemoteFile> files = parse_nlst(*text, directory);
  if (const Status sized = add_sizes(directory, files); !sized) return failure(sized.error());
  return files;
}

/// NLST tells names only. A name whose size the server does not tell is a directory or gone: left out.
Status FtpPeer::add_sizes(const std::string& directory, std::vector<RemoteFile>& files) {
  std::vector<RemoteFile> sized;
  for (RemoteFile& file : files) {
    if (!safe_name(file.name)) {
      sized.push_back(std::move(file));
      continue;
    }
    std::string unused;
    const Outcome outcome = run(
        url_of(directory, file.name),
        [&](CURL* handle) {
          curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
          curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_text);
          curl_easy_setopt(handle, CURLOPT_WRITEDATA, &unused);
        },
        nullptr);
    if (outcome.dialogue.last_code() == 550) continue;
    if (!outcome.ok()) return failure(error_of(outcome));
    curl_off_t size = -1;
    curl_easy_getinfo(handle_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
    if (size >= 0) {
      file.size = static_cast<std::uint64_t>(size);
      sized.push_back(std::move(file));
    }
  }
  files = std::move(sized);
  return {};
}

Result<Presence> FtpPeer::look(const std::string& remote_name, std::uint64_t expected_size) {
  return list(destination_.send_directory, nullptr).map([&](const std::vector<RemoteFile>& files) {
    return presence(files, remote_name, expected_size);
  });
}

Result<std::vector<RemoteFile>> FtpPeer::list_returns() {
  return list(destination_.return_directory, nullptr).map([](std::vector<RemoteFile>&& files) {
    std::erase_if(files, [](const RemoteFile& file) { return hidden(file.name); });
    return std::move(files);
  });
}

Status FtpPeer::fetch(const RemoteFile& file, const Sink& sink) {
  if (const Status fit = usable(); !fit) return fit;
  if (!safe_name(file.name)) return failure(make_error(Fault::unsafe_name, destination_.name, file.name));
  Download download{sink, {}, false};
  const Outcome outcome = run(
      url_of(destination_.return_directory, file.name),
      [&](CURL* handle) {
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_bytes);
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, &download);
        curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 262'144L);
      },
      nullptr, &download.begun);
  if (!download.status) return download.status;
  if (outcome.ok()) return {};
  const bool missing = outcome.code == CURLE_FTP_COULDNT_RETR_FILE && outcome.dialogue.last_code() == 550;
  return failure(missing ? make_error(Fault::absent, destination_.name, outcome.dialogue.telling_reply())
                         : error_of(outcome));
}

Status FtpPeer::remove_return(const std::string& name) {
  if (const Status fit = usable(); !fit) return fit;
  if (!safe_name(name)) return failure(make_error(Fault::unsafe_name, destination_.name, name));
  CurlList after;
  after.add("DELE " + name);
  std::string unused;
  const Outcome outcome = run(
      url_of(destination_.return_directory, {}),
      [&](CURL* handle) {
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_text);
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, &unused);
        curl_easy_setopt(handle, CURLOPT_POSTQUOTE, after.get());
      },
      nullptr);
  if (outcome.ok()) return {};
  return failure(error_of(outcome));
}

Status FtpPeer::probe(Transcript& transcript) {
  for (const std::string& directory : {destination_.send_directory, destination_.return_directory}) {
    const auto files = list(directory, &transcript);
    if (!files) return failure(files.error());
    transcript.add("= " + directory + ": " + std::to_string(files->size()));
  }
  return {};
}

}  // namespace demat::transport
