#include "gateway/actes/carried.hpp"

#include "gateway/actes/deposit.hpp"
#include "gateway/actes/envelope.hpp"
#include "protocols/actes/read.hpp"
#include "protocols/base/whole.hpp"

namespace demat::actes_road {
namespace {

using CarriedFiles = std::map<std::uint32_t, Carried>;

bool is_file(const flow::Document& document) {
  return document.role == "acte" || document.role == "annexe";
}

Result<CarriedFiles> of_manifest(const ByteSource& manifest, const std::vector<flow::Document>& documents) {
  const auto json = whole(manifest);
  if (!json) return failure(json.error());
  const auto deposit = from_manifest(*json);
  CarriedFiles out;
  for (const auto& document : documents) {
    if (!is_file(document)) continue;
    auto& one = out[document.number];
    if (!deposit) continue;
    for (const auto& file : deposit->files)
      if (file.sha256 == document.sha256) one.type = file.type;
  }
  return out;
}

/// The n-th message document is the n-th acte; names are those of the archive, each there once.
Result<CarriedFiles> of_messages(store::Store& store, const std::vector<flow::Document>& documents) {
  std::map<std::string, std::uint32_t> places;
  std::uint32_t place = 0;
  for (const auto& document : documents) {
    if (document.role != message_role) continue;
    ++place;
    const auto payload = store.open_payload(document.sha256);
    if (!payload) return failure(payload.error());
    const auto xml = whole(**payload);
    if (!xml) return failure(xml.error());
    const auto message = actes::read_message(*xml);
    if (!message) return failure(message.error());
    for (const auto& file : actes::files_of(*message))
      places[file.name] = place;
  }
  CarriedFiles out;
  for (const auto& document : documents)
    if (const auto found = places.find(document.name); is_file(document) && found != places.end())
      out[document.number] = {found->second, std::string(actes::typologie_of(document.name))};
  return out;
}

}  // namespace

Result<CarriedFiles> carried_files(store::Store& store, const flow::Flow& flow,
                                   const std::vector<flow::Document>& documents) {
  const auto original = store.open_payload(flow.original);
  if (!original) return failure(original.error());
  const auto ready_made = is_archive(**original);
  if (!ready_made) return failure(ready_made.error());
  return *ready_made ? of_messages(store, documents) : of_manifest(**original, documents);
}

}  // namespace demat::actes_road
