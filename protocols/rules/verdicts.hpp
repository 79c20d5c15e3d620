#pragma once

#include <any>
#include <map>
#include <set>
#include <string>
#include <typeindex>
#include <unordered_map>
#include <utility>

#include "protocols/rules/rule.hpp"

namespace demat::rules {

/// Places kept of one rule; the rest is counted.
inline constexpr std::size_t max_hits = 20;

struct Options {
  std::string version;  ///< of the pack in force, "5.30"; empty: the newest
  /// Severity by rule code where it is not the table's.
  std::map<std::string, Severity, std::less<>> severities{};
  /// Codes of the rules that say nothing.
  std::set<std::string, std::less<>> off{};
};

/// One place where a rule is broken.
struct Hit {
  Place place;
  Subject subject{};
  std::string value{};  ///< shown shortened, on one line
  Words expected{};
  Words detail{};  ///< for `{detail}`: what somebody else said of it, as it stands
};

/// Gathers what rules find, and holds what they remember from one subject to the next. Memory is bounded by
/// the number of rules, but for what rules keep themselves. Not thread-safe.
class Verdicts {
 public:
  explicit Verdicts(Options options);

  /// Whether the rule exists in the version in force and is not switched off.
  [[nodiscard]] bool in_force(const RuleInfo& rule) const;
  void add(const RuleInfo& rule, Hit hit);
  /// The rule is broken in `more` other places, which nobody kept.
  void add_unlisted(const RuleInfo& rule, std::size_t more);
  /// Runs every row over a subject. Whether a rule is in force is asked where it is broken: rare, and dear.
  template <class S, std::size_t N>
  void judge(const Row<S, Verdicts> (&rows)[N], const S& subject) {
    for (const auto& row : rows)
      row.check(subject, row.info, *this);
  }
  /// What one family of rules remembers during this pass; default-constructed at the first call.
  template <class T>
  [[nodiscard]] T& memory() {
    auto& slot = memories_[std::type_index(typeid(T))];
    if (!slot.has_value()) slot.emplace<T>();
    return *std::any_cast<T>(&slot);
  }
  /// The findings in the order of the document; for each rule at most max_hits, then one that counts the
  /// others. Call once.
  [[nodiscard]] Report take();

 private:
  struct ByCode {
    bool operator()(const RuleInfo* a, const RuleInfo* b) const { return a->code < b->code; }
  };
  struct Kept {
    std::size_t total = 0;
    std::size_t listed = 0;
  };
  [[nodiscard]] Severity severity_of(const RuleInfo& rule) const;

  Options options_;
  Report report_;
  std::map<const RuleInfo*, Kept, ByCode> kept_;
  std::unordered_map<std::type_index, std::any> memories_;
  mutable std::unordered_map<std::string_view, bool> in_force_;
};

/// A value as a message shows it: short, on one line.
[[nodiscard]] std::string shown(std::string_view value);

}  // namespace demat::rules
