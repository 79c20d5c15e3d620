// links: demat_base demat_xml demat_actes
// Messages and envelopes of ACTES as the mailbox brings them: read tolerantly, then written again. What was
// written must be read back as the same value. Names of files and budget seals are tried on the same bytes.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocols/actes/budget.hpp"
#include "protocols/actes/latin1.hpp"
#include "protocols/actes/naming.hpp"
#include "protocols/actes/read.hpp"
#include "protocols/actes/write.hpp"
#include "protocols/base/utf8.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using demat::fuzz::require;

void names(std::string_view text) {
  using namespace demat::actes;
  if (const auto name = parse_file_name(text); name && (!name->order || name->order != 0U))
    require(parse_file_name(file_name(*name)) == name, "a file name that is not itself");
  if (const auto id = parse_acte_id(text)) require(id->str() == text, "an IDActe that is not itself");
  if (const auto name = parse_envelope_name(text)) {
    auto again = parse_envelope_name(envelope_name(*name));
    require(again.has_value(), "an envelope name that is none");
    again->trigram = name->trigram;
    require(again == name, "an envelope name that is not itself");
  }
}

void messages(std::string_view bytes) {
  using namespace demat::actes;
  const auto found = read(bytes);
  if (!found) {
    require(!found.error().code.empty() && !found.error().fr.empty(), "an error without words");
    return;
  }
  require(!found->remarks.refused(), "a remark that refuses");
  if (const auto* message = std::get_if<Message>(&found->content)) {
    (void)correlation(*message);
    (void)files_of(*message);
  }
  const auto written = write(found->content);
  if (!written) {
    require(written.error().code.starts_with("actes.write."), "another error than the writer's");
    return;
  }
  // Letters of ISO-8859-1 that together look like UTF-8 are taken for UTF-8 with a wrong label.
  if (demat::is_utf8(*written) && demat::actes::characters(*written) != written->size()) return;
  const auto again = read(*written);
  require(again.has_value(), "what was written is not understood");
  const auto twice = write(again->content);
  require(twice && *twice == *written, "written twice, two texts");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  names(bytes);
  messages(bytes);
  const auto budget = demat::actes::read_budget(bytes);
  require(budget || !budget.error().fr.empty(), "an error without words");
  return 0;
}
