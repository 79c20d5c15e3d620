#include "gateway/transport/names.hpp"

#include <algorithm>
#include <utility>

#include "gateway/transport/errors.hpp"

namespace demat::transport {
namespace {

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

}  // namespace

bool safe_name(std::string_view name) {
  constexpr std::size_t longest = 255;
  return !name.empty() && name.size() <= longest && name != "." && name != ".." &&
         name.find('/') == std::string_view::npos && !has_control(name);
}

std::string temporary_name(std::string_view name) {
  return "." + std::string(name) + ".part";
}

std::string plain_directory(std::string_view directory) {
  while (directory.starts_with("./"))
    directory.remove_prefix(2);
  while (directory.size() > 1 && directory.ends_with('/'))
    directory.remove_suffix(1);
  return directory == "." ? std::string() : std::string(directory);
}

std::string join_path(std::string_view directory, std::string_view name) {
  std::string path = plain_directory(directory);
  if (!path.empty() && !path.ends_with('/')) path += '/';
  return path.append(name);
}

std::optional<std::string> listed_name(std::string_view listed, std::string_view directory) {
  const std::string plain = plain_directory(directory);
  std::string_view relative = plain;
  if (relative.starts_with('/')) relative.remove_prefix(1);
  const std::size_t slash = listed.rfind('/');
  if (slash != std::string_view::npos) {
    std::string_view path = listed.substr(0, slash);
    listed.remove_prefix(slash + 1);
    if (path.starts_with("./")) path.remove_prefix(2);
    const bool same = path.empty() || path == "." || path == relative ||
                      (!relative.empty() && path.ends_with("/" + std::string(relative)));
    if (!same) return {};
  }
  if (listed.empty() || listed == "." || listed == "..") return {};
  return std::string(listed);
}

bool hidden(std::string_view name) {
  return name.starts_with('.');
}

Presence presence(const std::vector<RemoteFile>& files, std::string_view remote_name,
                  std::uint64_t expected_size) {
  const std::string temporary = temporary_name(remote_name);
  Presence seen = Presence::absent;
  for (const RemoteFile& file : files) {
    if (file.name == remote_name && file.size == expected_size) return Presence::final_name;
    if (file.name == remote_name || file.name == temporary) seen = Presence::partial_only;
  }
  return seen;
}

Status check_request(std::string_view destination, const PutRequest& request, bool with_parameters,
                     bool in_meta) {
  if (!safe_name(request.remote_name) || !safe_name(temporary_name(request.remote_name))) {
    return failure(make_error(Fault::bad_parameter, destination, "remote name"));
  }
  if (!with_parameters) return {};
  const Parameters& given = request.parameters;
  for (const auto& [name, value] : {std::pair<const char*, const std::string&>{"P_DEST", given.p_dest},
                                    {"P_APPLI", given.p_appli},
                                    {"P_MSG", given.p_msg}}) {
    if (value.empty() || has_control(value) || (in_meta && value.find(';') != std::string::npos)) {
      return failure(make_error(Fault::bad_parameter, destination, name));
    }
  }
  return {};
}

}  // namespace demat::transport
