#include "protocols/actes/rules.hpp"

#include <algorithm>
#include <charconv>

#include "protocols/actes/rule_table.hpp"
#include "protocols/base/limits.hpp"
#include "protocols/base/utf8.hpp"

namespace demat::actes {
namespace {

constexpr RuleInfo archive_too_large{
    "actes.archive.too_large", Severity::error, "actes 2.3",
    "L'archive à transmettre pèse {value} ; le ministère en admet 150 Mio. Réduisez les annexes, ou envoyez "
    "les plus lourdes sur papier.",
    "The archive to send weighs {value}; the ministry accepts 150 MiB. Make the annexes smaller, or send the "
    "heaviest ones on paper."};

std::string filled(std::string_view text, std::string_view value) {
  constexpr std::string_view mark = "{value}";
  std::string out{text};
  for (auto at = out.find(mark); at != std::string::npos; at = out.find(mark, at + value.size()))
    out.replace(at, mark.size(), value);
  return out;
}

std::vector<int> integers(const std::vector<std::string>& texts) {
  std::vector<int> found;
  for (const auto& text : texts)
    if (const auto number = integer(text)) found.push_back(*number);
  return found;
}

template <class Subject>
void list(std::vector<RuleInfo>& into, std::span<const Rule<Subject>> table) {
  for (const auto& rule : table)
    into.push_back(rule.info);
}

}  // namespace

void add_hits(Report& report, const RuleInfo& rule, const Hits& hits, const RuleOptions& options) {
  const auto own = options.severities.find(rule.code);
  const auto severity = own == options.severities.end() ? rule.severity : own->second;
  for (const auto& hit : hits) {
    if (report.findings.size() >= limits::max_findings) return;
    report.add({std::string{rule.code},
                severity,
                {0, hit.field},
                filled(rule.fr, hit.value),
                filled(rule.en, hit.value)});
  }
}

std::string shown(std::string_view value) {
  constexpr std::size_t longest = 60;
  std::string out = utf8_shortened(value, longest);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20U; }, ' ');
  return out;
}

const Classification& classification_of(const RuleOptions& options) {
  return options.classification != nullptr ? *options.classification : builtin_classification();
}

std::optional<int> integer(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || number < 0)
    return std::nullopt;
  return number;
}

std::string field_of(std::string_view list, std::size_t index, std::string_view field) {
  std::string out{list};
  if (index > 0) out += "[" + std::to_string(index + 1) + "]";
  if (!field.empty()) out += "." + std::string{field};
  return out;
}

std::vector<RuleInfo> rules() {
  std::vector<RuleInfo> all;
  list(all, metadata_rules());
  list(all, file_rules());
  list(all, answer_rules());
  list(all, import_rules());
  all.push_back(archive_too_large);
  return all;
}

Report check(const Dossier& dossier, const RuleOptions& options) {
  Report report;
  judge(report, metadata_rules(), dossier, options);
  FileSet files;
  files.nature = integer(dossier.nature).value_or(0);
  files.matieres = integers(dossier.matieres);
  files.documents = &dossier.documents;
  files.annexes = &dossier.annexes;
  judge(report, file_rules(), files, options);
  return report;
}

Report check(const AnswerDossier& answer, const RuleOptions& options) {
  Report report;
  judge(report, answer_rules(), answer, options);
  const std::vector<DossierFile> none;
  FileSet files;
  files.nature = answer.nature;
  files.answer = true;
  files.one_document = answer.code != Code::pieces;
  files.documents = &answer.documents;
  files.annexes = &none;
  judge(report, file_rules(), files, options);
  return report;
}

namespace {

/// The file of a signed name, as the archive holds it; its typologie is what its name says.
DossierFile file_of(const SignedFile& signed_file, const ImportedEnvelope& imported) {
  DossierFile file;
  file.name = signed_file.name;
  file.type = typologie_of(signed_file.name);
  file.has_signature = !signed_file.signature.empty();
  const auto member = std::find_if(imported.files.begin(), imported.files.end(),
                                   [&](const ImportedFile& f) { return f.name == signed_file.name; });
  if (member != imported.files.end()) {
    file.size = member->size;
    file.media = member->media;
  }
  return file;
}

Dossier dossier_of(const ActeData& acte, const ImportedEnvelope& imported) {
  Dossier dossier;
  dossier.authority = imported.authority;
  dossier.number = acte.number;
  dossier.date = acte.date;
  dossier.nature = acte.nature;
  dossier.matieres = acte.matieres;
  dossier.object = acte.object;
  dossier.previous_id = acte.previous_id;
  dossier.classification_date = acte.classification_date;
  dossier.paper = acte.paper;
  if (!acte.document.name.empty()) dossier.documents.push_back(file_of(acte.document, imported));
  for (const auto& annex : acte.annexes)
    dossier.annexes.push_back(file_of(annex, imported));
  dossier.return_addresses = imported.envelope.return_addresses;
  dossier.imported = true;
  return dossier;
}

AnswerDossier answer_of(const Message& message, const Letter& letter, const ImportedEnvelope& imported) {
  AnswerDossier answer;
  answer.code = message.code;
  answer.id = letter.id;
  answer.letter_date = letter.letter_date;
  answer.nature = integer(correlation(message).nature).value_or(0);
  for (const auto& document : letter.documents)
    answer.documents.push_back(file_of(document, imported));
  return answer;
}

}  // namespace

Report check(const ImportedEnvelope& imported, const RuleOptions& options) {
  Report report;
  judge(report, import_rules(), imported, options);
  for (const auto& form : imported.forms) {
    Report own;
    if (const auto* acte = std::get_if<ActeMessage>(&form.message.body))
      own = check(dossier_of(acte->acte, imported), options);
    else if (const auto* letter = std::get_if<Letter>(&form.message.body);
             letter != nullptr && info(form.message.code).carries != Carries::nothing)
      own = check(answer_of(form.message, *letter, imported), options);
    for (auto& finding : own.findings)
      finding.place.path = form.name + ": " + finding.place.path;
    report.append(std::move(own));
  }
  return report;
}

Report check_archive_size(std::uint64_t bytes, const RuleOptions& options) {
  Report report;
  if (bytes > options.max_bytes)
    add_hits(report, archive_too_large, {{"archive", std::to_string(bytes / 1'048'576) + " Mio"}}, options);
  return report;
}

}  // namespace demat::actes
