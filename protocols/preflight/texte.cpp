#include "protocols/preflight/texte.hpp"

#include <array>
#include <optional>

#include "protocols/preflight/judging.hpp"

namespace demat::preflight {
namespace {

/// What Windows-1252 has where ISO-8859-1 has control characters, 0x80 to 0x9F.
constexpr std::array<std::string_view, 32> windows = {"€", "",  "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š",
                                                      "‹", "Œ", "",  "Ž", "",  "",  "‘", "’", "“", "”", "•",
                                                      "–", "—", "˜", "™", "š", "›", "œ", "",  "ž", "Ÿ"};

/// A character that nobody wrote: its place in the text and what was meant.
struct Garbled {
  std::size_t at;
  std::size_t size;
  std::string meant;
};

unsigned char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

/// The low byte of a character U+0080..U+00FF at `at`, 0 when there is none: each was one byte of the file.
unsigned char latin_at(std::string_view text, std::size_t at) {
  const auto lead = byte_at(text, at);
  if (lead != 0xC2 && lead != 0xC3) return 0;
  return static_cast<unsigned char>(byte_at(text, at + 1) + (lead == 0xC3 ? 0x40 : 0));
}

/// UTF-8 that was read as ISO-8859-1: "Ã©" was "é", "â\x80\x99" was "’". `at` is where its second byte
/// stands.
std::optional<Garbled> doubled(std::string_view text, std::size_t at) {
  if (at < 2) return std::nullopt;
  const auto first = latin_at(text, at - 2);
  const auto second = latin_at(text, at);
  const auto third = latin_at(text, at + 2);
  std::string meant{static_cast<char>(first), static_cast<char>(second)};
  if (first == 0xC3 || (first == 0xC2 && second >= 0xA0)) return Garbled{at - 2, 4, meant};
  if (first != 0xE2 || third < 0x80 || third > 0xBF) return std::nullopt;
  return Garbled{at - 2, 6, meant + static_cast<char>(third)};
}

/// The first garbled character of a text in UTF-8. All of them have a byte 0xC2, which French needs for « » °
/// only.
std::optional<Garbled> garbled(std::string_view text) {
  for (auto at = text.find('\xC2'); at != std::string_view::npos; at = text.find('\xC2', at + 1)) {
    if (auto found = doubled(text, at)) return found;
    const auto control = byte_at(text, at + 1);
    if (control >= 0x80 && control < 0xA0) return Garbled{at, 2, std::string(windows[control - 0x80U])};
  }
  return std::nullopt;
}

/// The characters as a screen can show them: control characters by their number.
std::string visible(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    const auto low = latin_at(text, at);
    if (low >= 0xA0)
      out += text.substr(at, 2);
    else
      out += {'[', digits[low >> 4U], digits[low & 0xFU], ']'};
  }
  return out;
}

/// It is the whole export that is wrong, or one text: a few places tell.
struct Told {
  static constexpr std::size_t enough = 3;
  std::size_t places = 0;
};

void encodage(const Unit& unit, const RuleInfo& rule, Verdicts& out) {
  if (!garbled(unit.text())) return;  // of the whole unit at once: nearly always all there is to do
  for (const auto& field : unit.fields()) {
    const auto text = unit.value(field);
    const auto found = garbled(text);
    if (!found) continue;
    const auto below = unit.below(field);
    const auto element = below.substr(below.rfind('/') + 1);
    // The characters alone: the rest may be somebody's name.
    if (++out.memory<Told>().places > Told::enough) {
      out.add_unlisted(rule, 1);
      continue;
    }
    out.add(rule, {.place = unit.place_of(field),
                   .subject = unit.subject(),
                   .value = std::string(element) + " : " + visible(text.substr(found->at, found->size)),
                   .expected = same(found->meant.empty() ? "?" : found->meant)});
  }
}

constexpr UnitRow rows[] = {
    {{.code = "pes.texte.encodage",
      .name = "pes.texte.encodage",
      .level = Level::flux,
      .severity = Severity::warning,
      .source = "helios 2.1, 4.5 (ERREUR_ENCODING); déduit",
      .title_fr = "Les textes sont écrits dans l'encodage que le fichier déclare",
      .title_en = "Texts are written in the encoding that the file declares",
      .fr = "Un texte n'est pas dans l'encodage que déclare le fichier ({value}) ; sans doute voulu : « "
            "{expected} ». "
            "Hélios et les avis imprimés montreront ces caractères tels quels.",
      .en = "A text is not in the encoding that the file declares ({value}); probably meant: \"{expected}\". "
            "Hélios and printed notices will show these characters as they are.",
      .remedy_fr =
          "Faites corriger l'export par l'éditeur du logiciel : les textes en ISO-8859-1, comme la première "
          "ligne du fichier le dit. Si un seul texte est touché, ressaisissez-le.",
      .remedy_en =
          "Have the publisher of the software mend the export: texts in ISO-8859-1, as the first line of the "
          "file says. If it is one text alone, type it again."},
     encodage}};

class Texte final : public rules::Family {
 public:
  void close(const Unit& unit, Verdicts& out) override { out.judge(rows, unit); }
};

}  // namespace

std::span<const RuleInfo* const> texte_rules() {
  static const auto all = infos(rows);
  return all;
}

std::unique_ptr<rules::Family> texte_family() {
  return std::make_unique<Texte>();
}

}  // namespace demat::preflight
