#include <algorithm>
#include <boost/json.hpp>

#include "gateway/actes/mail_settler.hpp"
#include "protocols/actes/read.hpp"

namespace demat::actes_road {
namespace {

std::string detail_of(const flow::Return& item, std::string_view message) {
  return boost::json::serialize(
      boost::json::object{{"return", item.id.str()}, {"message", std::string(message)}});
}

}  // namespace

/// Of several, the one that still waits for this answer; else the latest. Only what belongs to the authority
/// that the envelope names (design §1.6).
Result<std::optional<store::ActeOnFlow>> MailSettler::one_of(Result<Candidates> candidates,
                                                             const std::vector<std::string>& messages) {
  if (!candidates) return failure(candidates.error());
  std::optional<store::ActeOnFlow> best;
  for (auto& candidate : *candidates) {
    const auto& acte = candidate.acte;
    if (std::find(messages.begin(), messages.end(), acte.message) == messages.end()) continue;
    if (!authority_.empty() && acte.authority.str() != authority_) continue;
    // What never left can not have been answered.
    if (candidate.flow.attempts == 0) continue;
    const bool better =
        !best || best->acte.verdict != flow::Verdict::none || acte.verdict == flow::Verdict::none;
    if (better) best = std::move(candidate);
  }
  return best;
}

/// IDActe first; then authority and number, with date and nature where both sides say them (actes 5.3).
Result<std::optional<store::ActeOnFlow>> MailSettler::acte_of(const actes::Correlation& said) {
  if (!said.id.empty()) {
    auto by_id = one_of(deps_.store.actes().by_id(said.id), {"1-1"});
    if (!by_id || *by_id) return by_id;
  }
  // The envelope is for one authority and the identifier of another: not to be guessed.
  if (!authority_.empty() && !said.siren.empty() && said.siren != authority_) return std::nullopt;
  const std::string siren = authority_.empty() ? said.siren : authority_;
  if (siren.empty() || said.number.empty()) return std::nullopt;
  auto candidates = deps_.store.actes().by_number(AuthorityId{siren}, said.number);
  if (!candidates) return failure(candidates.error());
  std::erase_if(*candidates, [&](const store::ActeOnFlow& one) {
    const auto date = actes::normal_date(one.acte.decision_date);
    return (!said.date.empty() && date && *date != said.date) ||
           (!said.nature.empty() && one.acte.nature != said.nature);
  });
  return one_of(std::move(candidates), {"1-1"});
}

Result<store::NewDocument> MailSettler::document(const mail::Attachment& file, std::string_view role) {
  auto writer = deps_.store.new_payload();
  if (!writer) return failure(writer.error());
  const auto append = [&](std::string_view piece) { return (*writer)->append(piece); };
  if (auto status = mail::pour(*mail_, file, append); !status) return failure(status.error());
  auto staged = (*writer)->finish();
  if (!staged) return failure(staged.error());
  return store::NewDocument{std::string(role), file.safe_name,
                            std::string(actes::mime_type(actes::sniff(file.bytes))), std::move(*staged)};
}

Status MailSettler::add_effect(store::MailSettlement& settlement, const store::ActeOnFlow& on,
                               store::ActeEffect effect, const mail::Attachment* file,
                               std::string_view role) {
  effect.flow = on.flow.id;
  effect.place = on.acte.place;
  if (effect.event_detail == "{}") effect.event_detail = detail_of(settlement.item, settlement.item.kind);
  if (file != nullptr) {
    auto kept = document(*file, role);
    if (!kept) return failure(kept.error());
    effect.documents.push_back(std::move(*kept));
  }
  settlement.item.authority = on.acte.authority;
  settlement.item.flow = on.flow.id;
  settlement.effects.push_back(std::move(effect));
  return {};
}

Status MailSettler::announce(store::MailSettlement& settlement, const AuthorityId& authority,
                             const Told& told, const Candidates& actes, std::optional<std::size_t>& tell) {
  const auto place = actes_road::announce(deps_.store, *deps_.settings(), settlement, authority, told, actes);
  if (!place) return failure(place.error());
  tell = *place;
  return {};
}

}  // namespace demat::actes_road
