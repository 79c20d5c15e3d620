#include "gateway/base/allocator.hpp"
#include "gateway/command_line.hpp"

int main(int argc, char** argv) {
  demat::tune_allocator();
  return demat::run_command_line(argc, argv);
}
