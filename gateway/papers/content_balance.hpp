#pragma once

// Inner header: what a page's content leaves open.

#include <string>
#include <string_view>

namespace demat::papers {

/// Reads content operators as they come and counts those that save and restore the graphics state. A page may
/// leave states saved, or restore more than it saved; what is drawn after it must know. Not thread-safe.
class ContentBalance {
 public:
  void feed(std::string_view bytes);
  /// At the end of one of the page's streams: no operator goes across.
  void end_of_stream();

  [[nodiscard]] int left_open() const { return depth_ - lowest_; }  ///< states saved and not restored
  [[nodiscard]] int too_many() const { return -lowest_; }           ///< restored without having been saved
  [[nodiscard]] bool in_text() const { return in_text_; }           ///< a text object is not closed

 private:
  enum class State { between, word, name, string, escape, angle, hexadecimal, comment, image };
  void take(char c);
  void start(char c);
  void end_of_word();
  void image_byte(char c);

  State state_ = State::between;
  std::string word_;
  int parentheses_ = 0;
  int depth_ = 0;
  int lowest_ = 0;
  bool in_text_ = false;
  bool image_dictionary_ = false;
  std::string tail_;  ///< last bytes of inline image data
};

}  // namespace demat::papers
