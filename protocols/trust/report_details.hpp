#pragma once

// Inner header: the lines of a readable report that say more than names and verdicts.

#include <boost/json/object.hpp>
#include <string>

#include "protocols/trust/flow_report.hpp"

namespace demat::trust {

/// The file and how it is signed; of a stored report, older ones say less.
[[nodiscard]] std::string file_lines(const boost::json::object& report, Language language);
/// What one signature covers, where it was made, what its certificate is worth, and why it does not hold.
[[nodiscard]] std::string part_lines(const boost::json::object& part, Language language);
/// What is kept as proof.
[[nodiscard]] std::string evidence_line(const boost::json::object& report, Language language);

}  // namespace demat::trust
