#pragma once

#include <string>
#include <vector>

#include "protocols/base/finding.hpp"
#include "protocols/xsd/model.hpp"

namespace demat::xsd {

/// What a change means for documents that were valid, or not, before it.
enum class Effect {
  widens,    ///< everything valid stays valid
  tightens,  ///< something valid is refused now
  both,      ///< some values gained, others lost
};
[[nodiscard]] const char* to_string(Effect effect);

struct Change {
  std::string code;  ///< "element.added", "value.changed"...
  std::string root;
  std::string path;
  Effect effect = Effect::both;
  Words what;
};

/// What becomes of documents of this root from grammar `before` to `after`, in the order of the schema. Two
/// types written differently are compared by what they admit: every value at the edge of a facet of one of
/// them, and common ones, are put to both (libxml2 judges), so a difference named comes with an example, and
/// types that no such value tells apart count as equal. Unions and lists are compared by their text. Not
/// compared: what signatures hold, defaults, whether an empty choice is allowed.
[[nodiscard]] std::vector<Change> compare(const Grammar& before, const Grammar& after);

}  // namespace demat::xsd
