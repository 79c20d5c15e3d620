// links: demat_config
// Configuration files: whatever they hold, either settings or problems come out, each with its texts.

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "gateway/config/config.hpp"
#include "tests/fuzz/require.hpp"

namespace {

/// In memory, and under a name that is the same in every run.
std::filesystem::path scratch() {
  return "/proc/self/fd/" + std::to_string(::memfd_create("configuration", 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::filesystem::path file = scratch();
  std::ofstream(file, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto settings = demat::config::read(file, [](const std::string&) { return std::string(); });
  if (settings) return 0;
  demat::fuzz::require(!settings.error().errors.empty(), "refused without a reason");
  for (const demat::Error& error : settings.error().errors) {
    demat::fuzz::require(error.code.starts_with("config.") && !error.fr.empty() && !error.en.empty(),
                         "an error without texts");
    demat::fuzz::require(!demat::config::describe(error, file).empty(), "an error that cannot be shown");
  }
  return 0;
}
