#include "protocols/xsd/files.hpp"

namespace demat::xsd {
namespace {

constexpr std::string_view declaration = "xmlns";

Error unreadable(const std::filesystem::path& file, const std::string& why) {
  const auto name = file.filename().string();
  return permanent_error("pack.unreadable", "Le schéma « " + name + " » du lot ne peut être lu.",
                         "Schema \"" + name + "\" of the pack cannot be read.", why);
}

std::map<std::string, std::string> prefixes_of(const pugi::xml_node& schema) {
  std::map<std::string, std::string> out;
  for (const auto& attribute : schema.attributes()) {
    const std::string_view name = attribute.name();
    if (name == declaration) out[""] = attribute.value();
    if (name.starts_with("xmlns:")) out[std::string(name.substr(declaration.size() + 1))] = attribute.value();
  }
  return out;
}

}  // namespace

std::string_view local(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

QName Scope::resolve(std::string_view name) const {
  const auto colon = name.find(':');
  const std::string prefix(colon == std::string_view::npos ? std::string_view{} : name.substr(0, colon));
  const std::string own(colon == std::string_view::npos ? name : name.substr(colon + 1));
  const auto found = prefixes.find(prefix);
  return {found != prefixes.end() ? found->second : target, own};
}

Status Files::load(const std::filesystem::path& file, const std::string& includer) {
  auto read = std::make_unique<File>();
  const auto result = read->document.load_file(file.c_str());
  if (!result) return failure(unreadable(file, result.description()));
  const auto schema = read->document.document_element();
  const std::string own = schema.attribute("targetNamespace").value();
  read->scope = {prefixes_of(schema), own.empty() ? includer : own};
  const auto target = read->scope.target;
  const auto [kept, fresh] = files_.try_emplace({file.lexically_normal().string(), target}, std::move(read));
  if (!fresh) return {};
  const auto& scope = kept->second->scope;
  for (const auto& node : kept->second->document.document_element().children()) {
    const std::string kind(local(node));
    const std::string location = node.attribute("schemaLocation").value();
    if ((kind == "include" || kind == "import") && !location.empty()) {
      const auto status = load(file.parent_path() / location, kind == "include" ? target : std::string());
      if (!status) return status;
    } else if (node.attribute("name")) {
      named_.try_emplace({kind, target, node.attribute("name").value()}, Definition{node, &scope});
    }
  }
  return {};
}

Definition Files::find(const std::string& kind, const QName& name) const {
  const auto found = named_.find({kind, name.first, name.second});
  return found == named_.end() ? Definition{} : found->second;
}

}  // namespace demat::xsd
