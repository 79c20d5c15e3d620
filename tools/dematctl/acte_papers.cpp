#include "tools/dematctl/commands_actes.hpp"

namespace demat::ctl {
namespace {

std::string paper(const PaperOptions& options, const std::string& name) {
  return "/v1/actes/" + percent_encode(options.id) + "/" + name;
}

}  // namespace

Exit acte_stamp(Session& session, const PaperOptions& options) {
  Query query;
  query.add("document", options.document == 0 ? "" : std::to_string(options.document));
  query.add("acte", options.acte == 0 ? "" : std::to_string(options.acte));
  query.add("published", options.published);
  HttpHeaders headers;
  const Exit exit =
      fetch_bytes(session, paper(options, "stamped") + query.str(), options.output, {}, &headers);
  const auto stamp = headers.find("demat-stamp");
  if (exit != Exit::ok || stamp == headers.end() || !stamp->second.starts_with("separate-page")) return exit;
  const std::size_t because = stamp->second.find("because=");
  const std::string why =
      because == std::string::npos ? "" : " (" + printable(stamp->second.substr(because + 8)) + ")";
  session.out.note("Le tampon est sur une page à part : joignez-la au document" + why + ".",
                   "The stamp is a page of its own: put it with the document" + why + ".");
  return exit;
}

Exit acte_bordereau(Session& session, const PaperOptions& options) {
  Query query;
  query.add("acte", options.acte == 0 ? "" : std::to_string(options.acte));
  return fetch_bytes(session, paper(options, "bordereau") + query.str(), options.output, {});
}

Exit acte_evidence(Session& session, const PaperOptions& options) {
  return fetch_bytes(session, paper(options, "evidence"), options.output, {});
}

}  // namespace demat::ctl
