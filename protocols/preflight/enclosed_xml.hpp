#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/preflight/judging.hpp"
#include "protocols/preflight/pj_index.hpp"

namespace demat::preflight {

/// An XML document that an attachment holds, of a kind whose schema is known: a PES_Facture, a document
/// budgétaire. While the attachment passes, its gzip is kept, up to a limit, and only where the document
/// begins like one of these; when it closes, one pass holds it against its schema (PjOptions::pack) and, for
/// invoices, against their rules. Findings lie inside the attachment: ".../PJ[2]/Contenu/Fichier!/PES_Aller",
/// at its line. Internal to this folder; not thread-safe.
class EnclosedXml {
 public:
  /// Bytes of gzip kept of one attachment.
  void limit(std::size_t gzip) { most_ = gzip; }
  /// The next bytes of the gzip; before what they unpack to.
  void keep(std::string_view gzip);
  /// The next bytes of the document.
  void take(std::string_view content);
  /// Whether what was taken looks like XML with a PES_Facture.
  [[nodiscard]] bool facture();
  /// Judges what was kept of `pj`, in which it lies and which was read to its end: `size` bytes once
  /// unpacked. `references` are those of the flow to it.
  void judge(const Unit& pj, std::size_t size, std::span<const PjReference> references, Verdicts& out);
  /// Ready for the next attachment.
  void restart();

  [[nodiscard]] static std::vector<const RuleInfo*> rules();

  /// A kind of document that is looked into.
  struct Kind {
    std::string_view root;
    std::string_view entry;  ///< root of the schema it is held against
  };

 private:
  void settle();
  [[nodiscard]] std::string_view name() const;
  void judge_type(const Unit& pj, Verdicts& out);
  void read(const Unit& pj, std::size_t size, bool judges_schema, bool invoices,
            std::span<const PjReference> references, Verdicts& out);

  std::string gzip_;
  std::string head_;  ///< of the document, until it is settled
  const Kind* kind_ = nullptr;
  std::size_t most_ = 0;
  std::size_t spent_ = 0;  ///< bytes read of all attachments so far
  bool settled_ = false;
  bool facture_ = false;
  bool too_large_ = false;
};

}  // namespace demat::preflight
