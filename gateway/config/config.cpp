#include "gateway/config/config.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "gateway/config/cross_checks.hpp"
#include "gateway/config/keys.hpp"
#include "gateway/config/toml_table.hpp"

namespace demat::config {
namespace {

constexpr std::array<std::string_view, 21> sections{
    "schemas",          "http",      "antivirus", "pipeline", "checks", "log",         "breaker", "deadlines",
    "retention",        "push",      "mail",      "guards",   "window", "destination", "signer",  "trust",
    "signature_policy", "timestamp", "rules",     "marche",   "pack"};
constexpr std::array<std::string_view, 8> lists{"window",           "destination", "signer", "trust",
                                                "signature_policy", "timestamp",   "rules",  "pack"};

bool is_list(std::string_view name) {
  return std::ranges::count(lists, name) > 0;
}

const Table& section_of(const Table& table, std::string_view name) {
  static const Table none;
  const auto found = table.tables.find(name);
  return found == table.tables.end() ? none : found->second;
}

/// [[name]] where a single [name] would be read as nothing, or the other way round: said, not ignored.
void check_shapes(const Table& table, Context& context) {
  for (const auto& [name, inner] : table.tables) {
    if (is_list(name)) complain_type(context, {name, inner.line}, "[[" + name + "]]", "[[" + name + "]]");
  }
  for (const auto& [name, inner] : table.arrays) {
    if (!is_list(name) && std::ranges::count(sections, name) > 0)
      complain_type(context, {name, inner.front().line}, "une seule [" + name + "]",
                    "one single [" + name + "]");
  }
}

void read_schemas(const Table& table, Settings& settings, Context& context) {
  for (const auto& [protocol, value] : section_of(table, "schemas").values) {
    if (const auto version = as_text(value))
      settings.schema_versions[protocol] = *version;
    else
      complain_type(context, {"schemas." + protocol, value.line}, "un texte tel que \"5.30\"",
                    "a text such as \"5.30\"");
  }
}

/// Defaults that depend on what an item says of itself: a préfecture has its own patience (actes 5.1).
void start_with(Destination& to, const Table& item) {
  if (item.text("mode") != "prefecture") return;
  to.connect_timeout = std::chrono::seconds(60);
  to.transfer_timeout = std::chrono::seconds(180);
}
template <class S>
void start_with(S& /*item*/, const Table& /*table*/) {}

/// Items of a list take secrets from the environment under their own name:
/// DEMAT_DESTINATION_HELIOS_PASSWORD.
template <class S>
void read_items(const Table& table, const std::string& kind, std::span<const Key<S>> keys,
                std::vector<S>& into, SectionLines& lines, Context& context) {
  const auto found = table.arrays.find(kind);
  if (found == table.arrays.end()) return;
  for (std::size_t i = 0; i < found->second.size(); ++i) {
    const Table& item = found->second[i];
    const std::string place = kind + "[" + std::to_string(i) + "]";
    lines[place] = item.line;
    S read;
    start_with(read, item);
    const Environment nothing = [](const std::string&) { return std::string(); };
    Context from_file{context.folder, nothing, context.complaints, context.credentials};
    fill<S>(read, item, keys, place, from_file);
    for (const auto& key : keys) {
      const std::string variable = environment_name(kind + "_" + read.name, key.name);
      if (std::string given = context.environment(variable); !given.empty())
        key.set(read, Value::of_environment(std::move(given)), KeyPlace{variable, 0}, context);
    }
    into.push_back(std::move(read));
  }
}

Settings read_sections(const Table& table, SectionLines& lines, Context& context) {
  Settings settings;
  for (const auto& [name, section] : table.tables)
    lines[name] = section.line;
  fill<Settings>(settings, table, top_keys(), "", context, sections);
  read_schemas(table, settings, context);
  fill<Http>(settings.http, section_of(table, "http"), http_keys(), "http", context);
  fill<Antivirus>(settings.antivirus, section_of(table, "antivirus"), antivirus_keys(), "antivirus", context);
  const Table& pipeline = section_of(table, "pipeline");
  constexpr std::array<std::string_view, 1> own{"retry"};
  fill<Pipeline>(settings.pipeline, pipeline, pipeline_keys(), "pipeline", context, own);
  fill<Retry>(settings.pipeline.retry, section_of(pipeline, "retry"), retry_keys(), "pipeline.retry",
              context);
  lines["pipeline.retry"] = section_of(pipeline, "retry").line;
  fill<Checks>(settings.checks, section_of(table, "checks"), checks_keys(), "checks", context);
  fill<Marche>(settings.marche, section_of(table, "marche"), marche_keys(), "marche", context);
  fill<Log>(settings.log, section_of(table, "log"), log_keys(), "log", context);
  fill<Breaker>(settings.breaker, section_of(table, "breaker"), breaker_keys(), "breaker", context);
  fill<Deadlines>(settings.deadlines, section_of(table, "deadlines"), deadlines_keys(), "deadlines", context);
  fill<Retention>(settings.retention, section_of(table, "retention"), retention_keys(), "retention", context);
  fill<Push>(settings.push, section_of(table, "push"), push_keys(), "push", context);
  fill<Mail>(settings.mail, section_of(table, "mail"), mail_keys(), "mail", context);
  fill<Guards>(settings.guards, section_of(table, "guards"), guards_keys(), "guards", context);
  read_items<Window>(table, "window", window_keys(), settings.windows, lines, context);
  read_items<Destination>(table, "destination", destination_keys(), settings.destinations, lines, context);
  read_items<SignerKey>(table, "signer", signer_keys(), settings.signers, lines, context);
  read_items<Trust>(table, "trust", trust_keys(), settings.trusts, lines, context);
  read_items<SignaturePolicy>(table, "signature_policy", signature_policy_keys(), settings.signature_policies,
                              lines, context);
  read_items<TimestampAuthority>(table, "timestamp", timestamp_keys(), settings.timestamps, lines, context);
  read_items<PackSetting>(table, "pack", pack_keys(), settings.packs, lines, context);
  read_items<RuleSetting>(table, "rules", rule_keys(), settings.rules, lines, context);
  return settings;
}

}  // namespace

tl::expected<Settings, Problems> read(const std::filesystem::path& file, const Environment& environment) {
  auto table = parse_toml_file(file);
  if (!table) return tl::unexpected(Problems{{table.error()}});
  Complaints complaints;
  Context context{std::filesystem::absolute(file).parent_path(), environment, complaints,
                  environment("CREDENTIALS_DIRECTORY")};
  check_shapes(*table, context);
  SectionLines lines;
  Settings settings = read_sections(*table, lines, context);
  cross_check(settings, lines, complaints);
  if (!complaints.empty()) return tl::unexpected(Problems{complaints.take()});
  return settings;
}

Environment process_environment() {
  return [](const std::string& name) {
    // Read once at start, before any thread that could change it.
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
    return std::string(value == nullptr ? "" : value);
  };
}

std::string describe(const Error& error, const std::filesystem::path& file) {
  const std::string line = error.place.line == 0 ? "" : ":" + std::to_string(error.place.line);
  return file.string() + line + ": [" + error.code + "] " + error.fr + "\n    " + error.en;
}

}  // namespace demat::config
