#pragma once

// Inner header: what reading one PDF may cost. qpdf 11.3 knows no limits of its own.

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "protocols/base/byte_source.hpp"

class InputSource;

namespace demat::papers {

/// Limits of one document. A file that needs more is no act that somebody can read.
struct ReadingLimits {
  std::size_t objects = 500'000;
  std::size_t pages = 100'000;
  std::size_t nodes = 1'000'000;        ///< things looked at besides pages: annotations, fields, actions
  std::size_t complaints = 2'000;       ///< what qpdf may note as damaged
  std::size_t table_bytes = 8'388'608;  ///< decoded while the cross-reference table is read
  std::size_t structure_bytes = 134'217'728;  ///< decoded afterwards: object streams
  std::size_t again = 16;                     ///< how often the file may be read over
};

/// What is left of the limits for one document; used by one thread at a time.
struct ReadingBudget {
  std::size_t bytes_left = 0;
  std::size_t decoded_left = 0;
  std::size_t nodes_left = 0;
  bool reading_table = true;                  ///< raw stream data counts as decoded, too
  bool exhausted = false;                     ///< stays: everything read afterwards fails
  std::optional<Error> source_error;          ///< the bytes could not be read at all
  std::function<bool()> too_many_complaints;  ///< asked now and then
};

/// The document as qpdf reads it, through a window: a large file is never copied. Throws std::runtime_error
/// inside qpdf once the budget is spent. `source` and `budget` must outlive it.
[[nodiscard]] std::shared_ptr<InputSource> bounded_input(const ByteSource& source, ReadingBudget& budget);

/// While it lives, what qpdf inflates in this thread counts against `budget`: qpdf's filters are made by
/// factories that know nothing of the document.
class DecodingScope {
 public:
  explicit DecodingScope(ReadingBudget& budget);
  ~DecodingScope();
  DecodingScope(const DecodingScope&) = delete;
  DecodingScope& operator=(const DecodingScope&) = delete;

 private:
  ReadingBudget* before_;
};

/// How many objects the bytes can name at most: beginnings of objects, or lines of cross-reference tables.
[[nodiscard]] Result<std::size_t> count_objects(const ByteSource& source);

}  // namespace demat::papers
