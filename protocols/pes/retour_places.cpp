#include "protocols/pes/retour_places.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/xml/tag_scanner.hpp"

namespace demat::pes {
namespace {

using Range = RetourPlace::Range;

constexpr std::size_t domain_depth = 2;
constexpr std::size_t item_depth = 3;

std::size_t length(const Range& range) {
  return range.end - range.begin;
}

/// Counts entries as the decoder does: one is told at the end of the element that opened last.
class EntryFinder final : public xml::TagVisitor {
 public:
  explicit EntryFinder(std::size_t passed) : left_(passed) {}

  void start_tag(std::string_view name, std::size_t begin, std::size_t end, std::size_t depth,
                 bool self_closing) override {
    if (depth == 1) place_.root_end = end;
    if (depth == domain_depth) {
      in_domain_ = name != "Enveloppe" && name != "EnTetePES";
      place_.domain = {begin, end};
      bordereau_.reset();
    }
    if (depth == item_depth && name == "Bordereau") bordereau_ = Range{begin, 0};
    const Kind kind = in_domain_ ? kind_of(name, depth) : Kind::none;
    open_.resize(std::max(open_.size(), depth + 1), Kind::none);
    open_[depth] = kind == Kind::none ? closing_kind_of(name) : kind;
    if (kind != Kind::none) open(kind, begin, depth);
    if (self_closing) end_tag(begin, end, depth);
  }

  void end_tag(std::size_t /*begin*/, std::size_t /*end*/, std::size_t depth) override {
    if (depth == 0 || depth >= open_.size()) return;
    const auto kind = std::exchange(open_[depth], Kind::none);
    if (in_domain_ && kind != Kind::none) close(kind);
    if (depth == item_depth) bordereau_.reset();
  }

  [[nodiscard]] bool wants_more() const override { return !found_; }
  [[nodiscard]] std::optional<RetourPlace> place() const { return regular_ ? found_ : std::nullopt; }

 private:
  enum class Kind { none, piece, client, asap };
  struct Open {
    std::size_t begin = 0;
    RetourPlace place;
    bool regular = false;
  };

  static Kind closing_kind_of(std::string_view name) {
    if (name == "Piece" || name == "BordereauORMCGlobal") return Kind::piece;
    if (name == "Client") return Kind::client;
    return name == "Asap" ? Kind::asap : Kind::none;
  }
  static Kind kind_of(std::string_view name, std::size_t depth) {
    const auto kind = closing_kind_of(name);
    return kind == Kind::piece || depth == item_depth ? kind : Kind::none;
  }

  void open(Kind kind, std::size_t begin, std::size_t depth) {
    auto place = place_;
    if (bordereau_ && bordereau_->end == 0) bordereau_->end = begin;
    if (bordereau_) place.bordereau = *bordereau_;
    place.entry = begin;
    const bool regular = depth == item_depth + (bordereau_ ? 1U : 0U);
    entries_[static_cast<std::size_t>(kind)] = Open{begin, place, regular};
  }

  void close(Kind kind) {
    auto& entry = entries_[static_cast<std::size_t>(kind)];
    if (!entry || found_) return;
    if (left_ == 0) {
      found_ = entry->place;
      regular_ = entry->regular;
    } else {
      --left_;
    }
    entry.reset();
  }

  std::size_t left_;
  RetourPlace place_;  ///< of the open root and domain
  std::optional<Range> bordereau_;
  std::vector<Kind> open_;  ///< by depth
  std::array<std::optional<Open>, 4> entries_;
  std::optional<RetourPlace> found_;
  bool in_domain_ = false;
  bool regular_ = false;
};

}  // namespace

bool lies_within(const RetourPlace& place, std::size_t size) {
  const auto& [root_end, domain, bordereau, entry] = place;
  const bool in_order = root_end <= domain.begin && domain.begin < domain.end && domain.end <= entry &&
                        entry < size && bordereau.begin <= bordereau.end;
  const bool without = bordereau == Range{};
  return in_order && root_end > 0 && (without || (domain.end <= bordereau.begin && bordereau.end <= entry));
}

RetourFrom::RetourFrom(const ByteSource& document, const RetourPlace& place)
    : document_(document),
      parts_{Range{0, place.root_end}, place.domain, place.bordereau, Range{place.entry, document.size()}} {}

std::size_t RetourFrom::size() const {
  std::size_t out = 0;
  for (const auto& part : parts_)
    out += length(part);
  return out;
}

std::size_t RetourFrom::in_document(std::size_t offset) const {
  for (const auto& part : parts_) {
    if (offset < length(part)) return part.begin + offset;
    offset -= length(part);
  }
  return document_.size() + offset;
}

Result<std::size_t> RetourFrom::read(std::size_t offset, std::span<char> buffer) const {
  std::size_t done = 0;
  for (const auto& part : parts_) {
    if (offset >= length(part)) {
      offset -= length(part);
      continue;
    }
    const auto wanted = std::min(length(part) - offset, buffer.size() - done);
    const auto got = document_.read(part.begin + offset, buffer.subspan(done, wanted));
    if (!got) return got;
    done += *got;
    // A short read of a part is one of the whole: who reads goes on from there.
    if (*got < wanted || done == buffer.size()) return done;
    offset = 0;
  }
  return done;
}

Result<std::optional<RetourPlace>> place_of_entry(const ByteSource& document,
                                                  const std::optional<RetourPlace>& from,
                                                  std::size_t passed) {
  EntryFinder finder(passed);
  if (!from) {
    if (auto status = xml::scan_tags(document, finder); !status) return failure(std::move(status.error()));
    return finder.place();
  }
  const RetourFrom rest(document, *from);
  if (auto status = xml::scan_tags(rest, finder); !status) return failure(std::move(status.error()));
  auto place = finder.place();
  if (!place) return place;
  for (auto* range : {&place->domain, &place->bordereau})
    if (range->end > 0) *range = {rest.in_document(range->begin), rest.in_document(range->end - 1) + 1};
  place->entry = rest.in_document(place->entry);
  return place;
}

}  // namespace demat::pes
