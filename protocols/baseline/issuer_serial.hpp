#pragma once

// Inner header: IssuerSerialV2 of XAdES.

#include <span>

#include "protocols/xades/certificate.hpp"

namespace demat::baseline {

/// Whether `der`, an IssuerSerial of RFC 5035 (issuer as GeneralNames, serial number) and nothing after it,
/// is that of `certificate`. Names are compared as names.
[[nodiscard]] bool issuer_serial_is(const xades::Certificate& certificate, std::span<const std::uint8_t> der);

}  // namespace demat::baseline
