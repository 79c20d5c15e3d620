#include <algorithm>
#include <array>

#include "gateway/api/care_handlers.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/resumable.hpp"
#include "gateway/http/header_value.hpp"
#include "gateway/http/refusals.hpp"

namespace demat::api {
namespace {

http::Response reply(const Context& context, int status, const store::Upload& upload) {
  const auto expires = upload.touched_at + context.services.guards().upload_life;
  auto out = json_reply(status, {{"id", upload.id.str()},
                                 {"authority", upload.authority.str()},
                                 {"file_name", upload.file_name},
                                 {"size", upload.size},
                                 {"offset", upload.offset},
                                 {"finished", upload.finished},
                                 {"expires_at", to_iso8601(expires)}});
  out.with("Upload-Offset", std::to_string(upload.offset));
  out.with("Upload-Length", std::to_string(upload.size));
  return out;
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

Result<store::Upload> wanted_upload(const Context& context) {
  const auto named = named_authority(context.request);
  if (!named) return failure(named.error());
  auto authority = intake::choose_authority(context.identity, flow::Action::deposit, *named);
  if (!authority) return failure(std::move(authority.error()));
  const auto body = json_body(context, {"size", "sha256", "file_name"});
  if (!body) return failure(body.error());
  const auto* size = body->if_contains("size");
  if (size == nullptr || !size->is_int64() || size->get_int64() < 1) return failure(bad_field("size"));
  const auto digest = text_member(*body, "sha256", "");
  if (!digest || !(digest->empty() || is_digest(*digest))) return failure(bad_field("sha256"));
  const auto name = text_member(*body, "file_name", "");
  if (!name) return failure(name.error());
  store::Upload upload;
  upload.identity = context.identity.id;
  upload.authority = std::move(*authority);
  upload.file_name = http::last_path_component(*name);
  upload.size = static_cast<std::uint64_t>(size->get_int64());
  if (!digest->empty()) upload.sha256 = Sha256{*digest};
  if (upload.size > context.services.max_payload)
    return failure(http::refusals::too_large(context.services.max_payload).error);
  return upload;
}

http::Response create_upload(const Context& context) {
  if (auto room = room_for_deposits(context.services); !room) return problem(room.error(), context.request);
  auto wanted = wanted_upload(context);
  if (!wanted) return problem(wanted.error(), context.request);
  auto& uploads = context.services.store.uploads();
  const auto made = uploads.create(std::move(*wanted), context.services.guards().max_uploads);
  if (!made) return problem(made.error(), context.request);
  auto out = reply(context, 201, *made);
  out.with("Location", "/v1/uploads/" + made->id.str());
  return out;
}

http::Response get_upload(const Context& context) {
  const auto upload = own_upload(context.services, context.identity, context.request.capture("id"));
  if (!upload) return problem(upload.error(), context.request);
  return reply(context, 200, *upload);
}

http::Response delete_upload(const Context& context) {
  const auto upload = own_upload(context.services, context.identity, context.request.capture("id"));
  if (!upload) return problem(upload.error(), context.request);
  if (auto removed = context.services.store.uploads().remove(upload->id); !removed)
    return problem(removed.error(), context.request);
  return empty_reply();
}

constexpr std::array rows = {
    Row{"POST", "/v1/uploads", Needs::identity, flow::Action::deposit, create_upload},
    Row{"GET", "/v1/uploads/{id}", Needs::identity, flow::Action::deposit, get_upload},
    Row{"DELETE", "/v1/uploads/{id}", Needs::identity, flow::Action::deposit, delete_upload},
};

}  // namespace

std::span<const Row> upload_rows() {
  return rows;
}

}  // namespace demat::api
