#include "tests/support/rig/smtp_sink.hpp"

#include <boost/json.hpp>
#include <sstream>
#include <stdexcept>

namespace demat::rig {
namespace {

namespace json = boost::json;

const char* word_of(SmtpSink::Mode mode) {
  switch (mode) {
    case SmtpSink::Mode::smtps:
      return "smtps";
    case SmtpSink::Mode::clear:
      return "clear";
    case SmtpSink::Mode::starttls:
      break;
  }
  return "starttls";
}

std::string lines_of(const std::filesystem::path& file) {
  return std::filesystem::exists(file) ? read_file(file) : std::string();
}

}  // namespace

SmtpSink::SmtpSink(Mode mode, const std::string& user, const std::string& password)
    : mode_(mode),
      user_(user),
      password_(password),
      pki_(folder_.path() / "pki"),
      issued_(pki_.issue("sink", Usage::server)) {
  start();
}

SmtpSink::~SmtpSink() {
  stop();
}

void SmtpSink::start() {
  const auto port_file = folder_.path() / "port";
  std::filesystem::remove(port_file);
  child_ = Child(
      {"/usr/bin/python3", std::string(DEMAT_SOURCE_DIR) + "/tests/support/smtp_sink.py", "--dir",
       folder_.path(), "--port-file", port_file, "--port", std::to_string(port_), "--mode", word_of(mode_),
       "--certificate", issued_.certificate, "--key", issued_.key, "--user", user_, "--password", password_},
      folder_.path() / "output");
  const bool up = wait_until([&] { return std::filesystem::exists(port_file) || !child_.running(); },
                             std::chrono::seconds(30));
  if (!up || !std::filesystem::exists(port_file))
    throw std::runtime_error("the mail server does not start: " + read_file(folder_.path() / "output"));
  port_ = static_cast<std::uint16_t>(std::stoi(read_file(port_file)));
}

void SmtpSink::stop() {
  child_.stop();
}

void SmtpSink::misbehave(const std::string& faults) const {
  write_file(folder_.path() / "faults.new", faults);
  std::filesystem::rename(folder_.path() / "faults.new", folder_.path() / "faults.json");
}

std::vector<TakenMail> SmtpSink::taken() const {
  std::vector<TakenMail> out;
  std::istringstream lines(lines_of(folder_.path() / "ledger.jsonl"));
  for (std::string line; std::getline(lines, line) && !lines.eof();) {
    const auto value = json::parse(line).as_object();
    auto& mail = out.emplace_back();
    mail.to = value.at("to").as_array().at(0).as_string();
    mail.from = value.at("from").as_string();
    mail.content = value.at("content").as_string();
    if (value.at("user").is_string()) mail.user = value.at("user").as_string();
    mail.tls = value.at("tls").as_bool();
    mail.peer_port = value.at("peer").as_array().at(1).to_number<std::uint16_t>();
  }
  return out;
}

std::vector<std::string> SmtpSink::heard() const {
  std::vector<std::string> out;
  std::istringstream lines(lines_of(folder_.path() / "commands"));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("RCPT ")) out.push_back(line.substr(5));
  return out;
}

config::Mail SmtpSink::settings() const {
  config::Mail out;
  out.url = (mode_ == Mode::smtps ? "smtps" : "smtp") + std::string("://localhost:") + std::to_string(port_);
  out.starttls = mode_ != Mode::clear;
  out.ca = pki_.ca();
  out.user = user_;
  out.password = config::Secret(password_);
  out.helo = "passerelle.exemple.fr";
  out.from = "actes@exemple.fr";
  out.connect_timeout = std::chrono::seconds(5);
  out.timeout = std::chrono::seconds(10);
  out.retry_first = std::chrono::milliseconds(200);
  out.retry_max = std::chrono::milliseconds(400);
  return out;
}

std::string missing_for_smtp() {
  return std::filesystem::is_directory("/usr/lib/python3/dist-packages/aiosmtpd")
             ? ""
             : "python3-aiosmtpd is not installed";
}

}  // namespace demat::rig
