#include "gateway/transport/sftp_peer.hpp"

#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "gateway/base/crash_point.hpp"
#include "gateway/transport/errors.hpp"
#include "gateway/transport/names.hpp"
#include "gateway/transport/ssh_session.hpp"

namespace demat::transport {
namespace {

/// OpenSSH takes packets of 256 KiB; a larger write kills the session (rigs §2).
constexpr std::size_t longest_packet = 255 * 1024;

/// Who watches a folder takes a file whose size stands still for whole (S²LOW does so with the State's own
/// returns). A pause of a deposit under its final name that lasts as long makes it worth a question.
constexpr std::chrono::milliseconds standstill{250};

}  // namespace

SftpPeer::SftpPeer(config::Destination destination) : destination_(std::move(destination)) {}
SftpPeer::~SftpPeer() = default;

void SftpPeer::close() {
  session_.reset();
}

Status SftpPeer::ensure(Transcript* transcript) {
  if (session_ && !session_->lost()) return {};
  session_.reset();
  auto opened = SshSession::open(destination_, transcript);
  if (!opened) return failure(opened.error());
  session_ = *std::move(opened);
  return {};
}

Status SftpPeer::with_session(Transcript* transcript, const std::function<Status()>& operation) {
  const bool kept = session_ != nullptr;
  if (Status ready = ensure(transcript); !ready) return ready;
  Status done = operation();
  if (!done && kept && done.error().code == "transport.interrupted") {
    close();
    if (Status ready = ensure(transcript); !ready) return ready;
    done = operation();
  }
  // A refusal may be the session's own trouble: the next operation has a fresh one.
  if (!done && (session_->lost() || done.error().code == "transport.refused")) close();
  return done;
}

/// One deposit, step by step; each step says in a PutFailure what its failure leaves behind.
class SftpPeer::Writing {
 public:
  Writing(SftpPeer& peer, const PutRequest& request, Transcript& transcript)
      : peer_(peer),
        request_(request),
        transcript_(transcript),
        rename_(peer.destination_.put == config::PutMode::temporary_then_rename),
        name_(rename_ ? temporary_name(request.remote_name) : request.remote_name),
        path_(join_path(peer.destination_.send_directory, name_)) {}

  /// No byte has left when this fails, so it may be done again.
  Status open() {
    const Deadline deadline(session(), peer_.destination_.connect_timeout);
    constexpr mode_t mode = 0640;
    before_ = moved_ = Clock::now();
    file_.reset(sftp_open(session().sftp(), path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, mode));
    if (!file_) return failed("open");
    transcript_.add("= open " + name_);
    learn_whether_hidden();
    moved();
    crash_point("put_begins");
    return {};
  }

  tl::expected<void, PutFailure> finish() {
    // Under its temporary name nothing counts until the rename is asked for.
    const Delivery before = rename_ ? Delivery::not_delivered : Delivery::ambiguous;
    if (const Status written = write(); !written) return judged(written.error(), before);
    if (const Status closed = sync_and_close(); !closed) return judged(closed.error(), before);
    if (!rename_) {
      if (const Status whole = whole_in_the_end(); !whole) return judged(whole.error(), before);
      return {};
    }
    const Status renamed = rename();
    if (renamed) return {};
    return judged(renamed.error(), session().lost() ? Delivery::ambiguous : Delivery::not_delivered);
  }

 private:
  using Clock = std::chrono::steady_clock;
  enum class Place { there, gone, not_told };

  [[nodiscard]] SshSession& session() const { return *peer_.session_; }

  /// A step of the deposit has ended; the peer may have seen it stand still since the step before began.
  void moved() {
    const Clock::time_point now = Clock::now();
    stood_still_ = stood_still_ || now - before_ >= standstill;
    before_ = std::exchange(moved_, now);
  }

  Status failed(std::string_view step) {
    session().done();
    Error error = session().error(step);
    transcript_.add("= " + error.code + ": " + error.detail);
    return failure(std::move(error));
  }

  static tl::unexpected<PutFailure> judged(const Error& error, Delivery delivery) {
    return tl::unexpected<PutFailure>(PutFailure{error, delivery});
  }

  Status write() {
    const Deadline deadline(session(), peer_.destination_.transfer_timeout);
    std::vector<char> buffer(std::min(longest_packet, std::max<std::size_t>(request_.bytes.size(), 1)));
    std::size_t offset = 0;
    for (;;) {
      const auto got = request_.bytes.read(offset, buffer);
      if (!got) return failure(got.error());
      if (*got == 0) break;
      const auto written = sftp_write(file_.get(), buffer.data(), *got);
      if (written < 0 || static_cast<std::size_t>(written) != *got) return failed("write");
      offset += *got;
      moved();
      crash_point("during_put");
    }
    if (offset != request_.bytes.size()) {
      return failure(
          make_error(Fault::interrupted, peer_.destination_.name, "source shorter than announced"));
    }
    transcript_.add("= wrote " + std::to_string(offset) + " bytes");
    return {};
  }

  Status sync_and_close() {
    const Deadline deadline(session(), peer_.destination_.transfer_timeout);
    // Before the fsync, which may take its time: what is taken from here on is whole.
    if (stood_still_ && !rename_ && !peer_.hides_open_files_.value_or(false)) missed_ = look() == Place::gone;
    if (sftp_extension_supported(session().sftp(), "fsync@openssh.com", "1") != 0) {
      if (sftp_fsync(file_.get()) != SSH_OK) return failed("fsync");
      transcript_.add("= fsync");
    }
    if (sftp_close(file_.release()) != SSH_OK) return failed("close");
    transcript_.add("= close");
    return {};
  }

  /// Some servers give a deposit its name when it is closed: what nobody sees, nobody takes too early. Asked
  /// once, right after an open that was too quick for anybody to take the file.
  void learn_whether_hidden() {
    if (rename_ || peer_.hides_open_files_) return;
    const SshHandle<sftp_attributes> found(sftp_stat(session().sftp(), path_.c_str()));
    const bool absent = !found && sftp_get_error(session().sftp()) == SSH_FX_NO_SUCH_FILE;
    if (found || (absent && Clock::now() - before_ < standstill)) peer_.hides_open_files_ = absent;
  }

  /// Where the file is that is being written, and whether all of it is there.
  [[nodiscard]] Place look() {
    const SshHandle<sftp_attributes> found(sftp_stat(session().sftp(), path_.c_str()));
    if (found) {
      const bool sized = (found->flags & SSH_FILEXFER_ATTR_SIZE) != 0;
      return !sized || found->size == request_.bytes.size() ? Place::there : Place::gone;
    }
    return sftp_get_error(session().sftp()) == SSH_FX_NO_SUCH_FILE ? Place::gone : Place::not_told;
  }

  /// A file that stood still and was gone before it was closed may have been taken before its last byte;
  /// every byte was taken note of all the same, in a file without a name. A server that shows a deposit only
  /// once it is closed shows it now. Nothing is asked of a deposit that went on all the time.
  Status whole_in_the_end() {
    if (!missed_) return {};
    const Deadline deadline(session(), peer_.destination_.connect_timeout);
    if (look() == Place::there) return {};
    transcript_.add("= gone before it was closed");
    return failure(make_error(Fault::absent, peer_.destination_.name, "gone before it was closed"));
  }

  Status rename() {
    const Deadline deadline(session(), peer_.destination_.connect_timeout);
    const std::string final_path = join_path(peer_.destination_.send_directory, request_.remote_name);
    if (sftp_rename(session().sftp(), path_.c_str(), final_path.c_str()) != SSH_OK) return failed("rename");
    crash_point("rename_asked");
    transcript_.add("= rename " + request_.remote_name);
    return {};
  }

  SftpPeer& peer_;
  const PutRequest& request_;
  Transcript& transcript_;
  bool rename_;
  std::string name_;
  std::string path_;
  SshHandle<sftp_file> file_;
  Clock::time_point before_;  ///< end of the step before the last, and of the last
  Clock::time_point moved_;
  bool stood_still_ = false;  ///< a step took as long as a standstill
  bool missed_ = false;       ///< not under its name any more when it was still open
};

tl::expected<void, PutFailure> SftpPeer::put(const PutRequest& request, Transcript& transcript) {
  std::optional<Writing> writing;
  Status opened = check_request(destination_.name, request, false, false);
  if (opened) {
    opened = with_session(&transcript, [&] {
      writing.reset();
      return writing.emplace(*this, request, transcript).open();
    });
  }
  if (!opened) {
    writing.reset();
    return tl::unexpected<PutFailure>(PutFailure{opened.error(), Delivery::not_delivered});
  }
  auto done = writing->finish();
  session_->give(destination_.connect_timeout);
  writing.reset();  // closes what finish() left open; before the session goes
  session_->done();
  if (session_->lost()) close();
  return done;
}

Result<std::vector<RemoteFile>> SftpPeer::list_now(const std::string& directory) {
  const Deadline deadline(*session_, destination_.transfer_timeout);
  const std::string plain = plain_directory(directory);
  const auto failed = [&](std::string_view step) {
    session_->done();
    return failure(session_->error(step));
  };
  SshHandle<sftp_dir> dir(sftp_opendir(session_->sftp(), plain.empty() ? "." : plain.c_str()));
  if (!dir) return failed("opendir");
  std::vector<RemoteFile> files;
  while (const SshHandle<sftp_attributes> entry{sftp_readdir(session_->sftp(), dir.get())}) {
    const bool file = entry->type == SSH_FILEXFER_TYPE_REGULAR || entry->type == SSH_FILEXFER_TYPE_UNKNOWN;
    auto name = listed_name(entry->name, {});
    if (!file || !name) continue;
    const bool timed = (entry->flags & SSH_FILEXFER_ATTR_ACMODTIME) != 0;
    files.push_back(
        {std::move(*name), entry->size,
         timed ? std::optional<Instant>(Instant(std::chrono::seconds(entry->mtime))) : std::nullopt});
  }
  if (sftp_dir_eof(dir.get()) == 0) return failed("readdir");
  return files;
}

Result<std::vector<RemoteFile>> SftpPeer::list(const std::string& directory, Transcript* transcript) {
  std::vector<RemoteFile> files;
  const Status done = with_session(transcript, [&]() -> Status {
    auto listed = list_now(directory);
    if (!listed) return failure(listed.error());
    files = *std::move(listed);
    return {};
  });
  if (!done) return failure(done.error());
  return files;
}

Result<Presence> SftpPeer::look(const std::string& remote_name, std::uint64_t expected_size) {
  return list(destination_.send_directory, nullptr).map([&](const std::vector<RemoteFile>& files) {
    return presence(files, remote_name, expected_size);
  });
}

Result<std::vector<RemoteFile>> SftpPeer::list_returns() {
  return list(destination_.return_directory, nullptr).map([](std::vector<RemoteFile>&& files) {
    std::erase_if(files, [](const RemoteFile& file) { return hidden(file.name); });
    return std::move(files);
  });
}

Status SftpPeer::fetch_now(const RemoteFile& file, const Sink& sink, bool& started) {
  const Deadline deadline(*session_, destination_.transfer_timeout);
  const std::string path = join_path(destination_.return_directory, file.name);
  const auto failed = [&](std::string_view step) {
    session_->done();
    return failure(session_->error(step));
  };
  const SshHandle<sftp_file> remote(sftp_open(session_->sftp(), path.c_str(), O_RDONLY, 0));
  if (!remote) return failed("open");
  started = true;
  std::vector<char> buffer(longest_packet);
  for (;;) {
    const auto got = sftp_read(remote.get(), buffer.data(), buffer.size());
    if (got < 0) return failed("read");
    if (got == 0) break;
    if (Status taken = sink(std::string_view(buffer.data(), static_cast<std::size_t>(got))); !taken) {
      return taken;
    }
    crash_point("during_fetch");
  }
  // libssh tells a lost connection as an end of file in places: an end is one only on a live session.
  session_->done();
  if (session_->lost()) return failure(session_->error("read"));
  return {};
}

Status SftpPeer::fetch(const RemoteFile& file, const Sink& sink) {
  if (!safe_name(file.name)) return failure(make_error(Fault::unsafe_name, destination_.name, file.name));
  bool started = false;
  Status status;
  const Status reached = with_session(nullptr, [&]() -> Status {
    status = fetch_now(file, sink, started);
    // Once bytes went to the sink, a second try would hand them over twice.
    return started ? Status() : status;
  });
  if (!reached) return reached;
  if (session_->lost()) close();
  return status;
}

Status SftpPeer::remove_return(const std::string& name) {
  if (!safe_name(name)) return failure(make_error(Fault::unsafe_name, destination_.name, name));
  return with_session(nullptr, [&]() -> Status {
    const Deadline deadline(*session_, destination_.connect_timeout);
    const std::string path = join_path(destination_.return_directory, name);
    if (sftp_unlink(session_->sftp(), path.c_str()) == SSH_OK) return {};
    session_->done();
    return failure(session_->error("remove"));
  });
}

Status SftpPeer::probe(Transcript& transcript) {
  for (const std::string& directory : {destination_.send_directory, destination_.return_directory}) {
    const auto files = list(directory, &transcript);
    if (!files) {
      transcript.add("= " + directory + ": " + files.error().code + " " + files.error().detail);
      return failure(files.error());
    }
    transcript.add("= " + directory + ": " + std::to_string(files->size()));
  }
  return {};
}

}  // namespace demat::transport
