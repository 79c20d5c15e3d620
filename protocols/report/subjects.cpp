#include "protocols/report/subjects.hpp"

#include <algorithm>
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

}  // namespace

void name_subjects(Report& report, const ByteSource& document) {
  Namer namer(report);
  if (!namer.anything_wanted()) return;
  rules::Verdicts nothing({});
  rules::UnitReader reader({&namer}, nothing);
  // A document that breaks off has told all it can; that it does is a finding of the first pass.
  static_cast<void>(xml::stream(document, reader));
}

}  // namespace demat::report
