// links: demat_http
// Header values with parameters, and the file names that come out of them.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gateway/http/header_value.hpp"
#include "protocols/base/utf8.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = demat::http::parse_header_value(text);
  const auto checked = [](const std::string& name) {
    demat::fuzz::require(name.size() <= 255, "a name longer than a file system takes");
    for (const char c : name) {
      const auto byte = static_cast<unsigned char>(c);
      demat::fuzz::require(byte >= 0x20 && byte != 0x7f && c != '/' && c != '\\', "an unsafe file name");
    }
    for (std::string_view rest = name; !rest.empty();) {
      const std::size_t length = demat::utf8_length(rest);
      demat::fuzz::require(length > 0, "a name that is not UTF-8");
      rest.remove_prefix(length);
    }
    const std::string shown = demat::http::attachment(name);
    demat::fuzz::require(shown.find_first_of("\r\n") == std::string::npos, "a header with a line end");
  };
  checked(demat::http::last_path_component(text));
  if (value) checked(demat::http::last_path_component(value->file_name()));
  return 0;
}
