#include <cstdlib>

#include "gateway/config/settings.hpp"
#include "protocols/pes/header.hpp"
#include "protocols/preflight/preflight.hpp"
#include "protocols/report/subjects.hpp"
#include "protocols/xml/schema_pack.hpp"
#include "tools/dematctl/commands_check.hpp"
#include "tools/dematctl/local_file.hpp"

namespace demat::ctl {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Failure> no_schemas(const std::string& where) {
  return usage_failure("ctl.schemas",
                       "Aucun jeu de schémas" + (where.empty() ? std::string() : " dans " + where) +
                           " : donnez --schemas ou DEMATCTL_SCHEMAS.",
                       "No schema packs" + (where.empty() ? std::string() : " in " + where) +
                           ": give --schemas or DEMATCTL_SCHEMAS.");
}

/// What is wrong with the document as a whole.
Finding finding_of(const Error& error) {
  return {error.code, Severity::error, error.place, error.fr, error.en};
}

}  // namespace

struct OfflineCheck::Impl {
  std::shared_ptr<const xml::SchemaPack> pack;
  bool to_be_signed = false;
};

fs::path installed_schemas() {
  // Read once, before any thread.
  const char* given = std::getenv("DEMATCTL_SCHEMAS");  // NOLINT(concurrency-mt-unsafe)
  if (given != nullptr && *given != '\0') return given;
  std::error_code error;
  auto folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  while (!error && !folder.empty()) {
    // Installed (bin beside share), or in the folder it was built from.
    for (const char* below : {"share/dematd/schemas", "schemas"})
      if (fs::is_directory(folder / below / "pes", error)) return folder / below;
    error.clear();
    if (folder == folder.root_path()) break;
    folder = folder.parent_path();
  }
  return {};
}

Answer<OfflineCheck> OfflineCheck::with(const OfflineOptions& options) {
  const auto folder = options.schemas.empty() ? installed_schemas() : options.schemas;
  if (folder.empty()) return no_schemas({});
  const auto version =
      options.version.empty() ? config::Settings().schema_versions.at("pes") : options.version;
  auto pack = xml::SchemaPack::load(folder / "pes" / version);
  if (!pack) return fail({Exit::usage, std::move(pack.error()), {}});
  return OfflineCheck(std::make_shared<const Impl>(Impl{std::move(*pack), options.to_be_signed}));
}

Answer<report::Sheet> OfflineCheck::check(const fs::path& file) const {
  const auto source = open_local(file);
  if (!source) return fail(source.error());
  const auto& info = impl_->pack->info();
  const auto name = file.filename().string();
  report::Sheet out;
  out.title = {"Contrôle de " + name, "Check of " + name};
  out.note = {"Hors ligne : schémas et règles seulement ; ni signatures, ni droits, ni doublons.",
              "Offline: schemas and rules alone; neither signatures, nor rights, nor duplicates."};
  out.facts = {{{"schémas", "schemas"}, info.protocol + " " + info.version}};
  auto header = pes::read_header(**source);
  if (!header) {
    out.report.add(finding_of(header.error()));
    return out;
  }
  out.facts.insert(out.facts.begin(),
                   {{{"NomFic", "NomFic"}, header->nom_fic.str()}, {{"IdColl", "IdColl"}, header->id_coll}});
  preflight::Preflight rules(
      {.rules = {info.version}, .gateway_will_sign = impl_->to_be_signed, .pack = impl_->pack});
  const auto passed = impl_->pack->validate_stream(**source, {}, rules.visitors(), out.report);
  // What a pass found that broke off means nothing.
  if (!passed) out.report = {{finding_of(passed.error())}};
  report::name_subjects(out.report, **source);
  if (passed) out.report.append(rules.finish(std::move(*header)));
  return out;
}

}  // namespace demat::ctl
