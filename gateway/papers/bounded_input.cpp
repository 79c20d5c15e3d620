#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "gateway/papers/qpdf_headers.hpp"
#include "gateway/papers/reading_budget.hpp"

namespace demat::papers {

namespace {

constexpr std::size_t window_bytes = 65'536;
constexpr std::size_t stream_read = 4'096;  // qpdf reads so much at once only from a stream's data

/// Bytes of a document that are looked at as a whole where they can be; of a larger one the pages that are
/// mapped would count as our memory.
constexpr std::size_t mapped_most = 16'777'216;

std::string_view whole_of(const ByteSource& source) {
  return source.size() <= mapped_most ? source.view() : std::string_view();
}

class BoundedInput final : public InputSource {
 public:
  BoundedInput(const ByteSource& source, ReadingBudget& budget)
      : source_(source), budget_(budget), size_(source.size()), whole_(whole_of(source)) {}

  std::string const& getName() const override { return name_; }
  qpdf_offset_t tell() override { return static_cast<qpdf_offset_t>(at_); }
  void rewind() override { at_ = 0; }
  void unreadCh(char) override {
    if (at_ > 0) --at_;
  }

  void seek(qpdf_offset_t offset, int whence) override {
    qpdf_offset_t base = 0;
    if (whence == SEEK_END) base = static_cast<qpdf_offset_t>(size_);
    if (whence == SEEK_CUR) base = static_cast<qpdf_offset_t>(at_);
    if (base + offset < 0) throw std::runtime_error("seek before the start");
    at_ = static_cast<std::size_t>(base + offset);
  }

  std::size_t read(char* into, std::size_t length) override {
    last_offset = static_cast<qpdf_offset_t>(std::min(at_, size_));
    if (at_ >= size_) return 0;
    length = std::min(length, size_ - at_);
    spend(length);
    for (std::size_t done = 0; done < length;) {
      const std::string_view bytes = here();
      const std::size_t part = std::min(length - done, bytes.size());
      std::memcpy(into + done, bytes.data(), part);
      done += part;
      at_ += part;
    }
    return length;
  }

  qpdf_offset_t findAndSkipNextEOL() override {
    const std::size_t from = std::min(at_, size_);
    at_ = from;
    std::size_t end = size_;
    while (at_ < size_ && end == size_) {
      const std::string_view bytes = here();
      const auto found = bytes.find_first_of("\r\n");
      if (found != bytes.npos) end = at_ + found;
      at_ += std::min(found, bytes.size());
    }
    while (at_ < size_ && (here().front() == '\r' || here().front() == '\n'))
      ++at_;
    spend(at_ - from);
    last_offset = static_cast<qpdf_offset_t>(from);
    return static_cast<qpdf_offset_t>(end);
  }

 private:
  void spend(std::size_t bytes) {
    const std::size_t of_table = budget_.reading_table && bytes >= stream_read ? bytes : 0;
    if (!budget_.exhausted && of_table > budget_.decoded_left) budget_.exhausted = true;
    if (!budget_.exhausted)
      budget_.exhausted =
          bytes > budget_.bytes_left || (budget_.too_many_complaints && budget_.too_many_complaints());
    if (budget_.exhausted) throw std::runtime_error("the document costs too much to read");
    budget_.bytes_left -= bytes;
    budget_.decoded_left -= of_table;
  }

  /// What can be seen from the present place on; never empty before the end.
  std::string_view here() {
    if (!whole_.empty()) return whole_.substr(at_);
    if (at_ < window_start_ || at_ >= window_start_ + window_.size()) fill();
    return std::string_view(window_.data(), window_.size()).substr(at_ - window_start_);
  }

  void fill() {
    const std::size_t start = at_ - at_ % 4'096;  // unreadCh and short steps back stay inside
    window_.resize(std::min(window_bytes, size_ - start));
    for (std::size_t done = 0; done < window_.size();) {
      const auto part = source_.read(start + done, std::span(window_).subspan(done));
      if (!part || *part == 0) fail(part);
      done += *part;
    }
    window_start_ = start;
  }

  [[noreturn]] void fail(const Result<std::size_t>& part) {
    window_.clear();
    budget_.exhausted = true;
    budget_.source_error = part ? waiting_error("actes.pdf.source", "Le fichier n'a pu être relu en entier.",
                                                "The file could not be read again as a whole.")
                                : part.error();
    throw std::runtime_error("the source cannot be read");
  }

  const ByteSource& source_;
  ReadingBudget& budget_;
  std::string name_ = "document";
  std::size_t size_ = 0;
  std::string_view whole_;  ///< of a small document
  std::size_t at_ = 0;
  std::size_t window_start_ = 0;
  std::vector<char> window_;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_blank(char c) {
  return c == ' ' || c == '\r' || c == '\n';
}

/// "1 0 obj", but not "endobj".
std::size_t count_beginnings(std::string_view bytes) {
  std::size_t count = 0;
  for (std::size_t at = bytes.find("obj", 1); at != bytes.npos; at = bytes.find("obj", at + 3))
    if (bytes[at - 1] != 'd') ++count;
  return count;
}

/// "0000000016 00000 n", and f for free.
std::size_t count_table_lines(std::string_view bytes, char kind) {
  std::size_t count = 0;
  for (std::size_t at = bytes.find(kind, 2); at != bytes.npos && at + 1 < bytes.size();
       at = bytes.find(kind, at + 1))
    if (bytes[at - 1] == ' ' && is_digit(bytes[at - 2]) && is_blank(bytes[at + 1])) ++count;
  return count;
}

std::size_t count_in(std::string_view bytes) {
  return std::max(count_beginnings(bytes), count_table_lines(bytes, 'n') + count_table_lines(bytes, 'f'));
}

}  // namespace

std::shared_ptr<InputSource> bounded_input(const ByteSource& source, ReadingBudget& budget) {
  return std::make_shared<BoundedInput>(source, budget);
}

Result<std::size_t> count_objects(const ByteSource& source) {
  if (const auto whole = whole_of(source); !whole.empty()) return count_in(whole);
  constexpr std::size_t overlap = 3;  // what is looked for may lie across two chunks
  std::vector<char> chunk(262'144);
  std::size_t count = 0;
  for (std::size_t at = 0; at < source.size();) {
    const auto part = source.read(at, chunk);
    if (!part) return failure(part.error());
    if (*part <= overlap) break;
    count += count_in({chunk.data(), *part});
    at += *part - overlap;
  }
  return count;
}

}  // namespace demat::papers
