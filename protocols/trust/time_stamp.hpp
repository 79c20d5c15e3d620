#pragma once

#include <optional>
#include <string>

#include "protocols/base/digest.hpp"
#include "protocols/trust/rules.hpp"

namespace demat::trust {

/// A time stamp of a signature as its format carries it (XAdES SignatureTimeStamp, CMS id-aa-timeStampToken),
/// not looked at yet.
struct StampInput {
  Bytes token;    ///< RFC 3161 TimeStampToken, DER
  Bytes stamped;  ///< what it must have stamped: the signature value, in the form that the format states
};

/// What a time stamp proves, and why not if it does not.
struct StampFacts {
  bool accepted = false;        ///< it holds, and its authority is trusted by the profile
  std::optional<Instant> time;  ///< nothing when it does not hold
  std::string authority;        ///< name of who issued it
  std::string sha256;           ///< of the authority's certificate
  std::string serial;           ///< of the token
  std::string policy;           ///< OID
  std::string fr;               ///< why it is not accepted
  std::string en;
};

}  // namespace demat::trust
