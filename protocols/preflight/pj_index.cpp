#include "protocols/preflight/pj_index.hpp"

#include <algorithm>
#include <charconv>

namespace demat::preflight {
namespace {

std::uint32_t number(std::string_view text) {
  std::uint32_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

std::uint8_t small_number(std::string_view text) {
  const auto out = number(text);
  return out > 255 ? std::uint8_t{0} : static_cast<std::uint8_t>(out);
}

constexpr std::size_t longest_id = 50;

}  // namespace

void PjIndex::refer(const Subject& holder, const Announced& announced) {
  if (references_.size() >= limit_) return;
  const auto shown = announced.id.substr(0, longest_id);
  references_.push_back({.id = rules::hashed(announced.id),
                         .order = static_cast<std::uint32_t>(references_.size()),
                         .line = static_cast<std::uint32_t>(announced.line),
                         .bordereau = number(holder.bordereau),
                         .piece = number(holder.piece),
                         .text_at = static_cast<std::uint32_t>(text_.size()),
                         .text_size = static_cast<std::uint8_t>(shown.size()),
                         .support = small_number(announced.support),
                         .type = small_number(announced.type),
                         .edition = small_number(announced.edition),
                         .recette = holder.domaine == "recette"});
  text_.append(shown);
  sorted_ = false;
}

void PjIndex::sort() {
  if (sorted_) return;
  std::sort(references_.begin(), references_.end(), [](const PjReference& a, const PjReference& b) {
    return a.id != b.id ? a.id < b.id : a.order < b.order;
  });
  sorted_ = true;
}

std::span<PjReference> PjIndex::references(std::string_view id) {
  sort();
  const auto [first, last] =
      std::equal_range(references_.begin(), references_.end(), PjReference{.id = rules::hashed(id)},
                       [](const PjReference& a, const PjReference& b) { return a.id < b.id; });
  for (auto at = first; at != last; ++at)
    at->carried = true;
  return {first, last};
}

bool PjIndex::carry(std::string_view id) {
  if (carried_.size() >= limit_) return true;
  return carried_.insert(rules::hashed(id)).second;
}

std::vector<PjReference> PjIndex::not_carried() {
  std::vector<PjReference> out;
  for (const auto& one : references_)
    if (!one.carried) out.push_back(one);
  std::sort(out.begin(), out.end(), [](const PjReference& a, const PjReference& b) {
    return a.line != b.line ? a.line < b.line : a.order < b.order;
  });
  return out;
}

std::string_view PjIndex::text(const PjReference& reference) const {
  return std::string_view(text_).substr(reference.text_at, reference.text_size);
}

}  // namespace demat::preflight
