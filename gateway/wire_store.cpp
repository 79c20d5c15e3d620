#include "gateway/wiring.hpp"

namespace demat::wiring {

store::SqliteOptions store_options(const config::Settings& settings) {
  return {settings.data_folder, settings.environment, settings.inline_payload};
}

Status try_parts(const config::Settings& settings) {
  if (auto keys = load_keys(settings); !keys) return failure(keys.error());
  if (auto inspection = load_inspection(settings); !inspection) return failure(inspection.error());
  return {};
}

}  // namespace demat::wiring
