#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cases.hpp"

/// Cases in pairs: a document that keeps a rule beside one that breaks it.
namespace demat::preflight::test {

/// A PES_Aller around domains given as text; `header` goes into EnTetePES.
std::string aller(std::string_view domains, std::string_view header = {});

/// The content of an attachment: gzip, in base64.
std::string packed(std::string_view content);

struct Pair {
  std::string code;
  std::string keeps, breaks;
  std::string value{};  ///< of the first finding; empty: not looked at
  std::size_t times = 1;
  std::string version{};
};

/// Two cases of each, named by their place in the table.
std::vector<RuleCase> paired(const std::vector<Pair>& pairs);

/// The findings of one rule.
std::vector<Finding> of(const Report& report, std::string_view code);

}  // namespace demat::preflight::test
