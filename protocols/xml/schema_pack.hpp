#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/finding.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::xml {

/// One document kind of a pack: (root, namespace) -> schema file. Never chosen by schemaLocation (stack rule
/// 18).
struct PackEntry {
  std::string root;
  std::string ns;
  std::string file;                      ///< relative to the pack's folder
  std::vector<std::string> unsupported;  ///< children of the root that this pack does not describe
};

struct PackInfo {
  std::string protocol;  ///< "pes"
  std::string version;   ///< "5.30"
  std::string title;
  std::filesystem::path folder;
  std::vector<PackEntry> entries;
};

/// A compiled schema pack (pack.toml + XSD files). Compiled once, then shared read-only by any number of
/// threads (stack X8). Packs of the State load unmodified; an imported xmldsig schema whose X509SerialNumber
/// is an integer, of which libxml2 holds 24 digits, is replaced by our own (stack X1).
class SchemaPack {
 public:
  /// Reads pack.toml and compiles every entry. Errors: `pack.unreadable`, `pack.invalid`, `pack.schema`.
  [[nodiscard]] static Result<std::shared_ptr<const SchemaPack>> load(const std::filesystem::path& folder);
  ~SchemaPack();

  [[nodiscard]] const PackInfo& info() const;
  [[nodiscard]] const PackEntry* entry(std::string_view root, std::string_view ns) const;

  /// Validates a parsed document. No entry for its root: one finding `xsd.unknown_root`; a child listed as
  /// unsupported: `xsd.unsupported_domain` ("not supported by this version", never "invalid"); each schema
  /// error: `xsd.invalid` with line and element path, French and English text; duplicate xs:ID:
  /// `xsd.duplicate_id`.
  [[nodiscard]] Report validate(const Document& document) const;

  /// One parse for all: the document as xml::parse_borrowed() gives it (`bytes` must outlive it), validated
  /// into `report`, and passed by the visitors. An error is about parsing; `report` then means nothing.
  [[nodiscard]] Result<Document> read(std::string_view bytes, std::vector<Visitor*> visitors, Report& report,
                                      const ParseLimits& limits = {}) const;

  /// The same without a document.
  [[nodiscard]] Status check(std::string_view bytes, std::vector<Visitor*> visitors, Report& report,
                             const ParseLimits& limits = {}) const;

  /// Parses, validates and feeds the visitors in one pass, in memory that does not depend on the size (stack
  /// X6, X7). The Status is about parsing (as xml::stream), the findings go to `report`.
  [[nodiscard]] Status validate_stream(const ByteSource& source, const ParseLimits& limits,
                                       std::vector<Visitor*> visitors, Report& report) const;

 private:
  struct Impl;
  explicit SchemaPack(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Reads only pack.toml.
[[nodiscard]] Result<PackInfo> read_pack_info(const std::filesystem::path& folder);

}  // namespace demat::xml
