#include "gateway/transport/ssh_session.hpp"

#include <unistd.h>

#include "gateway/transport/errors.hpp"

namespace demat::transport {
namespace {

void say(Transcript* transcript, std::string_view line) {
  if (transcript != nullptr) transcript->add(line);
}

const char* host_verdict(ssh_known_hosts_e verdict) {
  switch (verdict) {
    case SSH_KNOWN_HOSTS_CHANGED:
      return "host key changed";
    case SSH_KNOWN_HOSTS_OTHER:
      return "host key of another type";
    case SSH_KNOWN_HOSTS_UNKNOWN:
      return "host not in known_hosts";
    case SSH_KNOWN_HOSTS_NOT_FOUND:
      return "known_hosts file not found";
    default:
      return "known_hosts cannot be read";
  }
}

}  // namespace

SshSession::SshSession(const config::Destination& destination) : destination_(destination) {}

SshSession::~SshSession() {
  give(std::chrono::seconds(2));  // the goodbye must not hang on a dead peer
  sftp_.reset();
  if (session_) ssh_disconnect(session_.get());
  session_.reset();
  done();
}

Result<std::unique_ptr<SshSession>> SshSession::open(const config::Destination& destination,
                                                     Transcript* transcript) {
  std::unique_ptr<SshSession> session(new SshSession(destination));
  auto socket = connect_tcp(destination.host, destination.port == 0 ? std::uint16_t{22} : destination.port,
                            destination.connect_timeout);
  if (!socket) {
    say(transcript, "= connect: " + socket.error().detail);
    return failure(make_error(socket.error().fault, destination.name, socket.error().detail));
  }
  session->socket_ = *std::move(socket);
  session->give(destination.connect_timeout);
  Status connected = session->connect(transcript);
  session->done();
  if (!connected && session->timed_out_) {
    connected = failure(make_error(Fault::timeout, destination.name, connected.error().detail));
  }
  if (connected) return session;
  say(transcript, "= " + connected.error().code + ": " + connected.error().detail);
  return failure(connected.error());
}

Status SshSession::set_options() {
  session_.reset(ssh_new());
  // libssh takes a descriptor over; ours stays for the watchdog.
  socket_t own = ::dup(socket_.get());
  if (!session_ || own < 0)
    return failure(make_error(Fault::unreachable, destination_.name, "no descriptor"));
  const unsigned port = destination_.port == 0 ? 22 : destination_.port;
  const int no = 0;
  const int yes = 1;
  const bool set =
      ssh_options_set(session_.get(), SSH_OPTIONS_HOST, destination_.host.c_str()) == 0 &&
      ssh_options_set(session_.get(), SSH_OPTIONS_PORT, &port) == 0 &&
      ssh_options_set(session_.get(), SSH_OPTIONS_USER, destination_.user.c_str()) == 0 &&
      ssh_options_set(session_.get(), SSH_OPTIONS_KNOWNHOSTS, destination_.known_hosts.c_str()) == 0 &&
      ssh_options_set(session_.get(), SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null") == 0 &&
      ssh_options_set(session_.get(), SSH_OPTIONS_PROCESS_CONFIG, &no) == 0 &&
      ssh_options_set(session_.get(), SSH_OPTIONS_NODELAY, &yes) == 0 &&
      ssh_options_set(session_.get(), SSH_OPTIONS_FD, &own) == 0;
  if (set) return {};
  ::close(own);
  return failure(ssh_error(Fault::bad_parameter, "options"));
}

Status SshSession::connect(Transcript* transcript) {
  if (destination_.known_hosts.empty()) {
    return failure(make_error(Fault::identity, destination_.name, "no known_hosts configured"));
  }
  if (Status set = set_options(); !set) return set;
  if (ssh_connect(session_.get()) != SSH_OK) return failure(ssh_error(Fault::interrupted, "handshake"));
  if (Status known = check_host(); !known) return known;
  say(transcript, "= host key verified");
  if (Status in = login(); !in) return in;
  say(transcript, "= logged in");
  sftp_.reset(sftp_new(session_.get()));
  if (!sftp_ || sftp_init(sftp_.get()) != SSH_OK) return failure(ssh_error(Fault::refused, "sftp subsystem"));
  return {};
}

Status SshSession::check_host() const {
  const ssh_known_hosts_e verdict = ssh_session_is_known_server(session_.get());
  if (verdict == SSH_KNOWN_HOSTS_OK) return {};
  return failure(make_error(Fault::identity, destination_.name, host_verdict(verdict)));
}

Result<int> SshSession::login_with_key() {
  const std::string& phrase = destination_.key_passphrase.reveal();
  ssh_key raw = nullptr;
  if (ssh_pki_import_privkey_file(destination_.key.c_str(), phrase.empty() ? "" : phrase.c_str(), nullptr,
                                  nullptr, &raw) != SSH_OK) {
    return failure(make_error(Fault::login, destination_.name, "private key cannot be read"));
  }
  const SshHandle<ssh_key> key(raw);
  return ssh_userauth_publickey(session_.get(), nullptr, key.get());
}

Status SshSession::login() {
  int answer = SSH_AUTH_DENIED;
  if (!destination_.key.empty()) {
    const Result<int> with_key = login_with_key();
    if (!with_key) return failure(with_key.error());
    answer = *with_key;
  }
  if ((answer == SSH_AUTH_DENIED || answer == SSH_AUTH_PARTIAL) && !destination_.password.empty()) {
    answer = ssh_userauth_password(session_.get(), nullptr, destination_.password.reveal().c_str());
  }
  if (answer == SSH_AUTH_SUCCESS) return {};
  return failure(ssh_error(
      answer == SSH_AUTH_ERROR && !ssh_is_connected(session_.get()) ? Fault::interrupted : Fault::login,
      "authentication"));
}

bool SshSession::lost() const {
  // After a packet that does not verify, libssh still says "connected" and fails for ever (SSH_FATAL); what a
  // server refuses is SSH_REQUEST_DENIED.
  return timed_out_ || ssh_is_connected(session_.get()) == 0 ||
         ssh_get_error_code(session_.get()) == SSH_FATAL ||
         sftp_get_error(sftp_.get()) == SSH_FX_CONNECTION_LOST ||
         sftp_get_error(sftp_.get()) == SSH_FX_NO_CONNECTION;
}

Error SshSession::ssh_error(Fault fault, std::string_view what) const {
  const char* words = session_ ? ssh_get_error(session_.get()) : "";
  return make_error(fault, destination_.name, std::string(what) + ": " + words);
}

Error SshSession::error(std::string_view what) const {
  if (timed_out_) return make_error(Fault::timeout, destination_.name, what);
  if (lost()) return ssh_error(Fault::interrupted, what);
  const int status = sftp_get_error(sftp_.get());
  const std::string detail = std::string(what) + ": SFTP status " + std::to_string(status);
  constexpr int no_space = 14;  // SSH_FX_NO_SPACE_ON_FILESYSTEM, of later drafts than libssh names
  if (status == no_space) return make_error(Fault::full, destination_.name, detail);
  if (status == SSH_FX_NO_SUCH_FILE) return make_error(Fault::absent, destination_.name, detail);
  return make_error(Fault::refused, destination_.name, detail);
}

}  // namespace demat::transport
