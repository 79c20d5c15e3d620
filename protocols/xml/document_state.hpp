#pragma once

#include <mutex>

namespace demat::xml::detail {

/// What a Document keeps beside its xmlDoc, reachable as `_private` of the xmlDoc.
struct DocumentState {
  std::mutex xmlsec;            ///< xmlsec may write to the tree it verifies: one verification at a time
  bool ids_registered = false;  ///< guarded by `xmlsec`
  bool duplicate_ids = false;   ///< guarded by `xmlsec`
};

}  // namespace demat::xml::detail
