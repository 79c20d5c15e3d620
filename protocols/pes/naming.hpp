#pragma once

#include <map>
#include <string>
#include <string_view>

#include "protocols/base/result.hpp"

namespace demat::pes {

/// Values for the placeholders of a template, e.g. {"CodCol", "123"}.
using TemplateValues = std::map<std::string, std::string, std::less<>>;

/// Fills "{Name}" placeholders: `PES#{CodCol}#{IdPost}#{CodBud}`, `PESALR2_{Siren}_{yymmdd}_{NNN}.xml`,
/// `{P_DEST}%%{P_APPLI}%%{P_MSG}%%{sha1}` (helios 3.2, 3.3). `{NNN}` pads the value of "Counter" to three
/// digits and lets it grow. Errors: `naming.unknown_placeholder`, `naming.missing_value` (empty value),
/// `naming.unsafe` when a value would bring a control character, and, for file names, a slash or a leading
/// dot (rigs §1, helios B6).
enum class TemplateUse { parameter, file_name };
[[nodiscard]] Result<std::string> fill_template(std::string_view text, const TemplateValues& values,
                                                TemplateUse use);

/// Checks a template at start: balanced braces and only known placeholder names.
[[nodiscard]] Status check_template(std::string_view text);

/// What to do with a name found in the return directory before it is opened (helios 3.4).
enum class ReturnName { fetch, echo, ocre, unsafe };
[[nodiscard]] ReturnName classify_return_name(std::string_view name);

}  // namespace demat::pes
