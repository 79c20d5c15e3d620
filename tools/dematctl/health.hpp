#pragma once

#include "tools/dematctl/commands.hpp"

namespace demat::ctl {

/// What monitors read: 0 ok, 1 warning (degraded, or an alarm stands), 2 critical (deposits are not safe, or
/// nobody answers), 3 unknown (the question was refused).
enum class Watch { ok = 0, warning = 1, critical = 2, unknown = 3 };

/// `nagios`: one line "OK|WARNING|CRITICAL|UNKNOWN - text | figures" and nothing else. The program ends with
/// Watch, not Exit, in both forms.
[[nodiscard]] Exit health(Session& session, bool nagios);
[[nodiscard]] Exit alarms(Session& session);

}  // namespace demat::ctl
