#include "gateway/observed_peer.hpp"

namespace demat {
namespace {

/// Faults of one file or one flow: the link itself works.
bool is_of_the_link(const Error& error) {
  return error.code != "transport.bad_parameter" && error.code != "transport.unsafe_name" &&
         error.code != "transport.absent";
}

class ObservedPeer final : public transport::Peer {
 public:
  ObservedPeer(std::unique_ptr<transport::Peer> peer, const std::string& name, pipeline::Recorder& recorder)
      : peer_(std::move(peer)), send_(send_part(name)), poll_(poll_part(name)), recorder_(recorder) {}

  tl::expected<void, transport::PutFailure> put(const transport::PutRequest& request,
                                                transport::Transcript& transcript) override {
    auto done = peer_->put(request, transcript);
    note(send_, done ? nullptr : &done.error().error);
    return done;
  }
  Result<transport::Presence> look(const std::string& remote_name, std::uint64_t expected_size) override {
    return peer_->look(remote_name, expected_size);
  }
  Result<std::vector<transport::RemoteFile>> list_returns() override {
    auto files = peer_->list_returns();
    note(poll_, files ? nullptr : &files.error());
    return files;
  }
  Status fetch(const transport::RemoteFile& file, const transport::Sink& sink) override {
    return peer_->fetch(file, sink);
  }
  Status remove_return(const std::string& name) override { return peer_->remove_return(name); }
  Status probe(transport::Transcript& transcript) override { return peer_->probe(transcript); }
  void close() override { peer_->close(); }

 private:
  void note(const std::string& part, const Error* error) {
    if (error == nullptr)
      recorder_.vitals().well(part, clock_.now());
    else if (is_of_the_link(*error))
      recorder_.vitals().ill(part, error->code, clock_.now());
  }

  std::unique_ptr<transport::Peer> peer_;
  const std::string send_;
  const std::string poll_;
  pipeline::Recorder& recorder_;
  SystemClock clock_;
};

}  // namespace

std::string send_part(std::string_view destination) {
  return std::string(destination) + "/send";
}

std::string poll_part(std::string_view destination) {
  return std::string(destination) + "/poll";
}

std::unique_ptr<transport::Peer> observe_peer(std::unique_ptr<transport::Peer> peer,
                                              const std::string& destination, pipeline::Recorder& recorder) {
  return std::make_unique<ObservedPeer>(std::move(peer), destination, recorder);
}

std::unique_ptr<transport::Peer> make_observed_peer(const config::Destination& destination,
                                                    pipeline::Recorder& recorder) {
  return observe_peer(transport::make_peer(destination), destination.name, recorder);
}

}  // namespace demat
