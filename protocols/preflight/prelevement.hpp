#pragma once

#include <cstdint>
#include <vector>

#include "protocols/preflight/comptable.hpp"

namespace demat::preflight {

/// Direct debits of a ligne de titre (InfoPrelevement, InfoPrelevementSEPA). One object for each flow; show
/// it every unit of recette. Internal to this folder.
class Prelevement {
 public:
  [[nodiscard]] static std::vector<const RuleInfo*> rules();

  void look(const Unit& unit, Verdicts& out);

  /// A ligne and what came before it.
  struct Ligne {
    Comptable at;
    bool account;    ///< one of its tiers has a bank account
    bool different;  ///< its direct debit is not that of the lignes before it in the titre
  };

 private:
  bool account_ = false;
  bool some_ = false;        ///< a ligne of the open titre has a direct debit
  std::uint64_t first_ = 0;  ///< and this is what it says, but for the amount
};

}  // namespace demat::preflight
