#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/xades/remarks.hpp"

namespace demat::trust {

using xades::Indication;

/// How one check ended.
enum class Outcome { pass, warn, fail, indeterminate, not_run };
[[nodiscard]] const char* to_string(Outcome outcome);

/// One check, as a report lists it: what was looked at, how it ended, and where the rule comes from.
struct Check {
  std::string code;  ///< stable: "trust.path.none"
  Outcome outcome = Outcome::not_run;
  std::string sub_indication;  ///< of EN 319 102-1 ("REVOKED"); empty when it passed
  std::string source;          ///< of the rule: "signature RV4"
  std::string fr;
  std::string en;
};

/// What the sentence of a check is filled with, in the order of its `{0}`, `{1}`…; dates are written by the
/// caller.
using Values = std::vector<std::string>;

/// A check of the table of sentences; throws std::logic_error for a code that is not in it.
[[nodiscard]] Check make_check(std::string_view code, const Values& values = {});
/// The same where a value is a sentence, and each language has its own.
[[nodiscard]] Check make_check(std::string_view code, const Values& french, const Values& english);

/// Failed outweighs indeterminate, which outweighs passed; the sub-indication is that of the first check that
/// decided.
struct Verdict {
  Indication indication = Indication::passed;
  std::string sub_indication;
};
[[nodiscard]] Verdict verdict_of(const std::vector<Check>& checks);
/// The graver of both; the first when they are alike.
[[nodiscard]] Verdict graver(const Verdict& one, const Verdict& other);

/// "15/01/2026 à 10 h 30 (UTC)" and "2026-01-15 10:30 UTC".
[[nodiscard]] std::string french_time(std::chrono::sys_seconds when);
[[nodiscard]] std::string english_time(std::chrono::sys_seconds when);

/// `values` with a time that each language writes in its own way: pass it through here.
[[nodiscard]] std::string time_value(std::chrono::sys_seconds when);

}  // namespace demat::trust
