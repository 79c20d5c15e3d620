#pragma once

#include <cstddef>
#include <string_view>

#include "protocols/base/byte_source.hpp"
#include "protocols/base/finding.hpp"
#include "protocols/base/result.hpp"

namespace demat::papers {

/// What the check of a PDF says (actes 4.2: a corrupt, locked or unreadable PDF is refused before it leaves).
struct PdfCheck {
  Report report;
  std::size_t pages = 0;   ///< 0 when it could not be read so far
  bool signature = false;  ///< holds at least one signature: see pdf_signature.hpp
};

/// Whether a reader can open this PDF, as `pdfinfo` would say, and what the préfecture will not like in it.
/// Findings: `actes.pdf.corrupt`, `.encrypted`, `.locked`, `.no_page`, `.too_complex` refuse; `.damaged`,
/// `.javascript`, `.launch`, `.xfa` warn. `name` is the place of each finding: the name of the file as
/// posted. Time and memory are bounded whatever the bytes are. Error: that of `pdf` when it cannot be read,
/// or `actes.pdf.source` (waiting). Thread-safe.
[[nodiscard]] Result<PdfCheck> check_pdf(const ByteSource& pdf, std::string_view name);

}  // namespace demat::papers
