#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/result.hpp"
#include "protocols/preflight/judging.hpp"
#include "protocols/preflight/pj_index.hpp"

namespace demat::preflight {

/// The PES_Facture that an attachment of type 006 holds, judged by the rules of invoices. Its content is kept
/// while it passes, up to a limit, and only where it looks like one. Findings lie inside the attachment:
/// ".../PJ[2]/Contenu/Fichier!/PES_Aller/PES_Facture/FactureIndiv", at its line. Internal to this folder; not
/// thread-safe.
class EnclosedFacture {
 public:
  /// Bytes of XML kept: some ten thousand invoices.
  static constexpr std::size_t most = 16'777'216;

  /// The next bytes of the content.
  [[nodiscard]] Status take(std::string_view piece);
  /// Whether what was taken looks like a PES_Facture.
  [[nodiscard]] bool found() const;
  /// Judges what was taken of `pj`, in which it lies; `references` are those of the flow to it.
  void judge(const Unit& pj, std::span<const PjReference> references, Verdicts& out) const;
  /// Ready for the next attachment.
  void restart();

  /// The rules it adds to those of invoices.
  [[nodiscard]] static std::vector<const RuleInfo*> rules();

 private:
  std::string text_;
  bool too_large_ = false;
  bool something_else_ = false;
};

}  // namespace demat::preflight
