#include "protocols/actes/latin1.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "protocols/base/utf8.hpp"

namespace demat::actes {
namespace {

constexpr std::uint32_t replacement_character = 0xFFFD;

struct Character {
  std::uint32_t point = 0;
  std::size_t bytes = 1;
};

Character next(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  switch (utf8_length(text)) {
    case 1:
      return {byte(0), 1};
    case 2:
      return {(byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU), 2};
    case 3:
      return {(byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU), 3};
    case 4:
      return {
          (byte(0) & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U | (byte(2) & 0x3FU) << 6U | (byte(3) & 0x3FU),
          4};
    default:
      return {replacement_character, 1};
  }
}

void append_utf8(std::string& out, std::uint32_t point) {
  if (point < 0x80U) {
    out.push_back(static_cast<char>(point));
  } else if (point < 0x800U) {
    out.push_back(static_cast<char>(0xC0U | point >> 6U));
    out.push_back(static_cast<char>(0x80U | (point & 0x3FU)));
  } else {
    out.push_back(static_cast<char>(0xE0U | point >> 12U));
    out.push_back(static_cast<char>(0x80U | (point >> 6U & 0x3FU)));
    out.push_back(static_cast<char>(0x80U | (point & 0x3FU)));
  }
}

/// Controls other than the white space of XML are in no document; C1 controls are what Windows-1252 looks
/// like when it is read as ISO-8859-1.
bool is_latin1(std::uint32_t point) {
  if (point == '\t' || point == '\n' || point == '\r') return true;
  return (point >= 0x20U && point < 0x7FU) || (point >= 0xA0U && point <= 0xFFU);
}

struct Spelling {
  std::uint32_t point;
  std::string_view text;
};

/// What word processors put in texts, sorted by code point.
constexpr std::array spellings{
    Spelling{0x0100, "A"},         Spelling{0x0101, "a"},    Spelling{0x0102, "A"},
    Spelling{0x0103, "a"},         Spelling{0x0104, "A"},    Spelling{0x0105, "a"},
    Spelling{0x0106, "C"},         Spelling{0x0107, "c"},    Spelling{0x010C, "C"},
    Spelling{0x010D, "c"},         Spelling{0x010E, "D"},    Spelling{0x010F, "d"},
    Spelling{0x0110, "D"},         Spelling{0x0111, "d"},    Spelling{0x0112, "E"},
    Spelling{0x0113, "e"},         Spelling{0x0116, "E"},    Spelling{0x0117, "e"},
    Spelling{0x0118, "E"},         Spelling{0x0119, "e"},    Spelling{0x011A, "E"},
    Spelling{0x011B, "e"},         Spelling{0x011E, "G"},    Spelling{0x011F, "g"},
    Spelling{0x0122, "G"},         Spelling{0x0123, "g"},    Spelling{0x012A, "I"},
    Spelling{0x012B, "i"},         Spelling{0x012E, "I"},    Spelling{0x012F, "i"},
    Spelling{0x0130, "I"},         Spelling{0x0131, "i"},    Spelling{0x0139, "L"},
    Spelling{0x013A, "l"},         Spelling{0x013D, "L"},    Spelling{0x013E, "l"},
    Spelling{0x0141, "L"},         Spelling{0x0142, "l"},    Spelling{0x0143, "N"},
    Spelling{0x0144, "n"},         Spelling{0x0147, "N"},    Spelling{0x0148, "n"},
    Spelling{0x014C, "O"},         Spelling{0x014D, "o"},    Spelling{0x0150, "O"},
    Spelling{0x0151, "o"},         Spelling{0x0152, "OE"},   Spelling{0x0153, "oe"},
    Spelling{0x0154, "R"},         Spelling{0x0155, "r"},    Spelling{0x0158, "R"},
    Spelling{0x0159, "r"},         Spelling{0x015A, "S"},    Spelling{0x015B, "s"},
    Spelling{0x015E, "S"},         Spelling{0x015F, "s"},    Spelling{0x0160, "S"},
    Spelling{0x0161, "s"},         Spelling{0x0162, "T"},    Spelling{0x0163, "t"},
    Spelling{0x0164, "T"},         Spelling{0x0165, "t"},    Spelling{0x016A, "U"},
    Spelling{0x016B, "u"},         Spelling{0x016E, "U"},    Spelling{0x016F, "u"},
    Spelling{0x0170, "U"},         Spelling{0x0171, "u"},    Spelling{0x0172, "U"},
    Spelling{0x0173, "u"},         Spelling{0x0174, "W"},    Spelling{0x0175, "w"},
    Spelling{0x0176, "Y"},         Spelling{0x0177, "y"},    Spelling{0x0178, "Y"},
    Spelling{0x0179, "Z"},         Spelling{0x017A, "z"},    Spelling{0x017B, "Z"},
    Spelling{0x017C, "z"},         Spelling{0x017D, "Z"},    Spelling{0x017E, "z"},
    Spelling{0x0192, "f"},         Spelling{0x0218, "S"},    Spelling{0x0219, "s"},
    Spelling{0x021A, "T"},         Spelling{0x021B, "t"},    Spelling{0x02C6, "^"},
    Spelling{0x02DC, "~"},         Spelling{0x2002, " "},    Spelling{0x2003, " "},
    Spelling{0x2007, " "},         Spelling{0x2008, " "},    Spelling{0x2009, " "},
    Spelling{0x200A, " "},         Spelling{0x200B, ""},     Spelling{0x200C, ""},
    Spelling{0x200D, ""},          Spelling{0x200E, ""},     Spelling{0x200F, ""},
    Spelling{0x2010, "-"},         Spelling{0x2011, "-"},    Spelling{0x2012, "-"},
    Spelling{0x2013, "-"},         Spelling{0x2014, "-"},    Spelling{0x2015, "-"},
    Spelling{0x2018, "'"},         Spelling{0x2019, "'"},    Spelling{0x201A, "'"},
    Spelling{0x201B, "'"},         Spelling{0x201C, "\""},   Spelling{0x201D, "\""},
    Spelling{0x201E, "\""},        Spelling{0x2020, "*"},    Spelling{0x2021, "*"},
    Spelling{0x2022, "-"},         Spelling{0x2026, "..."},  Spelling{0x2028, " "},
    Spelling{0x2029, " "},         Spelling{0x202F, " "},    Spelling{0x2030, "pour mille"},
    Spelling{0x2032, "'"},         Spelling{0x2033, "\""},   Spelling{0x2039, "<"},
    Spelling{0x203A, ">"},         Spelling{0x2044, "/"},    Spelling{0x20AC, "EUR"},
    Spelling{0x2116, "n\xC2\xB0"}, Spelling{0x2122, "(TM)"}, Spelling{0x2190, "<-"},
    Spelling{0x2192, "->"},        Spelling{0x2212, "-"},    Spelling{0x2260, "<>"},
    Spelling{0x2264, "<="},        Spelling{0x2265, ">="},   Spelling{0x25A0, "-"},
    Spelling{0x25AA, "-"},         Spelling{0x25CF, "-"},    Spelling{0xF0B7, "-"},
    Spelling{0xFB00, "ff"},        Spelling{0xFB01, "fi"},   Spelling{0xFB02, "fl"},
    Spelling{0xFB03, "ffi"},       Spelling{0xFB04, "ffl"},  Spelling{0xFEFF, ""},
};

/// A letter and the accent typed after it (U+0300 and following) as one letter of ISO-8859-1.
struct Composition {
  char base;
  std::uint32_t accent;
  std::uint32_t composed;
};
constexpr std::array compositions{
    Composition{'A', 0x300, 0xC0}, Composition{'A', 0x301, 0xC1}, Composition{'A', 0x302, 0xC2},
    Composition{'A', 0x308, 0xC4}, Composition{'C', 0x327, 0xC7}, Composition{'E', 0x300, 0xC8},
    Composition{'E', 0x301, 0xC9}, Composition{'E', 0x302, 0xCA}, Composition{'E', 0x308, 0xCB},
    Composition{'I', 0x302, 0xCE}, Composition{'I', 0x308, 0xCF}, Composition{'N', 0x303, 0xD1},
    Composition{'O', 0x302, 0xD4}, Composition{'O', 0x308, 0xD6}, Composition{'U', 0x300, 0xD9},
    Composition{'U', 0x302, 0xDB}, Composition{'U', 0x308, 0xDC}, Composition{'a', 0x300, 0xE0},
    Composition{'a', 0x301, 0xE1}, Composition{'a', 0x302, 0xE2}, Composition{'a', 0x308, 0xE4},
    Composition{'c', 0x327, 0xE7}, Composition{'e', 0x300, 0xE8}, Composition{'e', 0x301, 0xE9},
    Composition{'e', 0x302, 0xEA}, Composition{'e', 0x308, 0xEB}, Composition{'i', 0x302, 0xEE},
    Composition{'i', 0x308, 0xEF}, Composition{'n', 0x303, 0xF1}, Composition{'o', 0x302, 0xF4},
    Composition{'o', 0x308, 0xF6}, Composition{'u', 0x300, 0xF9}, Composition{'u', 0x302, 0xFB},
    Composition{'u', 0x308, 0xFC}, Composition{'y', 0x308, 0xFF},
};

bool is_accent(std::uint32_t point) {
  return point >= 0x300U && point <= 0x36FU;
}

/// Puts an accent on the last character of `out`, when ISO-8859-1 has that letter; drops it otherwise.
void put_accent(std::string& out, std::uint32_t accent) {
  if (out.empty()) return;
  for (const auto& row : compositions) {
    if (row.accent != accent || row.base != out.back()) continue;
    out.pop_back();
    append_utf8(out, row.composed);
    return;
  }
}

/// C1 controls stand for these characters in Windows-1252; 0 where it has none.
constexpr std::array<std::uint16_t, 32> windows1252{
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

std::string_view spelling_of(std::uint32_t point) {
  const auto* row =
      std::lower_bound(spellings.begin(), spellings.end(), point,
                       [](const Spelling& s, std::uint32_t wanted) { return s.point < wanted; });
  return row != spellings.end() && row->point == point ? row->text : "?";
}

}  // namespace

std::vector<std::string> not_latin1(std::string_view utf8) {
  std::vector<std::string> found;
  while (!utf8.empty()) {
    const auto character = next(utf8);
    if (!is_latin1(character.point)) {
      const bool broken = character.point == replacement_character;
      const std::string shown = broken ? "\xEF\xBF\xBD" : std::string{utf8.substr(0, character.bytes)};
      if (std::find(found.begin(), found.end(), shown) == found.end()) found.push_back(shown);
    }
    utf8.remove_prefix(character.bytes);
  }
  return found;
}

std::string latin1_proposal(std::string_view utf8) {
  std::string out;
  while (!utf8.empty()) {
    auto [point, bytes] = next(utf8);
    if (point >= 0x80U && point < 0xA0U && windows1252.at(point - 0x80U) != 0)
      point = windows1252.at(point - 0x80U);
    if (is_latin1(point))
      append_utf8(out, point);
    else if (is_accent(point))
      put_accent(out, point);
    else if (point >= 0xA0U)
      out += spelling_of(point);
    utf8.remove_prefix(bytes);
  }
  return out;
}

std::string to_latin1(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  while (!utf8.empty()) {
    const auto character = next(utf8);
    out.push_back(character.point <= 0xFFU ? static_cast<char>(character.point) : '?');
    utf8.remove_prefix(character.bytes);
  }
  return out;
}

std::string utf8_from_windows1252(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const bool special = byte >= 0x80U && byte < 0xA0U && windows1252.at(byte - 0x80U) != 0;
    append_utf8(out, special ? windows1252.at(byte - 0x80U) : byte);
  }
  return out;
}

std::size_t characters(std::string_view utf8) {
  return utf8_characters(utf8);
}

}  // namespace demat::actes
