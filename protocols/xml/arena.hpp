#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

namespace demat::xml::detail {

/// Memory that is only given back as a whole: a tree of small nodes costs no allocation per node, and its end
/// no walk over it. Holds trivially destructible values only. Not thread-safe.
class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// `count` values, not initialised.
  template <class T>
  [[nodiscard]] T* take(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= alignment);
    return static_cast<T*>(raw(count * sizeof(T)));
  }

  template <class T>
  [[nodiscard]] T* make() {
    return new (raw(sizeof(T))) T();
  }

  /// A copy of `text`, followed by a NUL.
  [[nodiscard]] std::string_view keep(std::string_view text) {
    char* const copy = take<char>(text.size() + 1);
    if (!text.empty()) std::memcpy(copy, text.data(), text.size());
    copy[text.size()] = '\0';
    return {copy, text.size()};
  }

 private:
  static constexpr std::size_t alignment = 8;
  static constexpr std::size_t first_block = 16'384;
  static constexpr std::size_t largest_block = 65'536;

  [[nodiscard]] void* raw(std::size_t bytes) {
    bytes = (bytes + alignment - 1) / alignment * alignment;
    if (bytes > room_) grow(bytes);
    char* const at = at_;
    at_ += bytes;
    room_ -= bytes;
    return at;
  }

  void grow(std::size_t bytes) {
    const auto size =
        std::max(bytes, std::min(largest_block, first_block << std::min(blocks_.size(), std::size_t{8})));
    // NOLINTNEXTLINE(modernize-make-unique): make_unique would write zeros over it first
    blocks_.emplace_back(new char[size]);
    at_ = blocks_.back().get();
    room_ = size;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* at_ = nullptr;
  std::size_t room_ = 0;
};

}  // namespace demat::xml::detail
