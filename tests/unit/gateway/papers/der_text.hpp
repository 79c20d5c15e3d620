#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace demat::papers::kit {

/// ASN.1 that can be taken apart, changed and put together again. Tags of one byte, lengths as DER has them.
struct DerText {
  unsigned tag = 0x30;
  std::string bytes;            ///< of a primitive
  std::vector<DerText> inside;  ///< of a constructed one
  bool indefinite = false;      ///< written so: BER

  static DerText read(std::string_view text) { return take(text); }

  [[nodiscard]] std::string text() const {
    std::string content = bytes;
    for (const auto& part : inside)
      content += part.text();
    const std::string head(1, static_cast<char>(tag));
    if (indefinite) return head + '\x80' + content + std::string(2, '\0');
    return head + length(content.size()) + content;
  }

 private:
  static std::string length(std::size_t size) {
    if (size < 0x80) return std::string(1, static_cast<char>(size));
    std::string digits;
    for (; size > 0; size >>= 8U)
      digits.insert(digits.begin(), static_cast<char>(size & 0xFFU));
    return static_cast<char>(0x80U | digits.size()) + digits;
  }

  static DerText take(std::string_view& text) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text.at(at)); };
    DerText made;
    made.tag = byte(0);
    std::size_t size = byte(1);
    std::size_t head = 2;
    if (size >= 0x80) {
      head += size - 0x80;
      size = 0;
      for (std::size_t i = 2; i < head; ++i)
        size = (size << 8U) | byte(i);
    }
    if (head + size > text.size()) throw std::runtime_error("DER kit: cut short");
    auto content = text.substr(head, size);
    text.remove_prefix(head + size);
    if ((made.tag & 0x20U) == 0) {
      made.bytes = content;
      return made;
    }
    while (!content.empty())
      made.inside.push_back(take(content));
    return made;
  }
};

}  // namespace demat::papers::kit
