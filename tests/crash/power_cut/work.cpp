#include "work.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "protocols/base/digest.hpp"

namespace demat::crash {
namespace {

using flow::State;
using flow::Trigger;
using store::Change;

constexpr unsigned most_tries = 400;

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "store_work: %s\n", why.c_str());
  std::_Exit(5);
}

/// Pseudo-random and repeatable: what a seed, a client and a number make.
std::string content(std::uint64_t seed, unsigned client, unsigned index, std::size_t size) {
  std::string out = fmt::format("<flow seed='{}' client='{}' index='{}'>", seed, client, index);
  std::uint64_t state = seed * 0x9E3779B97F4A7C15ULL + client * 1'000'003ULL + index;
  while (out.size() < size) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    out += fmt::format("{:016x}", state);
  }
  return out;
}

std::size_t size_of(unsigned index) {
  switch (index % 8) {
    case 3:
      return inline_payload * 3;
    case 5:
      return inline_payload + 1;
    case 7:
      return index % 16 == 7 ? 300'000 : 70'000;
    default:
      return 200 + index * 37 % 3'000;
  }
}

}  // namespace

Promises::Promises(const std::filesystem::path& file)
    : file_(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
  if (file_ < 0) give_up("cannot write promises");
}

Promises::~Promises() {
  ::close(file_);
}

void Promises::note(const std::string& line) {
  const std::string whole = line + "\n";
  if (::write(file_, whole.data(), whole.size()) != static_cast<ssize_t>(whole.size()))
    give_up("cannot write a promise");
}

template <class Made>
auto Work::insist(const char* doing, Made&& make) {
  for (unsigned tries = 0; tries < most_tries; ++tries) {
    auto result = make();
    if (result) return result;
    met(doing, result.error());
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  give_up(fmt::format("{} did not work after {} tries", doing, most_tries));
}

template <class Made>
std::optional<flow::Flow> Work::insist_while_held(const char* doing, Made&& make) {
  auto result = insist(doing, [&]() -> Result<std::optional<flow::Flow>> {
    auto made = make();
    if (made) return std::optional(std::move(*made));
    if (made.error().code == "store.stale_lease") return std::optional<flow::Flow>();
    return failure(std::move(made.error()));
  });
  return std::move(*result);
}

void Work::met(const char* doing, const Error& error) {
  const bool of_the_disk = error.code == "store.disk_full" || error.code == "store.io";
  if (!of_the_disk) give_up(fmt::format("{}: {} ({})", doing, error.code, error.detail));
  const std::lock_guard lock(mutex_);
  ++errors_[error.code];
}

std::map<std::string, unsigned> Work::errors() const {
  const std::lock_guard lock(mutex_);
  return errors_;
}

Work::Body Work::body(unsigned client, unsigned index) const {
  return {content(seed_, client, index, size_of(index)), fmt::format("K{}-{}-{}", seed_, client, index)};
}

store::StagedPayload Work::staged(const std::string& bytes) {
  return std::move(*insist("stage", [&]() -> Result<store::StagedPayload> {
    auto writer = store_.new_payload();
    if (!writer) return failure(writer.error());
    constexpr std::size_t piece = 50'000;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      if (auto status = (*writer)->append(std::string_view(bytes).substr(at, piece)); !status)
        return failure(status.error());
    return (*writer)->finish();
  }));
}

void Work::deposit(unsigned client, unsigned index) {
  const auto [bytes, key] = body(client, index);
  const auto outcome = insist("accept", [&, name = key] {
    store::NewFlow item;
    item.flow.authority = AuthorityId{"123456782"};
    item.flow.business_key = name;
    item.flow.nom_fic = NomFic{name};
    item.actor = "client";
    return store_.accept(std::move(item), staged(bytes));
  });
  // A deposit that was committed although its commit failed is found again by its bytes.
  const auto* receipt = std::get_if<store::DurableReceipt>(&*outcome);
  const auto* same = std::get_if<store::SameBytes>(&*outcome);
  if (receipt == nullptr && same == nullptr) give_up("a deposit was taken for another");
  const auto& flow = receipt != nullptr ? receipt->flow() : same->existing;
  promises_.note("accept " + flow.id.str() + " " + flow.original.str());
}

std::optional<store::Claim> Work::claim(State state) {
  using namespace std::chrono_literals;
  const auto claims = insist("claim", [&] {
    return store_.claim(
        {.states = {state}, .limit = 1, .owner = "worker", .now = clock_.now(), .lease_for = 60s});
  });
  if (claims->empty()) return std::nullopt;
  return claims->front();
}

bool Work::check_one() {
  const auto claimed = claim(State::received);
  if (!claimed) return false;
  const bool signs = claimed->flow.original_size % 2 == 0;
  const std::string bytes =
      signs ? content(seed_, 99, static_cast<unsigned>(claimed->flow.original_size), inline_payload * 2) : "";
  const auto make = [&] {
    Change change{.flow = claimed->flow.id, .lease = claimed->lease};
    change.steps.push_back({Trigger::pass_checks});
    if (signs) {
      change.steps.push_back({Trigger::ask_signature});
      change.steps.push_back({Trigger::sign});
      change.documents.push_back(
          {"signed", "signed.xml", "application/xml", staged(bytes + claimed->flow.id.str())});
    }
    change.steps.push_back({Trigger::make_ready});
    change.destination = DestinationName{"helios"};
    return store_.apply(std::move(change));
  };
  const auto after = insist_while_held("verdict", make);
  if (after) promises_.note("verdict " + after->id.str() + " " + after->outgoing.str());
  return true;
}

bool Work::send_one() {
  const auto claimed = claim(State::ready);
  if (!claimed) return false;
  const auto number = insist("counter", [&] { return store_.next_counter("names"); });
  const auto sending = insist_while_held("intent", [&] {
    Change change{.flow = claimed->flow.id, .lease = claimed->lease, .keep_lease = true};
    change.steps.push_back({Trigger::begin_send});
    change.open_attempt = store::OpenAttempt{DestinationName{"helios"}, fmt::format("name-{}", *number)};
    return store_.apply(std::move(change));
  });
  if (!sending) return true;
  // From this line on bytes leave: nobody may believe later that they did not.
  promises_.note(fmt::format("intent {} {}", sending->id.str(), *number));
  const auto sent = insist("outcome", [&] {
    Change change{.flow = sending->id, .lease = claimed->lease};
    change.steps.push_back({Trigger::finish_send});
    change.close_attempt = store::CloseAttempt{flow::AttemptOutcome::sent, "", "226"};
    return store_.apply(std::move(change));
  });
  promises_.note("outcome " + sent->id.str());
  import_answer(*sent);
  return true;
}

void Work::import_answer(const flow::Flow& sent) {
  const std::string bytes = "<acquit>" + sent.id.str() + "</acquit>" +
                            std::string(sent.original_size % 3 == 0 ? inline_payload * 2 : 100, ' ');
  const store::NewReturn item{DestinationName{"helios"}, "ACK-" + sent.id.str(), std::nullopt, "unknown",
                              clock_.now()};
  const auto kept = insist("import", [&] { return store_.import_return(item, staged(bytes)); });
  // From this line on the peer's copy is deleted.
  promises_.note("import " + kept->id.str() + " " + kept->sha256.str() + " " + sent.id.str());
}

bool Work::settle_one() {
  const auto found = insist("unsettled", [&] { return store_.unsettled_returns(1); });
  if (found->empty()) return false;
  const auto& item = found->front();
  const std::string flow = item.remote_name.substr(4);
  const auto done = insist("settle", [&]() -> Result<bool> {
    store::Settlement settlement{.item = item, .trigger = Trigger::acknowledge, .attach_document = true};
    settlement.item.state = flow::ReturnState::matched;
    settlement.item.flow = FlowId{flow};
    settlement.item.authority = AuthorityId{"123456782"};
    if (auto status = store_.settle_return(std::move(settlement)); !status) return failure(status.error());
    return true;
  });
  if (*done) promises_.note("settle " + item.id.str() + " " + flow);
  return true;
}

}  // namespace demat::crash
