#include "gateway/command_line.hpp"

int main(int argc, char** argv) {
  return demat::run_command_line(argc, argv);
}
