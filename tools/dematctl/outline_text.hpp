#pragma once

#include "protocols/pes/outline.hpp"
#include "tools/dematctl/output.hpp"

namespace demat::ctl {

/// Prints a document as a tree while it passes: one line for each part, indented. Lines leave in blocks; the
/// last one with flush(), or at the end of its life.
class OutlineText final : public pes::OutlineSink {
 public:
  OutlineText(Output& out, bool lignes) : out_(out), lignes_(lignes) {}
  void open(const pes::Part& part) override;
  void close(const pes::Part& part) override;
  ~OutlineText() override { flush(); }
  OutlineText(const OutlineText&) = delete;
  OutlineText& operator=(const OutlineText&) = delete;
  /// Before anything else is printed.
  void flush();

 private:
  void line(std::size_t indent, const std::string& text);
  void document(const pes::Part& part);
  void domaine(const pes::Part& part);
  void bordereau(const pes::Part& part);
  void piece(const pes::Part& part);
  void piece_head(const pes::Part& part);
  void ligne(const pes::Part& part);
  void pj(const pes::Part& part);
  void signature(const pes::Part& part);
  void other(const pes::Part& part);
  void totals(const pes::Part& part);

  [[nodiscard]] std::size_t level() const { return depth_ > 0 ? depth_ - 1 : 0; }

  Output& out_;
  bool lignes_;
  std::string held_;  ///< lines not printed yet
  std::string domaine_;
  std::size_t depth_ = 0;  ///< parts around the current one
};

/// "HT 100,00 €, TVA 20,00 €, TTC 120,00 €"; the amounts as they stand when they are none.
[[nodiscard]] std::string amounts_text(const pes::PartSums& sums);
/// "1 234 octets", "2,4 Mo" (decimal, as the limits of Hélios are).
[[nodiscard]] std::string size_text(std::size_t bytes);
/// What a pièce is called in that domain: "Mandat", "Titre", "Pièce".
[[nodiscard]] std::string_view piece_word(std::string_view domaine);

}  // namespace demat::ctl
