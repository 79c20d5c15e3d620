#pragma once

#include <string_view>

#include "protocols/base/finding.hpp"

namespace demat::xades {

enum class Indication { passed, failed, indeterminate };
[[nodiscard]] const char* to_string(Indication indication);

/// What the checks can say: one row of a table holds severity, consequence and both texts (signature 1.9: the
/// tolerances are data). `code` must be in the table; `value` replaces `{}` in the texts.
[[nodiscard]] Finding make_remark(std::string_view code, Place place, std::string_view value = {});

/// What a finding of error severity does to the verdict: failed for a broken or forbidden signature,
/// indeterminate when the cryptography is sound but the circumstances are not.
[[nodiscard]] Indication consequence(const Finding& finding);

}  // namespace demat::xades
