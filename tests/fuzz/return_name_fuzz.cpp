// links: demat_base demat_xml demat_pes demat_transport
// Names of return files and templates of remote names: what comes in as a name goes out as a plain one or not
// at all.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/transport/names.hpp"
#include "protocols/pes/naming.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using demat::fuzz::require;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool plain = demat::transport::safe_name(text);
  if (plain)
    require(text.find('/') == text.npos && text.find('\n') == text.npos && text != ".." && text.size() <= 255,
            "an unsafe name passes");
  if (demat::pes::classify_return_name(text) == demat::pes::ReturnName::fetch)
    require(text.find('/') == text.npos && text.find('\0') == text.npos, "a path would be fetched");
  const auto split = text.find('\n');
  const auto directory = text.substr(0, split);
  const auto listed =
      demat::transport::listed_name(split == text.npos ? text : text.substr(split + 1), directory);
  if (listed) require(listed->find('/') == std::string::npos && *listed != "..", "a listed name with a path");

  const demat::pes::TemplateValues values{{"CodCol", std::string(directory)},
                                          {"IdPost", "034000"},
                                          {"CodBud", "00"},
                                          {"Counter", "7"},
                                          {"Siren", "210340001"}};
  const auto filled =
      demat::pes::fill_template("A{CodCol}_{NNN}.xml", values, demat::pes::TemplateUse::file_name);
  if (filled)
    require(filled->find('/') == std::string::npos && filled->find('\n') == std::string::npos &&
                filled->front() != '.',
            "an unsafe name is made");
  const bool known = demat::pes::check_template(text).has_value();
  const auto own = demat::pes::fill_template(text, values, demat::pes::TemplateUse::parameter);
  // What the start accepts can only fail for its values; literals are the start's to judge.
  if (known && !own)
    require(own.error().code == "naming.missing_value" || own.error().code == "naming.unsafe",
            "a template fails that the start accepts");
  return 0;
}
