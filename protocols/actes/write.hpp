#pragma once

#include <string>

#include "protocols/actes/message.hpp"
#include "protocols/base/result.hpp"

namespace demat::actes {

/// Business XML and envelopes as they leave: ISO-8859-1, every attribute qualified, schema "Actes 2.2", the
/// same bytes for the same value (actes 3). Both directions: what the ministry sends is written for tests and
/// for the simulated préfecture. Errors, permanent: `actes.write.latin1` for a character that ISO-8859-1 does
/// not have, `actes.write.character` for one that XML does not have.
[[nodiscard]] Result<std::string> write(const Message& message);
[[nodiscard]] Result<std::string> write(const Envelope& envelope);
[[nodiscard]] Result<std::string> write(const PrefectureEnvelope& envelope);
[[nodiscard]] Result<std::string> write(const EnvelopeAnomaly& anomaly);
[[nodiscard]] Result<std::string> write(const Content& content);

}  // namespace demat::actes
