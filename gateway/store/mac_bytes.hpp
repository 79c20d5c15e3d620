#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// How the values that a mac covers become bytes.
namespace demat::store {

inline void add_number(std::string& out, std::uint64_t number) {
  for (unsigned i = 0; i < 8; ++i)
    out.push_back(static_cast<char>((number >> (8 * i)) & 0xFFU));
}

/// Every field with its length before it, so that no two events have the same bytes.
inline void add_text(std::string& out, std::string_view text) {
  add_number(out, text.size());
  out.append(text);
}

}  // namespace demat::store
