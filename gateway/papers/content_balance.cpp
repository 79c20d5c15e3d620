#include "gateway/papers/content_balance.hpp"

#include <algorithm>

namespace demat::papers {

namespace {

constexpr std::size_t longest_word = 4;  // no operator that matters is longer

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

bool is_delimiter(char c) {
  return std::string_view("()<>[]{}/%").find(c) != std::string_view::npos;
}

}  // namespace

void ContentBalance::feed(std::string_view bytes) {
  for (const char c : bytes)
    take(c);
}

void ContentBalance::end_of_stream() {
  take('\n');
}

void ContentBalance::start(char c) {
  word_.clear();
  if (c == '(') {
    state_ = State::string;
    parentheses_ = 1;
  } else if (c == '<') {
    state_ = State::angle;
  } else if (c == '%') {
    state_ = State::comment;
  } else if (c == '/') {
    state_ = State::name;
  } else if (is_space(c) || is_delimiter(c)) {
    state_ = State::between;
  } else {
    state_ = State::word;
    word_ = c;
  }
}

void ContentBalance::take(char c) {
  switch (state_) {
    case State::between:
      return start(c);
    case State::word:
      if (!is_space(c) && !is_delimiter(c)) {
        if (word_.size() <= longest_word) word_ += c;
        return;
      }
      end_of_word();
      if (state_ != State::image) start(c);
      return;
    case State::name:
      if (is_space(c) || is_delimiter(c)) start(c);
      return;
    case State::string:
      if (c == '\\') state_ = State::escape;
      if (c == '(') ++parentheses_;
      if (c == ')' && --parentheses_ == 0) state_ = State::between;
      return;
    case State::escape:
      state_ = State::string;
      return;
    case State::angle:
      state_ = c == '<' || c == '>' ? State::between : State::hexadecimal;
      return;
    case State::hexadecimal:
      if (c == '>') state_ = State::between;
      return;
    case State::comment:
      if (c == '\n' || c == '\r') state_ = State::between;
      return;
    case State::image:
      return image_byte(c);
  }
}

void ContentBalance::end_of_word() {
  state_ = State::between;
  if (word_ == "q") ++depth_;
  if (word_ == "Q") lowest_ = std::min(lowest_, --depth_);
  if (word_ == "BT") in_text_ = true;
  if (word_ == "ET") in_text_ = false;
  if (word_ == "BI") image_dictionary_ = true;
  if (word_ == "ID" && image_dictionary_) {
    state_ = State::image;
    image_dictionary_ = false;
    tail_.clear();
  }
}

/// Image data ends where EI stands between blanks.
void ContentBalance::image_byte(char c) {
  if (tail_.size() == 3 && is_space(tail_[0]) && tail_.substr(1) == "EI" && is_space(c)) {
    state_ = State::between;
    return;
  }
  tail_ += c;
  if (tail_.size() > 3) tail_.erase(0, 1);
}

}  // namespace demat::papers
