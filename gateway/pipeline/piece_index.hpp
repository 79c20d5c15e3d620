#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/store/returns.hpp"
#include "protocols/pes/retour.hpp"

namespace demat::pipeline {

/// Writes what a return is found by while it is read, some thousands of pièces at a time, so that a return of
/// any size takes little memory and never holds the store's writer for long. After an error nothing more is
/// read. Used by one thread; the store outlives it.
class PieceIndex final : public pes::RetourSink {
 public:
  PieceIndex(store::Store& store, ReturnId id) : store_(store), id_(std::move(id)) {}

  void piece(pes::RetourPiece piece) override;
  void asap(pes::RetourAsap asap) override;
  [[nodiscard]] bool wants_more() const override { return !error_; }

  /// Writes the rest.
  [[nodiscard]] Status finish();

 private:
  void add(store::PieceMark mark);
  void write();

  store::Store& store_;
  ReturnId id_;
  std::vector<store::PieceMark> marks_;
  std::optional<Error> error_;
  bool afresh_ = true;
};

/// Puts what the return says of itself into its row.
void describe(flow::Return& item, const pes::Retour& retour);

}  // namespace demat::pipeline
