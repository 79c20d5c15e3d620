#pragma once

#include <functional>
#include <memory>

#include "gateway/api/services.hpp"
#include "gateway/pipeline/inspection.hpp"

namespace demat::api {

/// The usual Services::check: the pipeline's inspection with the authority's own signing profile, and what
/// the authority has sent before; nothing is recorded. `store` and `clock` must outlive the result. `signer`
/// gives the profile of a name, or nothing.
[[nodiscard]] std::function<Result<CheckVerdict>(const ByteSource&, const AuthorityId&)> make_check(
    store::Store& store, const Clock& clock,
    std::function<std::shared_ptr<const pipeline::InspectionContext>()> context,
    std::function<std::shared_ptr<const signing::SigningProfile>(const std::string&)> signer);

}  // namespace demat::api
