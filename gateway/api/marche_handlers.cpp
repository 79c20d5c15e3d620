#include <boost/json.hpp>

#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/page_reply.hpp"
#include "gateway/store/marches.hpp"

// The contracts of an authority as the gateway has carried them (gateway/store/marches.hpp).

namespace demat::api {
namespace {

namespace json = boost::json;

/// What a record has come to: the State's word, or where its flow is.
std::string_view status_of(const store::MarcheRow& row) {
  using enum flow::State;
  if (row.record.state != flow::MarcheState::pending) return to_string(row.record.state);
  switch (row.flow_state) {
    case refused:
      return "refused";
    case cancelled:
      return "cancelled";
    case held:
      return "held";
    case sending:
    case sent:
    case uncertain:
      return "sent";
    default:
      return row.waiting_code == flow::awaits_predecessor ? "waiting" : "pending";
  }
}

json::object record_json(const store::MarcheRow& row) {
  json::object out{{"sequence", row.record.sequence},
                   {"status", status_of(row)},
                   {"modification", row.record.ordre},
                   {"correctif", row.record.correctif},
                   {"nature", row.record.nature},
                   {"flow", row.flow.str()},
                   {"flow_state", to_string(row.flow_state)},
                   {"nom_fic", row.nom_fic.str()},
                   {"created_at", to_iso8601(row.created_at)}};
  if (row.sent_at) out["sent_at"] = to_iso8601(*row.sent_at);
  if (!row.waiting_code.empty()) out["waiting_code"] = row.waiting_code;
  if (!row.hold_reason.empty()) out["hold_reason"] = row.hold_reason;
  if (!row.waits_for.empty()) out["waits_for"] = row.waits_for.str();
  return out;
}

json::object marche_json(const store::Marche& marche) {
  json::array records;
  bool concession = false;
  unsigned accepted = 0;
  for (const auto& row : marche.records) {
    concession = concession || row.record.concession;
    if (row.record.state == flow::MarcheState::accepted) accepted = std::max(accepted, row.record.sequence);
    records.push_back(record_json(row));
  }
  return {{"contrat", marche.contrat},
          {"authority", marche.authority.str()},
          {"concession", concession},
          {"accepted_sequence", accepted},
          {"records", std::move(records)}};
}

http::Response list_marches(const Context& context) {
  store::MarcheFilter filter;
  auto authority = listed_authority(context);
  if (!authority) return problem(authority.error(), context.request);
  filter.authority = std::move(*authority);
  filter.contrat = context.request.parameter("contrat");
  const auto page = paging(context.request);
  if (!page) return problem(page.error(), context.request);
  return page_reply(context.request, context.services.store.marches().list(filter, page->cursor, page->limit),
                    marche_json);
}

using flow::Action;

constexpr std::array rows = {
    Row{"GET", "/v1/marches", Needs::identity, Action::read, list_marches},
};

}  // namespace

std::span<const Row> marche_rows() {
  return rows;
}

}  // namespace demat::api
