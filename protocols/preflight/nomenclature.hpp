#pragma once

#include <cstdint>

#include "protocols/preflight/comptable.hpp"

namespace demat::preflight {

/// The nomenclature of the budget is not in a flow, but some elements belong to some nomenclatures only
/// (helios P5). A flow is of one budget, hence of one nomenclature: two elements that no nomenclature has
/// together are a fault of one of them. One object for each flow. Internal to this folder.
class Nomenclature {
 public:
  [[nodiscard]] static const RuleInfo& rule();

  void look(const Unit& unit, Verdicts& out);

  /// An element that only some nomenclatures have.
  struct Mark {
    std::string_view element;
    std::string_view where;  ///< the nomenclatures, in words
    std::uint32_t set;       ///< and as a set
  };

 private:
  void met(const Mark& mark, const Unit& unit, FieldName field, Verdicts& out);

  std::uint32_t left_ = ~0U;  ///< nomenclatures that have all that was met
  std::uint32_t met_ = 0;     ///< marks met, by place in the table
  bool said_ = false;
};

}  // namespace demat::preflight
