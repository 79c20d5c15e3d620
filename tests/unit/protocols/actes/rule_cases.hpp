#pragma once

#include <set>
#include <string>

/// Codes that the cases of a table expect, so that a rule without a case is seen.
namespace demat::actes {

[[nodiscard]] std::set<std::string> codes_of_import_cases();
[[nodiscard]] std::set<std::string> codes_of_answer_cases();

}  // namespace demat::actes
