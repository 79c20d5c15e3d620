#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "protocols/base/byte_source.hpp"
#include "protocols/base/result.hpp"

namespace demat::pes {

/// Where the reading of a PES_Retour may go on: an entry (a pièce, a client, an ASAP) and the tags around it,
/// in bytes of the document.
struct RetourPlace {
  struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;  ///< one past
    friend bool operator==(const Range&, const Range&) = default;
  };
  std::size_t root_end = 0;  ///< one past the start tag of the root
  Range domain;              ///< the start tag of the domain
  Range bordereau;           ///< from its start tag to its first entry; empty outside of one
  std::size_t entry = 0;     ///< of '<'

  friend bool operator==(const RetourPlace&, const RetourPlace&) = default;
};

/// Whether a document of that size can have such a place; where it is from, nobody vouches for.
[[nodiscard]] bool lies_within(const RetourPlace& place, std::size_t size);

/// The document without the entries before a place: what read_retour() gives of it is what the whole document
/// gives from there on. Nothing is copied; the document must outlive it.
class RetourFrom final : public ByteSource {
 public:
  /// `place` lies within the document.
  RetourFrom(const ByteSource& document, const RetourPlace& place);
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override;
  [[nodiscard]] std::size_t size() const override;
  /// Where a byte of this stands in the document.
  [[nodiscard]] std::size_t in_document(std::size_t offset) const;

 private:
  const ByteSource& document_;
  std::array<RetourPlace::Range, 4> parts_;
};

/// The place of the entry that comes after `passed` others, counted from `from` or the beginning as
/// read_retour() counts them; reads no further. Nothing when there is none, or when it stands deeper than the
/// schema has it, so that a count alone says where it is. Errors: those of reading; `xml.…` for what is no
/// document.
[[nodiscard]] Result<std::optional<RetourPlace>> place_of_entry(const ByteSource& document,
                                                                const std::optional<RetourPlace>& from,
                                                                std::size_t passed);

}  // namespace demat::pes
