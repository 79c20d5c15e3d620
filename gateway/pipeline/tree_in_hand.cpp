#include "gateway/pipeline/tree_in_hand.hpp"

#include <utility>

#include "gateway/pipeline/inspection.hpp"
#include "protocols/base/limits.hpp"
#include "protocols/base/whole.hpp"

namespace demat::pipeline {

Error no_room() {
  return waiting_error(
      "busy.memory",
      "De grands documents occupent la mémoire réservée aux contrôles. Réessayez dans quelques secondes.",
      "Large documents fill the memory set aside for checks. Try again in a few seconds.");
}

Result<std::unique_ptr<const TreeInHand>> TreeInHand::hold(const ByteSource& bytes, WorkBudget* budget) {
  auto out = std::make_unique<TreeInHand>();
  const bool small = bytes.size() <= limits::max_dom_bytes;
  auto structured = small ? Result<std::size_t>(bytes.size()) : xml::structured_bytes(bytes);
  if (!structured) return failure(std::move(structured.error()));
  if (budget != nullptr) {
    out->part_ = budget->try_acquire(tree_weight(*structured, TreeUse::signing));
    if (!out->part_) return failure(no_room());
  }
  if (small) {
    auto text = whole(bytes);
    if (!text) return failure(std::move(text.error()));
    out->text_ = std::move(*text);
  }
  auto document = small ? xml::parse_borrowed(out->text_) : xml::parse_lean(bytes);
  if (!document) return failure(std::move(document.error()));
  out->document_.emplace(std::move(*document));
  return out;
}

}  // namespace demat::pipeline
