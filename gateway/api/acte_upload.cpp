#include "gateway/api/acte_upload.hpp"

#include <array>
#include <boost/json.hpp>

#include "gateway/actes/intake.hpp"
#include "gateway/api/acte_replies.hpp"
#include "gateway/api/care_handlers.hpp"
#include "gateway/api/context.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/api/upload.hpp"
#include "gateway/http/multipart.hpp"
#include "gateway/http/refusals.hpp"
#include "protocols/actes/rules.hpp"
#include "protocols/base/digest.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;

/// Metadata are some fields and a type for each file, detached signatures included.
constexpr std::size_t max_metadata = 1'048'576;
/// The metadata, the acte, and as many annexes as the rules may allow.
constexpr std::size_t most_parts = 1'002;

Error no_metadata() {
  return permanent_error("actes.metadata_missing",
                         "La partie « metadata » (JSON) manque, ou n'est pas un objet JSON.",
                         "The part \"metadata\" (JSON) is missing, or is no JSON object.");
}

/// A text, or nothing: the rules name what is missing. A number is taken as its digits.
Result<std::string> text_of(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  if (value == nullptr || value->is_null()) return std::string();
  if (value->is_string()) return std::string(value->get_string());
  if (value->is_int64()) return std::to_string(value->get_int64());
  if (value->is_uint64()) return std::to_string(value->get_uint64());
  return failure(bad_field(std::string(name)));
}

/// What the metadata say of one file.
struct FileWords {
  std::string type;
  std::string signature;
};

Result<std::vector<FileWords>> file_words(const json::object& from, std::string_view name) {
  std::vector<FileWords> out;
  const auto* list = from.if_contains(name);
  if (list == nullptr) return out;
  if (!list->is_array()) return failure(bad_field(std::string(name)));
  for (const auto& one : list->get_array()) {
    if (!one.is_object()) return failure(bad_field(std::string(name)));
    auto type = text_of(one.get_object(), "type");
    if (!type) return failure(type.error());
    auto signature = text_of(one.get_object(), "signature");
    if (!signature) return failure(signature.error());
    out.push_back({std::move(*type), std::move(*signature)});
  }
  return out;
}

Status known_members(const json::object& from, std::initializer_list<std::string_view> members) {
  for (const auto& entry : from)
    if (std::find(members.begin(), members.end(), entry.key()) == members.end())
      return failure(bad_field(std::string(entry.key())));
  return {};
}

/// Takes the parts of a deposit of ACTES: metadata in memory, files into staged payloads.
class ActesSink : public http::BodySink {
 public:
  ActesSink(const Services& services, http::Request request, intake::Submission submission,
            std::string_view boundary)
      : services_(services),
        request_(std::move(request)),
        submission_(std::move(submission)),
        form_(boundary, handler(), most_parts) {}

  std::optional<http::Response> take(std::string_view bytes) final {
    if (auto status = form_.feed(bytes); !status) return problem(status.error(), request_);
    return std::nullopt;
  }

  http::Response finish() final {
    if (auto status = form_.finish(); !status) return problem(status.error(), request_);
    if (auto ready = envelope()) return std::move(*ready);
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 8;
    auto value = json::parse(metadata_, error, {}, options);
    if (error || !value.is_object()) return problem(no_metadata(), request_);
    auto item = describe(value.get_object());
    if (!item) return problem(item.error(), request_);
    return complete(content(*item), [&](const intake::Submission& submission) {
      return submit(submission, std::move(*item));
    });
  }

 protected:
  struct File {
    std::string part;
    std::string name;
    store::StagedPayload payload;
  };
  /// The deposit that metadata and files make together.
  [[nodiscard]] virtual Result<actes_road::Submitted> describe(const json::object& metadata) = 0;
  [[nodiscard]] virtual actes_road::Taken submit(const intake::Submission& submission,
                                                 actes_road::Submitted item) = 0;

  /// The answer when no metadata are needed: the form is a ready-made envelope.
  [[nodiscard]] virtual std::optional<http::Response> envelope() { return std::nullopt; }
  [[nodiscard]] bool has_metadata() const { return !metadata_.empty(); }

  using Submitting = std::function<actes_road::Taken(const intake::Submission&)>;
  /// Submits, once for an Idempotency-Key and this `content`.
  http::Response complete(const Sha256& content, const Submitting& submitting) {
    const auto key = idempotency_key(request_);
    if (!key) return problem(key.error(), request_);
    if (!*key) return taken_reply(submitting(submission_), request_);
    auto hold = services_.once->hold(submission_.identity.id, **key);
    if (!hold) return problem(idempotency_running(), request_);
    auto once = submission_;
    once.once = store::OnceKey{once.identity.id, **key, request_digest(request_, once.authority, content)};
    if (auto before = answered_before(services_, request_, *once.once)) return std::move(*before);
    once.render_once = [this](store::AcceptedAs as, const flow::Flow& flow) {
      return kept(outcome_reply(as, flow, request_));
    };
    auto reply = taken_reply(submitting(once), request_);
    if (reply.status >= 400 && decides(reply))
      if (auto noted = services_.store.tickets().remember(*once.once, kept(reply)); !noted)
        return problem(noted.error(), request_);
    return reply;
  }

  [[nodiscard]] const Services& services() const { return services_; }
  [[nodiscard]] const http::Request& request() const { return request_; }
  [[nodiscard]] std::vector<File>& files() { return files_; }

 private:
  http::PartHandler handler() {
    http::PartHandler out;
    out.begin = [this](const http::Part& part) { return begin_part(part); };
    out.data = [this](std::string_view bytes) { return part_data(bytes); };
    out.end = [this] { return end_part(); };
    return out;
  }

  Status begin_part(const http::Part& part) {
    part_ = part.name;
    name_ = part.file_name;
    if (part_ == "metadata") return {};
    constexpr std::array<std::string_view, 4> known{"acte", "annexe", "document", "enveloppe"};
    if (std::find(known.begin(), known.end(), part_) == known.end()) return failure(bad_field(part_));
    auto writer = services_.store.new_payload();
    if (!writer) return failure(writer.error());
    writer_ = std::move(*writer);
    return {};
  }

  Status part_data(std::string_view bytes) {
    taken_ += bytes.size();
    if (taken_ > most_of_acte(services_))
      return failure(http::refusals::too_large(most_of_acte(services_)).error);
    if (writer_) return writer_->append(bytes);
    if (metadata_.size() + bytes.size() > max_metadata)
      return failure(http::refusals::too_large(max_metadata).error);
    metadata_ += bytes;
    return {};
  }

  Status end_part() {
    if (!writer_) return {};
    auto payload = writer_->finish();
    writer_.reset();
    if (!payload) return failure(payload.error());
    files_.push_back({part_, name_.empty() ? part_ : name_, std::move(*payload)});
    return {};
  }

  [[nodiscard]] Sha256 content(const actes_road::Submitted& item) const {
    std::string all = metadata_;
    for (const auto& file : item.files)
      all += file.sha256().str();
    return sha256(all);
  }

  const Services& services_;
  const http::Request request_;
  intake::Submission submission_;
  http::MultipartReader form_;
  std::string part_;
  std::string name_;
  std::string metadata_;
  std::unique_ptr<store::PayloadWriter> writer_;
  std::vector<File> files_;
  std::uint64_t taken_ = 0;
};

class NewActeSink final : public ActesSink {
 public:
  using ActesSink::ActesSink;

 private:
  /// An envelope goes alone: what it says needs no metadata.
  std::optional<http::Response> envelope() override {
    const auto& parts = files();
    const auto found =
        std::find_if(parts.begin(), parts.end(), [](const File& file) { return file.part == "enveloppe"; });
    if (found == parts.end()) return std::nullopt;
    if (has_metadata()) return problem(bad_field("metadata"), request());
    for (const auto& file : parts)
      if (&file != &*found) return problem(bad_field(file.part), request());
    auto& archive = files().front();
    return complete(sha256(archive.name + archive.payload.sha256().str()),
                    [&](intake::Submission submission) {
                      submission.file_name = archive.name;
                      return services().actes->submit_envelope(submission, std::move(archive.payload));
                    });
  }

  Result<actes_road::Submitted> describe(const json::object& from) override {
    if (auto status = known_members(from, {"number", "date", "nature", "matieres", "object", "previous_id",
                                           "paper", "classification_date", "type", "signature", "annexes"});
        !status)
      return failure(status.error());
    actes_road::Submitted out;
    auto& deposit = out.deposit;
    for (const auto& [name, into] : std::initializer_list<std::pair<std::string_view, std::string*>>{
             {"number", &deposit.number},
             {"date", &deposit.date},
             {"nature", &deposit.nature},
             {"matieres", &deposit.matieres},
             {"object", &deposit.object},
             {"previous_id", &deposit.previous_id},
             {"classification_date", &deposit.classification_date}}) {
      auto text = text_of(from, name);
      if (!text) return failure(text.error());
      *into = std::move(*text);
    }
    const auto paper = bool_member(from, "paper", false);
    if (!paper) return failure(paper.error());
    deposit.paper = *paper ? "O" : "N";
    if (const auto date = actes::normal_date(deposit.date)) deposit.date = *date;
    const auto type = text_of(from, "type");
    if (!type) return failure(type.error());
    const auto signature = text_of(from, "signature");
    if (!signature) return failure(signature.error());
    const auto annexes = file_words(from, "annexes");
    if (!annexes) return failure(annexes.error());
    std::size_t annexe = 0;
    for (auto& file : files()) {
      if (file.part != "acte" && file.part != "annexe") return failure(bad_field(file.part));
      const bool main = file.part == "acte";
      const FileWords words = main                       ? FileWords{*type, *signature}
                              : annexe < annexes->size() ? (*annexes)[annexe]
                                                         : FileWords{};
      if (!main) ++annexe;
      deposit.files.push_back({file.part, file.name, words.type, {}, 0, words.signature});
      out.files.push_back(std::move(file.payload));
    }
    return out;
  }

  actes_road::Taken submit(const intake::Submission& submission, actes_road::Submitted item) override {
    return services().actes->submit(submission, std::move(item));
  }
};

class AnswerSink final : public ActesSink {
 public:
  using ActesSink::ActesSink;

 private:
  Result<actes_road::Submitted> describe(const json::object& from) override {
    if (auto status = known_members(from, {"message", "documents"}); !status) return failure(status.error());
    const auto word = text_of(from, "message");
    if (!word) return failure(word.error());
    const auto code = actes::code_of_number(*word);
    if (!code) return failure(bad_field("message"));
    code_ = *code;
    const auto words = file_words(from, "documents");
    if (!words) return failure(words.error());
    actes_road::Submitted out;
    for (auto& file : files()) {
      if (file.part == "enveloppe") return failure(bad_field(file.part));
      const auto place = out.files.size();
      const FileWords one = place < words->size() ? (*words)[place] : FileWords{};
      out.deposit.files.push_back({"acte", file.name, one.type, {}, 0, one.signature});
      out.files.push_back(std::move(file.payload));
    }
    return out;
  }

  actes_road::Taken submit(const intake::Submission& submission, actes_road::Submitted item) override {
    return services().actes->answer(submission, LetterId{request().capture("id")}, code_, std::move(item));
  }

  actes::Code code_ = actes::Code::letter_answer;
};

/// Where the path names a letter, it must be the authority's: told before the body is read.
Status known_letter(const Services& services, const http::Request& request,
                    const intake::Submission& submission) {
  const auto& id = request.capture("id");
  if (id.empty()) return {};
  const auto letter = services.store.actes().letter(LetterId{id});
  if (!letter) return failure(letter.error());
  if (!*letter || (*letter)->authority != submission.authority) return failure(unknown_letter());
  return {};
}

template <class Sink>
http::Opening open_sink(const Services& services, const http::Request& request) {
  if (auto room = room_for_deposits(services); !room) return problem(room.error(), request);
  auto submission = submission_of(services, request);
  if (!submission) return problem(submission.error(), request);
  if (auto known = known_letter(services, request, *submission); !known)
    return problem(known.error(), request);
  const auto boundary = http::multipart_boundary(request.header("content-type"));
  if (!boundary) return problem(unsupported_media(false), request);
  return std::make_unique<Sink>(services, request, std::move(*submission), *boundary);
}

}  // namespace

std::uint64_t most_of_acte(const Services& services) {
  return std::max<std::uint64_t>(services.max_payload, actes::max_archive_bytes + max_metadata);
}

http::Opening open_acte(const Services& services, const http::Request& request) {
  return open_sink<NewActeSink>(services, request);
}

http::Opening open_answer(const Services& services, const http::Request& request) {
  return open_sink<AnswerSink>(services, request);
}

}  // namespace demat::api
