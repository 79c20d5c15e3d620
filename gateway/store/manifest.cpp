#include "gateway/store/manifest.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "gateway/store/errors.hpp"
#include "gateway/store/file.hpp"
#include "protocols/base/digest.hpp"

namespace demat::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view first_line = "dematd backup 1";
constexpr std::size_t chunk = 1U << 20U;

[[noreturn]] void bad(std::string_view detail) {
  throw Refusal(bad_manifest(detail));
}

std::string text_of(const Manifest& m) {
  const auto& i = m.info;
  std::string out = fmt::format(
      "{}\nname: {}\nenvironment: {}\ntaken_at: {}\nschema: {}\nepoch: {}\nsequence: {}\nkey: {}\n",
      first_line, i.name, i.environment, to_iso8601(i.taken_at), m.schema, i.epoch, i.sequence,
      i.with_key ? "included" : "apart");
  for (const auto& file : m.files)
    out += fmt::format("file: {} {} {}\n", file.sha256.str(), file.size, file.path);
  for (const auto& name : m.missing)
    out += fmt::format("missing: {}\n", name.str());
  return out;
}

std::string read_whole(const fs::path& path) {
  const auto file = open_file(path, O_RDONLY);
  if (!file) bad("there is no manifest: this folder is no finished backup");
  std::string out;
  std::string buffer(chunk, '\0');
  for (std::size_t offset = 0;;) {
    const auto got = need(read_at(file->number(), offset, buffer));
    if (got == 0) return out;
    out.append(buffer, 0, got);
    offset += got;
  }
}

template <class T>
T number_of(std::string_view text) {
  T out{};
  const char* end = text.data() + text.size();
  if (const auto parsed = std::from_chars(text.data(), end, out);
      parsed.ec != std::errc{} || parsed.ptr != end)
    bad("a number is expected: " + std::string(text));
  return out;
}

/// A path of the manifest must stay below the backup's folder.
Manifest::File file_of(std::string_view value) {
  Manifest::File file;
  const auto first = value.find(' ');
  const auto second = value.find(' ', first + 1);
  if (first != 64 || second == std::string_view::npos) bad("a file line is not readable");
  file.sha256 = Sha256{value.substr(0, first)};
  file.size = number_of<std::uint64_t>(value.substr(first + 1, second - first - 1));
  file.path = value.substr(second + 1);
  const bool blob = file.path.size() == 71 && file.path.starts_with("blobs/") && file.path[8] == '/' &&
                    file.path.substr(6).find_first_not_of("0123456789abcdef/") == std::string::npos;
  if (!blob && file.path != "dematd.db" && file.path != "journal.key") bad("a file that is none of ours");
  return file;
}

void take(Manifest& m, std::string_view name, std::string_view value) {
  auto& i = m.info;
  if (name == "name") i.name = value;
  if (name == "environment") i.environment = value;
  if (name == "taken_at") i.taken_at = need(from_iso8601(value));
  if (name == "schema") m.schema = number_of<int>(value);
  if (name == "epoch") i.epoch = number_of<std::uint64_t>(value);
  if (name == "sequence") i.sequence = number_of<std::uint64_t>(value);
  if (name == "key") i.with_key = value == "included";
  if (name == "missing") m.missing.emplace_back(std::string(value));
  if (name != "file") return;
  m.files.push_back(file_of(value));
  ++i.files;
  i.bytes += m.files.back().size;
}

/// Reads `from` to its end, handing each piece on.
template <class F>
Manifest::File digest_while(const fs::path& from, const F& piece) {
  const auto file = need(open_file(from, O_RDONLY));
  Digester digester(Digester::Algorithm::sha256);
  std::string buffer(chunk, '\0');
  Manifest::File out;
  for (;;) {
    const auto got = need(read_at(file.number(), out.size, buffer));
    if (got == 0) break;
    const auto bytes = std::string_view(buffer).substr(0, got);
    digester.update(bytes);
    piece(bytes);
    out.size += got;
  }
  out.sha256 = Sha256{hex(digester.finish())};
  return out;
}

}  // namespace

void write_manifest(const fs::path& folder, const Manifest& manifest, const JournalKey& key) {
  auto text = text_of(manifest);
  text += fmt::format("mac: {}\n", hex(as_bytes(key.mac(text))));
  const auto unfinished = folder / "manifest.new";
  {
    const auto file = need(open_file(unfinished, O_WRONLY | O_CREAT | O_TRUNC, 0600));
    need(write_all(file.number(), text));
    need(sync_file(file.number()));
  }
  std::error_code error;
  fs::rename(unfinished, folder / manifest_name, error);
  if (error) throw Refusal(system_error(error.value(), "name the manifest"));
  need(sync_folder(folder));
}

Manifest read_manifest(const fs::path& folder) {
  const auto text = read_whole(folder / manifest_name);
  Manifest out;
  bool ended = false;
  std::size_t at = 0;
  for (std::size_t number = 0; at < text.size(); ++number) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = std::string_view(text).substr(at, end - at);
    at = end + 1;
    if (number == 0 && line != first_line) bad("not a manifest of dematd");
    const auto colon = line.find(": ");
    if (number == 0 || colon == std::string_view::npos) continue;
    ended = ended || line.starts_with("mac: ");
    take(out, line.substr(0, colon), line.substr(colon + 2));
  }
  if (!ended) bad("the manifest is cut off");
  return out;
}

void check_manifest(const fs::path& folder, const JournalKey& key) {
  const auto text = read_whole(folder / manifest_name);
  const auto at = text.rfind("mac: ");
  if (at == std::string::npos) bad("the manifest is cut off");
  const auto mac = hex(as_bytes(key.mac(std::string_view(text).substr(0, at))));
  if (std::string_view(text).substr(at) != "mac: " + mac + "\n")
    bad("the manifest was changed, or this is not the journal key of this store");
}

Manifest::File copy_file(const fs::path& from, const fs::path& to, unsigned mode) {
  const auto target = need(open_file(to, O_WRONLY | O_CREAT | O_EXCL, mode));
  auto out = digest_while(from, [&](std::string_view bytes) { need(write_all(target.number(), bytes)); });
  need(sync_file(target.number()));
  return out;
}

Manifest::File digest_of(const fs::path& file) {
  return digest_while(file, [](std::string_view) {});
}

}  // namespace demat::store
