#include "tests/support/rig/prefecture_sim.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <sstream>
#include <stdexcept>

namespace demat::rig {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::uint64_t number_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_number() ? value->to_number<std::uint64_t>() : 0;
}

PrefectureRecord record_of(const json::object& object) {
  PrefectureRecord record;
  record.kind = text_of(object, "kind");
  record.name = text_of(object, "name");
  record.sha256 = text_of(object, "sha256");
  record.style = text_of(object, "style");
  record.stage = text_of(object, "stage");
  record.client = text_of(object, "client");
  record.agent = text_of(object, "agent");
  record.code = text_of(object, "code");
  record.file = text_of(object, "file");
  record.size = number_of(object, "size");
  record.body = number_of(object, "body");
  const json::value* authorised = object.if_contains("authorisation");
  record.authorisation = authorised != nullptr && authorised->as_bool();
  return record;
}

std::filesystem::path script(const char* name) {
  return std::filesystem::path(DEMAT_SOURCE_DIR) / "tools" / "sim" / "prefecture" / name;
}

}  // namespace

PrefectureSim::PrefectureSim(std::vector<std::string> arguments) {
  const std::filesystem::path port_file = folder() / "port";
  std::vector<std::string> command{"/usr/bin/python3",
                                   script("prefecture_sim.py"),
                                   "--dir",
                                   folder(),
                                   "--port-file",
                                   port_file,
                                   "--delay",
                                   "0.05"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  child_ = Child(command, folder() / "output");
  const bool up = wait_until([&] { return std::filesystem::exists(port_file) || !child_.running(); },
                             std::chrono::seconds(30));
  if (!up || !std::filesystem::exists(port_file))
    throw std::runtime_error("the simulated préfecture does not start: " + read_file(folder() / "output"));
  read_facts();
}

PrefectureSim::~PrefectureSim() {
  child_.stop();
}

void PrefectureSim::read_facts() {
  const json::object facts = json::parse(read_file(folder() / "sim.json")).as_object();
  pin_ = text_of(facts, "pin");
  destination_.name = "sim-prefecture";
  destination_.mode = config::LinkMode::prefecture;
  destination_.key = text_of(facts, "key");
  destination_.ca = text_of(facts, "ca");
  destination_.connect_timeout = std::chrono::seconds(10);
  destination_.transfer_timeout = std::chrono::seconds(30);
  destination_.delete_after_fetch = true;
  config::Prefecture& there = destination_.prefecture;
  there.post_url = text_of(facts, "post_url");
  there.certificate = text_of(facts, "certificate");
  there.mail_host = text_of(facts, "mail_host");
  there.mail_port = static_cast<std::uint16_t>(number_of(facts, "mail_port"));
  there.mail_user = text_of(facts, "mail_user");
  there.mail_password = config::Secret(text_of(facts, "mail_password"));
  there.mail_ca = text_of(facts, "mail_ca");
  there.trigramme = "ABC";
  there.return_addresses = {"actes@operateur.test"};
}

void PrefectureSim::misbehave(const std::map<std::string, std::string>& faults) const {
  std::vector<std::string> words{"misbehave"};
  for (const auto& [name, value] : faults)
    words.push_back(name + "=" + value);
  ask(words);
}

void PrefectureSim::ask(std::vector<std::string> words) const {
  std::vector<std::string> command{"/usr/bin/python3", script("prefecture_ctl.py"), "--dir", folder()};
  command.insert(command.end(), words.begin(), words.end());
  if (run(command, folder() / "ctl.log") != 0)
    throw std::runtime_error("the simulated préfecture says no: " + read_file(folder() / "ctl.log"));
}

void PrefectureSim::deliver(const std::string& mail) const {
  write_file(folder() / "mail.eml", mail);
  ask({"mail", folder() / "mail.eml"});
}

std::vector<PrefectureRecord> PrefectureSim::ledger() const {
  std::vector<PrefectureRecord> records;
  std::istringstream lines(read_file(folder() / "ledger.jsonl"));
  for (std::string line; std::getline(lines, line) && !lines.eof();)
    records.push_back(record_of(json::parse(line).as_object()));
  return records;
}

std::vector<PrefectureRecord> PrefectureSim::records(const std::string& kind) const {
  std::vector<PrefectureRecord> found = ledger();
  std::erase_if(found, [&](const PrefectureRecord& record) { return record.kind != kind; });
  return found;
}

std::uint64_t PrefectureSim::most_body() const {
  std::uint64_t most = 0;
  for (const PrefectureRecord& record : ledger())
    most = std::max(most, record.body);
  return most;
}

std::string PrefectureSim::bytes(const PrefectureRecord& deposit) const {
  return read_file(folder() / "received" / deposit.file);
}

std::string missing_for_prefecture() {
  for (const char* program : {"/usr/sbin/dovecot", "/usr/lib/dovecot/lmtp", "/usr/lib/dovecot/imap"}) {
    if (!std::filesystem::exists(program)) return "dovecot-imapd or dovecot-lmtpd is not installed";
  }
  return {};
}

}  // namespace demat::rig
