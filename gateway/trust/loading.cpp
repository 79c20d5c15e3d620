#include "gateway/trust/loading.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "protocols/trust/decoding.hpp"

namespace demat::trust_desk {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 2'000;            ///< of one folder
constexpr std::uintmax_t largest_file = 67'108'864;  ///< a CRL of 2 million entries

Error folder_unreadable(std::string_view detail) {
  return permanent_error("trust.folder_unreadable",
                         "Un dossier ou un fichier d'un profil de confiance est illisible.",
                         "A folder or file of a trust profile cannot be read.", detail);
}

bool is_passed_over(const std::string& name) {
  return name.starts_with('.') || name.ends_with('~') || name.ends_with(".tmp") || name.ends_with(".part");
}

/// The files of a folder by name; none when it is absent.
Result<std::vector<fs::path>> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  if (!fs::exists(folder, error)) return files;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (is_passed_over(at->path().filename().string())) continue;
    std::error_code none;
    if (fs::is_directory(at->path(), none)) continue;
    files.push_back(at->path());
    if (files.size() > most_files) return failure(folder_unreadable("too many files"));
  }
  if (error) return failure(folder_unreadable(error.message()));
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::string> content_of(const fs::path& file) {
  std::error_code error;
  if (fs::file_size(file, error) > largest_file || error) return failure(folder_unreadable("size"));
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in) return failure(folder_unreadable("reading"));
  return bytes;
}

using Decode = Result<std::vector<Bytes>> (*)(std::string_view);

struct Folder {
  const char* name;
  std::vector<trust::Item> trust::Contents::*items;
  Decode decode;
};

constexpr std::array folders = std::to_array<Folder>({
    {"anchors", &trust::Contents::anchors, trust::read_certificates},
    {"issuers", &trust::Contents::issuers, trust::read_certificates},
    {"intermediates", &trust::Contents::intermediates, trust::read_certificates},
    {"crls", &trust::Contents::crls, trust::read_crls},
    {"ocsp", &trust::Contents::ocsp, trust::read_ocsp_responses},
    {"stamps", &trust::Contents::stamps, trust::read_certificates},
});

Status read_folder(const config::Trust& settings, const Folder& folder, trust::Contents& contents) {
  const auto named = [&](Error error, const std::string& file) {
    error.detail = fmt::format("{}: {}/{} {}", settings.name, folder.name, file, error.detail);
    return failure(std::move(error));
  };
  const auto files = files_of(settings.folder / folder.name);
  if (!files) return named(files.error(), "");
  for (const auto& file : *files) {
    const std::string name = file.filename().string();
    const auto bytes = content_of(file);
    if (!bytes) return named(bytes.error(), name);
    auto found = folder.decode(*bytes);
    if (!found) return named(found.error(), name);
    for (auto& der : *found)
      (contents.*folder.items).push_back({std::string(folder.name) + "/" + name, std::move(der)});
  }
  return {};
}

/// Lists that were fetched. They were checked when they came; one that does not read any more is as good as
/// none.
void read_fetched(const std::filesystem::path& fetched, const Folder& folder, trust::Contents& contents) {
  const auto files = files_of(fetched / folder.name);
  if (!files) return;
  for (const auto& file : *files) {
    const auto bytes = content_of(file);
    auto found = bytes ? folder.decode(*bytes) : failure(bytes.error());
    if (!found) continue;
    for (auto& der : *found)
      (contents.*folder.items).push_back({"fetched/" + file.filename().string(), std::move(der)});
  }
}

/// What may be fetched for a profile that wants it.
bool is_fetched(const Folder& folder) {
  return std::string_view(folder.name) == "crls" || std::string_view(folder.name) == "ocsp";
}

/// A line for each file of a folder.
std::string look_at(const std::filesystem::path& place, const Folder& folder) {
  const auto files = files_of(place / folder.name);
  std::string look = std::string(folder.name) + (files ? "\n" : " unreadable\n");
  if (!files) return look;
  for (const auto& file : *files) {
    struct stat facts {};
    const bool seen = ::stat(file.c_str(), &facts) == 0;
    look += fmt::format("{} {} {} {}.{} {}.{}\n", file.filename().string(), seen ? facts.st_ino : 0,
                        facts.st_size, facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec, facts.st_ctim.tv_sec,
                        facts.st_ctim.tv_nsec);
  }
  return look;
}

}  // namespace

std::filesystem::path fetched_folder(const config::Settings& settings, const std::string& profile) {
  std::string name = "profile-" + profile;
  std::replace(name.begin(), name.end(), '/', '_');
  return settings.data_folder / "trust" / name;
}

trust::Rules rules_of(const config::Trust& settings) {
  trust::Rules rules;
  rules.level = settings.level;
  rules.policies = settings.policies;
  rules.non_repudiation =
      settings.non_repudiation == config::UsageRule::tolerant ? trust::NonRepudiation::tolerant
      : settings.non_repudiation == config::UsageRule::strict ? trust::NonRepudiation::strict
                                                              : trust::NonRepudiation::if_stated;
  rules.strict_x509 = settings.strict_x509;
  rules.max_depth = static_cast<int>(settings.max_depth);
  rules.revocation = settings.revocation == config::RevocationRule::off    ? trust::Revocation::off
                     : settings.revocation == config::RevocationRule::warn ? trust::Revocation::warn
                                                                           : trust::Revocation::required;
  rules.revocation_by = settings.revocation_by == config::RevocationSource::crl ? trust::RevocationSource::crl
                        : settings.revocation_by == config::RevocationSource::ocsp
                            ? trust::RevocationSource::ocsp
                            : trust::RevocationSource::either;
  rules.crl_max_age = std::chrono::duration_cast<std::chrono::seconds>(settings.crl_max_age);
  rules.crl_grace = std::chrono::duration_cast<std::chrono::seconds>(settings.crl_grace);
  rules.algorithms.archive = settings.archive;
  return rules;
}

Result<trust::TrustProfile> load_profile(const config::Trust& settings,
                                         const std::filesystem::path& fetched) {
  trust::Contents contents;
  contents.name = settings.name;
  contents.rules = rules_of(settings);
  for (const auto& folder : folders)
    if (auto status = read_folder(settings, folder, contents); !status)
      return failure(std::move(status.error()));
  for (const auto& folder : folders)
    if (settings.fetch && !fetched.empty() && is_fetched(folder)) read_fetched(fetched, folder, contents);
  auto made = trust::TrustProfile::make(std::move(contents));
  if (!made && made.error().detail != settings.name)
    made.error().detail = settings.name + ": " + made.error().detail;
  return made;
}

std::string look_of(const config::Trust& settings, const std::filesystem::path& fetched) {
  std::string look;
  for (const auto& folder : folders) {
    look += look_at(settings.folder, folder);
    if (settings.fetch && !fetched.empty() && is_fetched(folder)) look += look_at(fetched, folder);
  }
  return look;
}

}  // namespace demat::trust_desk
