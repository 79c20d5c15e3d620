#include "gateway/pipeline/piece_index.hpp"

#include "gateway/pipeline/answer_summary.hpp"
#include "protocols/base/utf8.hpp"

namespace demat::pipeline {
namespace {

constexpr std::size_t batch = 5'000;
/// Bytes of a value that count; numbers of pièces have 13 digits. A hostile file must not fill the table.
constexpr std::size_t longest = 64;

}  // namespace

void PieceIndex::piece(pes::RetourPiece piece) {
  add({std::move(piece.domaine), std::move(piece.exercice), std::move(piece.bordereau),
       std::move(piece.piece), std::move(piece.etat)});
}

void PieceIndex::asap(pes::RetourAsap asap) {
  add({"asap", std::move(asap.exercice), std::move(asap.bordereau), std::move(asap.piece), {}});
}

void PieceIndex::add(store::PieceMark mark) {
  for (auto* value : {&mark.exercice, &mark.bordereau, &mark.piece, &mark.etat})
    value->resize(utf8_first(*value, longest).size());
  marks_.push_back(std::move(mark));
  if (marks_.size() >= batch) write();
}

void PieceIndex::write() {
  if (error_) return;
  if (auto status = store_.returns().index(id_, marks_, afresh_); !status) error_ = std::move(status.error());
  afresh_ = false;
  marks_.clear();
}

Status PieceIndex::finish() {
  if (!marks_.empty()) write();
  if (error_) return failure(std::move(*error_));
  return {};
}

void describe(flow::Return& item, const pes::Retour& retour) {
  item.summary = summary_of(retour);
  item.domaines.clear();
  for (const auto& name : retour.domaines)
    item.domaines.emplace_back(pes::domaine_of(name));
  item.typ_restit = retour.typ_restit;
  item.day = retour.header.dte_str;
}

}  // namespace demat::pipeline
