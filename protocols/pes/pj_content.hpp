#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "protocols/base/result.hpp"

namespace demat::pes {

/// What the content of one attachment may cost whoever unpacks it.
struct PjLimits {
  /// Bytes once unpacked. Ours: a flow has 100 MB and PDF hardly shrinks.
  std::size_t content = 268'435'456;
  /// Unpacked bytes for each packed byte, counted from `ratio_from` on. Deflate cannot do more than 1032;
  /// invoices in XML, the best case that is real, reach about 30.
  std::size_t ratio = 200;
  std::size_t ratio_from = 4'194'304;
  /// gzip members, read one after the other as one content, as gzip(1) and Java do.
  std::size_t members = 64;
};

/// Bytes counted so far.
struct PjSizes {
  std::size_t packed = 0;    ///< of gzip, base64 undone
  std::size_t content = 0;   ///< of the file itself
  std::size_t members = 0;   ///< gzip members that ended well
  std::size_t trailing = 0;  ///< after the last member; readers ignore them, so they are no error
};

/// Reads the content of one PES_PJ Fichier, base64 of gzip (helios 2.5, P10), piece by piece, in memory that
/// does not depend on its size. White space is skipped, missing '=' accepted. Not thread-safe.
///
/// Errors, all permanent but the sink's own: pj.empty (no gzip at all), pj.empty_content (one of
/// nothing), pj.base64, pj.not_gzip, pj.damaged (deflate, checksum
/// or length), pj.truncated, pj.too_large, pj.ratio, pj.members. After one, every call gives it again at no
/// cost, so that a document can pass on.
class PjContent {
 public:
  /// Takes the next bytes of the file; its error ends the reading.
  using Sink = std::function<Status(std::string_view)>;

  /// Takes the next bytes of the gzip itself, before what they unpack to.
  using PackedSink = std::function<void(std::string_view)>;

  /// Without a sink, the content is checked and counted only.
  explicit PjContent(const PjLimits& limits = {}, Sink sink = {}, PackedSink packed = {});
  ~PjContent();
  PjContent(PjContent&&) noexcept;
  PjContent& operator=(PjContent&&) noexcept;

  /// The next piece of the text.
  [[nodiscard]] Status add(std::string_view base64_piece);
  /// The text has ended. Call once, after the last piece.
  [[nodiscard]] Status finish();
  [[nodiscard]] const PjSizes& sizes() const;
  /// Ready for the next attachment, with the same limits and sink and without new memory.
  void restart();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace demat::pes
