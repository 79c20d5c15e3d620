#pragma once

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

namespace demat::test {

inline std::string openapi_text() {
  const std::ifstream in(std::string(DEMAT_SOURCE_DIR) + "/docs/openapi.yaml");
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// "GET /v1/flows" -> {"200", "400", ...}, read by the document's indentation.
inline std::map<std::string, std::set<std::string>> documented_operations() {
  std::map<std::string, std::set<std::string>> out;
  std::istringstream in(openapi_text());
  std::string path;
  std::string operation;
  bool in_paths = false;
  for (std::string line; std::getline(in, line);) {
    const auto indent = line.find_first_not_of(' ');
    if (indent == std::string::npos) continue;
    if (indent == 0) in_paths = line == "paths:";
    if (!in_paths || line.back() != ':') continue;
    const auto word = line.substr(indent, line.size() - indent - 1);
    if (indent == 2) path = word;
    if (indent == 4) {
      operation.clear();
      for (const char c : word)
        operation += static_cast<char>(c - 'a' + 'A');
      operation += " " + path;
      out[operation];
    }
    if (indent == 8 && word.size() == 5 && word.front() == '\'') out[operation].insert(word.substr(1, 3));
  }
  return out;
}

/// The members a schema of the document has, or requires.
struct DocumentedSchema {
  std::set<std::string> members;
  std::set<std::string> required;
};
inline DocumentedSchema documented_schema(const std::string& name) {
  DocumentedSchema out;
  const auto text = openapi_text();
  const auto schemas = text.find("\n  schemas:\n");
  const auto start = text.find("\n    " + name + ":\n", schemas);
  if (schemas == std::string::npos || start == std::string::npos) return out;
  std::istringstream in(text.substr(start + 1));
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line) && line.starts_with("      ")) {
    if (line.starts_with("      required: [")) {
      std::istringstream names(line.substr(17, line.size() - 18));
      for (std::string one; std::getline(names, one, ',');)
        out.required.insert(one.substr(one.find_first_not_of(' ')));
    }
    if (line.starts_with("        ")) out.members.insert(line.substr(8, line.find(':') - 8));
  }
  return out;
}

}  // namespace demat::test
