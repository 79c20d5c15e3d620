#pragma once

#include <libxml/parser.h>

#include <filesystem>
#include <string>

namespace demat::xml::detail {

/// While alive, lets libxml2 read, on this thread only, the files of one pack: they are named
/// "pack:/<relative path>", whatever the folder is called. Everything else stays refused (stack rule 18,
/// signature S6).
class PackFiles {
 public:
  explicit PackFiles(std::filesystem::path folder);
  ~PackFiles();
  PackFiles(const PackFiles&) = delete;
  PackFiles& operator=(const PackFiles&) = delete;

  [[nodiscard]] static std::string url(const std::string& relative) { return "pack:/" + relative; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  const PackFiles* outer_;
};

/// The process-wide entity loader of libxml2: answers only inside a PackFiles scope. An xmldsig schema whose
/// X509SerialNumber is an integer is answered with our own one (stack X1).
xmlParserInputPtr load_pack_file(const char* url, const char* id, xmlParserCtxtPtr context);

/// Our xmldsig schema: the same grammar, with serial numbers of any length.
[[nodiscard]] const std::string& own_xmldsig_schema();

}  // namespace demat::xml::detail
