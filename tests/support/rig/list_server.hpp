#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/rig/process.hpp"

namespace demat::rig {

/// tests/support/list_server.py as a child.
class ListServer {
 public:
  ListServer() {
    const auto port_file = folder_.path() / "port";
    child_ = Child({"/usr/bin/python3", std::string(DEMAT_SOURCE_DIR) + "/tests/support/list_server.py",
                    "--dir", folder_.path(), "--port-file", port_file},
                   folder_.path() / "output");
    if (!wait_until([&] { return std::filesystem::exists(port_file); }, std::chrono::seconds(30)))
      throw std::runtime_error("the server of lists does not start: " + read_file(folder_.path() / "output"));
    port_ = read_file(port_file);
  }
  [[nodiscard]] std::string url(const std::string& path, const std::string& host = "127.0.0.1") const {
    return "http://" + host + ":" + port_ + path;
  }
  void publish(const std::string& name, std::string_view bytes) const {
    write_file(folder_.path() / "lists" / name, bytes);
  }
  [[nodiscard]] std::vector<std::string> requests() const {
    std::vector<std::string> out;
    std::ifstream in(folder_.path() / "requests");
    for (std::string line; std::getline(in, line);)
      out.push_back(line);
    return out;
  }
  [[nodiscard]] std::string asked() const { return read_file(folder_.path() / "asked"); }
  void stop() { child_.stop(); }

 private:
  TempFolder folder_;
  Child child_;
  std::string port_;
};

}  // namespace demat::rig
