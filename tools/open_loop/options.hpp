#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace open_loop {

struct Options {
  std::string port;
  std::string ca;
  std::string certificate;
  std::string key;
  std::string method = "GET";
  std::vector<std::string> paths;  ///< taken in turn
  std::string body;  ///< sent with every request; `mark` in it becomes the number of the request
  std::string mark;
  std::size_t connections = 50;
  double rate = 500;  ///< requests per second, all connections together
  double seconds = 20;
  double warm_up = 2;  ///< seconds at the beginning that do not count
};

/// Throws std::runtime_error for a line that cannot be understood.
[[nodiscard]] Options read_options(int count, char** arguments);

}  // namespace open_loop
