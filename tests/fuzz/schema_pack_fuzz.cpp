// The reader of schema packs: pack.toml, and the schemas it names. The input is split at lines "%%":
// pack.toml, a.xsd, b.xsd.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "protocols/xml/schema_pack.hpp"
#include "tests/fuzz/require.hpp"

namespace {

/// One folder for the whole run; its files are written anew for each input.
class Folder {
 public:
  Folder() {
    auto name = (std::filesystem::temp_directory_path() / "demat-fuzz-XXXXXX").string();
    demat::fuzz::require(mkdtemp(name.data()) != nullptr, "a temporary folder");
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;  // a folder that stays is no fault of the reader
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  void write(const char* name, std::string_view content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  for (const char* name : {"pack.toml", "a.xsd", "b.xsd"}) {
    const auto end = rest.find("\n%%\n");
    folder.write(name, rest.substr(0, end));
    rest = end == rest.npos ? std::string_view() : rest.substr(end + 4);
  }
  const auto pack = demat::xml::SchemaPack::load(folder.path());
  if (!pack) {
    demat::fuzz::require(pack.error().code.starts_with("pack."), "an error of another kind");
    return 0;
  }
  for (const auto& entry : (*pack)->info().entries) {
    demat::fuzz::require((*pack)->entry(entry.root, entry.ns) != nullptr, "an entry that is not found");
    const auto document = demat::xml::parse("<" + std::string("r") + "/>");
    demat::fuzz::require(document.has_value(), "a plain document");
    static_cast<void>((*pack)->validate(*document));
  }
  return 0;
}
