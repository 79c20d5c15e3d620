#include "gateway/api/resumable.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/api/context.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/upload.hpp"
#include "gateway/http/header_value.hpp"
#include "gateway/store/upload_errors.hpp"
#include "protocols/base/digest.hpp"

namespace demat::api {
namespace {

/// An upload becomes one flow, however often its last request is repeated: its id is its Idempotency-Key. No
/// caller can give this one, which holds a space.
store::OnceKey once_of(const store::Upload& upload) {
  const std::string key = "upload " + upload.id.str();
  return {upload.identity, key, sha256(key)};
}

http::Response told_offset(http::Response response, std::uint64_t offset) {
  response.with("Upload-Offset", std::to_string(offset));
  return response;
}

class ContinuationSink final : public http::BodySink {
 public:
  ContinuationSink(const Services& services, http::Request request, flow::Identity identity,
                   std::unique_ptr<store::UploadWriter> writer)
      : services_(services),
        request_(std::move(request)),
        identity_(std::move(identity)),
        writer_(std::move(writer)) {}

  std::optional<http::Response> take(std::string_view bytes) override {
    auto status = writer_->append(bytes);
    if (status) return std::nullopt;
    return problem(status.error(), request_);
  }

  http::Response finish() override {
    const auto offset = writer_->sync();
    if (!offset) return problem(offset.error(), request_);
    if (*offset == writer_->upload().size) return told_offset(complete(), *offset);
    return told_offset(empty_reply(), *offset);
  }

 private:
  http::Response complete() {
    const store::Upload upload = writer_->upload();
    const auto once = once_of(upload);
    auto answer = answered_before(services_, request_, once);
    if (!answer) answer = accept(upload, once);
    if (!decides(*answer)) return std::move(*answer);
    writer_.reset();
    if (auto done = services_.store.uploads().finish(upload.id); !done)
      services_.logger.warning("api.upload_not_finished", {{"because", done.error().code}});
    return std::move(*answer);
  }

  http::Response accept(const store::Upload& upload, const store::OnceKey& once) {
    auto payload = writer_->staged();
    if (!payload) {
      auto refusal = problem(payload.error(), request_);
      if (!decides(refusal)) return refusal;
      const auto noted = services_.store.tickets().remember(once, kept(refusal));
      return noted ? refusal : problem(noted.error(), request_);
    }
    const auto priority = priority_of(request_);
    if (!priority) return problem(priority.error(), request_);
    intake::Submission submission{identity_, upload.authority, upload.file_name, request_.request_id,
                                  *priority};
    submission.once = once;
    return deposit(services_, request_, std::move(submission), std::move(*payload));
  }

  const Services& services_;
  const http::Request request_;
  flow::Identity identity_;
  std::unique_ptr<store::UploadWriter> writer_;
};

std::optional<std::uint64_t> offset_of(const http::Request& request) {
  const auto text = request.header("upload-offset");
  std::uint64_t out = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, out);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return out;
}

bool takes_media_type(std::string_view content_type) {
  static constexpr std::array<std::string_view, 3> taken = {
      "application/offset+octet-stream", "application/partial-upload", "application/octet-stream"};
  const auto type = http::parse_header_value(content_type);
  return type && std::find(taken.begin(), taken.end(), type->value) != taken.end();
}

Error wrong_media() {
  return permanent_error("api.media_type",
                         "Envoyez la suite du fichier (Content-Type: application/offset+octet-stream).",
                         "Send what follows of the file (Content-Type: application/offset+octet-stream).");
}

/// The last request again: its answer was kept.
http::Response repeated(const Services& services, const http::Request& request, const store::Upload& upload) {
  auto before = answered_before(services, request, once_of(upload));
  if (!before) return problem(store::upload_unknown(), request);
  return told_offset(std::move(*before), upload.size);
}

}  // namespace

Result<store::Upload> own_upload(const Services& services, const flow::Identity& identity,
                                 const std::string& id) {
  auto found = services.store.uploads().find(store::UploadId{id});
  if (!found) return failure(std::move(found.error()));
  if (!*found || (*found)->identity != identity.id ||
      !flow::may(identity, flow::Action::deposit, (*found)->authority))
    return failure(store::upload_unknown());
  return std::move(**found);
}

http::Opening open_continuation(const Services& services, const http::Request& request) {
  auto identity = identify(services, request);
  if (!identity) return problem(identity.error(), request);
  const auto upload = own_upload(services, *identity, request.capture("id"));
  if (!upload) return problem(upload.error(), request);
  if (!takes_media_type(request.header("content-type"))) return problem(wrong_media(), request);
  const auto offset = offset_of(request);
  if (!offset) return problem(bad_parameter("Upload-Offset"), request);
  if (upload->finished) return repeated(services, request, *upload);
  auto writer = services.store.uploads().open(upload->id, *offset);
  if (!writer) return told_offset(problem(writer.error(), request), upload->offset);
  return std::make_unique<ContinuationSink>(services, request, std::move(*identity), std::move(*writer));
}

}  // namespace demat::api
