#include "protocols/xades/policy.hpp"

namespace demat::xades {

Policy helios_policy_1_7() {
  Policy policy;
  policy.id = "urn:oid:1.2.250.1.131.1.5.18.21.1.7";
  policy.digest_method = "http://www.w3.org/2001/04/xmlenc#sha256";
  policy.digest = "roF9+cfRHNPtVJolhdqfIqGMVuUXX8aR4rpiquf0u5E=";
  policy.spuri =
      "https://www.collectivites-locales.gouv.fr/files/files/finances_locales/dematerialisation/"
      "ps_helios_dgfip.pdf";
  return policy;
}

}  // namespace demat::xades
