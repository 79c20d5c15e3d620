#pragma once

#include <libxml/parser.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "protocols/xml/arena.hpp"
#include "protocols/xml/libxml.hpp"
#include "protocols/xml/node.hpp"
#include "protocols/xml/parser.hpp"
#include "protocols/xml/structure_scanner.hpp"

namespace demat::xml::detail {

struct FreeDict {
  void operator()(xmlDict* dictionary) const { xmlDictFree(dictionary); }
};
using DictPtr = std::unique_ptr<xmlDict, FreeDict>;

/// What xmlsec works on: libxml2's own tree of the same bytes, made when it is first asked for. xmlsec may
/// write to it: one verification at a time.
struct XmlsecTree {
  std::mutex mutex;
  DocPtr doc;  ///< guarded by `mutex`, as are the others
  bool duplicate_ids = false;
};

/// All that a Document is.
struct DocumentState {
  Encoding encoding;
  Arena arena;
  DictPtr names;
  std::vector<Hole> holes;
  const ElementNode* root = nullptr;
  std::vector<const Node*> signatures;  ///< every ds:Signature, in document order
  std::vector<const Node*> identified;  ///< every element with an `Id`, in document order
  Oddities oddities;
  std::vector<StructureScanner::Placed> placed;  ///< the outer elements, in document order
  std::string copy;        ///< of the bytes, when they are needed later and not the caller's to keep
  std::string_view bytes;  ///< empty when they were not kept
  const ByteSource* source = nullptr;  ///< where the holes' texts are
  mutable XmlsecTree xmlsec;
  mutable std::atomic<std::size_t> canonicalised{0};  ///< bytes of canonical forms made so far
};

}  // namespace demat::xml::detail
