#include "gateway/generation.hpp"

#include <array>
#include <fstream>
#include <functional>
#include <iterator>

#include "gateway/wiring.hpp"
#include "protocols/base/digest.hpp"

namespace demat {
namespace {

using config::Settings;

/// A key that is bound to something opened once: the store, a listening socket, the log file.
struct FixedKey {
  std::string_view name;
  std::function<bool(const Settings& running, Settings& fresh)> keep;  ///< true when the file had changed it
};

template <class M>
bool keep(const M& running, M& fresh) {
  if (running == fresh) return false;
  fresh = running;
  return true;
}

const std::array<FixedKey, 9>& fixed_keys() {
  static const std::array<FixedKey, 9> keys{{
      {"environment", [](const auto& a, auto& b) { return keep(a.environment, b.environment); }},
      {"data_folder", [](const auto& a, auto& b) { return keep(a.data_folder, b.data_folder); }},
      {"inline_payload", [](const auto& a, auto& b) { return keep(a.inline_payload, b.inline_payload); }},
      {"http.listen", [](const auto& a, auto& b) { return keep(a.http.listen, b.http.listen); }},
      {"http.port", [](const auto& a, auto& b) { return keep(a.http.port, b.http.port); }},
      {"http.port_file", [](const auto& a, auto& b) { return keep(a.http.port_file, b.http.port_file); }},
      {"http.max_payload",
       [](const auto& a, auto& b) { return keep(a.http.max_payload, b.http.max_payload); }},
      {"http.metrics_listen",
       [](const auto& a, auto& b) { return keep(a.http.metrics_listen, b.http.metrics_listen); }},
      {"log.file", [](const auto& a, auto& b) { return keep(a.log.file, b.log.file); }},
  }};
  return keys;
}

}  // namespace

std::string fingerprint_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return {};
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  return sha256(bytes).str();
}

Result<GenerationPtr> make_generation(const Settings& settings, const std::string& sha256, Instant now,
                                      const GenerationPtr& previous) {
  auto made = std::make_shared<Generation>();
  made->number = previous ? previous->number + 1 : 1;
  made->loaded_at = now;
  made->sha256 = sha256;
  made->settings = settings;
  made->tokens = previous ? previous->tokens : std::make_shared<signing::Tokens>();
  auto keys = wiring::load_keys(settings, *made->tokens);
  if (!keys) return failure(std::move(keys.error()));
  made->keys = std::move(*keys);
  auto inspection = wiring::load_inspection(settings, previous ? previous->inspection->budget : nullptr);
  if (!inspection) return failure(std::move(inspection.error()));
  made->inspection = std::move(*inspection);
  return GenerationPtr(std::move(made));
}

std::vector<std::string> keep_until_restart(const Settings& running, Settings& fresh) {
  std::vector<std::string> kept;
  for (const auto& key : fixed_keys())
    if (key.keep(running, fresh)) kept.emplace_back(key.name);
  return kept;
}

}  // namespace demat
