#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "protocols/report/sheet.hpp"

/// Findings as the JSON of docs/openapi.yaml. Empty members are left out.
namespace demat::report {

[[nodiscard]] boost::json::object to_json(const Finding& finding);
/// {"accepted", "verdict": {"fr", "en"}, "counts": {"errors", "warnings", "infos"}, "findings": [...]}, the
/// findings in_order().
[[nodiscard]] boost::json::object to_json(const Report& report);

/// What to_json() wrote; what is missing or of another type is left empty, an unknown severity is an error.
[[nodiscard]] Finding finding_from(const boost::json::object& object);
/// The findings of that member.
[[nodiscard]] Report report_from(const boost::json::object& object, std::string_view member = "findings");

}  // namespace demat::report
