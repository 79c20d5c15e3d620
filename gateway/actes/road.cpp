#include "gateway/actes/road.hpp"

#include <algorithm>

#include "gateway/actes/mail_settler.hpp"
#include "gateway/actes/packaging.hpp"
#include "protocols/base/whole.hpp"

namespace demat::actes_road {
namespace {

using flow::Trigger;

Error settings_missing() {
  return waiting_error("actes.settings.missing",
                       "Cette collectivité n'est plus décrite pour ACTES : l'envoi attend l'exploitant.",
                       "This authority is not described for ACTES any more: the transmission waits for the "
                       "operator.");
}

Error on_paper(const std::string& reason) {
  return waiting_error(
      "actes.suspended",
      "La télétransmission des actes est suspendue pour cette collectivité : l'envoi attend.",
      "The electronic transmission of acts is suspended for this authority: this waits.", reason);
}

Error no_convention() {
  return waiting_error(
      "actes.no_convention",
      "La convention de cette collectivité avec la préfecture n'est pas, ou plus, en vigueur : "
      "l'envoi attend.",
      "The agreement of this authority with the préfecture is not in force, or not any more: "
      "this waits.");
}

Error no_classification() {
  return waiting_error(
      "actes.classification.awaited",
      "La classification de la préfecture n'est pas encore arrivée ; elle a été demandée, l'acte "
      "partira ensuite.",
      "The classification of the préfecture has not come yet; it was asked for, the act leaves "
      "afterwards.");
}

Error no_prefecture(const std::string& name) {
  return waiting_error(
      "route.not_prefecture",
      "La destination prévue pour les actes de cette collectivité n'est pas une préfecture : "
      "l'envoi attend l'exploitant.",
      "The destination meant for the acts of this authority is no préfecture: this waits for "
      "the operator.",
      name);
}

const config::Destination* prefecture_named(const config::Settings& settings, const std::string& name) {
  for (const auto& destination : settings.destinations)
    if (destination.name == name && destination.mode == config::LinkMode::prefecture) return &destination;
  return nullptr;
}

Finding as_finding(const Error& error) {
  return {error.code, Severity::error, error.place, error.fr, error.en};
}

}  // namespace

store::Change ActesRoad::refused(store::Change change, Report report, std::string_view by) {
  change.findings = std::move(report);
  change.steps = {{Trigger::refuse, R"({"by":")" + std::string(by) + "\"}"}};
  return change;
}

Result<store::Change> ActesRoad::check(const store::Claim& claim, const store::Payload& original,
                                       const flow::Route& route) const {
  const auto in_force = deps_.settings();
  const auto* destination = prefecture_named(*in_force, route.destination.str());
  if (destination == nullptr) return failure(no_prefecture(route.destination.str()));
  const auto settings = deps_.store.actes().settings(claim.flow.authority);
  if (!settings) return failure(settings.error());
  if (!*settings) return failure(settings_missing());
  if ((*settings)->paper) return failure(on_paper((*settings)->paper_reason));
  if (!has_convention(**settings, deps_.clock.now())) return failure(no_convention());
  const auto ready_made = is_archive(*original);
  if (!ready_made) return failure(ready_made.error());
  return *ready_made ? check_envelope(claim, **settings, *destination)
                     : check_deposit(claim, original, **settings, *destination, route.signer);
}

Result<store::Change> ActesRoad::check_deposit(const store::Claim& claim, const store::Payload& original,
                                               const flow::ActesSettings& settings,
                                               const config::Destination& destination,
                                               const std::string& signer) const {
  const auto json = whole(*original);
  if (!json) return failure(json.error());
  auto deposit = from_manifest(*json);
  if (!deposit) return failure(deposit.error());
  const auto classification = deps_.classifications.of(claim.flow.authority);
  if (!classification) return failure(classification.error());

  auto contents = look_into(*deposit, [this](const Sha256& name) { return deps_.store.open_payload(name); },
                            {deps_.scanner, deps_.budgets});
  if (!contents) return failure(contents.error());
  store::Change change{.flow = claim.flow.id, .lease = claim.lease};
  auto report = check_metadata(*deposit, contents->media, settings,
                               options_of(settings, **classification, deps_.clock.now()),
                               destination.prefecture.return_addresses);
  report.append(std::move(contents->report));
  auto waiting = judge_signers(claim, *contents, destination, report, change);
  if (!waiting) return failure(waiting.error());
  if (*waiting) return std::move(**waiting);
  if (report.refused())
    return refused(std::move(change), std::move(report), contents->infected ? "antivirus" : "checks");
  if (deposit->code == actes::Code::acte && deposit->classification_date.empty() &&
      (*classification)->date.empty()) {
    if (const auto asked = deps_.intake.request_classification(claim.flow.authority); !asked)
      return failure(asked.error());
    return failure(no_classification());
  }
  change.findings = std::move(report);
  const auto ready = sign_files(claim, signer, *contents, *deposit, change);
  if (!ready) return failure(ready.error());
  if (!*ready) return change;
  return pack_up(
      claim, settings, destination, (*classification)->date, std::move(change),
      [&](const PackagingContext& context) { return package(*deposit, contents->media, context); });
}

Result<store::Change> ActesRoad::pack_up(const store::Claim& claim, const flow::ActesSettings& settings,
                                         const config::Destination& destination,
                                         const std::string& classification_date, store::Change change,
                                         const Packing& pack) const {
  const PackagingContext context{settings,
                                 destination.prefecture,
                                 classification_date,
                                 deps_.clock.now(),
                                 [this](const std::string& key) { return deps_.store.next_counter(key); },
                                 [this] { return deps_.store.new_payload(); },
                                 [this](const Sha256& name) { return deps_.store.open_payload(name); }};
  auto package = pack(context);
  if (!package && package.error().outlook == Outlook::permanent) {
    auto report = std::move(*change.findings);
    report.add(as_finding(package.error()));
    return refused(std::move(change), std::move(report), "packaging");
  }
  if (!package) return failure(package.error());
  const bool was_signed = !change.steps.empty();
  if (claim.flow.state == flow::State::received && !was_signed)
    change.steps.push_back({Trigger::pass_checks});
  change.steps.push_back({Trigger::make_ready, R"({"envelope":")" + package->archive_name + "\"}"});
  change.destination = DestinationName{destination.name};
  change.remote_name = package->archive_name;
  change.packaged = store::Packaged{package->archive_name, package->classification_date};
  change.documents.push_back(
      {"envelope", package->archive_name, "application/gzip", std::move(package->archive)});
  return change;
}

Status ActesRoad::settle(const flow::Return& item, const pipeline::Hand& hand) const {
  return MailSettler(deps_, hand).settle(item);
}

}  // namespace demat::actes_road
