#pragma once

#include <string>

#include "gateway/config/settings.hpp"
#include "protocols/base/byte_source.hpp"
#include "protocols/base/result.hpp"

namespace demat::transport {

/// The verdict of a scan.
struct Scan {
  bool infected = false;
  std::string name;  ///< of what was found
};

/// Asks clamd by INSTREAM over TCP or its local socket. Any answer but a clear verdict is the waiting error
/// `antivirus.down`: a scanner that is down or refuses by size never makes a flow refused (helios B7).
/// Thread-safe: one connection per call.
[[nodiscard]] Result<Scan> scan(const config::Antivirus& settings, const ByteSource& bytes);

/// True when clamd answers to PING; the same error otherwise.
[[nodiscard]] Status ping(const config::Antivirus& settings);

}  // namespace demat::transport
