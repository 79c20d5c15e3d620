// Validation and every pre-flight rule over one file, in one pass, as the daemon does for large flows.
//
//   preflight_bench PACK FILE [schema|rules|content]
//
// schema: validation only; rules: all rules without opening the attachments; content (the default): with
// them. Prints the number of findings; time and memory are measured from outside (preflight_bars.py).

#include <fcntl.h>

#include <filesystem>
#include <iostream>
#include <string_view>

#include "gateway/store/file.hpp"
#include "protocols/pes/header.hpp"
#include "protocols/preflight/preflight.hpp"
#include "protocols/xml/schema_pack.hpp"

namespace {

int failed(const demat::Error& error) {
  std::cerr << error.code << ": " << error.en << " " << error.detail << '\n';
  return 2;
}

int run(const std::string& folder, const std::string& file, std::string_view what) {
  const auto pack = demat::xml::SchemaPack::load(folder);
  if (!pack) return failed(pack.error());
  const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) {
    std::cerr << file << ": cannot open\n";
    return 2;
  }
  const demat::store::FileSource source(demat::store::FileDescriptor(opened),
                                        std::filesystem::file_size(file));
  const auto header = demat::pes::read_header(source);
  if (!header) return failed(header.error());
  demat::preflight::Preflight rules({.rules = {.version = (*pack)->info().version},
                                     .encodings = {"ISO-8859-1", "UTF-8"},
                                     .open_pj = what == "content",
                                     .pack = *pack});
  auto visitors = what == "schema" ? std::vector<demat::xml::Visitor*>{} : rules.visitors();
  demat::Report report;
  if (const auto read = (*pack)->validate_stream(source, {}, visitors, report); !read)
    return failed(read.error());
  if (what != "schema") report.append(rules.finish(*header));
  std::size_t errors = 0;
  for (const auto& finding : report.findings) {
    if (finding.severity == demat::Severity::error) ++errors;
    std::cout << finding.code << " " << finding.place.line << " " << finding.en << '\n';
  }
  std::cout << errors << " errors, " << report.findings.size() << " findings\n";
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::cerr << "preflight_bench PACK FILE [schema|rules|content]\n";
    return 2;
  }
  return run(arguments[1], arguments[2], count > 3 ? arguments[3] : "content");
}
