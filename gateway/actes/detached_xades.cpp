#include "gateway/actes/detached_xades.hpp"

#include <fmt/format.h>

#include "protocols/baseline/detached.hpp"

namespace demat::actes_road {
namespace {

constexpr std::size_t largest_signature = 8'388'608;  // as for CMS; one with its evidence has some 100 KB

Finding unreadable(const std::string& name, std::string_view why) {
  return {
      "actes.xades.unreadable",
      Severity::error,
      {0, name},
      fmt::format("La signature jointe à ce fichier n'est pas un XAdES lisible ({}). Signez de nouveau le "
                  "fichier déposé.",
                  why),
      fmt::format("The signature that comes with this file is no readable XAdES ({}). Sign the posted file "
                  "again.",
                  why)};
}

}  // namespace

void take_xades(baseline::BaselineReport verified, const std::string& name, Contents& out) {
  for (auto& finding : verified.signature.findings)
    finding.place.path = name;
  for (auto& reference : verified.signature.references)
    if (reference.element.empty()) reference.element = name;
  xades::DocumentReport report;
  report.signatures.push_back(std::move(verified.signature));
  out.report.append(report.findings());
  auto input = std::move(trust::inputs_of(report).front());
  input.covers = name;
  input.digest = verified.digest;
  for (auto& stamp : verified.stamps)
    input.stamps.push_back({std::move(stamp.token), std::move(stamp.stamped)});
  out.signatures.push_back(std::move(input));
}

Status check_detached_xades(const ByteSource& file, std::string_view xml, const std::string& name,
                            Contents& out) {
  if (xml.size() > largest_signature) {
    out.report.add(unreadable(name, fmt::format("{} Mio / MiB", xml.size() >> 20U)));
    return {};
  }
  const auto document = xml::parse_borrowed(xml);
  if (!document) {
    out.report.add(unreadable(name, document.error().code));
    return {};
  }
  auto verified = baseline::verify_detached(*document, file);
  if (!verified) return failure(verified.error());
  take_xades(std::move(*verified), name, out);
  return {};
}

}  // namespace demat::actes_road
