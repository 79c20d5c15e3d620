#include "gateway/api/render.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "gateway/http/header_value.hpp"
#include "protocols/base/utf8.hpp"
#include "protocols/pes/anomaly.hpp"
#include "protocols/report/json.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;

void put(json::object& out, std::string_view key, const std::string& value) {
  if (!value.empty()) out[key] = value;
}

template <class Tag>
void put(json::object& out, std::string_view key, const Strong<Tag>& value) {
  put(out, key, value.str());
}

void put(json::object& out, std::string_view key, const std::optional<Instant>& value) {
  if (value) out[key] = to_iso8601(*value);
}

/// A JSON object kept as text by the store; an unreadable one is shown as the text it is.
void put_object(json::object& out, std::string_view key, const std::string& text) {
  if (text.empty()) return;
  boost::system::error_code error;
  auto value = json::parse(text, error);
  if (error) {
    out[key] = json::object{{"text", text}};
  } else if (value.is_object()) {
    out[key] = std::move(value);
  } else {
    out[key] = json::object{{"value", std::move(value)}};
  }
}

void put_words(json::object& out, std::string_view key, const Words& words) {
  if (!words.fr.empty()) out[key] = json::object{{"fr", words.fr}, {"en", words.en}};
}

}  // namespace

json::object to_json(const flow::Flow& flow) {
  json::object out{{"id", flow.id.str()},
                   {"protocol", flow.protocol},
                   {"environment", flow.environment},
                   {"authority", flow.authority.str()},
                   {"state", to_string(flow.state)}};
  if (flow.state == flow::State::held) out["held_from"] = to_string(flow.held_from);
  put(out, "hold_reason", flow.hold_reason);
  out["priority"] = flow::to_string(flow.priority);
  put(out, "business_key", flow.business_key);
  put(out, "nom_fic", flow.nom_fic);
  put(out, "typ_fic", flow.typ_fic);
  put(out, "id_post", flow.id_post);
  put(out, "cod_col", flow.cod_col);
  put(out, "cod_bud", flow.cod_bud);
  put(out, "id_coll", flow.id_coll);
  put(out, "file_name", flow.file_name);
  out["sha256"] = flow.original.str();
  out["size"] = flow.original_size;
  put(out, "outgoing_sha256", flow.outgoing);
  out["outgoing_size"] = flow.outgoing_size;
  put(out, "destination", flow.destination);
  put(out, "remote_name", flow.remote_name);
  out["attempts"] = flow.attempts;
  out["possible_reemission"] = flow.possible_reemission;
  out["created_at"] = to_iso8601(flow.created_at);
  out["updated_at"] = to_iso8601(flow.updated_at);
  put(out, "sent_at", flow.sent_at);
  put(out, "next_attempt_at", flow.next_attempt_at);
  put(out, "waiting_code", flow.waiting_code);
  put(out, "waits_for", flow.waits_for);
  put(out, "replay_of", flow.replay_of);
  put(out, "linked_to", flow.linked_to);
  put(out, "request_id", flow.request_id);
  return out;
}

json::object to_json(const flow::Event& event) {
  json::object out{{"sequence", event.sequence},    {"at", to_iso8601(event.at)}, {"code", event.code},
                   {"from", to_string(event.from)}, {"to", to_string(event.to)},  {"actor", event.actor}};
  put(out, "reason", event.reason);
  put_object(out, "detail", event.detail);
  return out;
}

json::object to_json(const flow::Attempt& attempt) {
  json::object out{{"number", attempt.number},
                   {"destination", attempt.destination.str()},
                   {"remote_name", attempt.remote_name},
                   {"started_at", to_iso8601(attempt.started_at)},
                   {"outcome", to_string(attempt.outcome)},
                   {"possible_reemission", attempt.possible_reemission}};
  put(out, "ended_at", attempt.ended_at);
  put(out, "error_code", attempt.error_code);
  put(out, "transcript", attempt.transcript);
  return out;
}

json::object to_json(const flow::Document& document) {
  return {{"number", document.number},
          {"role", document.role},
          {"name", document.name},
          {"media_type", document.media_type},
          {"sha256", document.sha256.str()},
          {"size", document.size},
          {"created_at", to_iso8601(document.created_at)}};
}

json::object to_json(const flow::AcquitAnomaly& anomaly) {
  json::object out;
  put(out, "domaine", anomaly.domaine);
  put(out, "libelle_domaine", std::string(pes::domaine_ack_label(anomaly.domaine)));
  put(out, "exercice", anomaly.exercice);
  put(out, "bordereau", anomaly.bordereau);
  put(out, "piece", anomaly.piece);
  put(out, "ligne", anomaly.ligne);
  put(out, "id_unique", anomaly.id_unique);
  out["num_ano_ack"] = anomaly.num_ano_ack;
  out["libelle_ano_ack"] = anomaly.libelle_ano_ack;
  const auto code = pes::business_code_of(anomaly.libelle_ano_ack);
  put(out, "business_code", code);
  const auto told = pes::explain(anomaly.num_ano_ack, code);
  put_words(out, "explanation", told.meaning);
  put_words(out, "remedy", told.remedy);
  return out;
}

namespace {

constexpr std::size_t max_explanations = 50;

std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

/// What the codes of a summary's anomalies mean, each once: a hundred mandats are often rejected alike.
void put_explanations(json::object& out) {
  auto* summary = out.contains("summary") ? out["summary"].if_object() : nullptr;
  const auto* anomalies = summary == nullptr ? nullptr : summary->if_contains("anomalies");
  if (anomalies == nullptr || !anomalies->is_array()) return;
  json::object told;
  for (const auto& one : anomalies->get_array()) {
    const auto* anomaly = one.if_object();
    if (anomaly == nullptr) continue;
    const auto business = pes::business_code_of(text_of(*anomaly, "libelle"));
    const auto words = pes::explain(text_of(*anomaly, "code"), business);
    const std::string code =
        words.known && !pes::explain({}, business).meaning.fr.empty() ? business : text_of(*anomaly, "code");
    if (words.meaning.fr.empty() || told.contains(code) || told.size() == max_explanations) continue;
    json::object line;
    put_words(line, "explanation", words.meaning);
    put_words(line, "remedy", words.remedy);
    told[code] = std::move(line);
  }
  if (!told.empty()) (*summary)["explanations"] = std::move(told);
}

}  // namespace

json::object to_json(const flow::Return& item) {
  json::object out{{"id", item.id.str()},
                   {"kind", item.kind},
                   {"state", to_string(item.state)},
                   {"destination", item.destination.str()},
                   {"remote_name", item.remote_name}};
  put(out, "authority", item.authority);
  put(out, "flow", item.flow);
  put(out, "match_rule", item.match_rule);
  put(out, "nom_fic", item.nom_fic);
  put(out, "id_post", item.id_post);
  put(out, "cod_col", item.cod_col);
  put(out, "cod_bud", item.cod_bud);
  put(out, "id_coll", item.id_coll);
  out["sha256"] = item.sha256.str();
  put(out, "sha1", item.sha1);
  out["size"] = item.size;
  out["received_at"] = to_iso8601(item.received_at);
  put_object(out, "summary", item.summary);
  put_explanations(out);
  out["read"] = item.read;
  if (!item.domaines.empty()) out["domaines"] = json::array(item.domaines.begin(), item.domaines.end());
  put(out, "typ_restit", item.typ_restit);
  put(out, "day", item.day);
  put(out, "acquit", item.acquit);
  put(out, "acquit_note", item.acquit_note);
  return out;
}

json::object to_json(const flow::Route& route) {
  json::object out{{"authority", route.authority.str()},
                   {"protocol", route.protocol},
                   {"destination", route.destination.str()}};
  put(out, "p_dest", route.p_dest);
  put(out, "signer", route.signer);
  return out;
}

json::object to_json(const flow::Identity& identity) {
  json::array grants;
  for (const auto& grant : identity.grants) {
    json::object one{{"role", to_string(grant.role)}};
    put(one, "authority", grant.authority);
    grants.push_back(std::move(one));
  }
  return {{"sha256", identity.id.str()},
          {"name", identity.name},
          {"active", identity.active},
          {"grants", std::move(grants)}};
}

json::object to_json(const Finding& finding) {
  return report::to_json(finding);
}

http::Response empty_reply() {
  http::Response out;
  out.status = 204;
  return out;
}

http::Response json_reply(int status, const json::object& body) {
  http::Response out;
  out.status = status;
  out.with("Content-Type", "application/json");
  out.body = utf8_replaced(json::serialize(body));
  return out;
}

http::Response located_reply(int status, const flow::Flow& flow) {
  auto out = json_reply(status, to_json(flow));
  out.with("Location", "/v1/flows/" + flow.id.str());
  return out;
}

http::Response accepted_reply(const store::DurableReceipt& receipt) {
  return located_reply(202, receipt.flow());
}

http::Response bytes_reply(store::Payload payload, const Sha256& sha256, std::string_view media_type,
                           std::string_view file_name) {
  http::Response out;
  out.with("Content-Type", media_type.empty() ? "application/xml" : media_type);
  out.with("Content-Disposition", http::attachment(file_name));
  out.with("ETag", "\"" + sha256.str() + "\"");
  out.body = http::Stream(std::move(payload));
  return out;
}

}  // namespace demat::api
