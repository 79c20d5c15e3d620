// links: demat_report demat_marche demat_pes demat_rules demat_xml demat_base
// What people read of a document that nobody vouches for: its parts, its attachments, essential data, a page.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/marche/decp.hpp"
#include "protocols/pes/outline.hpp"
#include "protocols/report/html.hpp"
#include "protocols/xml/parser.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using demat::fuzz::require;
namespace pes = demat::pes;

/// Holds the sink's promises: parts are nested, and what may name a person is not told.
class Told final : public pes::OutlineSink {
 public:
  void open(const pes::Part& part) override { open_.push_back(part.kind); }
  void close(const pes::Part& part) override {
    require(!open_.empty() && open_.back() == part.kind, "a part is closed that was not opened");
    open_.pop_back();
    ++parts;
    require(part.inner.size() <= pes::max_inner, "more inner parts than are kept");
    if (part["nature_id_tiers"] == "04") require(part["id_tiers"].empty(), "a NIR is told");
  }
  demat::Status content(std::string_view bytes) override {
    content_bytes += bytes.size();
    return {};
  }
  std::size_t parts = 0;
  std::size_t content_bytes = 0;

 private:
  std::vector<pes::PartKind> open_;
};

void outline(const demat::ByteSource& source) {
  Told first;
  Told again;
  const auto read = pes::read_outline(source, first);
  const auto once_more = pes::read_outline(source, again);
  require(read.has_value() == once_more.has_value() && first.parts == again.parts &&
              first.content_bytes == again.content_bytes,
          "the same bytes, another outline");
}

/// What an attachment says: sizes, or the code of what is wrong.
std::pair<std::string, std::size_t> unpacked(std::string_view text, std::size_t piece) {
  pes::PjContent content;
  while (!text.empty()) {
    static_cast<void>(content.add(text.substr(0, piece)));  // finish() gives it again
    text.remove_prefix(std::min(piece, text.size()));
  }
  const auto whole = content.finish();
  return {whole ? "" : whole.error().code, whole ? content.sizes().content : 0};
}

void attachment(std::string_view text) {
  require(unpacked(text, std::max<std::size_t>(text.size(), 1)) == unpacked(text, 7),
          "an attachment depends on its pieces");
}

void essential_data(const demat::ByteSource& source) {
  demat::marche::DecpBuilder builder("21340000500012", {});
  if (!demat::marche::read_contrats(source, builder)) return;
  const auto decp = builder.take();
  if (decp.missing.empty()) require(demat::xml::parse(decp.xml).has_value(), "essential data are no XML");
}

std::string page(const std::string& text) {
  demat::report::Sheet sheet;
  sheet.title = {text, text};
  sheet.facts = {{{text, text}, text}};
  demat::Finding finding;
  finding.code = text;
  finding.fr = finding.en = finding.value = text;
  finding.place = {1, text};
  finding.subject.domaine = finding.subject.bordereau = finding.subject.piece = text;
  sheet.report.findings.push_back(std::move(finding));
  return demat::report::to_html(sheet);
}

void report(std::string_view text) {
  const auto hostile = page("x" + std::string(text));
  const auto harmless = page("x");
  for (const char c : {'<', '>', '"', '\''})
    require(std::count(hostile.begin(), hostile.end(), c) == std::count(harmless.begin(), harmless.end(), c),
            "a text became markup");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const demat::MemorySource source(text);
  outline(source);
  attachment(text);
  essential_data(source);
  report(text);
  return 0;
}
