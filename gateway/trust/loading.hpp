#pragma once

#include <string>

#include "gateway/config/settings.hpp"
#include "protocols/base/result.hpp"
#include "protocols/trust/profile.hpp"

namespace demat::trust_desk {

/// Reads a profile's folder: anchors/, issuers/, intermediates/, crls/, ocsp/ and stamps/ (all but the first
/// two may be absent), each file PEM or DER. Names that begin with a dot or end in `~`, `.tmp` or `.part` are
/// passed over: whoever replaces a file writes beside it and renames. `fetched`: a folder with further crls/
/// and ocsp/, looked at when the profile fetches; it may be absent, and what cannot be read there is passed
/// over, since it is fetched again. Errors, with "NAME: crls/file" as detail: those of TrustProfile::make,
/// `trust.folder_unreadable`.
[[nodiscard]] Result<trust::TrustProfile> load_profile(const config::Trust& settings,
                                                       const std::filesystem::path& fetched = {});

/// Where what is fetched for a profile is kept.
[[nodiscard]] std::filesystem::path fetched_folder(const config::Settings& settings,
                                                   const std::string& profile);

/// Changes when a file comes, goes, or is written: names, sizes, times and numbers of inodes.
[[nodiscard]] std::string look_of(const config::Trust& settings, const std::filesystem::path& fetched = {});

[[nodiscard]] trust::Rules rules_of(const config::Trust& settings);

}  // namespace demat::trust_desk
