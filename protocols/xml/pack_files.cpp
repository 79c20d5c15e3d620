#include "protocols/xml/pack_files.hpp"

#include <libxml/uri.h>
#include <libxml/xmlIO.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "protocols/xml/libxml.hpp"

namespace demat::xml::detail {
namespace {

constexpr std::string_view scheme = "pack:/";

// libxml2 has one entity loader per process and gives it no user data; this is how a scope reaches it.
thread_local const PackFiles* current = nullptr;

/// The file behind a pack URL, or nothing when the URL leaves the pack.
std::optional<std::filesystem::path> resolve(std::string_view url, const std::filesystem::path& folder) {
  if (url.substr(0, scheme.size()) != scheme) return std::nullopt;
  const std::string escaped{url.substr(scheme.size())};
  const std::unique_ptr<char, FreeXml> plain{xmlURIUnescapeString(escaped.c_str(), 0, nullptr)};
  if (!plain) return std::nullopt;
  const auto relative = std::filesystem::path{plain.get()}.relative_path().lexically_normal();
  if (relative.empty() || *relative.begin() == "..") return std::nullopt;
  return folder / relative;
}

/// Whether this is an xmldsig schema that libxml2 could not use for real certificates (stack X1).
bool has_integer_serial(std::string_view schema) {
  if (schema.find("http://www.w3.org/2000/09/xmldsig#") == std::string_view::npos) return false;
  const auto at = schema.find("\"X509SerialNumber\"");
  if (at == std::string_view::npos) return false;
  const auto begin = schema.rfind('<', at);
  const auto end = schema.find('>', at);
  return schema.substr(begin, end - begin).find("integer") != std::string_view::npos;
}

}  // namespace

PackFiles::PackFiles(std::filesystem::path folder)
    : folder_(std::move(folder)), outer_(std::exchange(current, this)) {}

PackFiles::~PackFiles() {
  current = outer_;
}

xmlParserInputPtr load_pack_file(const char* url, const char* /*id*/, xmlParserCtxtPtr context) {
  if (current == nullptr || url == nullptr) return nullptr;
  const auto file = resolve(url, current->folder());
  if (!file) return nullptr;
  std::ifstream stream(*file, std::ios::binary);
  if (!stream) return nullptr;
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (has_integer_serial(text)) text = own_xmldsig_schema();
  auto* buffer =
      xmlParserInputBufferCreateMem(text.data(), static_cast<int>(text.size()), XML_CHAR_ENCODING_NONE);
  if (buffer == nullptr) return nullptr;
  auto* input = xmlNewIOInputStream(context, buffer, XML_CHAR_ENCODING_NONE);
  if (input == nullptr) {
    xmlFreeParserInputBuffer(buffer);
    return nullptr;
  }
  input->filename = reinterpret_cast<char*>(xmlStrdup(xstr(url)));
  return input;
}

}  // namespace demat::xml::detail
