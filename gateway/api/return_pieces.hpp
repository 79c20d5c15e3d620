#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/pes/retour.hpp"

namespace demat::api {

/// Which entries of a return a page is about; what is not set is not asked.
struct PieceFilter {
  std::optional<std::string> domaine{};
  std::optional<std::string> exercice{};
  std::optional<std::string> bordereau{};
  std::optional<std::string> piece{};
  std::optional<std::string> etat{};       ///< of the pièce; clients and ASAP have none
  std::optional<std::string> ref_tiers{};  ///< of a client
};

/// What a page shows, and the cursor of the next one; empty when that was all.
struct Pieces {
  boost::json::array items;
  std::string next;
};

/// Reads one page of a PES_Retour. A cursor says where its entry stands in the document, so that a page costs
/// what it shows, wherever it is. `first_ligne`: lines of each pièce passed over. Errors: `api.parameter` for
/// a cursor that is none of this document, those of read_retour(). Thread-safe.
[[nodiscard]] Result<Pieces> read_pieces(const ByteSource& document, PieceFilter filter,
                                         std::string_view cursor, std::size_t limit, std::size_t first_ligne);

/// One page of what a PES_Retour says, as JSON, codes with their words: pièces with their lines, clients,
/// ASAP, in document order. Reads no further than the page needs.
class PiecePage final : public pes::RetourSink {
 public:
  /// `first`: entries of the document passed over, as next() said.
  PiecePage(PieceFilter filter, std::size_t first, std::size_t limit)
      : filter_(std::move(filter)), first_(first), limit_(limit) {}

  void piece(pes::RetourPiece piece) override;
  void client(pes::RetourClient client) override;
  void asap(pes::RetourAsap asap) override;
  [[nodiscard]] bool wants_more() const override { return !next_; }

  [[nodiscard]] boost::json::array take() { return std::move(items_); }
  /// Where the next page starts; nothing when that was all.
  [[nodiscard]] std::optional<std::size_t> next() const { return next_; }

 private:
  /// Whether the entry that passes now is to be shown.
  [[nodiscard]] bool takes(bool matches);

  PieceFilter filter_;
  std::size_t first_;
  std::size_t limit_;
  std::size_t passed_ = 0;
  std::optional<std::size_t> next_;
  boost::json::array items_;
};

}  // namespace demat::api
