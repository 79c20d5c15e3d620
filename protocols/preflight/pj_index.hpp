#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "protocols/rules/unit.hpp"

/// Which attachments a flow refers to and which it carries. Internal to this folder.
namespace demat::preflight {

/// One PJRef of a pièce or a ligne.
struct PjReference {
  std::uint64_t id = 0;  ///< IdUnique, hashed
  std::uint32_t order = 0, line = 0;
  std::uint32_t piece = 0;     ///< as a number
  std::uint32_t text_at = 0;   ///< its id and the numbers of its holder, as they stand
  std::uint8_t text_size = 0;  ///< of the id
  std::uint8_t exercice_size = 0, bordereau_size = 0, piece_size = 0, ligne_size = 0;
  std::uint8_t support = 0;
  std::uint8_t type = 0;     ///< TypePJ, 0 where it is not said
  std::uint8_t edition = 0;  ///< of the titre, 0 where it is not said
  bool recette = false;
  bool carried = false;  ///< the flow has that attachment
};

/// Remembers references in some eighty bytes each and attachments in eight, up to a limit beyond which it
/// only says that it stopped. References come before attachments in a flow; the other order costs time,
/// nothing else. Not thread-safe.
class PjIndex {
 public:
  explicit PjIndex(std::size_t limit = 200'000) : limit_(limit) {}
  void limit(std::size_t entries) { limit_ = entries; }
  /// A PJRef as it stands in the flow.
  struct Announced {
    std::string_view id, support, type, edition;
    std::size_t line = 0;
  };
  /// `holder`: the pièce or ligne it stands in.
  void refer(const Subject& holder, const Announced& announced);
  /// The references to that attachment, now known to be carried.
  [[nodiscard]] std::span<PjReference> references(std::string_view id);
  /// False when the flow carried it before.
  [[nodiscard]] bool carry(std::string_view id);
  /// In the order of the document.
  [[nodiscard]] std::vector<PjReference> not_carried();
  /// The pièce or ligne it stands in and the attachment, as other findings name them.
  [[nodiscard]] Subject subject(const PjReference& reference) const;
  [[nodiscard]] bool full() const { return references_.size() >= limit_ || carried_.size() >= limit_; }
  [[nodiscard]] bool any_carried() const { return !carried_.empty(); }

 private:
  void sort();

  std::vector<PjReference> references_;
  std::string text_;
  std::unordered_set<std::uint64_t> carried_;
  std::size_t limit_;
  bool sorted_ = true;
};

}  // namespace demat::preflight
