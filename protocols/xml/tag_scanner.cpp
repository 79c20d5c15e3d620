#include "protocols/xml/tag_scanner.hpp"

#include <array>
#include <limits>

#include "protocols/xml/markup_scanner.hpp"

namespace demat::xml {
namespace {

constexpr auto no_limit = std::numeric_limits<std::size_t>::max();

std::string_view local(std::string_view qualified_name) {
  const auto colon = qualified_name.find(':');
  return colon == std::string_view::npos ? qualified_name : qualified_name.substr(colon + 1);
}

class Finder final : public detail::MarkupScanner {
 public:
  Finder(std::string_view name, std::size_t depth)
      : MarkupScanner(ParseLimits{no_limit, no_limit, no_limit, no_limit, no_limit}),
        name_(name),
        depth_(depth) {}

  std::vector<ElementSpan> take() { return std::move(found_); }
  [[nodiscard]] bool open() const { return open_; }

 private:
  void start_tag(std::string_view qualified_name, std::size_t begin, std::size_t end, std::size_t depth,
                 bool self_closing) override {
    if (depth != depth_) return;
    if (local(qualified_name) != name_) return;
    found_.push_back({begin, end, end, end, self_closing});
    open_ = !self_closing;
  }

  void end_tag(std::size_t begin, std::size_t end, std::size_t depth) override {
    if (depth != depth_ || !open_) return;
    found_.back().end_begin = begin;
    found_.back().end = end;
    open_ = false;
  }

  std::string_view name_;
  std::size_t depth_;
  bool open_ = false;
  std::vector<ElementSpan> found_;
};

class Teller final : public detail::MarkupScanner {
 public:
  explicit Teller(TagVisitor& visitor) : MarkupScanner(ParseLimits{}), visitor_(visitor) {}

 private:
  void start_tag(std::string_view qualified_name, std::size_t begin, std::size_t end, std::size_t depth,
                 bool self_closing) override {
    visitor_.start_tag(local(qualified_name), begin, end, depth, self_closing);
  }
  void end_tag(std::size_t begin, std::size_t end, std::size_t depth) override {
    visitor_.end_tag(begin, end, depth);
  }

  TagVisitor& visitor_;
};

}  // namespace

Status scan_tags(const ByteSource& source, TagVisitor& visitor) {
  Teller teller(visitor);
  std::array<char, 16'384> chunk{};
  for (std::size_t offset = 0; visitor.wants_more();) {
    const auto got = source.read(offset, chunk);
    if (!got) return failure(got.error());
    if (*got == 0) break;
    if (auto status = teller.feed({chunk.data(), *got}); !status) return status;
    offset += *got;
  }
  return {};
}

Result<std::vector<ElementSpan>> find_elements(std::string_view bytes, std::string_view name,
                                               std::size_t depth) {
  Finder finder(name, depth);
  if (auto status = finder.feed(bytes); !status) return failure(std::move(status.error()));
  if (finder.open())
    return failure(permanent_error("xml.malformed", "Le document s'arrête avant la fin d'un élément.",
                                   "The document ends inside an element."));
  return finder.take();
}

}  // namespace demat::xml
