#pragma once

#include <map>
#include <string>
#include <vector>

#include "protocols/xsd/diff.hpp"

/// Two simple types compared by what they admit. Internal to this folder.
namespace demat::xsd {

struct ValueChange {
  std::vector<std::string> gained;  ///< admitted now and not before
  std::vector<std::string> lost;

  bool unknown = false;  ///< they differ in a way that cannot be tried

  [[nodiscard]] bool none() const { return gained.empty() && lost.empty() && !unknown; }
};

/// Remembers pairs already compared: packs use few types, many times.
class ValueComparer {
 public:
  [[nodiscard]] const ValueChange& compare(const ValueType& before, const ValueType& after);

 private:
  std::map<std::pair<std::string, std::string>, ValueChange> known_;
};

}  // namespace demat::xsd
