#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/byte_source.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xml/tag_scanner.hpp"

namespace demat::xades {

/// A text to put as last content of an element.
struct Insertion {
  xml::ElementSpan span;  ///< of the element, in the original bytes
  std::string text;
  std::string element{};  ///< its Id, where the text is a signature
};

/// The original bytes with every text inserted just before its element's end tag; no other byte changes. An
/// empty element tag `<B/>` is opened first, the only way to give it content. Insertions come in document
/// order and their elements do not nest. One pass over the bytes.
[[nodiscard]] std::string splice(std::string_view bytes, const std::vector<Insertion>& insertions);

/// The same as a source over the original, which it refers to: for a document that is never in memory as a
/// whole. Const use from several threads is safe.
class SplicedSource final : public ByteSource {
 public:
  /// Errors: those of reading `original`, for the names of empty element tags.
  [[nodiscard]] static Result<SplicedSource> make(const ByteSource& original,
                                                  const std::vector<Insertion>& insertions);
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override;
  [[nodiscard]] std::size_t size() const override { return size_; }

 private:
  /// A stretch of the result: of the original from `from` on, or `text`.
  struct Piece {
    std::size_t begin = 0;
    std::size_t size = 0;
    std::size_t from = 0;
    std::string text;
    bool inserted = false;
  };

  explicit SplicedSource(const ByteSource& original) : original_(&original) {}
  void add_original(std::size_t from, std::size_t to);
  void add_text(std::string text);

  const ByteSource* original_;
  std::vector<Piece> pieces_;
  std::size_t size_ = 0;
};

/// Success when `signed_bytes` without the ds:Signature elements that Assembly writes is `original`, byte for
/// byte (signature RS11); else `xades.bytes_changed`. Undoes what splice() does to empty element tags.
/// Linear.
[[nodiscard]] Status only_signatures_added(std::string_view original, std::string_view signed_bytes);

/// The same for sources, in constant memory, whatever made them. Errors: also those of reading.
[[nodiscard]] Status only_signatures_added(const ByteSource& original, const ByteSource& signed_bytes);

}  // namespace demat::xades
