#include <fstream>

#include "tools/dematctl/certificate.hpp"
#include "tools/dematctl/commands.hpp"
#include "tools/dematctl/fetched_document.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

/// The number of the last acquit among documents; 0 when there is none.
std::int64_t last_acquit(const std::vector<json::object>& documents) {
  const auto* last = last_of(documents, "acquit");
  return last == nullptr ? 0 : number_of(*last, "number");
}

std::string sha256_of(const std::vector<json::object>& documents, std::int64_t number) {
  for (const auto& document : documents) {
    if (number_of(document, "number") == number) return text_of(document, "sha256");
  }
  return {};
}

Exit to_standard_output(Session& session, const std::string& path, const std::string& sha256,
                        HttpHeaders* headers) {
  const auto bytes = session.api.download(path, {}, headers);
  if (!bytes) return session.out.failed(bytes.error());
  if (!sha256.empty() && sha256_hex(*bytes) != sha256) return session.out.failed(damaged());
  session.out.bytes(*bytes);
  return Exit::ok;
}

}  // namespace

Exit fetch_bytes(Session& session, const std::string& path, const fs::path& output, const std::string& sha256,
                 HttpHeaders* headers) {
  if (output.empty() || output == "-") return to_standard_output(session, path, sha256, headers);
  const fs::path partial = output.string() + ".part";
  std::error_code error;
  const auto done = session.api.download(path, partial, headers);
  if (!done) {
    fs::remove(partial, error);
    return session.out.failed(done.error());
  }
  if (!sha256.empty() && sha256_hex_of_file(partial) != sha256) {
    fs::remove(partial, error);
    return session.out.failed(damaged());
  }
  const auto size = fs::file_size(partial, error);
  fs::rename(partial, output, error);
  if (error) {
    return session.out.failed({Exit::usage,
                               permanent_error("ctl.file", "Écriture impossible : " + output.string(),
                                               "Cannot write: " + output.string()),
                               {}});
  }
  session.out.object({{"file", output.string()}, {"size", size}, {"sha256", sha256_hex_of_file(output)}});
  session.out.line(printable(output.string()) + "  " + std::to_string(size) + " octets / bytes");
  return Exit::ok;
}

Exit fetch(Session& session, const FetchOptions& options) {
  const std::string flow = "/v1/flows/" + percent_encode(options.id);
  if (!options.acquit && !options.list && options.document == 0)
    return fetch_bytes(session, flow + "/payload", options.output, {});
  const auto answer = session.api.get(flow + "/documents");
  if (!answer) return session.out.failed(answer.error());
  const auto documents = objects_of(*answer, "items");
  if (options.list) {
    session.out.items(documents, {{"n°", "number"},
                                  {"rôle", "role"},
                                  {"taille", "size"},
                                  {"reçu", "created_at"},
                                  {"SHA-256", "sha256"},
                                  {"nom", "name"}});
    return Exit::ok;
  }
  const auto number = options.acquit ? last_acquit(documents) : static_cast<std::int64_t>(options.document);
  if (number == 0) return session.out.failed(no_acquit());
  return fetch_bytes(session, flow + "/documents/" + std::to_string(number), options.output,
                     sha256_of(documents, number));
}

}  // namespace demat::ctl
