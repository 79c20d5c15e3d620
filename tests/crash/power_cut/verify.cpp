#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <vector>

#include "protocols/base/digest.hpp"
#include "work.hpp"

namespace demat::crash {
namespace {

using flow::State;

std::string digest_of(const ByteSource& bytes) {
  std::string content(bytes.size(), '\0');
  const auto got = bytes.read(0, content);
  return got && *got == content.size() ? sha256(content).str() : "unreadable";
}

/// Holds promises against a store, line by line.
class Judge {
 public:
  explicit Judge(store::Store& store) : store_(store) {}

  void line(const std::string& text) {
    std::istringstream words(text);
    std::string kind;
    std::string id;
    std::string more;
    std::string last;
    words >> kind >> id >> more >> last;
    line_ = text;
    if (kind == "accept") accepted(id, more);
    if (kind == "verdict") checked(id, more);
    if (kind == "intent") intended(id, more);
    if (kind == "outcome") state_is(id, {State::sent, State::acknowledged});
    if (kind == "import") imported(id, more);
    if (kind == "settle") settled(id, more);
  }

  void broken(const std::string& why) {
    ++count_;
    std::fprintf(stderr, "BROKEN: %s: %s\n", line_.c_str(), why.c_str());
  }
  [[nodiscard]] int count() const { return count_; }

 private:
  std::optional<flow::Flow> flow_of(const std::string& id) {
    const auto found = store_.find(FlowId{id});
    if (found && *found) return **found;
    broken(found ? "the flow is gone" : "the flow cannot be read: " + found.error().detail);
    return std::nullopt;
  }

  void has_bytes(const Sha256& name) {
    const auto payload = store_.open_payload(name);
    if (!payload) return broken("the payload is gone: " + payload.error().detail);
    if (digest_of(**payload) != name.str()) broken("the payload has other bytes");
  }

  void accepted(const std::string& id, const std::string& bytes) {
    const auto flow = flow_of(id);
    if (!flow) return;
    if (flow->original.str() != bytes) return broken("the flow has other bytes");
    has_bytes(flow->original);
  }

  void checked(const std::string& id, const std::string& bytes) {
    const auto flow = flow_of(id);
    if (!flow) return;
    if (flow->state == State::received) broken("the verdict is gone");
    if (flow->outgoing.str() != bytes) broken("other bytes would leave");
    has_bytes(flow->outgoing);
  }

  /// Bytes may have left: the flow must never look as if they had not.
  void intended(const std::string& id, const std::string& number) {
    state_is(id, {State::uncertain, State::sent, State::acknowledged});
    const auto flow = flow_of(id);
    if (flow && flow->remote_name != "name-" + number) broken("the remote name is another");
    const auto next = store_.next_counter("names");
    if (next && *next <= std::stoull(number)) broken("a name would be given twice");
  }

  void state_is(const std::string& id, std::initializer_list<State> allowed) {
    const auto flow = flow_of(id);
    if (!flow) return;
    if (std::find(allowed.begin(), allowed.end(), flow->state) == allowed.end())
      broken("its state is " + std::string(to_string(flow->state)));
  }

  void imported(const std::string& id, const std::string& bytes) {
    const auto found = store_.find_return(ReturnId{id});
    if (!found || !*found) return broken("the return is gone");
    if ((*found)->sha256.str() != bytes) return broken("the return has other bytes");
    has_bytes((*found)->sha256);
  }

  void settled(const std::string& id, const std::string& flow) {
    const auto found = store_.find_return(ReturnId{id});
    if (!found || !*found || (*found)->state != flow::ReturnState::matched) broken("the match is gone");
    state_is(flow, {State::acknowledged});
  }

  store::Store& store_;
  std::string line_ = "store";
  int count_ = 0;
};

}  // namespace

int verify(const std::filesystem::path& folder, const std::filesystem::path& promises) {
  const SystemClock clock;
  auto opened = store::open_sqlite_store(options_in(folder), clock);
  if (!opened) {
    std::fprintf(stderr, "BROKEN: the store does not open: %s %s\n", opened.error().code.c_str(),
                 opened.error().detail.c_str());
    return 1;
  }
  Judge judge(**opened);
  if (const auto report = (*opened)->recover(clock.now()); !report)
    judge.broken("recovery: " + report.error().detail);
  const auto report = (*opened)->reconcile([] { return true; });
  if (!report) judge.broken("reconciliation: " + report.error().detail);
  if (report && !report->missing_blobs.empty()) judge.broken("blobs are missing");
  const auto journal = (*opened)->verify_journal();
  if (!journal || !journal->intact) judge.broken("the journal does not verify");
  std::ifstream lines(promises);
  for (std::string line; std::getline(lines, line);)
    judge.line(line);
  return judge.count();
}

}  // namespace demat::crash
