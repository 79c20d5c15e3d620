#include "gateway/wiring.hpp"

namespace demat::wiring {

store::SqliteOptions store_options(const config::Settings& settings) {
  return {settings.data_folder, settings.environment, settings.inline_payload};
}

Status try_parts(const config::Settings& settings) {
  signing::Tokens tokens;
  const auto keys = load_keys(settings, tokens);
  if (!keys) return failure(keys.error());
  // The gateway would start without its tokens; whoever asks wants to know whether they are there.
  for (const auto& [name, profile] : keys->profiles())
    if (auto status = profile.signer->ready(); !status) return status;
  if (auto inspection = load_inspection(settings); !inspection) return failure(inspection.error());
  return {};
}

}  // namespace demat::wiring
