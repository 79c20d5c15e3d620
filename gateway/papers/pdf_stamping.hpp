#pragma once

// Inner header: a drawn stamp put on the pages of an opened document.

#include "gateway/papers/pdf_document.hpp"
#include "gateway/papers/stamp.hpp"

namespace demat::papers {

/// A stamp drawn as a PDF of one page.
struct DrawnStamp {
  std::string pdf;
  double width = 0, height = 0;  ///< points
};

/// How page units follow from stamp units: the six numbers of a PDF matrix.
struct Placement {
  double a = 1, b = 0, c = 0, d = 1, e = 0, f = 0;
};

/// Where the stamp comes on a page, upright as shown. On small pages it shrinks, on plans it grows a little.
[[nodiscard]] Placement place(const DrawnStamp& stamp, const VisiblePage& page,
                              const StampPosition& position);

/// Puts the stamp on all pages, then writes the document. Errors: as stamp_pdf.
[[nodiscard]] Status write_stamped(PdfDocument& document, const DrawnStamp& stamp,
                                   const StampPosition& position, const ByteSink& sink);

}  // namespace demat::papers
