#include "tests/support/rig/helios_sim.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace demat::rig {
namespace {

namespace json = boost::json;
using config::LinkMode;

const char* mode_name(LinkMode mode) {
  switch (mode) {
    case LinkMode::ftp_simulator:
      return "ftp";
    case LinkMode::gateway_ftp:
      return "gateway";
    case LinkMode::passtrans_ftps:
      return "ftps";
    case LinkMode::passtrans_sftp:
      return "sftp";
    case LinkMode::prefecture:
      break;
  }
  throw std::logic_error("Hélios has no such mode");
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

LedgerRecord record_of(const json::object& object) {
  LedgerRecord record;
  record.kind = text_of(object, "kind");
  record.name = text_of(object, "name");
  record.nomfic = text_of(object, "nomfic");
  record.sha256 = text_of(object, "sha256");
  record.scenario = text_of(object, "scenario");
  record.file = text_of(object, "file");
  if (const json::value* size = object.if_contains("size")) record.size = size->to_number<std::uint64_t>();
  if (const json::value* good = object.if_contains("wellformed")) record.wellformed = good->as_bool();
  if (const json::value* parameters = object.if_contains("parameters")) {
    for (const auto& entry : parameters->as_object()) {
      record.parameters.emplace(entry.key(), entry.value().as_string());
    }
  }
  return record;
}

std::filesystem::path script() {
  return std::filesystem::path(DEMAT_SOURCE_DIR) / "tools" / "sim" / "helios" / "helios_sim.py";
}

}  // namespace

HeliosSim::HeliosSim(SimOptions options) : options_(std::move(options)), folder_(options_.folder) {
  if (folder_.empty()) {
    own_folder_ = std::make_unique<TempFolder>();
    folder_ = own_folder_->path();
  }
  destination_.port = options_.port;
  start();
}

void HeliosSim::start() {
  const std::filesystem::path port_file = folder_ / "port";
  std::filesystem::create_directories(folder_);
  std::filesystem::remove(port_file);
  std::vector<std::string> command{"/usr/bin/python3",
                                   script(),
                                   "--dir",
                                   folder_,
                                   "--mode",
                                   mode_name(options_.mode),
                                   "--port",
                                   std::to_string(destination_.port),
                                   "--port-file",
                                   port_file};
  command.insert(command.end(), options_.arguments.begin(), options_.arguments.end());
  child_ = Child(command, folder_ / "output");
  const bool up = wait_until([&] { return std::filesystem::exists(port_file) || !child_.running(); },
                             std::chrono::seconds(20));
  if (!up || !std::filesystem::exists(port_file)) {
    throw std::runtime_error("the simulated Hélios does not start: " + read_file(folder_ / "output"));
  }
  read_facts();
}

void HeliosSim::stop() {
  child_.stop();
}

void HeliosSim::read_facts() {
  const json::object facts = json::parse(read_file(folder_ / "sim.json")).as_object();
  destination_.name = std::string("sim-") + mode_name(options_.mode);
  destination_.environment = "test";
  destination_.mode = options_.mode;
  destination_.host = text_of(facts, "host");
  destination_.port = facts.at("port").to_number<std::uint16_t>();
  destination_.user = text_of(facts, "user");
  destination_.password = config::Secret(text_of(facts, "password"));
  destination_.key = text_of(facts, "key");
  destination_.known_hosts = text_of(facts, "known_hosts");
  destination_.ca = text_of(facts, "ca");
  destination_.send_directory = text_of(facts, "send_directory");
  destination_.return_directory = text_of(facts, "return_directory");
  destination_.delete_after_fetch = options_.mode == LinkMode::ftp_simulator;
  destination_.p_dest = "MHPCE11";
  destination_.connect_timeout = std::chrono::seconds(5);
  destination_.transfer_timeout = std::chrono::seconds(30);
}

void HeliosSim::misbehave(const std::map<std::string, std::string>& faults) const {
  json::object object;
  for (const auto& [name, value] : faults)
    object[name] = value;
  write_file(folder_ / "misbehave.json.test", json::serialize(object));
  std::filesystem::rename(folder_ / "misbehave.json.test", folder_ / "misbehave.json");
}

std::vector<LedgerRecord> HeliosSim::ledger() const {
  std::vector<LedgerRecord> records;
  if (!std::filesystem::exists(ledger_path())) return records;
  std::istringstream lines(read_file(ledger_path()));
  for (std::string line; std::getline(lines, line) && !lines.eof();) {
    records.push_back(record_of(json::parse(line).as_object()));
  }
  return records;
}

std::vector<LedgerRecord> HeliosSim::records(const std::string& kind) const {
  std::vector<LedgerRecord> found = ledger();
  std::erase_if(found, [&](const LedgerRecord& record) { return record.kind != kind; });
  return found;
}

bool HeliosSim::wait_for_deposits(std::size_t count, std::chrono::milliseconds limit) const {
  return wait_until([&] { return deposits().size() >= count; }, limit);
}

std::string HeliosSim::bytes(const LedgerRecord& deposit) const {
  return read_file(folder_ / "received" / deposit.file);
}

std::string HeliosSim::trace() const {
  return read_file(folder_ / "trace.log");
}

std::string missing_for(LinkMode mode) {
  if (mode == LinkMode::passtrans_sftp) {
    return std::filesystem::exists("/usr/sbin/sshd") ? "" : "openssh-server is not installed";
  }
  const TempFolder folder;
  const int code = run({"/usr/bin/python3", "-c", "import pyftpdlib, OpenSSL"}, folder.path() / "log");
  return code == 0 ? "" : "python3-pyftpdlib or python3-openssl is not installed";
}

}  // namespace demat::rig
