#include "gateway/transport/prefecture_peer.hpp"

#include <utility>

#include "gateway/transport/errors.hpp"

namespace demat::transport {

PrefecturePeer::PrefecturePeer(config::Destination destination)
    : destination_(std::move(destination)), post_(destination_), mailbox_(destination_) {}

tl::expected<void, PutFailure> PrefecturePeer::put(const PutRequest& request, Transcript& transcript) {
  return post_.put(request, transcript);
}

Result<Presence> PrefecturePeer::look(const std::string& /*remote_name*/, std::uint64_t /*expected_size*/) {
  return Presence::unknown;
}

Result<std::vector<RemoteFile>> PrefecturePeer::list_returns() {
  return mailbox_.list();
}

Status PrefecturePeer::fetch(const RemoteFile& file, const Sink& sink) {
  return mailbox_.fetch(file, sink);
}

Status PrefecturePeer::remove_return(const std::string& name) {
  return mailbox_.remove(name);
}

Status PrefecturePeer::probe(Transcript& transcript) {
  const Status post = post_.probe(transcript);
  const Status mail = mailbox_.probe(transcript);
  return post ? mail : post;
}

void PrefecturePeer::close() {
  mailbox_.close();
}

}  // namespace demat::transport
