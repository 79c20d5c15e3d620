#include "gateway/actes/packaging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <stdexcept>

#include "protocols/actes/assemble.hpp"
#include "protocols/actes/write.hpp"
#include "protocols/archive/writer.hpp"

namespace demat::actes_road {
namespace {

using actes::Code;

Error serials_used_up() {
  return waiting_error("actes.serial.exhausted",
                       "Les 9999 numéros d'enveloppe du jour sont épuisés : l'envoi reprendra demain.",
                       "The 9999 envelope numbers of the day are used up: sending goes on tomorrow.");
}

/// Without any of its parts there is none.
std::optional<actes::Contact> contact_of(const flow::ActesSettings& settings) {
  if (settings.contact_name.empty() && settings.contact_phone.empty() && settings.contact_email.empty())
    return std::nullopt;
  return actes::Contact{settings.contact_name, settings.contact_phone, settings.contact_email};
}

bool sent_by_itself(Code code) {
  return code == Code::pieces_request_receipt || code == Code::observations_receipt ||
         code == Code::classification_request;
}

actes::Assembled assembled(const Deposit& deposit, const std::vector<actes::Media>& media,
                           const PackagingContext& context) {
  const auto emitter = emitter_of(context.settings);
  if (deposit.code == Code::acte)
    return actes::assemble(dossier_of(deposit, context.settings, media), context.classification_date);
  if (deposit.code == Code::cancellation) return actes::assemble_cancellation(deposit.id_acte, emitter);
  if (deposit.code == Code::classification_request)
    return actes::assemble_classification_request(deposit.classification_date, emitter);
  if (is_answer(deposit.code)) return actes::assemble(answer_of(deposit, media), emitter);
  return actes::assemble_receipt(deposit.code, {deposit.id_acte, deposit.letter_date, {}, {}}, emitter);
}

Status add_stored(const std::string& name, const Sha256& bytes, const PackagingContext& context,
                  std::vector<archive::File>& members, std::list<store::Payload>& opened) {
  auto payload = context.open(bytes);
  if (!payload) return failure(payload.error());
  opened.push_back(std::move(*payload));
  members.push_back({name, opened.back().get()});
  return {};
}

Result<store::StagedPayload> write_archive(const std::vector<archive::File>& members,
                                           const PackagingContext& context) {
  auto writer = context.new_payload();
  if (!writer) return failure(writer.error());
  archive::WriteOptions options;
  options.time = std::chrono::duration_cast<std::chrono::seconds>(context.now.time_since_epoch()).count();
  options.most = context.prefecture.max_archive;
  const auto written = archive::write_tar_gz(
      members, options, [&](std::string_view piece) { return (*writer)->append(piece); });
  if (!written) return failure(written.error());
  return (*writer)->finish();
}

}  // namespace

std::vector<std::string> return_addresses(const PackagingContext& context, bool gateway_only) {
  auto out = context.prefecture.return_addresses;
  const auto& theirs = context.settings.addresses;
  if (!gateway_only) out.insert(out.end(), theirs.begin(), theirs.end());
  return out;
}

Result<actes::EnvelopeName> next_name(const PackagingContext& context) {
  const auto today = actes::compact_date(paris_date(context.now));
  const auto& siren = context.settings.authority.str();
  const auto drawn = context.counter("actes:" + siren + ":" + today);
  if (!drawn) return failure(drawn.error());
  if (*drawn > actes::max_serial) return failure(serials_used_up());
  const auto serial = actes::serial_text(static_cast<unsigned>(*drawn));
  if (!serial) return failure(serial.error());
  return actes::EnvelopeName{
      context.prefecture.trigramme, context.prefecture.quadrigramme, siren, {}, today, *serial};
}

Result<Package> package(const Deposit& deposit, const std::vector<actes::Media>& media,
                        const PackagingContext& context) {
  const auto [message, form, file_names] = assembled(deposit, media, context);
  const auto business = actes::write(message);
  if (!business) return failure(business.error());
  const auto name = next_name(context);
  if (!name) return failure(name.error());
  const auto envelope =
      actes::write(actes::assemble_envelope(emitter_of(context.settings), contact_of(context.settings),
                                            return_addresses(context, sent_by_itself(deposit.code)), {form}));
  if (!envelope) return failure(envelope.error());

  const MemorySource envelope_bytes(*envelope);
  const MemorySource business_bytes(*business);
  std::vector<archive::File> members{{actes::envelope_name(*name), &envelope_bytes}, {form, &business_bytes}};
  std::list<store::Payload> opened;
  for (std::size_t i = 0; i < deposit.files.size(); ++i)
    if (auto added = add_stored(file_names.at(i), deposit.files[i].sha256, context, members, opened); !added)
      return failure(added.error());
  auto archive = write_archive(members, context);
  if (!archive) return failure(archive.error());
  const auto* acte = std::get_if<actes::ActeMessage>(&message.body);
  return Package{actes::archive_name(*name), acte != nullptr ? acte->acte.classification_date : std::string(),
                 std::move(*archive)};
}

Result<Package> package(const ReadyEnvelope& ready, const std::vector<Member>& files,
                        const PackagingContext& context) {
  const auto name = next_name(context);
  if (!name) return failure(name.error());
  const auto& posted = ready.said.envelope;
  auto addresses = return_addresses(context, true);
  addresses.insert(addresses.end(), posted.return_addresses.begin(), posted.return_addresses.end());
  auto ours = actes::assemble_envelope(posted.emitter, posted.contact, addresses, {});
  ours.forms = posted.forms;
  const auto envelope = actes::write(ours);
  if (!envelope) return failure(envelope.error());

  const MemorySource envelope_bytes(*envelope);
  std::vector<archive::File> members{{actes::envelope_name(*name), &envelope_bytes}};
  std::list<store::Payload> opened;
  // Message by message, each followed by its files.
  for (std::size_t i = 0; i < ready.deposits.size(); ++i) {
    std::vector<std::string> names{ready.said.forms.at(i).name};
    for (const auto& file : ready.deposits[i].files)
      names.push_back(file.name);
    for (const auto& one : names) {
      const auto member =
          std::find_if(files.begin(), files.end(), [&](const Member& m) { return m.name == one; });
      if (member == files.end()) throw std::logic_error("a file that the rules have seen");
      if (auto added = add_stored(one, member->sha256, context, members, opened); !added)
        return failure(added.error());
    }
  }
  auto archive = write_archive(members, context);
  if (!archive) return failure(archive.error());
  return Package{actes::archive_name(*name), {}, std::move(*archive)};
}

}  // namespace demat::actes_road
