#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/pipeline/work_budget.hpp"
#include "protocols/base/byte_source.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::pipeline {

/// A stored document held as a tree, and the memory that it was given for that: a small one whole, a large
/// one without its attachments. Const use from several threads is safe.
class TreeInHand {
 public:
  /// `bytes` and the budget (null: unbounded) outlive it. Errors: `busy.memory` (at once: nobody waits here),
  /// those of xml::parse and of reading.
  [[nodiscard]] static Result<std::unique_ptr<const TreeInHand>> hold(const ByteSource& bytes,
                                                                      WorkBudget* budget);

  [[nodiscard]] const xml::Document& document() const { return *document_; }
  /// The bytes in one piece; empty for a large document.
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  WorkBudget::Part part_;  // before what it pays for: given back last
  std::string text_;
  std::optional<xml::Document> document_;
};

/// `busy.memory`, waiting: there is no room for the document now.
[[nodiscard]] Error no_room();

}  // namespace demat::pipeline
