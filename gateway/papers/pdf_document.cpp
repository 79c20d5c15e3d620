#include "gateway/papers/pdf_document.hpp"

#include <algorithm>

#include "gateway/papers/pdf_document_impl.hpp"

namespace demat::papers {

namespace {

constexpr std::size_t smallest_object = 8;  // "1 0 obj\n"

Obstacle obstacle_of(Trouble trouble, std::string detail) {
  return {trouble, std::move(detail), {}};
}

/// qpdf would make an entry of its table for each object, real or not.
std::optional<Obstacle> too_many_objects(const ByteSource& source, const ReadingLimits& limits) {
  if (source.size() / smallest_object <= limits.objects) return std::nullopt;
  const auto count = count_objects(source);
  if (!count) return Obstacle{Trouble::source, {}, count.error()};
  if (*count > limits.objects) return obstacle_of(Trouble::too_complex, "objects");
  return std::nullopt;
}

ReadingBudget budget_for(const ByteSource& source, const ReadingLimits& limits) {
  constexpr std::size_t floor = 67'108'864;
  ReadingBudget budget;
  budget.bytes_left = floor + source.size() * limits.again;
  budget.decoded_left = limits.table_bytes;
  budget.nodes_left = limits.nodes;
  return budget;
}

}  // namespace

PdfDocument::PdfDocument(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PdfDocument::~PdfDocument() = default;
PdfDocument::PdfDocument(PdfDocument&&) noexcept = default;

tl::expected<PdfDocument, Obstacle> PdfDocument::open(const ByteSource& source, const ReadingLimits& limits) {
  if (auto obstacle = too_many_objects(source, limits)) return tl::unexpected(std::move(*obstacle));
  PdfDocument document(std::make_unique<Impl>());
  Impl& impl = *document.impl_;
  impl.limits = limits;
  impl.budget = budget_for(source, limits);
  impl.budget.too_many_complaints = [&impl] { return impl.qpdf.numWarnings() > impl.limits.complaints; };
  impl.qpdf.setSuppressWarnings(true);
  const DecodingScope scope(impl.budget);
  try {
    impl.qpdf.processInputSource(bounded_input(source, impl.budget));
  } catch (const QPDFExc& error) {
    const auto code = error.getErrorCode();
    // An unknown protection (certificates, a newer standard) is a lock that cannot be opened here either.
    if (code == qpdf_e_password || code == qpdf_e_unsupported)
      return tl::unexpected(obstacle_of(Trouble::password, error.what()));
    return tl::unexpected(document.obstacle(error.what()));
  } catch (const std::exception& error) {
    return tl::unexpected(document.obstacle(error.what()));
  }
  if (impl.budget.exhausted) return tl::unexpected(document.obstacle("budget"));
  impl.budget.reading_table = false;
  impl.budget.decoded_left = limits.structure_bytes;
  return document;
}

Obstacle PdfDocument::obstacle(std::string detail) const {
  const ReadingBudget& budget = impl_->budget;
  if (budget.source_error) return {Trouble::source, std::move(detail), *budget.source_error};
  return obstacle_of(budget.exhausted ? Trouble::too_complex : Trouble::damaged, std::move(detail));
}

bool PdfDocument::locked() const {
  return impl_->qpdf.isEncrypted();
}

bool PdfDocument::exhausted() const {
  return impl_->budget.exhausted;
}

bool PdfDocument::complained() {
  return !complaint().empty();
}

std::string PdfDocument::complaint() {
  for (const QPDFExc& warning : impl_->qpdf.getWarnings()) {
    const std::string_view words = warning.what();
    // A trailer's /Size that is too large: common, and no reader looks at it.
    const bool harmless = words.find("reported number of objects") != words.npos;
    if (impl_->complaint.empty() && !harmless) impl_->complaint = words;
  }
  return impl_->complaint;
}

std::size_t PdfDocument::largest_stream() {
  std::size_t largest = 0;
  std::string why;
  const bool seen = attempt(
      [&](QPDF& qpdf) {
        for (QPDFObjectHandle& object : qpdf.getAllObjects()) {
          if (!impl_->look_at_one()) return;
          if (!object.isStream()) continue;
          const auto length = integer_of(object.getDict().getKey("/Length")).value_or(0);
          largest = std::max(largest, static_cast<std::size_t>(std::max(length, 0LL)));
        }
      },
      why);
  if (!seen) impl_->broken_off(why);
  return largest;
}

bool PdfDocument::attempt(const std::function<void(QPDF&)>& work, std::string& why) {
  const DecodingScope scope(impl_->budget);
  try {
    work(impl_->qpdf);
  } catch (const std::exception& error) {
    why = error.what();
    return false;
  }
  return true;
}

}  // namespace demat::papers
