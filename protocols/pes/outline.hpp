#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/result.hpp"
#include "protocols/pes/pj_content.hpp"
#include "protocols/xml/source.hpp"

namespace demat::pes {

/// The parts of a PES document that people know, one inside the other.
enum class PartKind {
  document,  ///< header of the file
  domaine,   ///< a child of the root: PES_DepenseAller, PES_PJ, PES_RecetteRetour, ACQUIT_RETOUR…
  bordereau,
  piece,  ///< mandat or titre
  ligne,
  pj,
  facture,     ///< FactureIndiv
  marche,      ///< Marche or Concession
  client,      ///< of PES_ClientRetour
  asap,        ///< of PES_AsapRetour
  retour,      ///< ElementACQUIT_RETOUR: a return that was taken in
  signature,   ///< in the document or in a bordereau; read, not verified
  pj_ref,      ///< within a pièce or ligne
  ref_compta,  ///< within a PJ
  paiement,    ///< within a ligne of a return
  reste,       ///< within a client
};
[[nodiscard]] std::string_view to_string(PartKind kind);

/// One value of a part. The key is stable ("numero", "type", "objet"); fr and en say what a code means, and
/// are empty for values that are no code.
struct PartField {
  std::string_view key;
  std::string value;
  std::string_view fr{};
  std::string_view en{};
};

/// What was counted in a part; amounts in cents.
struct PartSums {
  std::size_t bordereaux = 0;
  std::size_t pieces = 0;
  std::size_t lignes = 0;
  std::size_t pj = 0;
  std::size_t factures = 0;
  std::size_t marches = 0;
  std::size_t signatures = 0;
  std::size_t others = 0;  ///< clients, notices, returns
  std::int64_t ht = 0;     ///< of the lignes
  std::int64_t tva = 0;
  bool readable = true;  ///< every amount was a number
};

struct Part {
  PartKind kind = PartKind::document;
  std::string element;  ///< local name
  std::size_t line = 0;
  std::vector<PartField> fields;   ///< in document order; the first of each key
  std::vector<Part> inner;         ///< pj_ref, ref_compta, paiement, reste: at most max_inner
  std::size_t inner_left_out = 0;  ///< beyond
  PartSums sums;                   ///< complete in close()
  PjSizes content;                 ///< of a pj; when its content was read
  Error broken{};                  ///< of a pj: why its content cannot be unpacked; no code: it can
  std::size_t references = 0;      ///< of a pj: pièces and lignes of this file that name it

  /// Empty when absent.
  [[nodiscard]] std::string_view operator[](std::string_view key) const;
  [[nodiscard]] const PartField* field(std::string_view key) const;
};

inline constexpr std::size_t max_inner = 50;
inline constexpr std::size_t max_part_value = 1'000;          ///< bytes kept of one value
inline constexpr std::size_t max_known_references = 100'000;  ///< IdUnique remembered of one document

/// Receives a document part by part, in its order.
class OutlineSink {
 public:
  virtual ~OutlineSink() = default;
  /// A part begins: its own fields are known, but for those that only its content tells (sums, the tiers of a
  /// pièce).
  virtual void open(const Part& part) = 0;
  virtual void close(const Part& part) = 0;
  /// Before the content of the next pj, whose name is only known at its close.
  virtual void begin_content() {}
  /// Bytes of the file in it. An error ends this content, not the document.
  [[nodiscard]] virtual Status content(std::string_view /*bytes*/) { return {}; }
  [[nodiscard]] virtual bool wants_more() const { return true; }
};

struct OutlineOptions {
  bool read_content = true;  ///< unpack attachments: to know their sizes, to take them out
  PjLimits limits{};
};

/// Reads any document of the PES road (PES_Aller of every domain, PES_Retour, PES_ACQUIT_RETOUR) in one pass,
/// in memory that does not depend on its size but for the IdUnique named by pièces. No schema: what is not
/// known is passed over. Acquits are decode_acquit()'s. Tiers identified by their NIR are not numbered, bank
/// accounts are left out. Errors: those of xml::stream.
///
/// A pièce also has, in close(): "tiers" (name of the first), "autres_tiers" (how many others). The document,
/// in close(): "pj_absentes" (electronic attachments named and not in the file; with "+" where
/// more are named than are remembered).
[[nodiscard]] Status read_outline(const xml::ByteSource& source, OutlineSink& sink,
                                  const OutlineOptions& options = {});

}  // namespace demat::pes
