#include "gateway/actes/deposit.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "gateway/base/paris.hpp"

namespace demat::actes_road {
namespace {

namespace json = boost::json;

Error bad_manifest() {
  return waiting_error(
      "actes.manifest",
      "La description conservée de cet envoi ne peut pas être relue : l'exploitant est averti.",
      "The stored description of this transmission cannot be read: the operator is warned.");
}

std::string text(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

json::object to_json(const DepositFile& file) {
  json::object out{{"role", file.role},
                   {"name", file.name},
                   {"type", file.type},
                   {"sha256", file.sha256.str()},
                   {"size", file.size}};
  if (!file.signature.empty()) out["signature"] = file.signature;
  return out;
}

DepositFile file_from(const json::object& from) {
  DepositFile file;
  file.role = text(from, "role");
  file.name = text(from, "name");
  file.type = text(from, "type");
  file.sha256 = Sha256{text(from, "sha256")};
  if (const auto* size = from.if_contains("size"); size != nullptr && size->is_number())
    file.size = size->to_number<std::uint64_t>();
  file.signature = text(from, "signature");
  return file;
}

std::vector<std::string> parts_of(std::string_view dotted) {
  std::vector<std::string> out;
  while (!dotted.empty()) {
    const auto part = dotted.substr(0, dotted.find('.'));
    out.emplace_back(part);
    dotted.remove_prefix(std::min(dotted.size(), part.size() + 1));
  }
  return out;
}

actes::DossierFile file_of(const DepositFile& file, actes::Media media) {
  return {file.name, file.size, media, file.type, !file.signature.empty(), file.signature};
}

/// Whether "7.1.2" is under "7.1".
bool is_under(std::string_view matieres, std::string_view prefix) {
  return matieres.starts_with(prefix) && (matieres.size() == prefix.size() || matieres[prefix.size()] == '.');
}

Finding outside_convention(std::string_view field, std::string_view value) {
  return {
      "actes.convention.scope",
      Severity::error,
      {0, std::string(field)},
      fmt::format("La convention avec la préfecture ne couvre pas « {} » : transmettez cet acte sur papier, "
                  "ou faites étendre la convention.",
                  value),
      fmt::format("The agreement with the préfecture does not cover \"{}\": send this act on paper, or "
                  "have the agreement extended.",
                  value)};
}

}  // namespace

std::string to_manifest(const Deposit& deposit) {
  json::array files;
  for (const auto& file : deposit.files)
    files.push_back(to_json(file));
  const json::object out{{"message", actes::info(deposit.code).number},
                         {"number", deposit.number},
                         {"date", deposit.date},
                         {"nature", deposit.nature},
                         {"matieres", deposit.matieres},
                         {"object", deposit.object},
                         {"previous_id", deposit.previous_id},
                         {"paper", deposit.paper},
                         {"classification_date", deposit.classification_date},
                         {"about", deposit.about.str()},
                         {"letter", deposit.letter.str()},
                         {"id_acte", deposit.id_acte},
                         {"letter_date", deposit.letter_date},
                         {"mark", deposit.mark},
                         {"files", std::move(files)}};
  return json::serialize(out);
}

Result<Deposit> from_manifest(std::string_view text_of_json) {
  boost::system::error_code error;
  const auto value = json::parse(text_of_json, error);
  if (error || !value.is_object()) return failure(bad_manifest());
  const auto& from = value.get_object();
  const auto code = actes::code_of_number(text(from, "message"));
  if (!code) return failure(bad_manifest());
  Deposit deposit;
  deposit.code = *code;
  deposit.number = text(from, "number");
  deposit.date = text(from, "date");
  deposit.nature = text(from, "nature");
  deposit.matieres = text(from, "matieres");
  deposit.object = text(from, "object");
  deposit.previous_id = text(from, "previous_id");
  deposit.paper = text(from, "paper");
  deposit.classification_date = text(from, "classification_date");
  deposit.about = FlowId{text(from, "about")};
  deposit.letter = LetterId{text(from, "letter")};
  deposit.id_acte = text(from, "id_acte");
  deposit.letter_date = text(from, "letter_date");
  deposit.mark = text(from, "mark");
  const auto* files = from.if_contains("files");
  if (files == nullptr || !files->is_array()) return failure(bad_manifest());
  for (const auto& file : files->get_array()) {
    if (!file.is_object()) return failure(bad_manifest());
    deposit.files.push_back(file_from(file.get_object()));
  }
  return deposit;
}

actes::AuthorityId emitter_of(const flow::ActesSettings& settings) {
  return {settings.authority.str(), settings.departement, settings.arrondissement, settings.nature};
}

actes::Dossier dossier_of(const Deposit& deposit, const flow::ActesSettings& settings,
                          const std::vector<actes::Media>& media) {
  actes::Dossier out;
  out.authority = emitter_of(settings);
  out.number = deposit.number;
  out.date = deposit.date;
  out.nature = deposit.nature;
  out.matieres = parts_of(deposit.matieres);
  out.object = deposit.object;
  out.previous_id = deposit.previous_id;
  out.classification_date = deposit.classification_date;
  out.paper = deposit.paper;
  for (std::size_t i = 0; i < deposit.files.size(); ++i)
    (deposit.files[i].role == "acte" ? out.documents : out.annexes)
        .push_back(file_of(deposit.files[i], media.at(i)));
  out.return_addresses = settings.addresses;
  return out;
}

actes::AnswerDossier answer_of(const Deposit& deposit, const std::vector<actes::Media>& media) {
  actes::AnswerDossier out;
  out.code = deposit.code;
  const auto nature = actes::parse_matieres(deposit.nature);
  out.nature = nature ? nature->front() : 0;
  out.id = deposit.id_acte;
  out.letter_date = deposit.letter_date;
  for (std::size_t i = 0; i < deposit.files.size(); ++i)
    out.documents.push_back(file_of(deposit.files[i], media.at(i)));
  return out;
}

bool is_answer(actes::Code code) {
  using enum actes::Code;
  constexpr std::array answers{letter_answer, pieces_refusal, pieces, observations_rejection,
                               observations_answer};
  return std::find(answers.begin(), answers.end(), code) != answers.end();
}

Report check_metadata(const Deposit& deposit, const std::vector<actes::Media>& media,
                      const flow::ActesSettings& settings, const actes::RuleOptions& options,
                      const std::optional<std::vector<std::string>>& ours) {
  if (is_answer(deposit.code)) return actes::check(answer_of(deposit, media), options);
  if (deposit.code != actes::Code::acte) return {};
  auto dossier = dossier_of(deposit, settings, media);
  if (ours) dossier.return_addresses.insert(dossier.return_addresses.begin(), ours->begin(), ours->end());
  auto report = actes::check(dossier, options);
  // The gateway's own mailbox comes first among them, once it is known where the acte goes.
  if (!ours)
    std::erase_if(report.findings,
                  [](const Finding& finding) { return finding.code == "actes.address.missing"; });
  report.append(check_convention(deposit, settings));
  return report;
}

actes::RuleOptions options_of(const flow::ActesSettings& settings,
                              const actes::Classification& classification, Instant now) {
  actes::RuleOptions options;
  options.today = paris_date(now);
  options.classification = &classification;
  options.allow_image_document = settings.image_document;
  options.allow_pdf_budget = settings.pdf_budget;
  // It is asked for, and the acte waits for it (ActesRoad::check).
  options.severities["actes.classification.missing"] = Severity::warning;
  return options;
}

bool has_convention(const flow::ActesSettings& settings, Instant now) {
  return !settings.convention_date.empty() && settings.convention_date <= paris_date(now);
}

Report check_convention(const Deposit& deposit, const flow::ActesSettings& settings) {
  Report report;
  if (deposit.code != actes::Code::acte) return report;
  const auto& natures = settings.natures;
  if (!natures.empty() && std::find(natures.begin(), natures.end(), deposit.nature) == natures.end())
    report.add(outside_convention("nature", deposit.nature));
  const auto& matieres = settings.matieres;
  const bool covered =
      matieres.empty() || std::any_of(matieres.begin(), matieres.end(),
                                      [&](const auto& one) { return is_under(deposit.matieres, one); });
  if (!covered) report.add(outside_convention("matieres", deposit.matieres));
  return report;
}

flow::Acte acte_of(const Deposit& deposit, const flow::ActesSettings& settings) {
  flow::Acte acte;
  acte.authority = settings.authority;
  acte.message = actes::info(deposit.code).number;
  acte.number = deposit.number;
  acte.nature = deposit.nature;
  acte.decision_date = deposit.date;
  acte.matieres = deposit.matieres;
  acte.objet = deposit.object;
  acte.papier = deposit.paper == "O";
  acte.classification_date = deposit.classification_date;
  acte.id_acte = deposit.id_acte;
  if (deposit.code == actes::Code::acte) {
    const auto nature = actes::parse_matieres(deposit.nature);
    const auto date = actes::normal_date(deposit.date);
    acte.id_acte = actes::predicted_id(emitter_of(settings), date.value_or(deposit.date), deposit.number,
                                       nature ? nature->front() : 0)
                       .str();
  }
  acte.about = deposit.about;
  acte.letter = deposit.letter;
  return acte;
}

void describe(flow::Flow& flow, const Deposit& deposit) {
  flow.protocol = flow::actes_protocol;
  flow.nom_fic = NomFic{deposit.number};
  flow.typ_fic = actes::info(deposit.code).number;
  switch (deposit.code) {
    case actes::Code::acte:
      flow.business_key = deposit.number;
      break;
    case actes::Code::cancellation:
      flow.business_key =
          flow.typ_fic + ":" + deposit.about.str() + (deposit.mark.empty() ? "" : "/" + deposit.mark);
      break;
    case actes::Code::classification_request:
      flow.business_key = flow.typ_fic + ":" + deposit.mark;
      break;
    default:
      flow.business_key = flow.typ_fic.substr(0, 2) + "answer:" + deposit.letter.str();
  }
}

std::string paris_date(Instant instant) {
  const std::chrono::year_month_day day(paris_day(instant));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

}  // namespace demat::actes_road
