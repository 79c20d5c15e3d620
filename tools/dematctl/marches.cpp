#include "tools/dematctl/commands_marches.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

std::string in_words(const std::string& status) {
  if (status == "accepted") return "acceptée / accepted";
  if (status == "rejected") return "rejetée / rejected";
  if (status == "unnamed") return "non citée par l'acquit / not named by the acquit";
  if (status == "refused") return "refusée par la passerelle / refused by the gateway";
  if (status == "cancelled") return "annulée / cancelled";
  if (status == "held") return "retenue / held";
  if (status == "sent") return "envoyée, sans réponse / sent, no answer yet";
  if (status == "waiting") return "attend la précédente / waits for the one before";
  return "en cours / on its way";
}

std::string line_of(const boost::json::object& record) {
  std::string out = "  " + text_of(record, "sequence") + "  " + in_words(text_of(record, "status"));
  const auto order = text_of(record, "modification");
  out += order == "00" ? "  initiale / initial" : "  modification " + order;
  if (flag_of(record, "correctif")) out += "  corrective";
  out += "  " + text_of(record, "flow") + "  " + text_of(record, "nom_fic");
  if (const auto awaited = text_of(record, "waits_for"); !awaited.empty()) out += "  <- " + awaited;
  return out;
}

}  // namespace

Exit marches_list(Session& session, const MarchesListing& listing) {
  const auto items = session.api.list("/v1/marches", Query().add("contrat", listing.contrat), listing.limit);
  if (!items) return session.out.failed(items.error());
  if (session.out.json()) {
    session.out.items(*items, {});
    return Exit::ok;
  }
  for (const auto& item : *items) {
    session.out.line(std::string(flag_of(item, "concession") ? "Concession " : "Marché ") +
                     text_of(item, "contrat") + "  (" + text_of(item, "authority") + ")");
    for (const auto& record : objects_of(item, "records"))
      session.out.line(line_of(record));
  }
  if (items->empty()) session.out.line("Aucun contrat / no contract");
  return Exit::ok;
}

}  // namespace demat::ctl
