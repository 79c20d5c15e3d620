#include <exception>
#include <iostream>

#include "tools/dematctl/cli.hpp"

int main(int argc, char** argv) {
  try {
    return demat::ctl::run(argc, argv);
  } catch (const std::exception& broken) {
    std::cerr << "dematctl: " << broken.what() << '\n';
    return 1;
  }
}
