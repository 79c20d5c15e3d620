#include "gateway/actes/envelope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "protocols/actes/read.hpp"
#include "protocols/base/limits.hpp"

namespace demat::actes_road {
namespace {

using actes::Code;

Finding no_envelope() {
  return {"actes.import.no_envelope",
          Severity::error,
          {0, "archive"},
          "L'archive ne contient pas d'enveloppe : un XML nommé comme elle, sans le trigramme.",
          "The archive holds no envelope: an XML named as it is, without the trigram."};
}

Finding not_an_envelope(const std::string& name) {
  return {"actes.import.not_an_envelope",
          Severity::error,
          {0, name},
          fmt::format("« {} » n'est pas une enveloppe de collectivité (EnveloppeCLMISILL).", name),
          fmt::format("\"{}\" is not an envelope of an authority (EnveloppeCLMISILL).", name)};
}

Finding not_a_message(const std::string& name) {
  return {"actes.import.not_a_message",
          Severity::error,
          {0, name},
          fmt::format("« {} » est annoncé comme message, mais n'en est pas un.", name),
          fmt::format("\"{}\" is announced as a message, but is none.", name)};
}

Finding too_large(const std::string& name) {
  return {"actes.import.message_too_large",
          Severity::error,
          {0, name},
          fmt::format("« {} » est bien plus gros qu'aucun message ACTES.", name),
          fmt::format("\"{}\" is far larger than any ACTES message.", name)};
}

Finding unreadable(const std::string& name, const Error& error) {
  return {error.code, Severity::error, {error.place.line, name}, error.fr, error.en};
}

const Member* named(const std::vector<Member>& members, std::string_view name) {
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const Member& one) { return one.name == name; });
  return found == members.end() ? nullptr : &*found;
}

/// The member named as the archive says, else the first that is named as envelopes are.
const Member* envelope_of(const std::string& archive_name, const std::vector<Member>& members) {
  if (const auto name = actes::parse_envelope_name(archive_name))
    if (const auto* found = named(members, actes::envelope_name(*name))) return found;
  const auto found = std::find_if(members.begin(), members.end(), [](const Member& one) {
    return one.name.ends_with(".xml") && actes::parse_envelope_name(one.name);
  });
  return found == members.end() ? nullptr : &*found;
}

/// What an XML says, with what the schema says against it. Nothing when it cannot be read: the report tells.
Result<std::optional<actes::Read>> read_xml(const Member& member, const Reader& read,
                                            const xml::SchemaPack& pack, Report& report) {
  if (member.size > limits::max_dom_bytes) {
    report.add(too_large(member.name));
    return std::nullopt;
  }
  const auto bytes = read(member);
  if (!bytes) return failure(bytes.error());
  Report against;
  if (const auto parsed = pack.check(*bytes, {}, against); !parsed) {
    report.add(unreadable(member.name, parsed.error()));
    return std::nullopt;
  }
  for (auto& finding : against.findings)
    finding.place.path = member.name + ": " + finding.place.path;
  report.append(std::move(against));
  auto said = actes::read(*bytes);
  if (said) return std::move(*said);
  report.add(unreadable(member.name, said.error()));
  return std::nullopt;
}

void add_file(Deposit& deposit, std::string_view role, const actes::SignedFile& file,
              const std::vector<Member>& members) {
  const auto* member = named(members, file.name);
  if (member == nullptr) return;  // a rule says so
  deposit.files.push_back({std::string(role), file.name, std::string(actes::typologie_of(file.name)),
                           member->sha256, member->size, file.signature});
}

Deposit deposit_of(const actes::ActeData& acte, const std::vector<Member>& members) {
  Deposit out;
  out.number = acte.number;
  out.date = acte.date;
  out.nature = acte.nature;
  out.matieres = fmt::format("{}", fmt::join(acte.matieres, "."));
  out.object = acte.object;
  out.previous_id = acte.previous_id;
  out.paper = acte.paper;
  out.classification_date = acte.classification_date;
  if (!acte.document.name.empty()) add_file(out, "acte", acte.document, members);
  for (const auto& annexe : acte.annexes)
    add_file(out, "annexe", annexe, members);
  return out;
}

Deposit deposit_of(const actes::Message& message, const std::vector<Member>& members) {
  if (const auto* acte = std::get_if<actes::ActeMessage>(&message.body))
    return deposit_of(acte->acte, members);
  Deposit out;
  out.code = message.code;
  const auto about = actes::correlation(message);
  out.number = about.number;
  out.date = about.date;
  out.nature = about.nature;
  out.id_acte = about.id;
  if (const auto* letter = std::get_if<actes::Letter>(&message.body)) out.letter_date = letter->letter_date;
  if (const auto* asked = std::get_if<actes::ClassificationDate>(&message.body))
    out.classification_date = asked->date;
  for (const auto& file : actes::files_of(message))
    add_file(out, "acte", file, members);
  return out;
}

Status read_forms(ReadyEnvelope& out, const std::vector<Member>& members, const Reader& read,
                  const xml::SchemaPack& pack) {
  std::set<std::string_view> seen;
  for (const auto& form : out.said.envelope.forms) {
    const auto* member = named(members, form.name);
    if (member == nullptr || !seen.insert(form.name).second) continue;  // rules say so
    auto said = read_xml(*member, read, pack, out.report);
    if (!said) return failure(said.error());
    if (!*said) continue;
    auto* message = std::get_if<actes::Message>(&(*said)->content);
    if (message == nullptr) {
      out.report.add(not_a_message(form.name));
      continue;
    }
    out.deposits.push_back(deposit_of(*message, members));
    out.said.forms.push_back({form.name, std::move(*message), (*said)->encoding});
  }
  return {};
}

std::size_t place_of(const std::vector<Member>& members, std::string_view name) {
  return static_cast<std::size_t>(named(members, name) - members.data());
}

}  // namespace

Result<ReadyEnvelope> understand(const std::string& archive_name, const std::vector<Member>& members,
                                 const Reader& read, const xml::SchemaPack& pack) {
  ReadyEnvelope out;
  out.said.archive_name = archive_name;
  for (const auto& member : members)
    out.said.files.push_back({member.name, member.size, member.media});
  const auto* envelope = envelope_of(archive_name, members);
  if (envelope == nullptr) {
    out.report.add(no_envelope());
    return out;
  }
  out.said.envelope_name = envelope->name;
  auto said = read_xml(*envelope, read, pack, out.report);
  if (!said) return failure(said.error());
  if (!*said) return out;
  auto* content = std::get_if<actes::Envelope>(&(*said)->content);
  if (content == nullptr) {
    out.report.add(not_an_envelope(envelope->name));
    return out;
  }
  out.said.envelope = std::move(*content);
  out.said.encoding = (*said)->encoding;
  if (auto status = read_forms(out, members, read, pack); !status) return failure(status.error());
  return out;
}

Report judge(ReadyEnvelope& envelope, const flow::ActesSettings& settings, const actes::RuleOptions& options,
             const std::string& trigram, const std::string& application) {
  auto& said = envelope.said;
  Report report = envelope.report;
  // Whoever did not get so far has nothing to be judged by.
  if (said.envelope_name.empty() || (report.refused() && said.envelope == actes::Envelope{})) return report;
  said.authority = emitter_of(settings);
  said.trigram = trigram;
  said.application = application;
  if (trigram.empty()) {
    const auto name = actes::parse_envelope_name(said.archive_name).value_or(actes::EnvelopeName{});
    said.trigram = name.trigram;
    said.application = name.application;
  }
  auto rules = actes::check(said, options);
  // Whose files they are is in the message that could not be read.
  if (said.forms.size() < said.envelope.forms.size())
    std::erase_if(rules.findings,
                  [](const Finding& finding) { return finding.code == "actes.import.file_unused"; });
  report.append(std::move(rules));
  for (std::size_t i = 0; i < envelope.deposits.size(); ++i) {
    auto own = check_convention(envelope.deposits[i], settings);
    for (auto& finding : own.findings)
      finding.place.path = said.forms[i].name + ": " + finding.place.path;
    report.append(std::move(own));
  }
  return report;
}

Result<Contents> look_into(const ReadyEnvelope& envelope, const std::vector<Member>& members,
                           const Opener& open, const ContentDoors& doors) {
  Contents out;
  std::set<std::string_view> carried;
  for (const auto& deposit : envelope.deposits) {
    auto contents = look_into(deposit, open, doors);
    if (!contents) return failure(contents.error());
    out.infected = out.infected || contents->infected;
    out.report.append(std::move(contents->report));
    for (auto& signature : contents->signatures)
      out.signatures.push_back(std::move(signature));
    for (const auto& file : deposit.files)
      carried.insert(file.name);
  }
  // The XML of the envelope and of its messages: for the antivirus alone.
  Deposit rest;
  rest.code = Code::cancellation;
  for (const auto& member : members)
    if (!carried.contains(member.name))
      rest.files.push_back({"message", member.name, {}, member.sha256, member.size, {}});
  auto contents = look_into(rest, open, doors);
  if (!contents) return failure(contents.error());
  out.infected = out.infected || contents->infected;
  out.report.append(std::move(contents->report));
  return out;
}

std::vector<KeptMember> kept_members(const ReadyEnvelope& envelope, const std::vector<Member>& members) {
  std::vector<KeptMember> out;
  for (const auto& deposit : envelope.deposits)
    for (const auto& file : deposit.files)
      out.push_back({place_of(members, file.name), file.role == "acte" ? "acte" : "annexe"});
  for (const auto& form : envelope.said.forms)
    out.push_back({place_of(members, form.name), message_role});
  out.push_back({place_of(members, envelope.said.envelope_name), envelope_role});
  return out;
}

Error schema_missing() {
  return waiting_error("actes.schema_missing",
                       "Les schémas ACTES ne sont pas installés : les enveloppes toutes faites attendent "
                       "l'exploitant.",
                       "The schemas of ACTES are not installed: ready-made envelopes wait for the operator.");
}

Result<bool> is_archive(const ByteSource& original) {
  std::array<char, 2> start{};
  const auto got = original.read(0, start);
  if (!got) return failure(got.error());
  return *got == start.size() && start[0] == '\x1f' && start[1] == '\x8b';
}

}  // namespace demat::actes_road
