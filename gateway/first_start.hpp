#pragma once

#include <filesystem>
#include <string>

#include "gateway/config/settings.hpp"
#include "gateway/flow/ids.hpp"
#include "protocols/base/result.hpp"

namespace demat {

struct FirstOperator {
  std::filesystem::path certificate;  ///< PEM
  std::string name = "exploitant";
};

/// `dematd init`: makes the store and its journal key, and the first platform operator from a certificate
/// file; everything else is done by dematctl (decisions, First start). Errors: `store.exists`,
/// `init.certificate`.
[[nodiscard]] Status first_start(const config::Settings& settings, const FirstOperator& first_operator);

/// The identity that a PEM certificate stands for: the SHA-256 of its DER form.
[[nodiscard]] Result<IdentityId> identity_of_certificate(const std::filesystem::path& pem);

}  // namespace demat
