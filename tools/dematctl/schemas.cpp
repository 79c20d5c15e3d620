#include <algorithm>
#include <fstream>
#include <iterator>

#include "gateway/config/toml_table.hpp"
#include "protocols/xml/schema_pack.hpp"
#include "tools/dematctl/commands.hpp"
#include "tools/dematctl/config_edit.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

Failure local_failure(Error error) {
  return {Exit::refused, std::move(error), {}};
}

Failure file_failure(const fs::path& file, const std::string& why) {
  return {
      Exit::usage, permanent_error("ctl.file", file.string() + " : " + why, file.string() + ": " + why), {}};
}

/// Packs of a folder laid out as <protocol>/<version>/pack.toml. Broken ones are shown with their error.
Exit list_local(Output& out, const fs::path& folder) {
  Table table({"protocole", "version", "schémas", "dossier"});
  std::error_code error;
  std::vector<fs::path> packs;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (entry.path().filename() == "pack.toml") packs.push_back(entry.path().parent_path());
  }
  if (error) return out.failed(file_failure(folder, error.message()));
  std::sort(packs.begin(), packs.end());
  for (const fs::path& pack : packs) {
    const auto info = xml::read_pack_info(pack);
    if (info) {
      out.object({{"protocol", info->protocol},
                  {"version", info->version},
                  {"title", info->title},
                  {"folder", pack.string()}});
      table.add({info->protocol, info->version, info->title, pack.string()});
    } else {
      out.object({{"folder", pack.string()}, {"code", info.error().code}, {"detail", info.error().fr}});
      table.add({"?", "?", info.error().fr, pack.string()});
    }
  }
  out.table(table);
  return Exit::ok;
}

bool plain_name(const std::string& name) {
  return !name.empty() && name.front() != '.' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
             std::string::npos;
}

/// What a TOML text says under [schemas]; empty when it cannot be read.
std::string version_in_force(const std::string& toml, const std::string& protocol) {
  const auto table = config::parse_toml(toml);
  if (!table) return {};
  const auto section = table->tables.find("schemas");
  return section == table->tables.end() ? std::string() : section->second.text(protocol);
}

}  // namespace

Exit schemas_list(Session& session, const fs::path& folder) {
  if (!folder.empty()) return list_local(session.out, folder);
  const auto answer = session.api.get("/v1/schemas");
  if (!answer) return session.out.failed(answer.error());
  session.out.items(objects_of(*answer, "items"),
                    {{"protocole", "protocol"}, {"version", "version"}, {"schémas", "title"}});
  return Exit::ok;
}

Exit schemas_install(Output& out, const fs::path& pack, const fs::path& folder) {
  // Compiling is the only proof that every file is there and right.
  const auto loaded = xml::SchemaPack::load(pack);
  if (!loaded) return out.failed(local_failure(loaded.error()));
  const auto& info = (*loaded)->info();
  if (!plain_name(info.protocol) || !plain_name(info.version)) {
    return out.failed(
        local_failure(permanent_error("pack.invalid", "protocol et version doivent être des noms simples.",
                                      "protocol and version must be plain names.")));
  }
  const fs::path target = folder / info.protocol / info.version;
  std::error_code error;
  if (fs::exists(target, error)) {
    return out.failed({Exit::conflict,
                       permanent_error("ctl.pack_exists", "Ce jeu existe déjà : " + target.string(),
                                       "This pack exists already: " + target.string()),
                       {}});
  }
  // Copied beside and renamed: a daemon never sees half a pack.
  const fs::path partial = folder / info.protocol / ("." + info.version + ".part");
  fs::remove_all(partial, error);
  fs::create_directories(folder / info.protocol, error);
  fs::copy(pack, partial, fs::copy_options::recursive, error);
  if (!error) fs::rename(partial, target, error);
  if (error) return out.failed(file_failure(target, error.message()));
  out.object({{"protocol", info.protocol}, {"version", info.version}, {"folder", target.string()}});
  out.say("Jeu installé : " + target.string() + " ; « schemas use " + info.protocol + " " + info.version +
              " » le met en vigueur.",
          "Pack installed; \"schemas use " + info.protocol + " " + info.version + "\" puts it in force.");
  return Exit::ok;
}

Exit schemas_use(Output& out, const std::string& protocol, const std::string& version,
                 const fs::path& config) {
  const auto table = config::parse_toml_file(config);
  if (!table) return out.failed({Exit::usage, table.error(), {}});
  const fs::path folder = fs::absolute(config).parent_path() / table->text("schema_folder");
  const auto info = xml::read_pack_info(folder / protocol / version);
  if (!info) return out.failed({Exit::not_found, info.error(), {}});
  std::ifstream in(config, std::ios::binary);
  const std::string before{std::istreambuf_iterator<char>(in), {}};
  const std::string after = with_schema_version(before, protocol, version);
  if (version_in_force(after, protocol) != version) {
    return out.failed({Exit::usage,
                       permanent_error("ctl.config_shape",
                                       "Ce fichier est écrit d'une façon que dematctl ne sait pas modifier ; "
                                       "mettez « " +
                                           protocol + " = \"" + version + "\" » sous [schemas].",
                                       "dematctl cannot edit this file as it is written; put " + protocol +
                                           " = \"" + version + "\" under [schemas]."),
                       {}});
  }
  const fs::path partial = config.string() + ".part";
  std::error_code error;
  std::ofstream written(partial, std::ios::binary | std::ios::trunc);
  written << after;
  written.close();
  if (!written) return out.failed(file_failure(partial, "écriture impossible / cannot write"));
  fs::permissions(partial, fs::status(config, error).permissions(), error);
  fs::rename(partial, config, error);
  if (error) return out.failed(file_failure(config, error.message()));
  out.object({{"protocol", protocol}, {"version", version}, {"config", config.string()}});
  out.say("En vigueur dès que dematd relit sa configuration (SIGHUP) ou redémarre : " + protocol + " " +
              version + ".",
          "In force once dematd reads its configuration again (SIGHUP) or starts: " + protocol + " " +
              version + ".");
  return Exit::ok;
}

}  // namespace demat::ctl
