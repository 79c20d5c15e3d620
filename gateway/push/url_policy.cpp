#include "gateway/push/url_policy.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "gateway/http/header_value.hpp"

namespace demat::push {
namespace {

constexpr std::size_t longest = 500;

Error off() {
  return permanent_error("push.off", "Les webhooks ne sont pas ouverts sur cette passerelle.",
                         "Webhooks are not open on this gateway.");
}

Error bad_url() {
  return permanent_error(
      "push.url", "L'adresse doit être de la forme https://hôte/chemin, sans nom d'utilisateur ni ancre.",
      "The address must read https://host/path, without user name or fragment.");
}

Error bad_host() {
  return permanent_error("push.host",
                         "Cet hôte n'est pas dans la liste des hôtes admis. Demandez-le à l'exploitant.",
                         "This host is not in the list of allowed hosts. Ask the operator for it.");
}

}  // namespace

std::string host_of(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return {};
  auto host = http::lower_case(parsed->host_address());
  while (host.ends_with('.'))
    host.pop_back();  // the same name, fully qualified
  return host;
}

Status check_url(const std::string& url, const config::Push& push) {
  if (push.allowed_hosts.empty()) return failure(off());
  const auto parsed = boost::urls::parse_uri(url);
  if (url.size() > longest || !parsed || parsed->scheme() != "https" || parsed->host().empty() ||
      parsed->has_userinfo() || parsed->has_fragment())
    return failure(bad_url());
  if (!host_listed(host_of(url), push.allowed_hosts)) return failure(bad_host());
  return {};
}

}  // namespace demat::push
