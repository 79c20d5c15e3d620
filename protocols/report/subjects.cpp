#include "protocols/report/subjects.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/rules/unit_reader.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::report {
namespace {

/// Gives each wanted path the subject of the innermost unit around it: those close first.
class Namer final : public rules::Family {
 public:
  explicit Namer(Report& report) {
    for (auto& finding : report.findings)
      if (finding.subject == Subject{} && !finding.place.path.empty()) wanted_.push_back(&finding);
    std::ranges::sort(wanted_, {}, path_of);
    found_.resize(wanted_.size());
  }

  [[nodiscard]] bool anything_wanted() const { return !wanted_.empty(); }

  void close(const rules::Unit& unit, rules::Verdicts& /*out*/) override {
    const std::string_view path = unit.place.path;
    auto first = std::ranges::lower_bound(wanted_, path, {}, path_of);
    for (; first != wanted_.end() && path_of(*first).starts_with(path); ++first) {
      const auto rest = path_of(*first).substr(path.size());
      const auto index = static_cast<std::size_t>(first - wanted_.begin());
      if (found_[index] || (!rest.empty() && rest.front() != '/')) continue;
      found_[index] = true;
      (*first)->subject = unit.subject();
    }
  }

 private:
  static std::string_view path_of(const Finding* finding) { return finding->place.path; }

  std::vector<Finding*> wanted_;  ///< by path
  std::vector<bool> found_;
};

/// Passes the document on, and knows which bordereau, pièce and ligne is being read: where it breaks off.
class Bookmark final : public xml::Visitor {
 public:
  explicit Bookmark(xml::Visitor& next) : next_(next) {}
  void start(const xml::StartElement& element, std::string_view path) override {
    enter(element.name);
    const auto value = element.attribute("V");
    for (const auto& [name, member] : numbers)
      if (element.name == name) here_.*member = value;
    next_.start(element, path);
  }
  void end(std::string_view name, std::string_view path) override {
    enter(name);
    if (name.starts_with("PES_")) here_ = {};
    next_.end(name, path);
  }
  void text(std::string_view piece) override { next_.text(piece); }
  [[nodiscard]] const Subject& here() const { return here_; }

 private:
  struct Number {
    std::string_view name;
    std::string Subject::*member;
  };
  static constexpr std::array<Number, 4> numbers{{{"Exer", &Subject::exercice},
                                                  {"IdBord", &Subject::bordereau},
                                                  {"IdPce", &Subject::piece},
                                                  {"IdLigne", &Subject::ligne}}};

  /// What begins or ends leaves the numbers inside it behind.
  void enter(std::string_view name) {
    if (name == "PES_DepenseAller") here_.domaine = "depense";
    if (name == "PES_RecetteAller") here_.domaine = "recette";
    if (name == "PES_PJ") here_.domaine = "pj";
    if (name == "Bordereau") here_.exercice = here_.bordereau = here_.piece = here_.ligne = {};
    if (name == "Piece") here_.piece = here_.ligne = {};
    if (name == "LigneDePiece") here_.ligne = {};
  }

  xml::Visitor& next_;
  Subject here_;
};

/// A fault of the XML itself, which ends the reading.
bool breaks_off(const Finding& finding) {
  return finding.code.starts_with("xml.") && finding.place.path.empty() && finding.subject == Subject{};
}

}  // namespace

void name_subjects(Report& report, const ByteSource& document) {
  Namer namer(report);
  const bool broken = std::ranges::any_of(report.findings, breaks_off);
  if (!namer.anything_wanted() && !broken) return;
  rules::Verdicts nothing({});
  rules::UnitReader reader({&namer}, nothing);
  Bookmark bookmark(reader);
  // A document that breaks off has told all it can; that it does is a finding of the first pass.
  if (xml::stream(document, bookmark)) return;
  for (auto& finding : report.findings)
    if (breaks_off(finding)) finding.subject = bookmark.here();
}

}  // namespace demat::report
