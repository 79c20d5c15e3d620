#include "gateway/wire_push.hpp"

#include "gateway/store/mails.hpp"
#include "gateway/store/tickets.hpp"
#include "gateway/store/uploads.hpp"

namespace demat::wiring {
namespace {

constexpr std::chrono::days deliveries_kept{30};

Status sweep(const CurrentGeneration& current, store::Store& store, const Clock& clock) {
  const auto generation = current.get();
  const auto& guards = generation->settings.guards;
  const auto now = clock.now();
  if (const auto done = store.uploads().expire(now - guards.upload_life); !done) return failure(done.error());
  if (const auto done = store.tickets().forget_before(now - guards.idempotency_life); !done)
    return failure(done.error());
  if (const auto done = store.outbox().forget_deliveries(now - deliveries_kept); !done)
    return failure(done.error());
  if (const auto done = store.mails().forget(now - generation->settings.mail.keep); !done)
    return failure(done.error());
  return {};
}

/// No address in the log: the store has it, under the mail's id.
std::unique_ptr<mailing::Postman> start_postman(const CurrentGeneration& current, store::Store& store,
                                                const Clock& clock, pipeline::Recorder& recorder) {
  mailing::PostmanParts parts{store, clock, [&current] { return current.get()->settings.mail; }};
  parts.heard = [&recorder, &clock](const store::OutgoingMail& mail, const transport::SmtpOutcome& outcome) {
    recorder.vitals().well(mail_part, clock.now());
    const bool taken = outcome.end == transport::SmtpEnd::taken;
    if (taken) recorder.resolved("mail.failed", mail.id.str());
    recorder.log().info(
        taken ? "mail.sent" : "mail.not_taken",
        {{"mail", mail.id.str()}, {"flow", mail.flow.str()}, {"kind", mail.kind}, {"reply", outcome.reply}});
  };
  parts.server_ill = [&recorder, &clock](const Error& error) {
    recorder.vitals().ill(mail_part, error.code, clock.now());
    recorder.log().warning("mail.waits", {{"because", error.code}, {"detail", error.detail}});
  };
  parts.given_up = [&recorder](const store::OutgoingMail& mail, const store::MailFailure& how) {
    recorder.alarm("mail.failed", mail.id.str(), how.error_code);
  };
  parts.trouble = [&recorder](std::string_view code, std::string_view detail) {
    recorder.log().warning(code, {{"because", detail}});
  };
  return std::make_unique<mailing::Postman>(std::move(parts));
}

}  // namespace

Pushing start_pushing(const CurrentGeneration& current, store::Store& store, const Clock& clock,
                      pipeline::Recorder& recorder) {
  push::DelivererParts parts{store, clock, [&current] { return current.get()->settings.push; }, {}, {}};
  parts.given_up = [&recorder](const store::DueDelivery& due, const push::SendOutcome& outcome) {
    recorder.alarm("push.given_up", due.webhook.id.str(), outcome.error_code);
  };
  parts.trouble = [&recorder](std::string_view code, std::string_view detail) {
    recorder.log().warning(code, {{"because", detail}});
  };
  Pushing out;
  out.deliverer = std::make_unique<push::Deliverer>(std::move(parts));
  out.postman = start_postman(current, store, clock, recorder);
  out.events =
      std::make_unique<push::EventHub>(store, [deliverer = out.deliverer.get(), postman = out.postman.get()] {
        deliverer->wake();
        postman->wake();
      });
  return out;
}

void add_mail_gauges(observe::Metrics& metrics, store::Store& store, const Clock& clock) {
  metrics.add_collector([&store, &clock] {
    std::vector<observe::Sample> samples;
    const auto counts = store.mails().counts();
    if (!counts) return samples;
    for (const auto& line : *counts) {
      const std::string state(store::to_string(line.state));
      samples.push_back(
          {"demat_mails", "Mails to people by state", {{"state", state}}, static_cast<double>(line.count)});
      if (line.state != store::MailState::waiting) continue;
      const double age = line.oldest ? std::chrono::duration<double>(clock.now() - *line.oldest).count() : 0;
      samples.push_back({"demat_oldest_mail_seconds", "Age of the oldest mail that waits", {}, age});
    }
    return samples;
  });
}

void add_sweeping(Periodic& periodic, const CurrentGeneration& current, store::Store& store,
                  const Clock& clock) {
  periodic.add({"sweep", std::chrono::minutes(1),
                [&current, &store, &clock](const std::stop_token&) { return sweep(current, store, clock); }});
}

}  // namespace demat::wiring
