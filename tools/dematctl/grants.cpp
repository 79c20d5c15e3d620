#include "tools/dematctl/grants.hpp"

#include <boost/json/object.hpp>

namespace demat::ctl {

Answer<boost::json::array> grants_from(const std::vector<std::string>& texts) {
  boost::json::array grants;
  for (const std::string& text : texts) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) {
      return usage_failure("ctl.grant", "Droit mal écrit « " + text + " » ; il faut SIREN:rôle.",
                           "Wrong grant \"" + text + "\"; SIREN:role is expected.");
    }
    grants.push_back(
        boost::json::object{{"authority", text.substr(0, colon)}, {"role", text.substr(colon + 1)}});
  }
  return grants;
}

}  // namespace demat::ctl
