#include "tools/dematctl/fetched_document.hpp"

#include "tools/dematctl/certificate.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

Answer<std::unique_ptr<ByteSource>> download(Api& api, const std::string& path, const fs::path& file,
                                             const std::string& sha256) {
  const auto done = api.download(path, file);
  if (!done) return fail(done.error());
  if (sha256_hex_of_file(file) != sha256) return fail(damaged());
  return open_local(file);
}

}  // namespace

bool is_local(const std::string& what) {
  std::error_code error;
  // Ids are plain words: what has a dot or a slash was meant as a file, and is said to be missing as one.
  return what.empty() || fs::exists(what, error) || what.find_first_of("./\\") != what.npos;
}

const json::object* last_of(const std::vector<json::object>& documents, std::string_view role) {
  const json::object* found = nullptr;
  for (const auto& one : documents)
    if (text_of(one, "role") == role &&
        (found == nullptr || number_of(one, "number") >= number_of(*found, "number")))
      found = &one;
  return found;
}

bool FetchedDocuments::has(std::string_view role) const {
  return last_of(documents_, role) != nullptr;
}

Answer<std::unique_ptr<ByteSource>> FetchedDocuments::open(Api& api, std::string_view role) const {
  const std::string path = "/v1/flows/" + percent_encode(flow_);
  const auto* document = last_of(documents_, role);
  if (document == nullptr)
    return fail({Exit::not_found,
                 permanent_error("ctl.no_document", "Ce flux n'a pas de tel document.",
                                 "This flow has no such document.", role),
                 {}});
  return download(api, path + "/documents/" + text_of(*document, "number"), folder_.path() / role,
                  text_of(*document, "sha256"));
}

Answer<FetchedDocuments> fetch_documents(Api& api, const std::string& flow) {
  const auto answer = api.get("/v1/flows/" + percent_encode(flow) + "/documents");
  if (!answer) return fail(answer.error());
  auto folder = TemporaryFolder::make();
  if (!folder) return fail(folder.error());
  return FetchedDocuments(flow, objects_of(*answer, "items"), std::move(*folder));
}

Answer<FetchedReturn> fetch_return(Api& api, const std::string& id) {
  const std::string path = "/v1/returns/" + percent_encode(id);
  const auto item = api.get(path);
  if (!item) return fail(item.error());
  auto folder = TemporaryFolder::make();
  if (!folder) return fail(folder.error());
  auto bytes = download(api, path + "/payload", folder->path() / "return", text_of(*item, "sha256"));
  if (!bytes) return fail(bytes.error());
  return FetchedReturn{std::move(*folder), std::move(*bytes)};
}

}  // namespace demat::ctl
