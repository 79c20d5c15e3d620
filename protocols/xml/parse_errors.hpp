#pragma once

#include <libxml/xmlerror.h>

#include <optional>

#include "protocols/base/error.hpp"

namespace demat::xml::detail {

/// Keeps the first error of one parse; `capture` is given to libxml2 as the structured error function of that
/// parser (never a global one), with the ParseErrors as user data of the parser (`_private`).
class ParseErrors {
 public:
  void add(const xmlError& error);
  /// The error, or a general xml.malformed when libxml2 failed without saying why.
  [[nodiscard]] Error take();
  [[nodiscard]] bool any() const { return first_.has_value(); }

 private:
  std::optional<Error> first_;
};

}  // namespace demat::xml::detail
