#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <tuple>

#include "protocols/base/result.hpp"

/// Schema files of one entry, and the names they define. Internal to this folder.
namespace demat::xsd {

using QName = std::pair<std::string, std::string>;  ///< namespace, local name

/// How names are resolved in one file, seen from one target namespace (a chameleon has its includer's).
struct Scope {
  std::map<std::string, std::string> prefixes;
  std::string target;

  [[nodiscard]] QName resolve(std::string_view name) const;
};

/// A definition and the scope of the file it is in.
struct Definition {
  pugi::xml_node node;
  const Scope* scope = nullptr;
};

inline constexpr std::string_view xs = "http://www.w3.org/2001/XMLSchema";

class Files {
 public:
  /// Errors: `pack.unreadable`.
  [[nodiscard]] Status load(const std::filesystem::path& file, const std::string& includer);
  /// `kind`: "element", "complexType", "simpleType", "group", "attributeGroup". Null node when unknown.
  [[nodiscard]] Definition find(const std::string& kind, const QName& name) const;

 private:
  struct File {
    pugi::xml_document document;
    Scope scope;
  };
  std::map<std::pair<std::string, std::string>, std::unique_ptr<File>> files_;  ///< by path and target
  std::map<std::tuple<std::string, std::string, std::string>, Definition> named_;
};

/// Local name of a node's tag.
[[nodiscard]] std::string_view local(const pugi::xml_node& node);

}  // namespace demat::xsd
