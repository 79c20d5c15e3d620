#pragma once

#include "protocols/xades/names.hpp"

/// Names of XAdES 1.3.2, beside those of protocols/xades.
namespace demat::baseline::names {

using namespace xades::names;

inline constexpr std::string_view xades_1_3_2 = "http://uri.etsi.org/01903/v1.3.2#";
/// Of the reference to SignedProperties; the same for all versions from 1.3.2 on.
inline constexpr std::string_view signed_properties_type = "http://uri.etsi.org/01903#SignedProperties";
inline constexpr std::string_view c14n = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

}  // namespace demat::baseline::names
