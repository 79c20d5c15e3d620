#include "protocols/pes/amount.hpp"

#include <string_view>

#include "protocols/rules/values.hpp"

namespace demat::pes {

std::string amount_for_people(std::int64_t cents) {
  constexpr std::string_view space = "\u00A0";
  constexpr std::size_t decimals = 3;  // with their point
  const std::string plain = rules::decimal(cents);
  const std::size_t sign = cents < 0 ? 1 : 0;
  const std::size_t point = plain.size() - decimals;
  std::string out = plain.substr(0, sign);
  for (std::size_t i = sign; i < point; ++i) {
    if (i > sign && (point - i) % 3 == 0) out += space;
    out += plain[i];
  }
  return out + "," + plain.substr(point + 1) + std::string(space) + "€";
}

}  // namespace demat::pes
