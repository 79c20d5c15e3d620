#pragma once

#include <p11-kit/pkcs11.h>

#include <string>

/// The words of PKCS#11 and what this folder adds to them; for its own sources only.
namespace demat::signing {

/// "CKR_DEVICE_REMOVED", or the number of what is not in the table.
[[nodiscard]] std::string name_of(CK_RV result);

/// Text of a fixed field, which PKCS#11 pads with blanks (some modules with NULs).
[[nodiscard]] std::string padded_text(const unsigned char* field, std::size_t size);

}  // namespace demat::signing
