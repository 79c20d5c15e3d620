#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "gateway/papers/pdf_document_impl.hpp"

namespace demat::papers {

namespace {

thread_local ReadingBudget* current_budget = nullptr;

/// Counts what comes out of a decoder, and stops a bomb.
class Meter final : public Pipeline {
 public:
  explicit Meter(Pipeline* after) : Pipeline("meter", after) {}
  void write(unsigned char const* data, std::size_t length) override {
    if (current_budget) spend(*current_budget, length);
    getNext()->write(data, length);
  }
  void finish() override { getNext()->finish(); }

 private:
  static void spend(ReadingBudget& budget, std::size_t length) {
    if (length > budget.decoded_left) budget.exhausted = true;
    if (budget.exhausted) throw std::runtime_error("the document holds too much once decoded");
    budget.decoded_left -= length;
  }
};

/// Undoes the PNG predictors (ISO 32000-1, 7.4.4.4): one byte of kind before each row.
class PngRows final : public Pipeline {
 public:
  PngRows(Pipeline* after, std::size_t columns, std::size_t pixel)
      : Pipeline("png rows", after), pixel_(pixel), row_(columns + 1), above_(columns + 1) {}

  void write(unsigned char const* data, std::size_t length) override {
    for (std::size_t i = 0; i < length; ++i) {
      row_[filled_++] = data[i];
      if (filled_ == row_.size()) flush();
    }
  }
  void finish() override {
    if (filled_ > 1) flush();
    getNext()->finish();
  }

 private:
  void flush() {
    const unsigned kind = row_[0];
    for (std::size_t i = 1; i < filled_; ++i) {
      const int left = i > pixel_ ? row_[i - pixel_] : 0;
      const int up = above_[i];
      const int corner = i > pixel_ ? above_[i - pixel_] : 0;
      row_[i] = static_cast<unsigned char>(row_[i] + guess(kind, left, up, corner));
    }
    getNext()->write(row_.data() + 1, filled_ - 1);
    row_.swap(above_);
    filled_ = 0;
  }

  static int guess(unsigned kind, int left, int up, int corner) {
    switch (kind) {
      case 1:
        return left;
      case 2:
        return up;
      case 3:
        return (left + up) / 2;
      case 4:
        return paeth(left, up, corner);
      default:
        return 0;
    }
  }

  static int paeth(int left, int up, int corner) {
    const int estimate = left + up - corner;
    const int a = std::abs(estimate - left);
    const int b = std::abs(estimate - up);
    const int c = std::abs(estimate - corner);
    if (a <= b && a <= c) return left;
    return b <= c ? up : corner;
  }

  std::size_t pixel_;
  std::size_t filled_ = 0;
  std::vector<unsigned char> row_;
  std::vector<unsigned char> above_;
};

/// FlateDecode with a meter; it takes the place of qpdf's own, whose output has no bound.
class BoundedFlate final : public QPDFStreamFilter {
 public:
  bool setDecodeParms(QPDFObjectHandle parameters) override {
    if (parameters.isNull()) return true;
    if (!parameters.isDictionary()) return false;
    const long long predictor = number(parameters, "/Predictor", 1);
    if (predictor == 1) return true;
    if (predictor < 10 || predictor > 15) return false;  // TIFF: for images, which are never decoded here
    const long long columns = number(parameters, "/Columns", 1);
    const long long pixel = number(parameters, "/Colors", 1) * number(parameters, "/BitsPerComponent", 8);
    constexpr long long most = 1'000'000;
    if (columns < 1 || columns > most || pixel < 1 || pixel > 1'024) return false;
    row_ = static_cast<std::size_t>((columns * pixel + 7) / 8);
    pixel_ = static_cast<std::size_t>((pixel + 7) / 8);
    return true;
  }

  Pipeline* getDecodePipeline(Pipeline* next) override {
    meter_ = std::make_unique<Meter>(next);
    Pipeline* after = meter_.get();
    if (row_ > 0) after = (rows_ = std::make_unique<PngRows>(after, row_, pixel_)).get();
    flate_ = std::make_unique<Pl_Flate>("inflate", after, Pl_Flate::a_inflate);
    return flate_.get();
  }

 private:
  static long long number(QPDFObjectHandle& parameters, const char* key, long long otherwise) {
    const long long value = integer_of(parameters.getKey(key)).value_or(otherwise);
    if (value < -1'000'000'000 || value > 1'000'000'000) return otherwise;
    return value;
  }

  std::size_t row_ = 0;
  std::size_t pixel_ = 1;
  std::unique_ptr<Meter> meter_;
  std::unique_ptr<PngRows> rows_;
  std::unique_ptr<Pl_Flate> flate_;
};

/// For decoders that multiply without a bound and that no structure of a PDF uses: never decoded.
class LeftAlone final : public QPDFStreamFilter {
 public:
  bool setDecodeParms(QPDFObjectHandle) override { return false; }
  Pipeline* getDecodePipeline(Pipeline*) override { throw std::logic_error("this filter decodes nothing"); }
};

void install_filters() {
  static std::once_flag once;
  std::call_once(once, [] {
    QPDF::registerStreamFilter("/FlateDecode", [] { return std::make_shared<BoundedFlate>(); });
    QPDF::registerStreamFilter("/LZWDecode", [] { return std::make_shared<LeftAlone>(); });
    QPDF::registerStreamFilter("/RunLengthDecode", [] { return std::make_shared<LeftAlone>(); });
  });
}

}  // namespace

DecodingScope::DecodingScope(ReadingBudget& budget) : before_(current_budget) {
  install_filters();
  current_budget = &budget;
}

DecodingScope::~DecodingScope() {
  current_budget = before_;
}

}  // namespace demat::papers
