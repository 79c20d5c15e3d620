#include "tools/dematctl/command_tree.hpp"

namespace demat::ctl {

void CommandTree::add_care() {}

}  // namespace demat::ctl
