#pragma once

#include <string_view>

#include "protocols/base/error.hpp"

namespace demat::trust {

// What can be wrong with the files of a trust profile; `detail` names the file.

[[nodiscard]] Error certificate_unreadable(std::string_view detail = {});
[[nodiscard]] Error crl_unreadable(std::string_view detail = {});
[[nodiscard]] Error ocsp_unreadable(std::string_view detail = {});
/// A response that says nothing about the certificate it was asked for.
[[nodiscard]] Error ocsp_of_another(std::string_view detail = {});
/// A response by nobody whom the issuer has authorised.
[[nodiscard]] Error ocsp_not_authentic(std::string_view detail = {});
/// An anchor or issuer that may not issue certificates.
[[nodiscard]] Error not_an_authority(std::string_view detail);
[[nodiscard]] Error no_anchor(std::string_view profile);
/// Without an authorised issuer no signature could ever pass.
[[nodiscard]] Error no_issuer(std::string_view profile);

// A list that came from outside and is not taken over; what may be mended there is waiting.
[[nodiscard]] Error list_not_authentic();
[[nodiscard]] Error list_over();
[[nodiscard]] Error list_future();
[[nodiscard]] Error list_older(std::string_view number);

}  // namespace demat::trust
