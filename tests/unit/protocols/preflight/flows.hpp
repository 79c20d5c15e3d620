#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// Small valid flows, and how to break them.
namespace demat::preflight::test {

/// A bordereau of one mandat of two lignes, with VAT: nothing to say about it.
std::string depense_flow();
/// A bordereau of one titre of one ligne: nothing to say about it.
std::string recette_flow();
/// A bordereau of orders to several debtors (ORMC), one titre: nothing to say about it.
std::string ormc_flow();
/// One attachment that stands alone.
std::string pj_flow();

/// `text` with `from`, which must be there exactly once, replaced.
inline std::string change(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("not there: " + std::string(from));
  if (text.find(from, at + 1) != std::string::npos)
    throw std::runtime_error("there twice: " + std::string(from));
  return text.replace(at, from.size(), to);
}

struct Swap {
  std::string from;
  std::string to;
};
inline std::string change(std::string text, const std::vector<Swap>& swaps) {
  for (const auto& swap : swaps)
    text = change(std::move(text), swap.from, swap.to);
  return text;
}

}  // namespace demat::preflight::test
