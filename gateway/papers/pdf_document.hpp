#pragma once

// Inner header: one PDF as the other files of this folder see it; qpdf stays behind it.

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/papers/reading_budget.hpp"
#include "protocols/base/digest.hpp"

class QPDF;
class QPDFObjectHandle;

namespace demat::papers {

/// Why a document cannot be used.
enum class Trouble {
  damaged,      ///< no reader would open it
  password,     ///< needs a password
  too_complex,  ///< beyond ReadingLimits
  source,       ///< the bytes cannot be read now: see `source_error`
};

struct Obstacle {
  Trouble trouble = Trouble::damaged;
  std::string detail;  ///< qpdf's words, for operators
  Error source_error;
};

/// What a reader shows of a page: the crop box inside the media box, in the page's own units.
struct VisiblePage {
  double left = 0;
  double bottom = 0;
  double right = 612;
  double top = 792;
  int rotate = 0;   ///< clockwise, 0, 90, 180 or 270
  double unit = 1;  ///< points per unit (/UserUnit)
};

/// A signature dictionary that is in use.
struct SignatureEntry {
  std::string field;  ///< name of the form field; empty for one that no field names
  std::string sub_filter;
  std::vector<long long> byte_range;
  std::string contents;
  std::string reason;
  std::string modified;  ///< /M: when it was made, as a PDF date
};

/// Called for each page once, with its geometry.
using PageVisitor = std::function<void(QPDFObjectHandle& page, const VisiblePage& box)>;

/// An opened PDF. Not thread-safe; the source must outlive it. Every member may spend the budget, after which
/// `exhausted()` holds and what was returned is not to be relied on;
/// so does a walk that qpdf broke off.
class PdfDocument {
 public:
  /// Never throws for what a file holds.
  static tl::expected<PdfDocument, Obstacle> open(const ByteSource& source, const ReadingLimits& limits = {});
  ~PdfDocument();
  PdfDocument(PdfDocument&&) noexcept;

  [[nodiscard]] bool locked() const;     ///< any /Encrypt, even if it opens without a password
  [[nodiscard]] bool exhausted() const;  ///< of the budget
  [[nodiscard]] bool complained();       ///< qpdf noted damage so far
  [[nodiscard]] std::string complaint();
  [[nodiscard]] Obstacle obstacle(std::string detail) const;

  /// Goes through the page tree without recursion; visits each page object once. Returns their number.
  std::size_t visit_pages(const PageVisitor& visitor);
  [[nodiscard]] std::vector<SignatureEntry> signatures();
  /// Digest of what the pages draw: their tree with boxes, contents and resources; forms and annotations,
  /// which signers may add lawfully, apart. Nothing when the budget does not suffice.
  [[nodiscard]] std::optional<Bytes> drawn();
  [[nodiscard]] bool has_javascript();
  [[nodiscard]] bool has_launch();
  [[nodiscard]] bool has_xfa();
  /// Raw bytes of the largest stream, as its dictionary says; whoever writes the document holds it in memory.
  [[nodiscard]] std::size_t largest_stream();

  /// Runs `work` on qpdf's document within the budget; false when qpdf threw, with its words in `why`.
  bool attempt(const std::function<void(QPDF&)>& work, std::string& why);

 private:
  struct Impl;
  explicit PdfDocument(std::unique_ptr<Impl> impl);
  void look_for_actions();
  std::unique_ptr<Impl> impl_;
};

}  // namespace demat::papers
