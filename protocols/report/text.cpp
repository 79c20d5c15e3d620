#include "protocols/report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "protocols/base/utf8.hpp"
#include "protocols/report/titles.hpp"

namespace demat::report {
namespace {

enum class Ink { none, bold, error, warning, info, good, faint };

constexpr std::string_view sequence(Ink ink) {
  switch (ink) {
    case Ink::none:
      return "";
    case Ink::bold:
      return "\x1b[1m";
    case Ink::error:
      return "\x1b[1;31m";
    case Ink::warning:
      return "\x1b[1;33m";
    case Ink::info:
      return "\x1b[1;36m";
    case Ink::good:
      return "\x1b[1;32m";
    case Ink::faint:
      return "\x1b[2m";
  }
  return "";
}

Ink ink_of(Severity severity) {
  if (severity == Severity::error) return Ink::error;
  return severity == Severity::warning ? Ink::warning : Ink::info;
}

/// The label of a line under a finding, padded so that values stand in one column.
struct Label {
  std::string_view fr;
  std::string_view en;
};
constexpr Label found{"trouvé  : ", "found   : "};
constexpr Label expected{"attendu : ", "expected: "};
constexpr Label remedy{"à faire : ", "to do   : "};

class Writer {
 public:
  explicit Writer(const TextStyle& style) : style_(style) {}

  std::string write(const Sheet& sheet) && {
    line(0, Ink::bold, said(sheet.title));
    facts(sheet.facts);
    findings(in_order(sheet.report));
    if (!sheet.answer.findings.empty()) {
      out_ += '\n';
      line(0, Ink::bold, said({"Réponse d'Hélios", "Answer of Hélios"}));
      findings(in_order(sheet.answer));
    }
    end(sheet);
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool english_only() const { return style_.language == Language::english; }
  [[nodiscard]] bool both() const { return style_.language == Language::both; }
  [[nodiscard]] const std::string& first(const Words& words) const {
    return english_only() ? words.en : words.fr;
  }
  [[nodiscard]] std::string said(const Words& words) const {
    return both() && words.fr != words.en ? words.fr + " / " + words.en : first(words);
  }
  [[nodiscard]] std::string inked(Ink ink, const std::string& text) const {
    if (!style_.colour || ink == Ink::none) return text;
    return std::string(sequence(ink)) + text + "\x1b[0m";
  }
  void line(std::size_t indent, Ink ink, const std::string& text) {
    out_ += std::string(indent, ' ') + inked(ink, plain(text)) + "\n";
  }

  void facts(const std::vector<Fact>& facts) {
    std::size_t widest = 0;
    for (const auto& fact : facts)
      if (!fact.value.empty()) widest = std::max(widest, utf8_characters(said(fact.name)));
    for (const auto& fact : facts) {
      if (fact.value.empty()) continue;
      const auto name = said(fact.name);
      line(2, Ink::none, name + std::string(widest - utf8_characters(name), ' ') + " : " + fact.value);
    }
  }

  void findings(const Report& report) {
    std::string section;
    std::string part;
    for (const auto& finding : report.findings) {
      const auto here = said(section_title(finding.subject));
      const auto inside = said(part_title(finding.subject));
      if (here != section) {
        out_ += '\n';
        line(0, Ink::bold, here);
        part.clear();
      }
      if (inside != part && !inside.empty()) line(2, Ink::bold, inside);
      section = here;
      part = inside;
      one(finding, inside.empty() ? 2 : 4);
    }
  }

  void one(const Finding& finding, std::size_t indent) {
    out_ += std::string(indent, ' ') +
            inked(ink_of(finding.severity), said(severity_word(finding.severity))) + " [" +
            plain(finding.code) + "]";
    if (finding.place.line != 0) out_ += fmt::format("  {} {}", said({"ligne", "line"}), finding.place.line);
    out_ += '\n';
    const auto inner = indent + 2;
    line(inner, Ink::none, first({finding.fr, finding.en}));
    if (!finding.value.empty()) labelled(inner, found, {finding.value, finding.value});
    labelled(inner, expected, finding.expected);
    labelled(inner, remedy, finding.remedy);
    if (both()) english(finding, inner);
    if (!finding.place.path.empty()) line(inner, Ink::faint, finding.place.path);
  }

  void labelled(std::size_t indent, const Label& label, const Words& words) {
    const auto& text = first(words);
    if (!text.empty()) line(indent, Ink::none, std::string(english_only() ? label.en : label.fr) + text);
  }

  void english(const Finding& finding, std::size_t indent) {
    std::string text = finding.en;
    if (!finding.expected.en.empty()) text += " Expected: " + finding.expected.en + ".";
    if (!finding.remedy.en.empty()) text += " To do: " + finding.remedy.en;
    if (!text.empty()) line(indent, Ink::faint, "en: " + text);
  }

  void end(const Sheet& sheet) {
    const auto number = counts(sheet.report);
    const auto words = verdict(sheet);
    out_ += '\n';
    line(0, number.errors > 0 ? Ink::error : Ink::good, first(words));
    if (both()) line(0, Ink::faint, words.en);
    if (const auto said_by_helios = sheet.answer.findings.size(); said_by_helios > 0)
      line(
          0, Ink::error,
          said({fmt::format("Hélios : {} anomalie{}", said_by_helios, said_by_helios > 1 ? "s" : ""),
                fmt::format("Hélios: {} {}", said_by_helios, said_by_helios > 1 ? "anomalies" : "anomaly")}));
    if (!sheet.note.fr.empty()) line(0, Ink::none, said(sheet.note));
  }

  TextStyle style_;
  std::string out_;
};

}  // namespace

std::string to_text(const Sheet& sheet, const TextStyle& style) {
  return Writer(style).write(sheet);
}

}  // namespace demat::report
