#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "gateway/papers/pdf_document_impl.hpp"

namespace demat::papers {

namespace {

/// What a page takes over from the nodes above it (ISO 32000-1, table 30).
struct Inherited {
  QPDFObjectHandle media;
  QPDFObjectHandle crop;
  QPDFObjectHandle rotate;
  QPDFObjectHandle resources;
};

struct Node {
  QPDFObjectHandle dictionary;
  Inherited inherited;
};

void take_over(QPDFObjectHandle& node, const char* key, QPDFObjectHandle& into) {
  if (auto own = node.getKey(key); !own.isNull()) into = own;
}

Inherited below(QPDFObjectHandle& node, Inherited inherited) {
  take_over(node, "/MediaBox", inherited.media);
  take_over(node, "/CropBox", inherited.crop);
  take_over(node, "/Rotate", inherited.rotate);
  take_over(node, "/Resources", inherited.resources);
  return inherited;
}

struct Rectangle {
  double left, bottom, right, top;
  [[nodiscard]] bool visible() const { return right - left >= 1 && top - bottom >= 1; }
};

std::optional<Rectangle> rectangle(QPDFObjectHandle array) {
  if (!array.isInitialized() || !array.isArray() || array.getArrayNItems() != 4) return std::nullopt;
  std::array<double, 4> v{};
  for (int i = 0; i < 4; ++i) {
    constexpr double most = 1e6;
    const auto value = number_of(array.getArrayItem(i));
    if (!value || !std::isfinite(*value)) return std::nullopt;
    v[static_cast<std::size_t>(i)] = std::clamp(*value, -most, most);
  }
  const Rectangle sorted{std::min(v[0], v[2]), std::min(v[1], v[3]), std::max(v[0], v[2]),
                         std::max(v[1], v[3])};
  if (!sorted.visible()) return std::nullopt;
  return sorted;
}

Rectangle shown(const Inherited& inherited) {
  constexpr Rectangle letter{0, 0, 612, 792};  // what readers take when there is no box
  const Rectangle media = rectangle(inherited.media).value_or(letter);
  const auto crop = rectangle(inherited.crop);
  if (!crop) return media;
  const Rectangle both{std::max(media.left, crop->left), std::max(media.bottom, crop->bottom),
                       std::min(media.right, crop->right), std::min(media.top, crop->top)};
  return both.visible() ? both : media;
}

int quarter_turns(QPDFObjectHandle rotate) {
  const auto degrees = rotate.isInitialized() ? number_of(rotate) : std::nullopt;
  if (!degrees || !std::isfinite(*degrees)) return 0;
  const double rest = std::fmod(*degrees, 360.0);
  const int whole = static_cast<int>(rest < 0 ? rest + 360 : rest);
  return whole % 90 == 0 ? whole % 360 : 0;  // 450 is 90; what is no quarter is not turned by readers
}

VisiblePage visible_page(QPDFObjectHandle& page, const Inherited& inherited) {
  const Rectangle box = shown(inherited);
  VisiblePage visible{box.left, box.bottom, box.right, box.top, quarter_turns(inherited.rotate), 1};
  const auto unit = number_of(page.getKey("/UserUnit"));
  if (unit && *unit >= 0.01 && *unit <= 1'000) visible.unit = *unit;
  return visible;
}

/// Kids in reading order on a stack, so that a tree of any depth costs no recursion.
void push_kids(std::vector<Node>& stack, QPDFObjectHandle kids, const Inherited& inherited) {
  for (int i = kids.getArrayNItems() - 1; i >= 0; --i)
    stack.push_back({kids.getArrayItem(i), inherited});
}

}  // namespace

std::size_t PdfDocument::visit_pages(const PageVisitor& visitor) {
  std::size_t pages = 0;
  const auto walk = [&](QPDF& qpdf) {
    std::set<QPDFObjGen> seen;
    std::vector<Node> stack{{qpdf.getRoot().getKey("/Pages"), {}}};
    while (!stack.empty()) {
      Node node = std::move(stack.back());
      stack.pop_back();
      if (!impl_->look_at_one()) return;
      if (!node.dictionary.isDictionary()) continue;
      if (node.dictionary.isIndirect() && !seen.insert(node.dictionary.getObjGen()).second) continue;
      const Inherited inherited = below(node.dictionary, std::move(node.inherited));
      if (auto kids = node.dictionary.getKey("/Kids"); kids.isArray()) {
        push_kids(stack, kids, inherited);
        continue;
      }
      if (node.dictionary.getKey("/Type").isNameAndEquals("/Pages")) continue;  // an empty branch
      if (++pages > impl_->limits.pages) impl_->budget.exhausted = true;
      if (impl_->budget.exhausted) return;
      if (node.dictionary.getKey("/Resources").isNull() && inherited.resources.isInitialized())
        node.dictionary.replaceKey("/Resources", inherited.resources);
      visitor(node.dictionary, visible_page(node.dictionary, inherited));
    }
  };
  std::string why;
  if (!attempt(walk, why)) impl_->broken_off(why);
  return pages;
}

}  // namespace demat::papers
