#include "gateway/config/secret_file.hpp"

#include <fstream>
#include <iterator>

namespace demat::config {
namespace {

using std::filesystem::perms;

perms mode_of(const std::filesystem::path& file) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  return error ? perms::none : status.permissions();
}

}  // namespace

bool open_to_others(const std::filesystem::path& file) {
  return (mode_of(file) & perms::others_all) != perms::none;
}

bool open_beyond(const std::filesystem::path& file, bool group_may_read) {
  const perms forbidden = group_may_read ? perms::others_all : perms::group_all | perms::others_all;
  return (mode_of(file) & forbidden) != perms::none;
}

Result<std::string> read_secret_file(const std::filesystem::path& file, bool group_may_read) {
  std::error_code error;
  std::ifstream in(file, std::ios::binary);
  if (!in || !std::filesystem::is_regular_file(file, error)) {
    return failure(permanent_error("config.file", "fichier secret illisible : " + file.string(),
                                   "unreadable secret file: " + file.string()));
  }
  if (open_beyond(file, group_may_read)) {
    return failure(permanent_error(
        "config.secret_mode",
        "d'autres que son propriétaire peuvent lire " + file.string() + " ; faites : chmod 600",
        "others than its owner may read " + file.string() + "; run: chmod 600"));
  }
  std::string secret{std::istreambuf_iterator<char>(in), {}};
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r'))
    secret.pop_back();
  return secret;
}

}  // namespace demat::config
