#include "protocols/xades/policy.hpp"

namespace demat::xades {

Policy helios_policy_1_7() {
  Policy policy;
  policy.name = "helios-7";
  policy.id = "urn:oid:1.2.250.1.131.1.5.18.21.1.7";
  policy.digest_method = names::sha256;
  policy.digest = "roF9+cfRHNPtVJolhdqfIqGMVuUXX8aR4rpiquf0u5E=";
  policy.spuri =
      "https://www.collectivites-locales.gouv.fr/files/files/finances_locales/dematerialisation/"
      "ps_helios_dgfip.pdf";
  // No `from`: it was signed with before the date of its document (signature 1.5, family D).
  return policy;
}

Policy helios_policy_1_4() {
  Policy policy;
  policy.name = "helios-4";
  policy.id = "urn:oid:1.2.250.1.131.1.5.18.21.1.4";
  policy.digest_method = names::sha1;
  policy.digest = "Jkdb+aba0Hz6+ZPKmKNhPByzQ+Q=";
  policy.accepted = {{std::string(names::sha256), "pYtFgzn09kQWZywqdIGVd1fFI07tjKmEAyQHr0l/YAk="}};
  policy.spuri = "https://portail.dgfip.finances.gouv.fr/documents/PS_Helios_DGFiP.pdf";
  policy.until = parse_instant("2018-08-31T22:00:00Z");  // midnight in Paris (signature 1.1)
  return policy;
}

std::vector<Policy> helios_policies() {
  return {helios_policy_1_7(), helios_policy_1_4()};
}

}  // namespace demat::xades
