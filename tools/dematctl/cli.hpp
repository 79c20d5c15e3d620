#pragma once

namespace demat::ctl {

/// Reads the command line, runs the command, gives the program's exit.
int run(int argc, char** argv);

}  // namespace demat::ctl
