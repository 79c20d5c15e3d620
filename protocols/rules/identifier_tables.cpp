#include <algorithm>
#include <array>

#include "protocols/base/identifiers.hpp"
#include "protocols/rules/identifiers.hpp"

/// What depends on the country: who exists, how long an IBAN is, how a VAT number looks.
namespace demat::rules {
namespace {

/// ISO 3166-1 alpha-2 and XK, one after the other.
constexpr std::string_view countries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV "
    "BW "
    "BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET "
    "FI "
    "FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM "
    "IN "
    "IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD "
    "ME "
    "MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE "
    "PF "
    "PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST "
    "SV "
    "SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS "
    "XK "
    "YE YT ZA ZM ZW ";

struct Length {
  std::string_view country;
  std::size_t characters;
};

/// The register of IBAN (ISO 13616). The French territories write FR or their own letters, same length.
constexpr std::array iban_lengths{
    Length{"AD", 24}, Length{"AE", 23}, Length{"AL", 28}, Length{"AT", 20}, Length{"AZ", 28},
    Length{"BA", 20}, Length{"BE", 16}, Length{"BG", 22}, Length{"BH", 22}, Length{"BI", 27},
    Length{"BL", 27}, Length{"BR", 29}, Length{"BY", 28}, Length{"CH", 21}, Length{"CR", 22},
    Length{"CY", 28}, Length{"CZ", 24}, Length{"DE", 22}, Length{"DJ", 27}, Length{"DK", 18},
    Length{"DO", 28}, Length{"EE", 20}, Length{"EG", 29}, Length{"ES", 24}, Length{"FI", 18},
    Length{"FK", 18}, Length{"FO", 18}, Length{"FR", 27}, Length{"GB", 22}, Length{"GE", 22},
    Length{"GF", 27}, Length{"GI", 23}, Length{"GL", 18}, Length{"GP", 27}, Length{"GR", 27},
    Length{"GT", 28}, Length{"HN", 28}, Length{"HR", 21}, Length{"HU", 28}, Length{"IE", 22},
    Length{"IL", 23}, Length{"IQ", 23}, Length{"IS", 26}, Length{"IT", 27}, Length{"JO", 30},
    Length{"KW", 30}, Length{"KZ", 20}, Length{"LB", 28}, Length{"LC", 32}, Length{"LI", 21},
    Length{"LT", 20}, Length{"LU", 20}, Length{"LV", 21}, Length{"LY", 25}, Length{"MC", 27},
    Length{"MD", 24}, Length{"ME", 22}, Length{"MF", 27}, Length{"MK", 19}, Length{"MN", 20},
    Length{"MQ", 27}, Length{"MR", 27}, Length{"MT", 31}, Length{"MU", 30}, Length{"NC", 27},
    Length{"NI", 28}, Length{"NL", 18}, Length{"NO", 15}, Length{"OM", 23}, Length{"PF", 27},
    Length{"PK", 24}, Length{"PL", 28}, Length{"PM", 27}, Length{"PS", 29}, Length{"PT", 25},
    Length{"QA", 29}, Length{"RE", 27}, Length{"RO", 24}, Length{"RS", 22}, Length{"RU", 33},
    Length{"SA", 24}, Length{"SC", 31}, Length{"SD", 18}, Length{"SE", 24}, Length{"SI", 19},
    Length{"SK", 24}, Length{"SM", 27}, Length{"SO", 23}, Length{"ST", 25}, Length{"SV", 28},
    Length{"TF", 27}, Length{"TL", 23}, Length{"TN", 24}, Length{"TR", 26}, Length{"UA", 29},
    Length{"VA", 22}, Length{"VG", 24}, Length{"WF", 27}, Length{"XK", 20}, Length{"YE", 30},
    Length{"YT", 27}};

struct Shape {
  std::string_view country;
  std::string_view after;  ///< 9 a digit, A a capital, * a capital or a digit, ? one of * + and a capital
};

constexpr std::array tva_shapes{
    Shape{"AT", "U99999999"},    Shape{"BE", "9999999999"},   Shape{"BG", "999999999"},
    Shape{"BG", "9999999999"},   Shape{"CY", "99999999A"},    Shape{"CZ", "99999999"},
    Shape{"CZ", "999999999"},    Shape{"CZ", "9999999999"},   Shape{"DE", "999999999"},
    Shape{"DK", "99999999"},     Shape{"EE", "999999999"},    Shape{"EL", "999999999"},
    Shape{"ES", "*9999999*"},    Shape{"FI", "99999999"},     Shape{"FR", "**999999999"},
    Shape{"HR", "99999999999"},  Shape{"HU", "99999999"},     Shape{"IE", "9*99999A"},
    Shape{"IE", "9999999AA"},    Shape{"IE", "9?99999A"},     Shape{"IT", "99999999999"},
    Shape{"LT", "999999999"},    Shape{"LT", "999999999999"}, Shape{"LU", "99999999"},
    Shape{"LV", "99999999999"},  Shape{"MT", "99999999"},     Shape{"NL", "*********B99"},
    Shape{"PL", "9999999999"},   Shape{"PT", "999999999"},    Shape{"RO", "99"},
    Shape{"RO", "999"},          Shape{"RO", "9999"},         Shape{"RO", "99999"},
    Shape{"RO", "999999"},       Shape{"RO", "9999999"},      Shape{"RO", "99999999"},
    Shape{"RO", "999999999"},    Shape{"RO", "9999999999"},   Shape{"SE", "999999999999"},
    Shape{"SI", "99999999"},     Shape{"SK", "9999999999"},   Shape{"XI", "999999999"},
    Shape{"XI", "999999999999"}, Shape{"XI", "GD999"},        Shape{"XI", "HA999"}};

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool capital(char c) {
  return c >= 'A' && c <= 'Z';
}

bool fits(char c, char wanted) {
  switch (wanted) {
    case '9':
      return digit(c);
    case 'A':
      return capital(c);
    case '*':
      return digit(c) || capital(c);
    case '?':
      return capital(c) || c == '+' || c == '*';
    default:
      return c == wanted;
  }
}

bool shaped(std::string_view text, std::string_view shape) {
  return std::equal(text.begin(), text.end(), shape.begin(), shape.end(), fits);
}

/// Numeric keys are 12 + 3 × (SIREN mod 97), mod 97; keys with letters have no published control.
bool french_key(std::string_view key, std::string_view siren) {
  if (!is_siren(siren)) return false;
  if (key.find_first_of("IO") != std::string_view::npos) return false;
  if (!digit(key[0]) || !digit(key[1])) return true;
  int rest = 0;
  for (const char c : siren)
    rest = (rest * 10 + (c - '0')) % 97;
  return (12 + 3 * rest) % 97 == (key[0] - '0') * 10 + (key[1] - '0');
}

}  // namespace

bool country_known(std::string_view alpha2) {
  if (alpha2.size() != 2 || !capital(alpha2[0]) || !capital(alpha2[1])) return false;
  for (std::size_t at = 0; at < countries.size(); at += 3)
    if (countries.substr(at, 2) == alpha2) return true;
  return false;
}

std::size_t iban_length(std::string_view country) {
  const auto* found = std::find_if(iban_lengths.begin(), iban_lengths.end(),
                                   [&](const Length& one) { return one.country == country; });
  return found == iban_lengths.end() ? 0 : found->characters;
}

bool tva_valid(std::string_view text) {
  if (text.size() < 4) return false;
  const auto country = text.substr(0, 2);
  const auto after = text.substr(2);
  const bool good = std::any_of(tva_shapes.begin(), tva_shapes.end(), [&](const Shape& one) {
    return one.country == country && shaped(after, one.after);
  });
  if (!good) return false;
  return country != "FR" || french_key(after.substr(0, 2), after.substr(2));
}

}  // namespace demat::rules
