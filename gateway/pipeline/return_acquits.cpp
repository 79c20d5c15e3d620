#include "gateway/pipeline/return_acquits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <variant>

#include "gateway/base/random.hpp"
#include "gateway/pipeline/retry_policy.hpp"
#include "gateway/store/history.hpp"
#include "protocols/pes/acquit_retour.hpp"

namespace demat::pipeline {
namespace {

constexpr std::size_t batch = 20;
constexpr std::uint32_t failures_until_alarm = 5;

Error no_acquit() {
  return permanent_error(
      "return.no_acquit",
      "Seul un PES_Retour rattaché à une collectivité reçoit un acquit : ce document n'en a pas.",
      "Only a PES_Retour of an authority gets an acquit: there is none of this document.");
}

/// Nobody needs more of the return than its header and its domains.
class Nothing final : public pes::RetourSink {};

/// "2026-05-02", in Paris.
std::string day_of(Instant now) {
  return to_iso8601_paris(now).substr(0, 10);
}

store::NewFlow flow_of(const flow::Return& item, pes::Header header, const ReturnAcquits::Asked& asked) {
  store::NewFlow out;
  out.flow.protocol = flow::acquit_retour_protocol;
  out.flow.authority = item.authority;
  out.flow.nom_fic = header.nom_fic;
  out.flow.business_key = pes::business_key(header);
  out.flow.typ_fic = "PES_ACQUIT_RETOUR";
  out.flow.id_post = header.id_post;
  out.flow.cod_col = header.cod_col;
  out.flow.cod_bud = header.cod_bud;
  out.flow.id_coll = Siret{header.id_coll};
  out.flow.file_name = header.nom_fic.str();
  out.flow.deposited_by = asked.identity;
  out.flow.request_id = asked.request_id;
  out.acquits = item.id;
  out.actor = asked.actor;
  boost::json::object detail{{"return", item.id.str()}};
  if (!asked.identity.empty()) detail["identity"] = asked.identity.str();
  out.event_detail = boost::json::serialize(detail);
  return out;
}

}  // namespace

std::string acquit_name(const Sha256& retour, std::string_view cod_col, std::string_view cod_bud) {
  return fmt::format("PESACR_{}_{}_{}.xml", cod_col, cod_bud, retour.str().substr(0, 24));
}

/// Its acquit, unless that failed.
Result<std::optional<flow::Flow>> ReturnAcquits::live_one(const flow::Return& item) {
  if (item.acquit.empty()) return std::nullopt;
  auto found = store_.find(item.acquit);
  if (!found) return failure(std::move(found.error()));
  if (!*found || !flow::blocks_duplicates((*found)->state)) return std::nullopt;
  return found;
}

Result<pes::Retour> ReturnAcquits::read(const flow::Return& item) {
  const auto payload = store_.open_payload(item.sha256);
  if (!payload) return failure(payload.error());
  Nothing nothing;
  return pes::read_retour(**payload, nothing, {.lignes = 0, .paiements = 0});
}

Result<ReturnAcquits::Made> ReturnAcquits::make(const flow::Return& item, const Asked& asked) {
  if (item.kind != pes::to_string(pes::Kind::retour) || item.state != flow::ReturnState::available)
    return failure(no_acquit());
  auto there = live_one(item);
  if (!there) return failure(std::move(there.error()));
  if (*there) return Made{std::move(**there), false};
  auto retour = read(item);
  if (!retour) return failure(std::move(retour.error()));
  auto before = sent_before(item, *retour);
  if (!before) return failure(std::move(before.error()));
  if (*before) {
    if (auto noted = store_.returns().acquitted(item.id, (*before)->id, asked.actor); !noted)
      return failure(std::move(noted.error()));
    return Made{std::move(**before), false};
  }
  auto made = accept(item, *retour, asked);
  if (!made) return made;
  if (made->fresh) {
    wake_();
    return made;
  }
  if (auto noted = store_.returns().acquitted(item.id, made->flow.id, asked.actor); !noted)
    return failure(std::move(noted.error()));
  return made;
}

/// Which domains of the return were acquitted by a flow that still counts: they are taken out of `retour`.
/// Gives the latest of those flows when they leave none to acquit.
Result<std::optional<flow::Flow>> ReturnAcquits::sent_before(const flow::Return& item, pes::Retour& retour) {
  if (!pes::has_acquit(retour)) return std::nullopt;
  flow::Numbers wanted;
  std::vector<std::string> domains;
  for (const auto& [domain, restitution] : retour.restitutions) {
    domains.push_back(domain);
    wanted.numbers.push_back(
        {flow::NumberKind::retour, flow::retour_key(pes::domaine_of(domain), item.sha256), {}});
  }
  flow::Flow ours;
  ours.authority = item.authority;
  const auto taken = store_.history().taken(ours, wanted);
  if (!taken) return failure(taken.error());
  FlowId latest;
  for (const auto& one : *taken) {
    retour.restitutions.erase(domains[one.index]);
    latest = std::max(latest, one.flow);
  }
  if (latest.empty() || pes::has_acquit(retour)) return std::nullopt;
  auto found = store_.find(latest);
  if (!found) return failure(std::move(found.error()));
  recorder_.log().info("return.acquit_found", {{"return", item.id.str()}, {"flow", latest.str()}});
  return found;
}

Result<ReturnAcquits::Made> ReturnAcquits::accept(const flow::Return& item, const pes::Retour& retour,
                                                  const Asked& asked) {
  const auto authority = store_.find_authority(item.authority);
  if (!authority) return failure(authority.error());
  const bool named = !retour.recepteur_sigle.empty();
  pes::AcquitRetourParts parts;
  parts.nom_fic = acquit_name(item.sha256, retour.header.cod_col, retour.header.cod_bud);
  parts.day = day_of(clock_.now());
  parts.emetteur = named || !*authority ? retour.recepteur_sigle : (*authority)->name;
  parts.adresse = retour.recepteur_adresse;
  parts.retour = retour.header.nom_fic.empty() ? item.remote_name : retour.header.nom_fic.str();
  const auto bytes = pes::write_acquit_retour(retour, parts);
  if (!bytes) return failure(bytes.error());
  auto writer = store_.new_payload();
  if (!writer) return failure(std::move(writer.error()));
  if (auto written = (*writer)->append(*bytes); !written) return failure(std::move(written.error()));
  auto staged = (*writer)->finish();
  if (!staged) return failure(std::move(staged.error()));
  auto header = retour.header;
  header.nom_fic = NomFic{parts.nom_fic};
  auto fresh = flow_of(item, std::move(header), asked);
  fresh.flow.environment = environment_;
  fresh.flow.created_at = clock_.now();
  auto outcome = store_.accept(std::move(fresh), std::move(*staged));
  if (!outcome) return failure(std::move(outcome.error()));
  if (auto* same = std::get_if<store::SameBytes>(&*outcome)) return Made{std::move(same->existing), false};
  if (auto* taken = std::get_if<store::KeyTaken>(&*outcome)) return Made{std::move(taken->existing), false};
  return Made{std::get<store::DurableReceipt>(*outcome).flow(), true};
}

void ReturnAcquits::pass(const config::Retry& retry) {
  ++turn_;
  std::string cursor;
  for (std::size_t tried = 0; tried < batch;) {
    const auto due = store_.returns().due_acquits(cursor, batch);
    if (!due) {
      recorder_.log().warning("returns.unavailable", {{"because", due.error().code}});
      return;
    }
    for (const auto& item : due->items) {
      if (rests(item.id)) continue;
      ++tried;
      attempt(item, retry);
    }
    cursor = due->next;
    if (!cursor.empty()) continue;
    // All of them were seen: what is due no longer is forgotten.
    std::erase_if(late_, [&](const auto& one) {
      const bool over = one.second.turn != turn_;
      if (over) recorder_.resolved("return.acquit_late", one.first.str());
      return over;
    });
    return;
  }
}

/// One that failed for a while stands in nobody's way until its time has come.
bool ReturnAcquits::rests(const ReturnId& id) {
  const auto late = late_.find(id);
  if (late == late_.end()) return false;
  late->second.turn = turn_;
  return clock_.now() < late->second.until;
}

void ReturnAcquits::no_longer_late(const ReturnId& id) {
  late_.erase(id);
  recorder_.resolved("return.acquit_late", id.str());
}

void ReturnAcquits::attempt(const flow::Return& item, const config::Retry& retry) {
  const auto made = make(item, {});
  if (made) return no_longer_late(item.id);
  recorder_.log().warning(
      "return.acquit_failed",
      {{"return", item.id.str()}, {"because", made.error().code}, {"detail", made.error().detail}});
  if (made.error().outlook == Outlook::waiting) {
    auto& late = late_[item.id];
    late.turn = turn_;
    late.until = clock_.now() + retry_delay(retry, ++late.failures, random_fraction());
    if (late.failures == failures_until_alarm)
      recorder_.alarm("return.acquit_late", item.id.str(), made.error().code);
    return;
  }
  no_longer_late(item.id);
  // A return of clients or ASAP has none: that is no fault.
  if (made.error().code != "return.no_acquit")
    recorder_.alarm("return.acquit_impossible", item.id.str(), made.error().code);
  if (auto noted = store_.returns().no_acquit(item.id, made.error().code, "gateway"); !noted)
    recorder_.log().warning("returns.unavailable", {{"because", noted.error().code}});
}

}  // namespace demat::pipeline
