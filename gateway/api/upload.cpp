#include "gateway/api/upload.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>

#include "gateway/api/care_handlers.hpp"
#include "gateway/api/context.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/report_reply.hpp"
#include "gateway/http/header_value.hpp"
#include "gateway/http/multipart.hpp"
#include "gateway/http/refusals.hpp"
#include "protocols/report/json.hpp"

namespace demat::api {
namespace {

/// Headers are looked at when this many bytes have come, then at four times as many, and so on: a wrong flow
/// is refused early, at a bounded cost.
constexpr std::size_t first_look = 65'536;

/// Streams the file of an upload into a staged payload, whatever its wrapping.
class FileSink : public http::BodySink {
 public:
  FileSink(const Services& services, http::Request request, intake::Submission submission,
           std::unique_ptr<store::PayloadWriter> writer)
      : services_(services),
        request_(std::move(request)),
        submission_(std::move(submission)),
        writer_(std::move(writer)) {
    if (const auto boundary = http::multipart_boundary(request_.header("content-type"))) open_form(*boundary);
  }

  std::optional<http::Response> take(std::string_view bytes) final {
    auto status = form_ ? form_->feed(bytes) : append(bytes);
    if (status) return std::nullopt;
    return refuse(status.error());
  }

  [[nodiscard]] const IdentityId& depositor() const { return submission_.identity.id; }

  http::Response finish() final {
    if (form_) {
      if (auto status = form_->finish(); !status) return refuse(status.error());
      if (files_ != 1) return refuse(no_file());
    }
    auto payload = writer_->finish();
    if (!payload) return refuse(payload.error());
    return complete(std::move(*payload));
  }

 protected:
  [[nodiscard]] virtual http::Response complete(store::StagedPayload payload) = 0;
  /// Called while bytes come in; an error ends the upload.
  [[nodiscard]] virtual Status look_ahead(const ByteSource&) { return {}; }

  [[nodiscard]] http::Response refuse(const Error& error) const { return problem(error, request_); }
  [[nodiscard]] const Services& services() const { return services_; }
  [[nodiscard]] const http::Request& request() const { return request_; }
  [[nodiscard]] const intake::Submission& submission() const { return submission_; }

 private:
  void open_form(const std::string& boundary) {
    http::PartHandler handler;
    handler.begin = [this](const http::Part& part) { return begin_part(part); };
    handler.data = [this](std::string_view bytes) { return in_file_ ? append(bytes) : Status{}; };
    handler.end = []() -> Status { return {}; };
    form_.emplace(boundary, std::move(handler));
  }

  Status begin_part(const http::Part& part) {
    in_file_ = part.name == "file" || part.name == "enveloppe";
    if (!in_file_) return {};
    if (++files_ > 1) return failure(no_file());
    if (!part.file_name.empty()) submission_.file_name = part.file_name;
    return {};
  }

  Status append(std::string_view bytes) {
    if (writer_->size() + bytes.size() > services_.max_payload)
      return failure(http::refusals::too_large(services_.max_payload).error);
    if (auto status = writer_->append(bytes); !status) return status;
    if (writer_->size() < next_look_ || next_look_ > limits::max_header_bytes) return {};
    next_look_ *= 4;
    return look_ahead(writer_->so_far());
  }

  const Services& services_;
  const http::Request request_;
  intake::Submission submission_;
  std::unique_ptr<store::PayloadWriter> writer_;
  std::optional<http::MultipartReader> form_;
  bool in_file_ = false;
  std::size_t files_ = 0;
  std::size_t next_look_ = first_look;
};

class DepositSink final : public FileSink {
 public:
  using FileSink::FileSink;
  /// This deposit happens once; `hold` keeps others with the same key away meanwhile.
  void do_once(std::string key, OnceDesk::Hold hold) {
    key_ = std::move(key);
    hold_ = std::move(hold);
  }

 private:
  Status look_ahead(const ByteSource& so_far) override {
    return services().intake.look_ahead(submission(), so_far, false);
  }

  http::Response complete(store::StagedPayload payload) override {
    if (key_.empty()) return deposit(services(), request(), submission(), std::move(payload));
    auto once = submission();
    once.once =
        store::OnceKey{once.identity.id, key_, request_digest(request(), once.authority, payload.sha256())};
    if (auto before = answered_before(services(), request(), *once.once)) return std::move(*before);
    return deposit(services(), request(), std::move(once), std::move(payload));
  }

  std::string key_;
  OnceDesk::Hold hold_{nullptr, {}};
};

class CheckSink final : public FileSink {
 public:
  using FileSink::FileSink;

 private:
  /// The report of a document that is not even the authority's own says so too.
  [[nodiscard]] Status add_owner(const store::StagedPayload& payload, Report& report) const {
    auto owner = services().intake.look_ahead(submission(), payload.bytes(), true);
    if (owner) return {};
    const Error& error = owner.error();
    if (error.outlook == Outlook::waiting) return owner;
    const bool told = std::any_of(report.findings.begin(), report.findings.end(),
                                  [&](const Finding& finding) { return finding.code == error.code; });
    if (!told) report.add({error.code, Severity::error, error.place, error.fr, error.en});
    return {};
  }

  [[nodiscard]] report::Sheet sheet_of(const CheckVerdict& verdict,
                                       const store::StagedPayload& payload) const {
    const auto name = submission().file_name.empty() ? verdict.nom_fic.str() : submission().file_name;
    report::Sheet out;
    out.title = {"Contrôle de " + name, "Check of " + name};
    out.facts = {{{"NomFic", "NomFic"}, verdict.nom_fic.str()},
                 {{"collectivité", "authority"}, submission().authority.str()},
                 {{"environnement", "environment"}, services().environment},
                 {{"schémas", "schemas"}, verdict.pack},
                 {{"taille", "size"}, std::to_string(payload.size())},
                 {{"SHA-256", "SHA-256"}, payload.sha256().str()}};
    out.report = verdict.report;
    if (verdict.would_sign)
      out.note = {"La passerelle signerait ce flux.", "The gateway would sign this flow."};
    return out;
  }

  http::Response complete(store::StagedPayload payload) override {
    auto verdict = services().check(payload.bytes(), submission().authority);
    if (!verdict) return refuse(verdict.error());
    if (auto status = add_owner(payload, verdict->report); !status) return refuse(status.error());
    const auto form = wanted_form(request());
    if (form != ReportForm::json) return report_reply(form, sheet_of(*verdict, payload), request());
    boost::json::object out{{"authority", submission().authority.str()},
                            {"environment", services().environment},
                            {"sha256", payload.sha256().str()},
                            {"size", payload.size()},
                            {"would_sign", verdict->would_sign}};
    for (auto& [name, value] : report::to_json(verdict->report))
      out[name] = std::move(value);
    if (!verdict->pack.empty()) out["pack"] = verdict->pack;
    if (!verdict->nom_fic.empty()) out["nom_fic"] = verdict->nom_fic.str();
    if (!verdict->signatures.empty()) out["signatures"] = boost::json::parse(verdict->signatures);
    return json_reply(200, out);
  }
};

bool takes_media_type(std::string_view content_type) {
  if (content_type.empty()) return true;
  static constexpr std::array<std::string_view, 3> plain = {"application/xml", "text/xml",
                                                            "application/octet-stream"};
  const auto type = http::parse_header_value(content_type);
  if (type && std::find(plain.begin(), plain.end(), type->value) != plain.end()) return true;
  return http::multipart_boundary(content_type).has_value();
}

/// Everything that can be refused on sight of the head alone.
Result<intake::Submission> admit(const Services& services, const http::Request& request) {
  auto out = submission_of(services, request);
  if (!out) return out;
  if (!takes_media_type(request.header("content-type"))) return failure(unsupported_media(false));
  if (const auto name = http::percent_decode(request.header("demat-file-name")))
    out->file_name = http::last_path_component(*name);
  return out;
}

template <class Sink>
http::Opening open_sink(const Services& services, const http::Request& request) {
  auto submission = admit(services, request);
  if (!submission) return problem(submission.error(), request);
  auto writer = services.store.new_payload();
  if (!writer) return problem(writer.error(), request);
  return std::make_unique<Sink>(services, request, std::move(*submission), std::move(*writer));
}

}  // namespace

Result<intake::Submission> submission_of(const Services& services, const http::Request& request) {
  auto identity = identify(services, request);
  if (!identity) return failure(std::move(identity.error()));
  const auto named = named_authority(request);
  if (!named) return failure(named.error());
  auto authority = intake::choose_authority(*identity, flow::Action::deposit, *named);
  if (!authority) return failure(std::move(authority.error()));
  const auto priority = priority_of(request);
  if (!priority) return failure(priority.error());
  return intake::Submission{std::move(*identity), std::move(*authority), {}, request.request_id, *priority};
}

Result<flow::Priority> priority_of(const http::Request& request) {
  const auto word = request.header("demat-priority");
  if (word.empty()) return flow::Priority::normal;
  const auto priority = flow::priority_from(word);
  if (!priority) return failure(bad_parameter("Demat-Priority"));
  return *priority;
}

http::Response outcome_reply(store::AcceptedAs as, const flow::Flow& flow, const http::Request& request) {
  if (as == store::AcceptedAs::fresh) return located_reply(202, flow);
  if (as == store::AcceptedAs::same_bytes) return located_reply(200, flow);
  return problem(key_taken(flow.id.str()), request, flow.id.str());
}

http::Opening open_deposit(const Services& services, const http::Request& request) {
  if (auto room = room_for_deposits(services); !room) return problem(room.error(), request);
  auto key = idempotency_key(request);
  if (!key) return problem(key.error(), request);
  auto opening = open_sink<DepositSink>(services, request);
  if (!*key || std::holds_alternative<http::Response>(opening)) return opening;
  auto& sink = static_cast<DepositSink&>(*std::get<std::unique_ptr<http::BodySink>>(opening));
  auto hold = services.once->hold(sink.depositor(), **key);
  if (!hold) return problem(idempotency_running(), request);
  sink.do_once(std::move(**key), std::move(hold));
  return opening;
}

http::Response deposit(const Services& services, const http::Request& request, intake::Submission submission,
                       store::StagedPayload payload) {
  const auto once = submission.once;
  submission.render_once = [&request](store::AcceptedAs as, const flow::Flow& flow) {
    return kept(outcome_reply(as, flow, request));
  };
  const auto outcome = services.intake.submit(submission, std::move(payload));
  if (!outcome) {
    auto refusal = problem(outcome.error(), request);
    if (once && decides(refusal)) {
      if (auto noted = services.store.tickets().remember(*once, kept(refusal)); !noted)
        return problem(noted.error(), request);
    }
    return refusal;
  }
  if (const auto* receipt = std::get_if<store::DurableReceipt>(&*outcome)) return accepted_reply(*receipt);
  if (const auto* same = std::get_if<store::SameBytes>(&*outcome))
    return outcome_reply(store::AcceptedAs::same_bytes, same->existing, request);
  return outcome_reply(store::AcceptedAs::key_taken, std::get<store::KeyTaken>(*outcome).existing, request);
}

http::Opening open_check(const Services& services, const http::Request& request) {
  return open_sink<CheckSink>(services, request);
}

}  // namespace demat::api
