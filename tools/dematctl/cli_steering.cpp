#include "tools/dematctl/command_tree.hpp"

namespace demat::ctl {

void CommandTree::add_steering() {}

}  // namespace demat::ctl
