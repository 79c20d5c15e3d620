#include "gateway/pipeline/poll_stage.hpp"

#include <set>
#include <utility>

#include "gateway/base/crash_point.hpp"
#include "protocols/pes/naming.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::pipeline {
namespace {

/// How often an unchanged but unreadable file is fetched again before it goes to the orphan bank as it is.
constexpr std::uint32_t unreadable_tries = 5;

class Nothing final : public xml::Visitor {
 public:
  void start(const xml::StartElement&, std::string_view) override {}
  void end(std::string_view, std::string_view) override {}
};

bool whole_document(const ByteSource& bytes) {
  Nothing nothing;
  return xml::stream(bytes, nothing).has_value();
}

/// Where the peer removes a file once it is fetched, what we hold is the only copy: it is kept whatever it
/// looks like. Over SFTP nothing is removed, so a half-written file can be fetched again later.
bool peer_keeps_files(config::LinkMode mode) {
  return mode == config::LinkMode::passtrans_sftp || mode == config::LinkMode::prefecture;
}

/// Mails are no XML: whether one is whole, its size says.
bool is_document(config::LinkMode mode) {
  return mode != config::LinkMode::prefecture;
}

/// Names that mean something (helios 6.2) are those of Hélios; mails are numbered.
pes::ReturnName named(config::LinkMode mode, const std::string& name) {
  return is_document(mode) ? pes::classify_return_name(name) : pes::ReturnName::fetch;
}

/// True where a file is still there after it was fetched, whatever happens: then several may be imported in
/// one transaction, and are deleted, where that is ours, after it. Elsewhere each is made durable at once.
bool may_gather(const config::Destination& destination) {
  if (destination.mode == config::LinkMode::ftp_simulator) return destination.delete_after_fetch;
  return peer_keeps_files(destination.mode);
}

/// What one transaction imports: more files than one poll brings on most days, and no more than a little
/// memory.
constexpr std::size_t batch_files = 32;
constexpr std::uint64_t batch_bytes = 1'048'576;

Error shorter_than_listed() {
  return waiting_error("returns.short", "Le fichier reçu est plus court qu'annoncé : il sera repris.",
                       "The file received is shorter than announced: it will be fetched again.");
}

Error too_large() {
  return waiting_error("returns.too_large",
                       "Un fichier de retour dépasse la taille admise : l'exploitant doit relever la limite.",
                       "A return file is larger than allowed: the operator must raise the limit.");
}

}  // namespace

PollStage::PollStage(const Dependencies& dependencies, const config::Destination& destination)
    : deps_(dependencies), destination_(destination), peer_(deps_.make_peer(destination)) {}

PollStage::Growth PollStage::look_again(const transport::RemoteFile& file) {
  const auto [known, first_time] = seen_.try_emplace(file.name);
  const bool changed = first_time || known->second.size != file.size;
  known->second.size = file.size;
  if (changed) {
    known->second.fetched = false;
    return Growth::changed;
  }
  return file.size > 0 ? Growth::stable : Growth::empty;
}

PollStage::Outcome PollStage::pass(const std::stop_token& stop) {
  Outcome outcome;
  retry_kept(outcome);
  const auto files = peer_->list_returns();
  if (!files) {
    deps_.recorder.log().warning("returns.list_failed", {{"destination", destination_.name},
                                                         {"because", files.error().code},
                                                         {"detail", files.error().detail}});
    if (files.error().code == "transport.identity")
      deps_.recorder.alarm("transport.identity", destination_.name, files.error().detail);
    return outcome;
  }
  outcome.reached = true;
  deps_.recorder.resolved("transport.identity", destination_.name);
  for (const auto& file : *files) {
    if (stop.stop_requested()) break;
    const auto kind = named(destination_.mode, file.name);
    if (kind == pes::ReturnName::echo) continue;
    if (kind == pes::ReturnName::unsafe) {
      deps_.recorder.alarm("returns.unsafe_name", destination_.name,
                           "a name with a path or control characters");
      continue;
    }
    take(file, kind == pes::ReturnName::ocre, outcome);
  }
  import_fetched(outcome);
  if (!stop.stop_requested()) forget_others(*files);
  return outcome;
}

/// What is no longer listed may come again under the same name.
void PollStage::forget_others(const std::vector<transport::RemoteFile>& listed) {
  std::set<std::string_view> names;
  for (const auto& file : listed)
    names.insert(file.name);
  std::erase_if(seen_, [&](const auto& known) { return !names.contains(known.first); });
}

void PollStage::take(const transport::RemoteFile& file, bool as_ocre, Outcome& outcome) {
  if (file.time) {
    const auto known =
        deps_.store.return_known(DestinationName{destination_.name}, file.name, file.size, file.time);
    if (!known) return note_failure(file, known.error());
    if (*known) return remove(file);
  }
  const Growth growth = look_again(file);
  outcome.unstable = outcome.unstable || growth == Growth::changed;
  if (growth != Growth::stable || seen_[file.name].fetched) return;
  if (const auto fetched = fetch(file, as_ocre, outcome); !fetched) note_failure(file, fetched.error());
}

/// Deletes what is ours to delete (helios 6.2); what stays is recognised in the next pass and tried again.
void PollStage::remove(const transport::RemoteFile& file) {
  if (!destination_.delete_after_fetch) return;
  crash_point("before_delete");
  if (auto removed = peer_->remove_return(file.name); !removed) note_failure(file, removed.error());
  crash_point("after_delete");
}

/// Fetches a file and imports it, alone or with the next ones.
Status PollStage::fetch(const transport::RemoteFile& file, bool as_ocre, Outcome& outcome) {
  if (file.size > destination_.max_return) return failure(too_large());
  auto writer = deps_.store.new_payload();
  if (!writer) return failure(writer.error());
  // The place is taken before RETR: a peer that removes what it has sent must not find our disk full.
  if (auto room = (*writer)->reserve(file.size); !room) return failure(room.error());
  const auto fetched = peer_->fetch(file, [&](std::string_view piece) { return (*writer)->append(piece); });
  // All the bytes but no farewell: where the peer removes files, these may be the only copy.
  const bool only_copy = !peer_keeps_files(destination_.mode) && (*writer)->size() >= file.size;
  if (!fetched && !only_copy) return failure(fetched.error());
  if (peer_keeps_files(destination_.mode)) {
    if ((*writer)->size() < file.size) return failure(shorter_than_listed());
    if (!as_ocre && is_document(destination_.mode) && !whole_document((*writer)->so_far()) &&
        ++seen_[file.name].unreadable < unreadable_tries)
      return {};
  }
  auto staged = (*writer)->finish();
  if (!staged) return failure(staged.error());
  store::NewReturn item{DestinationName{destination_.name}, file.name, file.time,
                        std::string(as_ocre ? "ocre" : kind_of_returns(destination_.mode)),
                        deps_.clock.now()};
  if (may_gather(destination_)) {
    gather({file, {std::move(item), std::move(*staged)}}, outcome);
    return {};
  }
  if (auto status = make_durable(file, std::move(item), std::move(*staged)); !status) return status;
  ++outcome.imported;
  seen_[file.name].fetched = true;
  remove(file);
  return {};
}

void PollStage::gather(Fetched file, Outcome& outcome) {
  fetched_bytes_ += file.file.size;
  fetched_.push_back(std::move(file));
  if (fetched_.size() >= batch_files || fetched_bytes_ >= batch_bytes) import_fetched(outcome);
}

void PollStage::import_fetched(Outcome& outcome) {
  auto fetched = std::exchange(fetched_, {});
  fetched_bytes_ = 0;
  if (fetched.empty()) return;
  std::vector<store::ReturnImport> imports;
  for (auto& one : fetched)
    imports.push_back(std::move(one.import));
  crash_point("before_import");
  const auto done = deps_.store.import_returns(imports);
  for (std::size_t i = 0; i < fetched.size(); ++i) {
    const auto& file = fetched[i].file;
    if (!done[i]) {
      note_failure(file, done[i].error());
      continue;
    }
    imported(*done[i]);
    ++outcome.imported;
    seen_[file.name].fetched = true;
    remove(file);
  }
}

Status PollStage::make_durable(const transport::RemoteFile& file, store::NewReturn item,
                               store::StagedPayload payload) {
  crash_point("before_import");
  const auto done = deps_.store.import_return(item, std::move(payload));
  if (done) {
    imported(*done);
    return {};
  }
  // A peer that removes what was fetched has no copy any more: ours is kept and tried again.
  if (!peer_keeps_files(destination_.mode) && !destination_.delete_after_fetch) {
    deps_.recorder.alarm("returns.not_durable", destination_.name, done.error().code);
    kept_.push_back({file, std::move(item), std::move(payload)});
  }
  return failure(done.error());
}

void PollStage::imported(const flow::Return& item) {
  crash_point("after_import");
  deps_.recorder.log().info(
      "return.imported",
      {{"return", item.id.str()}, {"destination", destination_.name}, {"bytes", item.size}});
}

void PollStage::retry_kept(Outcome& outcome) {
  std::erase_if(kept_, [&](const Kept& kept) {
    const auto status = import_copy(kept);
    if (status)
      ++outcome.imported;
    else
      note_failure(kept.file, status.error());
    return status.has_value();
  });
  if (!kept_.empty()) outcome.unstable = true;
}

Status PollStage::import_copy(const Kept& kept) {
  auto writer = deps_.store.new_payload();
  if (!writer) return failure(writer.error());
  std::vector<char> buffer(limits::inline_payload);
  for (std::size_t offset = 0;;) {
    const auto got = kept.payload.bytes().read(offset, buffer);
    if (!got) return failure(got.error());
    if (*got == 0) break;
    if (auto status = (*writer)->append({buffer.data(), *got}); !status) return status;
    offset += *got;
  }
  auto staged = (*writer)->finish();
  if (!staged) return failure(staged.error());
  const auto done = deps_.store.import_return(kept.item, std::move(*staged));
  if (!done) return failure(done.error());
  imported(*done);
  return {};
}

void PollStage::note_failure(const transport::RemoteFile& file, const Error& error) {
  deps_.recorder.log().warning("returns.fetch_failed", {{"destination", destination_.name},
                                                        {"bytes", file.size},
                                                        {"because", error.code},
                                                        {"detail", error.detail}});
  if (error.code == "returns.too_large") deps_.recorder.alarm(error.code, destination_.name, error.en);
}

}  // namespace demat::pipeline
