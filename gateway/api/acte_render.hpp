#pragma once

#include <boost/json/object.hpp>

#include "gateway/actes/classifications.hpp"
#include "gateway/actes/deadlines.hpp"
#include "gateway/flow/acte.hpp"
#include "gateway/store/actes.hpp"
#include "protocols/actes/classification.hpp"

/// Values of ACTES as the JSON of docs/openapi.yaml. Empty optional members are left out.
namespace demat::api {

[[nodiscard]] boost::json::object to_json(const flow::Acte& acte);
[[nodiscard]] boost::json::object to_json(const store::ActeOnFlow& item,
                                          const std::vector<actes_road::Deadline>& deadlines);
/// `answer_due`: until when it should have its answer, if one is awaited.
[[nodiscard]] boost::json::object to_json(const flow::Letter& letter,
                                          const std::optional<Instant>& answer_due, Instant now);
[[nodiscard]] boost::json::object to_json(const actes_road::ClassificationPlan& plan,
                                          std::uint32_t every_days);
[[nodiscard]] boost::json::object to_json(const flow::ActesSettings& settings);
[[nodiscard]] boost::json::object to_json(const actes::Classification& classification);

}  // namespace demat::api
