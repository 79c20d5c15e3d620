#include "protocols/preflight/pj_index.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

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
constexpr std::size_t longest_number = 20;

}  // namespace

void PjIndex::refer(const Subject& holder, const Announced& announced) {
  if (references_.size() >= limit_) return;
  const auto at = static_cast<std::uint32_t>(text_.size());
  const auto keep = [&](std::string_view said, std::size_t longest) {
    const auto kept = said.substr(0, longest);
    text_.append(kept);
    return static_cast<std::uint8_t>(kept.size());
  };
  references_.push_back({.id = rules::hashed(announced.id),
                         .order = static_cast<std::uint32_t>(references_.size()),
                         .line = static_cast<std::uint32_t>(announced.line),
                         .piece = number(holder.piece),
                         .text_at = at,
                         .text_size = keep(announced.id, longest_id),
                         .exercice_size = keep(holder.exercice, longest_number),
                         .bordereau_size = keep(holder.bordereau, longest_number),
                         .piece_size = keep(holder.piece, longest_number),
                         .ligne_size = keep(holder.ligne, longest_number),
                         .support = small_number(announced.support),
                         .type = small_number(announced.type),
                         .edition = small_number(announced.edition),
                         .recette = holder.domaine == "recette"});
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

Subject PjIndex::subject(const PjReference& reference) const {
  std::size_t at = reference.text_at;
  const auto next = [&](std::size_t size) {
    const auto from = std::exchange(at, at + size);
    return text_.substr(from, size);
  };
  Subject out;
  out.domaine = reference.recette ? "recette" : "depense";
  out.pj = next(reference.text_size);
  out.exercice = next(reference.exercice_size);
  out.bordereau = next(reference.bordereau_size);
  out.piece = next(reference.piece_size);
  out.ligne = next(reference.ligne_size);
  return out;
}

}  // namespace demat::preflight
