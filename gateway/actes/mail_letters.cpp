#include "gateway/actes/mail_settler.hpp"
#include "gateway/base/crash_point.hpp"
#include "protocols/actes/read.hpp"

namespace demat::actes_road {
namespace {

using actes::Code;
using flow::ReturnState;

}  // namespace

Status MailSettler::settle_letter(const Found& found, const Sorted& sorted, const mail::Message& mail,
                                  store::MailSettlement& settlement) {
  const auto on = acte_of(actes::correlation(found.message));
  if (!on) return failure(on.error());
  if (!*on) return not_tied("acte_unknown"), Status{};
  store::NewLetter item;
  auto& letter = item.letter;
  letter.authority = (*on)->acte.authority;
  letter.acte = (*on)->flow.id;
  letter.message = actes::info(found.message.code).number;
  letter.id_acte = actes::correlation(found.message).id;
  if (const auto* said = std::get_if<actes::Letter>(&found.message.body)) {
    letter.date = said->letter_date;
    letter.text = said->text;
  } else if (const auto* referral = std::get_if<actes::Referral>(&found.message.body)) {
    letter.date = referral->deposit_date;
    letter.text = referral->reason;
  }
  // As it came: the XML and every file that is neither part of a body nor of another message.
  for (const auto& file : mail.attachments) {
    if (!goes_with(found, sorted, file)) continue;
    auto kept = document(file, "lettre");
    if (!kept) return failure(kept.error());
    item.documents.push_back(std::move(*kept));
  }
  if (const auto receipt = actes::automatic_receipt(found.message.code)) {
    auto made = receipt_for(**on, letter, *receipt);
    if (!made) return failure(made.error());
    item.receipt = std::move(*made);
  }
  const Told told{.message = found.message.code, .date = letter.date};
  if (auto status = announce(settlement, letter.authority, told, {**on}, item.tell); !status) return status;
  settlement.item.authority = letter.authority;
  settlement.item.flow = letter.acte;
  settlement.item.match_rule = "id_acte";
  settlement.letters.push_back(std::move(item));
  crash_point("letter_staged");
  return {};
}

/// 3-2 and 4-2 go out by themselves, once per letter (actes 1.2).
Result<store::NewLetter::Receipt> MailSettler::receipt_for(const store::ActeOnFlow& on,
                                                           const flow::Letter& letter, Code code) {
  Deposit deposit;
  deposit.code = code;
  deposit.number = on.acte.number;
  deposit.date = on.acte.decision_date;
  deposit.nature = on.acte.nature;
  deposit.about = on.flow.id;
  deposit.id_acte = letter.id_acte;
  deposit.letter_date = letter.date;
  deposit.mark = letter.message;
  const auto settings = deps_.store.actes().settings(on.acte.authority);
  if (!settings) return failure(settings.error());
  store::NewFlow fresh;
  fresh.flow.authority = on.acte.authority;
  describe(fresh.flow, deposit);
  fresh.flow.created_at = deps_.clock.now();
  fresh.actor = "gateway";
  fresh.media_type = "application/json";
  fresh.actes.push_back(actes_road::acte_of(
      deposit, *settings ? **settings : flow::ActesSettings{.authority = on.acte.authority}));
  auto writer = deps_.store.new_payload();
  if (!writer) return failure(writer.error());
  if (auto status = (*writer)->append(to_manifest(deposit)); !status) return failure(status.error());
  auto manifest = (*writer)->finish();
  if (!manifest) return failure(manifest.error());
  return store::NewLetter::Receipt{std::move(fresh), std::move(*manifest)};
}

Status MailSettler::settle_classification(const Found& found, store::MailSettlement& settlement) {
  if (authority_.empty()) return not_tied("recipient_missing"), Status{};
  const AuthorityId authority{authority_};
  const auto known = deps_.store.find_authority(authority);
  if (!known) return failure(known.error());
  if (!*known) return not_tied("authority_unknown"), Status{};
  Told told{.message = found.message.code};
  if (const auto* body = std::get_if<actes::Classification>(&found.message.body)) {
    settlement.classifications.push_back({authority, body->date, found.file->bytes, {}});
    told.date = body->date;
  }
  const auto waiting = deps_.store.actes().unanswered(authority, "7-1");
  if (!waiting) return failure(waiting.error());
  settlement.item.authority = authority;
  settlement.item.match_rule = "siren";
  // The gateway asks week after week: that nothing changed is told to nobody but who asked by hand.
  const bool by_hand = !waiting->empty() && !waiting->front().flow.deposited_by.empty();
  const bool news = found.message.code == Code::classification || by_hand;
  if (waiting->empty()) {
    // Nobody asked: it goes with no flow, and nobody need look at it.
    settlement.event_code = "actes.classification";
    settlement.item.state = ReturnState::available;
    settlement.item.read = true;
    return news ? announce(settlement, authority, told, {}, settlement.tell) : Status();
  }
  // The oldest: answers come in the order of the requests (actes 8-16).
  store::ActeEffect effect;
  effect.verdict = flow::Verdict::accepted;
  effect.event_code = "actes.classification";
  if (news)
    if (auto status = announce(settlement, authority, told, {}, effect.tell); !status) return status;
  return add_effect(settlement, waiting->front(), std::move(effect), found.file, "classification");
}

}  // namespace demat::actes_road
