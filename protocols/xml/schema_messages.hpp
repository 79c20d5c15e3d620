#pragma once

#include <libxml/xmlerror.h>

#include <string>

#include "protocols/base/finding.hpp"

namespace demat::xml::detail {

/// One schema error in words. Values are shortened, and left out where they may be personal data.
struct SchemaMessage {
  Finding finding;
  std::string subject;         ///< element and attribute, to recognise libxml2's second remark on one value
  bool about_value = false;    ///< a facet or a type
  bool about_content = false;  ///< an element missing or not expected
};

[[nodiscard]] SchemaMessage describe(const xmlError& error, Place place);

}  // namespace demat::xml::detail
