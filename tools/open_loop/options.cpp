#include "tools/open_loop/options.hpp"

#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string_view>

namespace open_loop {
namespace {

constexpr const char* usage =
    "open_loop --port P --ca FILE --certificate FILE --key FILE --path PATH | --paths FILE\n"
    "          [--method M] [--body FILE [--mark TEXT]] [--connections N] [--rate R] [--seconds S] "
    "[--warm-up S]\n";

std::string content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> lines_of(const std::string& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) lines.push_back(line);
  return lines;
}

}  // namespace

Options read_options(int count, char** arguments) {
  Options out;
  using Take = std::function<void(const std::string&)>;
  const std::map<std::string_view, Take> known{
      {"--port", [&](const auto& v) { out.port = v; }},
      {"--ca", [&](const auto& v) { out.ca = v; }},
      {"--certificate", [&](const auto& v) { out.certificate = v; }},
      {"--key", [&](const auto& v) { out.key = v; }},
      {"--method", [&](const auto& v) { out.method = v; }},
      {"--path", [&](const auto& v) { out.paths.push_back(v); }},
      {"--paths", [&](const auto& v) { out.paths = lines_of(v); }},
      {"--body", [&](const auto& v) { out.body = content_of(v); }},
      {"--mark", [&](const auto& v) { out.mark = v; }},
      {"--connections", [&](const auto& v) { out.connections = std::stoul(v); }},
      {"--rate", [&](const auto& v) { out.rate = std::stod(v); }},
      {"--seconds", [&](const auto& v) { out.seconds = std::stod(v); }},
      {"--warm-up", [&](const auto& v) { out.warm_up = std::stod(v); }}};
  for (int i = 1; i + 1 < count; i += 2) {
    const auto found = known.find(arguments[i]);
    if (found == known.end()) throw std::runtime_error(usage);
    found->second(arguments[i + 1]);
  }
  if (count % 2 == 0 || out.port.empty() || out.paths.empty() || out.connections == 0 || out.rate <= 0)
    throw std::runtime_error(usage);
  return out;
}

}  // namespace open_loop
