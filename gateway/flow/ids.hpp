#pragma once

#include "protocols/base/identifiers.hpp"

namespace demat {

using FlowId = Strong<struct FlowIdTag>;                ///< UUIDv7
using AuthorityId = Strong<struct AuthorityIdTag>;      ///< the authority's SIREN
using IdentityId = Strong<struct IdentityIdTag>;        ///< SHA-256 (hex) of the client certificate's DER
using DestinationName = Strong<struct DestinationTag>;  ///< name of a [[destination]] of the configuration
using ReturnId = Strong<struct ReturnIdTag>;            ///< UUIDv7 of a file received from the State

}  // namespace demat
