#pragma once

namespace demat {

/// `dematd init|serve|check-config|backup|verify-store --config FILE ...`, `dematd restore`. Exit codes: 0
/// done, 1 failed (the reason is on standard error, French then English), 2 wrong usage, 3 the store is
/// damaged.
int run_command_line(int argc, char** argv);

}  // namespace demat
