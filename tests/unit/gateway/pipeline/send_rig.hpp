#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "gateway/pipeline/send_stage.hpp"
#include "gateway/store/sqlite_store.hpp"

namespace demat::pipeline {

/// A clock that the test moves; thread-safe.
class HandClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return Instant(Duration(micros_.load())); }
  void advance(Duration by) { micros_ += by.count(); }

 private:
  std::atomic<std::int64_t> micros_{1'772'000'000'000'000};
};

/// What the peers of a test do; shared by all of them.
struct PeerScript {
  std::function<tl::expected<void, transport::PutFailure>(const transport::PutRequest&)> put =
      [](const auto&) { return tl::expected<void, transport::PutFailure>{}; };
  std::function<Result<transport::Presence>(const std::string&)> look = [](const auto&) {
    return Result<transport::Presence>(transport::Presence::absent);
  };
  std::atomic<int> puts{0};
  std::atomic<int> looks{0};
};

class ScriptedPeer final : public transport::Peer {
 public:
  explicit ScriptedPeer(PeerScript& script) : script_(script) {}
  tl::expected<void, transport::PutFailure> put(const transport::PutRequest& request,
                                                transport::Transcript& transcript) override {
    ++script_.puts;
    transcript.add("put " + request.remote_name);
    return script_.put(request);
  }
  Result<transport::Presence> look(const std::string& remote_name, std::uint64_t) override {
    ++script_.looks;
    return script_.look(remote_name);
  }
  Result<std::vector<transport::RemoteFile>> list_returns() override {
    return std::vector<transport::RemoteFile>{};
  }
  Status fetch(const transport::RemoteFile&, const transport::Sink&) override { return {}; }
  Status remove_return(const std::string&) override { return {}; }
  Status probe(transport::Transcript&) override { return {}; }
  void close() override {}

 private:
  PeerScript& script_;
};

inline Error transport_error(const std::string& code) {
  return waiting_error(code, "fr", "en");
}

/// A real store with flows that are ready for destination "helios", and peers that do what the test wants.
class SendRig : public testing::Test {
 protected:
  explicit SendRig(const Clock& clock) : clock_(clock), folder_(make_folder()) {
    const store::SqliteOptions options{.folder = folder_ / "data", .environment = "test"};
    if (auto made = store::create_sqlite_store(options); !made) throw std::runtime_error(made.error().detail);
    auto opened = store::open_sqlite_store(options, clock);
    if (!opened) throw std::runtime_error(opened.error().detail);
    store_ = std::move(*opened);
    log_ = observe::Logger::create(observe::Level::debug, folder_ / "log");
    recorder_ = std::make_unique<Recorder>(*log_, metrics_);
    config::Destination helios;
    helios.name = "helios";
    helios.mode = config::LinkMode::ftp_simulator;
    helios.p_dest = "MHPCE11";
    helios.put = config::PutMode::temporary_then_rename;
    settings.destinations = {helios};
  }
  ~SendRig() override {
    store_.reset();
    log_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] Dependencies dependencies() {
    return {*store_,    clock_,
            *recorder_, settings,
            keys_,      [] { return std::shared_ptr<const InspectionContext>(); },
            {},         [this](const auto&) { return std::make_unique<ScriptedPeer>(script); }};
  }
  [[nodiscard]] SendStage stage() { return {dependencies(), settings.destinations.at(0), sends}; }
  [[nodiscard]] store::Store& store() { return *store_; }
  [[nodiscard]] std::filesystem::path data_folder() const { return folder_ / "data"; }

  flow::Flow ready_flow(const std::string& key, std::string_view protocol = {}) {
    store::NewFlow item;
    if (!protocol.empty()) item.flow.protocol = protocol;
    item.flow.authority = AuthorityId{"123456782"};
    item.flow.business_key = key;
    item.flow.nom_fic = NomFic{key};
    item.flow.typ_fic = "PESALR2";
    item.flow.cod_col = "123";
    item.flow.id_post = "034000";
    item.flow.cod_bud = "00";
    auto writer = store_->new_payload().value();
    EXPECT_TRUE(writer->append("<" + key + "/>"));
    auto outcome = store_->accept(std::move(item), writer->finish().value()).value();
    store::Change change;
    change.flow = std::get<store::DurableReceipt>(outcome).flow().id;
    change.steps = {{flow::Trigger::pass_checks}, {flow::Trigger::make_ready}};
    change.destination = DestinationName{"helios"};
    return store_->apply(std::move(change)).value();
  }
  [[nodiscard]] std::vector<store::Claim> claim(std::size_t limit, Duration lease) {
    return store_->claim({{flow::State::ready}, DestinationName{"helios"}, limit, "w", clock_.now(), lease})
        .value();
  }
  [[nodiscard]] flow::Flow current(const FlowId& id) { return *store_->find(id).value(); }
  [[nodiscard]] bool has_event(const FlowId& id, std::string_view code) {
    const auto events = store_->events(id).value();
    return std::any_of(events.begin(), events.end(), [&](const auto& event) { return event.code == code; });
  }

  config::Settings settings;
  PeerScript script;
  std::shared_ptr<InHand> sends = std::make_shared<InHand>();

 private:
  static std::filesystem::path make_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "demat-send-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    return pattern;
  }
  const Clock& clock_;
  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<observe::Logger> log_;
  observe::Metrics metrics_;
  std::unique_ptr<Recorder> recorder_;
  signing::KeyRing keys_;
};

struct SystemClockHolder {
  SystemClock clock;
};

/// The same over real time, for threads.
class RealTimeRig : public SystemClockHolder, public SendRig {
 protected:
  RealTimeRig() : SendRig(clock) {}
  template <class Condition>
  static bool comes_true(const Condition& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }
};

}  // namespace demat::pipeline
