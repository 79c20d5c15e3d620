#include <algorithm>
#include <cctype>

#include "gateway/api/care_handlers.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/api/render.hpp"
#include "gateway/store/backup.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;

json::object chore_json(const store::Chore& chore) {
  json::object out{
      {"kind", chore.kind}, {"running", chore.running}, {"began_at", to_iso8601(chore.began_at)}};
  out["phase"] = chore.phase;
  out["done"] = chore.done;
  out["total"] = chore.total;
  if (chore.ended_at) out["ended_at"] = to_iso8601(*chore.ended_at);
  if (!chore.error) return out;
  out["code"] = chore.error->code;
  out["fr"] = chore.error->fr;
  out["en"] = chore.error->en;
  out["detail"] = chore.error->detail;
  return out;
}

json::object backup_json(const store::BackupInfo& info) {
  return {{"name", info.name},
          {"taken_at", to_iso8601(info.taken_at)},
          {"environment", info.environment},
          {"epoch", info.epoch},
          {"sequence", info.sequence},
          {"files", info.files},
          {"bytes", info.bytes},
          {"with_key", info.with_key}};
}

json::object verify_json(const store::VerifyReport& report) {
  json::array troubles;
  for (const auto& one : report.troubles)
    troubles.push_back(json::object{{"code", one.code}, {"detail", one.detail}});
  json::object out{{"depth", report.depth == store::Depth::full ? "full" : "quick"},
                   {"sound", report.sound()},
                   {"began_at", to_iso8601(report.began_at)},
                   {"payloads", report.payloads},
                   {"bytes", report.bytes},
                   {"events", report.events},
                   {"orphans", report.orphans},
                   {"trouble_count", report.trouble_count},
                   {"troubles", std::move(troubles)}};
  if (report.ended_at) out["ended_at"] = to_iso8601(*report.ended_at);
  return out;
}

/// One folder below the configured one: no caller chooses a path.
bool is_folder_name(std::string_view name) {
  return !name.empty() && name.size() <= 100 && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
         });
}

std::string default_name(Instant now) {
  auto text = to_iso8601(now).substr(0, 19);
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == ':' || c == '-'; }),
             text.end());
  return "dematd-" + text + "Z";
}

Error no_backup_folder() {
  return permanent_error("backup.not_configured",
                         "Aucun dossier de sauvegarde n'est configuré (backup_folder).",
                         "No folder for backups is configured (backup_folder).");
}

}  // namespace

http::Response start_backup(const Context& context) {
  const auto body = json_body(context, {"name", "with_key"});
  if (!body) return problem(body.error(), context.request);
  const auto name = text_member(*body, "name", default_name(context.services.clock.now()));
  if (!name) return problem(name.error(), context.request);
  if (!is_folder_name(*name)) return problem(bad_field("name"), context.request);
  const auto with_key = bool_member(*body, "with_key", false);
  if (!with_key) return problem(with_key.error(), context.request);
  const auto folder = context.services.backup_folder();
  if (folder.empty()) return problem(no_backup_folder(), context.request);
  auto& care = context.services.store.care();
  const auto started = care.start_backup({folder / *name, *with_key, context.identity.name});
  if (!started) return problem(started.error(), context.request);
  json::object out;
  out["name"] = *name;
  out["chore"] = chore_json(care.chore());
  return json_reply(202, out);
}

http::Response list_backups(const Context& context) {
  json::object out{{"items", json::array{}}, {"chore", chore_json(context.services.store.care().chore())}};
  const auto folder = context.services.backup_folder();
  if (folder.empty()) return json_reply(200, out);
  const auto backups = store::list_backups(folder);
  if (!backups) return problem(backups.error(), context.request);
  json::array items;
  for (const auto& info : *backups)
    items.push_back(backup_json(info));
  out["items"] = std::move(items);
  return json_reply(200, out);
}

http::Response start_verify(const Context& context) {
  const auto body = json_body(context, {"depth", "bytes_per_second"});
  if (!body) return problem(body.error(), context.request);
  const auto depth = text_member(*body, "depth", "quick");
  if (!depth || (*depth != "quick" && *depth != "full")) return problem(bad_field("depth"), context.request);
  std::uint64_t rate = 0;
  if (const auto* value = body->if_contains("bytes_per_second")) {
    if (!value->is_int64() || value->get_int64() < 0)
      return problem(bad_field("bytes_per_second"), context.request);
    rate = static_cast<std::uint64_t>(value->get_int64());
  }
  auto& care = context.services.store.care();
  const auto started = care.start_verify(*depth == "full" ? store::Depth::full : store::Depth::quick, rate,
                                         context.identity.name);
  if (!started) return problem(started.error(), context.request);
  json::object out;
  out["chore"] = chore_json(care.chore());
  return json_reply(202, out);
}

http::Response get_verify(const Context& context) {
  auto& care = context.services.store.care();
  json::object out;
  out["chore"] = chore_json(care.chore());
  if (const auto report = care.last_verify()) out["report"] = verify_json(*report);
  const auto scrub = care.last_scrub();
  if (!scrub) return problem(scrub.error(), context.request);
  if (*scrub) out["last_scrub"] = to_iso8601(**scrub);
  return json_reply(200, out);
}

}  // namespace demat::api
