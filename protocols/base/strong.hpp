#pragma once

#include <compare>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace demat {

/// A string with a meaning: two different tags do not mix (stack rule 10). Empty means "not known".
template <class Tag>
class Strong {
 public:
  Strong() = default;
  explicit Strong(std::string value) : value_(std::move(value)) {}
  explicit Strong(std::string_view value) : value_(value) {}
  explicit Strong(const char* value) : value_(value) {}

  [[nodiscard]] const std::string& str() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

  friend bool operator==(const Strong&, const Strong&) = default;
  friend auto operator<=>(const Strong&, const Strong&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Strong& id) { return out << id.value_; }

 private:
  std::string value_;
};

}  // namespace demat

template <class Tag>
struct std::hash<demat::Strong<Tag>> {
  std::size_t operator()(const demat::Strong<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};
