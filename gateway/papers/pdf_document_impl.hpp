#pragma once

// For pdf_*.cpp only.

#include "gateway/papers/pdf_document.hpp"
#include "gateway/papers/qpdf_headers.hpp"

namespace demat::papers {

struct PdfDocument::Impl {
  ReadingLimits limits;
  ReadingBudget budget;
  QPDF qpdf;
  std::string complaint;
  bool actions_known = false;
  bool javascript = false;
  bool launch = false;

  /// False, and the document exhausted, once too many things were looked at.
  bool look_at_one() {
    if (budget.nodes_left == 0) budget.exhausted = true;
    if (budget.exhausted) return false;
    --budget.nodes_left;
    return true;
  }
};

}  // namespace demat::papers
