#include <array>
#include <vector>

#include "gateway/actes/deadlines.hpp"
#include "gateway/actes/papers.hpp"
#include "gateway/actes/staged_source.hpp"
#include "gateway/base/csv.hpp"
#include "protocols/base/limits.hpp"

namespace demat::actes_road {
namespace {

const std::vector<std::string> columns = {
    "id",          "collectivite", "message",      "numero",      "date",      "nature",
    "matieres",    "objet",        "papier",       "identifiant", "etat",      "depose_le",
    "transmis_le", "recu_le",      "fin_controle", "annule_le",   "enveloppe", "concerne"};

std::string moment(const std::optional<Instant>& at) {
  return at ? to_iso8601_paris(*at) : std::string();
}

std::array<std::string, 18> cells_of(const store::ActeOnFlow& item) {
  const auto& acte = item.acte;
  const auto& flow = item.flow;
  return {flow.id.str(),
          flow.authority.str(),
          acte.message,
          acte.number,
          acte.decision_date,
          acte.nature,
          acte.matieres,
          acte.objet,
          acte.papier ? "O" : "N",
          acte.id_acte,
          std::string(flow::to_string(flow.state)),
          to_iso8601_paris(flow.created_at),
          moment(flow.sent_at),
          acte.received_on,
          acte.message == "1-1" ? end_of_control(acte.received_on) : std::string(),
          acte.annulled_on,
          acte.envelope,
          acte.about.str()};
}

}  // namespace

Result<Paper> ActesPapers::csv(const store::ActeFilter& filter) const {
  auto writer = store_.new_payload();
  if (!writer) return failure(writer.error());
  if (auto status = (*writer)->append(csv_mark + csv_line(columns)); !status) return failure(status.error());
  std::string cursor;
  do {
    const auto page = store_.actes().list(filter, cursor, limits::max_page);
    if (!page) return failure(page.error());
    std::string lines;
    for (const auto& item : page->items)
      lines += csv_line(cells_of(item));
    if (auto status = (*writer)->append(lines); !status) return failure(status.error());
    cursor = page->next;
  } while (!cursor.empty());
  auto staged = (*writer)->finish();
  if (!staged) return failure(staged.error());
  return paper_of(std::move(*staged), "actes.csv", "text/csv; charset=utf-8; header=present");
}

}  // namespace demat::actes_road
