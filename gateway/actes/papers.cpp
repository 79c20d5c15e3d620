#include "gateway/actes/papers.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <list>

#include "gateway/actes/carried.hpp"
#include "gateway/actes/sent_names.hpp"
#include "gateway/actes/staged_source.hpp"
#include "gateway/papers/bordereau.hpp"
#include "gateway/papers/stamp.hpp"
#include "protocols/actes/codes.hpp"
#include "protocols/actes/naming.hpp"
#include "protocols/archive/names.hpp"
#include "protocols/archive/zip.hpp"

namespace demat::actes_road {
namespace {

/// Words of tables begin small; lines of a document do not.
std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

/// "1 – Délibérations": in the published words, as a préfecture's own may be all capitals; in its own where
/// nothing is published.
std::string nature_words(const std::string& code, const actes::Classification& own) {
  const auto number = actes::parse_matieres(code);
  if (!number) return code;
  for (const auto* some : {&actes::builtin_classification(), &own})
    if (const auto* nature = some->nature(number->front())) return code + " – " + nature->label;
  return code;
}

std::string type_words(const std::string& nature, const std::string& type, const actes::Classification& own) {
  const auto number = actes::parse_matieres(nature);
  if (!number) return {};
  for (const auto& one : own.types(number->front()))
    if (one.code == type) return one.label;
  return {};
}

Error not_found(std::string_view what) {
  return permanent_error("store.not_found", "Introuvable, ou pas à vous.", "Not found, or not yours.", what);
}

std::string reason_word(papers::SeparateReason reason) {
  switch (reason) {
    case papers::SeparateReason::none:
      return {};
    case papers::SeparateReason::signed_document:
      return "signed";
    case papers::SeparateReason::not_a_pdf:
      return "not_a_pdf";
    case papers::SeparateReason::locked:
      return "locked";
    case papers::SeparateReason::unreadable:
      return "unreadable";
    case papers::SeparateReason::too_large:
      return "too_large";
  }
  throw std::logic_error("unknown reason");
}

std::string journal_text(const std::vector<flow::Event>& events) {
  std::string out;
  for (const auto& event : events) {
    boost::json::object line{{"sequence", event.sequence},
                             {"at", to_iso8601(event.at)},
                             {"code", event.code},
                             {"from", flow::to_string(event.from)},
                             {"to", flow::to_string(event.to)},
                             {"actor", event.actor},
                             {"reason", event.reason},
                             {"detail", event.detail}};
    out += boost::json::serialize(line) + "\n";
  }
  return out;
}

/// Names of a zip are distinct, whatever documents are called (actes 8-23).
std::string zip_name(const flow::Document& document, archive::NameSet& taken) {
  for (int again = 0; again < 1000; ++again) {
    auto name = std::to_string(document.number) + (again > 0 ? "-" + std::to_string(again) : "") + "-" +
                document.role + "-" + document.name;
    std::replace(name.begin(), name.end(), '/', '_');
    // The manifest of a deposit bears the number of its acte.
    if (document.media_type == "application/json") name += ".json";
    if (taken.add(name)) return name;
  }
  return std::to_string(document.number);
}

std::string french_state(flow::State state) {
  using enum flow::State;
  switch (state) {
    case received:
      return "Déposé";
    case checked:
      return "Contrôlé";
    case ready:
      return "En attente de transmission";
    case sending:
      return "Transmission en cours";
    case sent:
    case sent_final:
      return "Transmis";
    case acknowledged:
      return "Acquittement reçu";
    case rejected:
    case partly_rejected:
      return "Rejeté";
    case refused:
      return "Refusé par la plate-forme";
    case held:
      return "Retenu";
    case cancelled:
      return "Abandonné";
    case uncertain:
      return "Transmission incertaine";
    default:
      return std::string(flow::to_string(state));
  }
}

/// What an envelope of several became is not what each of its actes became.
flow::State state_for(const flow::Acte& acte, flow::State state) {
  if (state != flow::State::acknowledged && state != flow::State::partly_rejected) return state;
  return acte.verdict == flow::Verdict::rejected ? flow::State::rejected : flow::State::acknowledged;
}

std::vector<papers::BordereauStep> steps_of(const std::vector<flow::Event>& events, const flow::Acte& acte) {
  std::vector<papers::BordereauStep> out;
  for (const auto& event : events)
    if (event.from != event.to || event.code == "flow.received")
      out.push_back({french_state(state_for(acte, event.to)), event.at, event.reason});
  return out;
}

}  // namespace

std::string ActesPapers::mark() const {
  return environment_ == "production" ? "" : "SIMULATION / TEST";
}

Result<Paper> ActesPapers::keep(std::string_view bytes, std::string name, std::string media_type) const {
  auto writer = store_.new_payload();
  if (!writer) return failure(writer.error());
  if (auto status = (*writer)->append(bytes); !status) return failure(status.error());
  auto staged = (*writer)->finish();
  if (!staged) return failure(staged.error());
  return paper_of(std::move(*staged), std::move(name), std::move(media_type));
}

Result<Paper> ActesPapers::stamped(const flow::Flow& flow, std::uint32_t number,
                                   std::optional<ParisDay> published) const {
  const auto documents = store_.documents(flow.id);
  if (!documents) return failure(documents.error());
  const auto found = std::find_if(documents->begin(), documents->end(), [&](const flow::Document& one) {
    return one.number == number && (one.role == "acte" || one.role == "annexe");
  });
  const auto actes = store_.actes().of_flow(flow.id);
  if (!actes) return failure(actes.error());
  if (found == documents->end()) return failure(not_found("document"));
  const auto carried = carried_files(store_, flow, *documents);
  if (!carried) return failure(carried.error());
  const auto its = carried->find(number);
  if (its == carried->end() || its->second.place > actes->size()) return failure(not_found("document"));
  const auto& acte = actes->at(its->second.place - 1);
  const auto payload = store_.open_payload(found->sha256);
  if (!payload) return failure(payload.error());
  const auto authority = store_.find_authority(flow.authority);
  if (!authority) return failure(authority.error());
  papers::Stamp stamp;
  if (flow.sent_at) stamp.sent = paris_day(*flow.sent_at);
  stamp.received = paris_day_from(acte.received_on);
  stamp.published = published;
  stamp.id_acte = acte.id_acte;
  stamp.environment = mark();
  const papers::StampedFile file{found->name, *authority ? (*authority)->name : flow.authority.str(),
                                 found->sha256.str(), flow.updated_at};
  const auto settings = store_.actes().settings(flow.authority);
  if (!settings) return failure(settings.error());
  papers::StampPosition position;
  if (*settings) position = {double((*settings)->stamp_across), double((*settings)->stamp_down)};
  auto writer = store_.new_payload();
  if (!writer) return failure(writer.error());
  const auto done = papers::stamp_pdf(**payload, stamp, position, file,
                                      [&](std::string_view piece) { return (*writer)->append(piece); });
  if (!done) return failure(done.error());
  if (done->outcome == papers::StampOutcome::separate_page) {
    auto page = keep(done->page, "tampon-" + found->name + ".pdf", "application/pdf");
    if (page) page->separate_because = reason_word(done->reason);
    return page;
  }
  auto staged = (*writer)->finish();
  if (!staged) return failure(staged.error());
  return paper_of(std::move(*staged), "tamponne-" + found->name, "application/pdf");
}

Result<std::uint32_t> ActesPapers::main_document(const flow::Flow& flow, std::uint32_t place) const {
  const auto documents = store_.documents(flow.id);
  if (!documents) return failure(documents.error());
  const auto carried = carried_files(store_, flow, *documents);
  if (!carried) return failure(carried.error());
  for (const auto& document : *documents) {
    const auto its = carried->find(document.number);
    if (document.role == "acte" && its != carried->end() && its->second.place == place)
      return document.number;
  }
  return failure(not_found("document"));
}

Result<Paper> ActesPapers::bordereau(const flow::Flow& flow, std::uint32_t place) const {
  const auto actes = store_.actes().of_flow(flow.id);
  if (!actes) return failure(actes.error());
  if (place == 0 || place > actes->size()) return failure(not_found("acte"));
  const auto& acte = actes->at(place - 1);
  const auto authority = store_.find_authority(flow.authority);
  const auto classification = classifications_.of(flow.authority);
  const auto documents = store_.documents(flow.id);
  const auto events = store_.events(flow.id);
  const auto carried = documents ? carried_files(store_, flow, *documents) : failure(documents.error());
  for (const auto* trouble :
       {authority ? nullptr : &authority.error(), classification ? nullptr : &classification.error(),
        documents ? nullptr : &documents.error(), events ? nullptr : &events.error(),
        carried ? nullptr : &carried.error()})
    if (trouble != nullptr) return failure(*trouble);
  papers::Bordereau out;
  out.authority = *authority ? (*authority)->name : "";
  out.siren = flow.authority.str();
  out.operator_name = operator_name_;
  out.environment = mark();
  const auto poster = store_.find_identity(flow.deposited_by);
  if (!poster) return failure(poster.error());
  if (*poster) out.user = (*poster)->name;
  const auto code = actes::code_of_number(acte.message);
  out.type = code ? capital(std::string(actes::info(*code).fr)) + " (" + acte.message + ")" : acte.message;
  out.number = acte.number;
  out.id_acte = acte.id_acte;
  out.nature = nature_words(acte.nature, **classification);
  out.object = acte.objet;
  out.classification = acte.matieres;
  if (const auto path = actes::parse_matieres(acte.matieres))
    out.classification_label = (*classification)->label(*path);
  if (const auto date = actes::normal_date(acte.decision_date)) out.decided = paris_day_from(*date);
  if (acte.message == "1-1") out.paper = acte.papier;
  for (const auto& document : *documents) {
    const auto its = carried->find(document.number);
    if (its == carried->end() || its->second.place != place) continue;
    papers::BordereauFile file;
    file.role = document.role == "acte" ? "Document principal" : "Annexe";
    file.media_type = document.media_type;
    file.size = document.size;
    file.posted_name = document.name;
    file.sha256 = document.sha256.str();
    file.typologie = its->second.type;
    file.typologie_label = type_words(acte.nature, file.typologie, **classification);
    out.files.push_back(std::move(file));
  }
  // Files of a ready-made envelope leave under the names they came with.
  if (actes->size() == 1) {
    const auto names = sent_names(store_, *documents);
    if (!names) return failure(names.error());
    for (std::size_t i = 0; i < out.files.size() && i < names->size(); ++i)
      if (out.files[i].posted_name != (*names)[i]) out.files[i].sent_name = (*names)[i];
  }
  out.steps = steps_of(*events, acte);
  if (const auto& day = acte.received_on; day.size() == 10 && !out.steps.empty())
    out.steps.back().message =
        "Reçu en préfecture le " + day.substr(8) + "/" + day.substr(5, 2) + "/" + day.substr(0, 4);
  out.made_at = clock_.now();
  const auto drawn = papers::draw_bordereau(out);
  if (!drawn) return failure(drawn.error());
  return keep(*drawn, "bordereau-" + (acte.id_acte.empty() ? flow.id.str() : acte.id_acte) + ".pdf",
              "application/pdf");
}

Result<Paper> ActesPapers::evidence(const flow::Flow& flow) const {
  const auto documents = store_.documents(flow.id);
  if (!documents) return failure(documents.error());
  const auto events = store_.events(flow.id);
  if (!events) return failure(events.error());
  const auto actes = store_.actes().of_flow(flow.id);
  if (!actes) return failure(actes.error());
  if (actes->empty()) return failure(not_found("acte"));
  const std::string journal = journal_text(*events);
  const MemorySource journal_bytes(journal);
  archive::NameSet taken;
  std::vector<archive::File> files{{"journal.jsonl", &journal_bytes}};
  std::list<Paper> papers;
  for (std::uint32_t place = 1; place <= actes->size(); ++place) {
    auto paper = bordereau(flow, place);
    if (!paper) return failure(paper.error());
    papers.push_back(std::move(*paper));
    files.push_back({actes->size() == 1 ? "bordereau.pdf" : "bordereau-" + std::to_string(place) + ".pdf",
                     papers.back().bytes.get()});
  }
  std::list<store::Payload> opened;
  for (const auto& document : *documents) {
    auto payload = store_.open_payload(document.sha256);
    if (!payload) return failure(payload.error());
    opened.push_back(std::move(*payload));
    files.push_back({zip_name(document, taken), opened.back().get()});
  }
  auto writer = store_.new_payload();
  if (!writer) return failure(writer.error());
  archive::WriteOptions options;
  options.time = std::chrono::duration_cast<std::chrono::seconds>(flow.updated_at.time_since_epoch()).count();
  options.most = archive::Limits{}.total;
  const auto written =
      archive::write_zip(files, options, [&](std::string_view piece) { return (*writer)->append(piece); });
  if (!written) return failure(written.error());
  auto staged = (*writer)->finish();
  if (!staged) return failure(staged.error());
  return paper_of(std::move(*staged), "preuve-" + flow.id.str() + ".zip", "application/zip");
}

}  // namespace demat::actes_road
