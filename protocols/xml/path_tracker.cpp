#include "protocols/xml/path_tracker.hpp"

namespace demat::xml::detail {
namespace {

/// Parents with more distinct child names than this are rare; a search through so few pointers beats hashing.
constexpr std::size_t few_names = 24;

}  // namespace

std::size_t PathTracker::count(Frame& frame, const unsigned char* interned) {
  for (auto& [name, number] : frame.few)
    if (name == interned) return ++number;
  if (frame.few.size() < few_names) {
    frame.few.emplace_back(interned, 1);
    return 1;
  }
  return ++frame.many[interned];
}

void PathTracker::enter(const unsigned char* interned, std::string_view name) {
  const auto number = count(frames_[depth_], interned);
  ++depth_;
  if (frames_.size() == depth_) frames_.emplace_back();
  auto& frame = frames_[depth_];
  frame.length = path_.size();
  frame.few.clear();
  if (!frame.many.empty()) frame.many.clear();
  path_ += '/';
  path_ += name;
  if (number > 1) {
    path_ += '[';
    path_ += std::to_string(number);
    path_ += ']';
  }
}

void PathTracker::leave() {
  path_.resize(frames_[depth_].length);
  --depth_;
}

}  // namespace demat::xml::detail
