#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Invented but plausible values: right keys (Luhn, RIB, IBAN), names of nobody.
namespace demat::samples {

/// A small generator (splitmix64) whose sequence is the same with every compiler and library.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  [[nodiscard]] std::uint64_t next();
  /// Between 0 and `count` - 1.
  [[nodiscard]] std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
  [[nodiscard]] std::string_view pick(std::span<const std::string_view> from) {
    return from[below(from.size())];
  }
  [[nodiscard]] std::string digits(std::size_t count);

 private:
  std::uint64_t state_;
};

/// Nine digits beginning with `first_eight`, with the Luhn key.
[[nodiscard]] std::string make_siren(std::string_view first_eight);
/// Fourteen digits: `siren`, `nic_four` (4 digits) and the Luhn key.
[[nodiscard]] std::string make_siret(std::string_view siren, std::string_view nic_four);
/// The SIRET of authority number `number` (0 to 9999) of the samples.
[[nodiscard]] std::string sample_siret(unsigned number);
/// A French IBAN with right RIB and IBAN keys.
[[nodiscard]] std::string make_iban(Dice& dice);
/// "1234.56" of 123456.
[[nodiscard]] std::string amount(std::uint64_t cents);

struct Company {
  std::string siret;
  std::string name;
  std::string street;
  std::string post_code;
  std::string city;
};
[[nodiscard]] Company make_company(Dice& dice);

struct Person {
  std::string title;
  std::string last_name;
  std::string first_name;
  std::string street;
  std::string post_code;
  std::string city;
};
[[nodiscard]] Person make_person(Dice& dice);

[[nodiscard]] std::string_view expense_subject(Dice& dice);
[[nodiscard]] std::string_view revenue_subject(Dice& dice);

}  // namespace demat::samples
