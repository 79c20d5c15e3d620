#pragma once

/// The XAdES-EPES profile of Hélios: everything a caller needs.
#include "protocols/xades/certificate.hpp"
#include "protocols/xades/instant.hpp"
#include "protocols/xades/policy.hpp"
#include "protocols/xades/sign.hpp"
#include "protocols/xades/verify.hpp"
