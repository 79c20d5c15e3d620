#pragma once

namespace demat {

/// `dematd init|serve|check-config --config FILE ...`. Exit codes: 0 done, 1 failed (the reason is on
/// standard error, French then English), 2 wrong usage.
int run_command_line(int argc, char** argv);

}  // namespace demat
