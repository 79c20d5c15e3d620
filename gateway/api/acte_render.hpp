#pragma once

#include <boost/json/object.hpp>

#include "gateway/flow/acte.hpp"
#include "gateway/store/actes.hpp"
#include "protocols/actes/classification.hpp"

/// Values of ACTES as the JSON of docs/openapi.yaml. Empty optional members are left out.
namespace demat::api {

[[nodiscard]] boost::json::object to_json(const flow::Acte& acte);
[[nodiscard]] boost::json::object to_json(const store::ActeOnFlow& item);
[[nodiscard]] boost::json::object to_json(const flow::Letter& letter);
[[nodiscard]] boost::json::object to_json(const flow::ActesSettings& settings);
[[nodiscard]] boost::json::object to_json(const actes::Classification& classification);

}  // namespace demat::api
