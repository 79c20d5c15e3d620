#pragma once

// For pdf_*.cpp only.

#include "gateway/papers/pdf_document.hpp"
#include "gateway/papers/qpdf_headers.hpp"

namespace demat::papers {

/// A number that an attacker wrote: qpdf throws for those that fit no machine.
inline std::optional<long long> integer_of(QPDFObjectHandle value) {
  try {
    long long number = 0;
    if (value.getValueAsInt(number)) return number;
  } catch (const std::exception&) {
    return std::nullopt;
  }
  return std::nullopt;
}

inline std::optional<double> number_of(QPDFObjectHandle value) {
  try {
    double number = 0;
    if (value.getValueAsNumber(number)) return number;
  } catch (const std::exception&) {
    return std::nullopt;
  }
  return std::nullopt;
}

struct PdfDocument::Impl {
  ReadingLimits limits;
  ReadingBudget budget;
  QPDF qpdf;
  std::string complaint;
  bool actions_known = false;
  bool javascript = false;
  bool launch = false;

  /// A walk that qpdf broke off has not seen everything: nothing may be concluded from it.
  void broken_off(const std::string& why) {
    budget.exhausted = true;
    if (complaint.empty()) complaint = why;
  }

  /// False, and the document exhausted, once too many things were looked at.
  bool look_at_one() {
    if (budget.nodes_left == 0) budget.exhausted = true;
    if (budget.exhausted) return false;
    --budget.nodes_left;
    return true;
  }
};

}  // namespace demat::papers
