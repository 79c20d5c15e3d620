#include <algorithm>
#include <cstring>

#include "protocols/xades/splice.hpp"
#include "protocols/xades/splice_texts.hpp"

namespace demat::xades {
namespace {

constexpr std::size_t window_bytes = 65'536;
constexpr std::size_t look_back = 64;  ///< the '<' that both texts share lies this near
constexpr std::size_t largest_signature = 1'048'576;

/// As many bytes as there are, up to `size`, from `offset` on.
Result<std::string> slice(const ByteSource& source, std::size_t offset, std::size_t size) {
  std::string out(std::min(size, source.size() - std::min(offset, source.size())), '\0');
  for (std::size_t done = 0; done < out.size();) {
    const auto got = source.read(offset + done, std::span(out).subspan(done));
    if (!got) return failure(got.error());
    if (*got == 0)
      return failure(waiting_error("xml.source", "Le fichier n'a pu être relu en entier.",
                                   "The file could not be read again as a whole."));
    done += *got;
  }
  return out;
}

/// Walks two sources that should differ by our signatures only.
class Comparison {
 public:
  Comparison(const ByteSource& original, const ByteSource& signed_bytes)
      : original_(original), signed_(signed_bytes) {}

  Status run() {
    while (true) {
      const auto ours = slice(original_, at_original_, window_bytes);
      if (!ours) return failure(ours.error());
      const auto theirs = slice(signed_, at_signed_, window_bytes);
      if (!theirs) return failure(theirs.error());
      const auto common = common_prefix(*ours, *theirs);
      at_original_ += common;
      at_signed_ += common;
      if (common == window_bytes) continue;
      if (common == ours->size() && common == theirs->size()) return {};
      if (auto status = skip_signature(); !status) return status;
    }
  }

 private:
  Status skip_signature() {
    const auto next = slice(original_, at_original_, 2);
    if (!next) return failure(next.error());
    const auto back = std::min({look_back, at_signed_, at_original_});
    const auto text = slice(signed_, at_signed_ - back, largest_signature);
    if (!text) return failure(text.error());
    const std::string_view seen(*text);
    const bool opened = *next == "/>" && seen.substr(back).starts_with('>');
    const auto begin = opened ? back + 1 : seen.rfind('<', back);
    if (begin == std::string_view::npos || !seen.substr(begin).starts_with(signature_begin))
      return failure(bytes_changed("before a signature"));
    auto end = seen.find(signature_end, begin);
    if (end == std::string_view::npos) return failure(bytes_changed("a signature without end"));
    end += signature_end.size();
    if (opened) {  // `<B>` + signature + `</B>` stands for `<B/>`
      const auto end_tag = seen.find('>', end);
      if (end_tag == std::string_view::npos || !seen.substr(end).starts_with("</"))
        return failure(bytes_changed("after a signature"));
      end = end_tag + 1;
      at_original_ += 2;
    } else {
      at_original_ -= back - begin;
    }
    at_signed_ = at_signed_ - back + end;
    return {};
  }

  const ByteSource& original_;
  const ByteSource& signed_;
  std::size_t at_original_ = 0;
  std::size_t at_signed_ = 0;
};

}  // namespace

void SplicedSource::add_original(std::size_t from, std::size_t to) {
  if (from == to) return;
  pieces_.push_back({size_, to - from, from, {}, false});
  size_ += to - from;
}

void SplicedSource::add_text(std::string text) {
  const auto size = text.size();
  pieces_.push_back({size_, size, 0, std::move(text), true});
  size_ += size;
}

Result<SplicedSource> SplicedSource::make(const ByteSource& original,
                                          const std::vector<Insertion>& insertions) {
  constexpr std::size_t longest_name = 1'024;
  SplicedSource out(original);
  std::size_t done = 0;
  for (const auto& [span, text, element] : insertions) {
    if (!span.self_closing) {
      out.add_original(done, span.end_begin);
      out.add_text(text);
      done = span.end_begin;
      continue;
    }
    const auto tag = slice(original, span.begin, std::min(longest_name, span.end - span.begin));
    if (!tag) return failure(tag.error());
    out.add_original(done, span.end - 2);
    out.add_text(">" + text + "</" + std::string(tag_name(*tag, 0)) + ">");
    done = span.end;
  }
  out.add_original(done, original.size());
  return out;
}

Result<std::size_t> SplicedSource::read(std::size_t offset, std::span<char> buffer) const {
  if (offset >= size_ || buffer.empty()) return std::size_t{0};
  const auto after =
      std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                       [](std::size_t wanted, const Piece& piece) { return wanted < piece.begin; });
  const Piece& piece = *std::prev(after);
  const auto within = offset - piece.begin;
  const auto size = std::min(buffer.size(), piece.size - within);
  if (!piece.inserted) return original_->read(piece.from + within, buffer.first(size));
  std::memcpy(buffer.data(), piece.text.data() + within, size);
  return size;
}

Status only_signatures_added(const ByteSource& original, const ByteSource& signed_bytes) {
  return Comparison(original, signed_bytes).run();
}

}  // namespace demat::xades
