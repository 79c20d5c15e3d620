#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/error.hpp"

namespace demat::config {

/// Where a key stands: its full name ("http.port", "destination[helios].host") and its line.
struct KeyPlace {
  std::string key;
  std::size_t line = 0;  ///< 0: not in the file (absent, or from the environment)
};

/// Collects everything wrong with a configuration, so that one run of check-config tells all.
class Complaints {
 public:
  /// `fr` and `en` are the sentence after the name of the key.
  void add(std::string_view code, const KeyPlace& place, std::string_view fr, std::string_view en);
  void add(Error error) { errors_.push_back(std::move(error)); }

  [[nodiscard]] bool empty() const { return errors_.empty(); }
  [[nodiscard]] std::vector<Error> take() { return std::move(errors_); }

 private:
  std::vector<Error> errors_;
};

}  // namespace demat::config
