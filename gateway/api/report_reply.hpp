#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "gateway/flow/answers.hpp"
#include "gateway/http/message.hpp"
#include "protocols/report/sheet.hpp"

namespace demat::api {

enum class ReportForm { json, text, html };

/// What the header Accept likes best of the three (RFC 9110 12.5.1); JSON when it says nothing, anything, or
/// none of them.
[[nodiscard]] ReportForm wanted_form(const http::Request& request);

/// The anomalies of an acquit as findings: what they mean first, what to do, in the words of this gateway,
/// and what Hélios said as the value.
[[nodiscard]] Report answer_of(const std::vector<flow::AcquitAnomaly>& anomalies);

/// The report as text, in the language of Accept-Language (French with English beneath when it does not say),
/// or as a page. Not for ReportForm::json.
[[nodiscard]] http::Response report_reply(ReportForm form, const report::Sheet& sheet,
                                          const http::Request& request);

}  // namespace demat::api
