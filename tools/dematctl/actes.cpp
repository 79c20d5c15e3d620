#include <boost/json/serialize.hpp>
#include <fstream>

#include "protocols/base/digest.hpp"
#include "tools/dematctl/commands_actes.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_signature = 700'000;  ///< bytes; metadata hold it in base64

const std::vector<Output::Column> flow_fields{{"id", "id"},
                                              {"état / state", "state"},
                                              {"collectivité / authority", "authority"},
                                              {"environnement", "environment"},
                                              {"déposé / deposited", "created_at"},
                                              {"changé / changed", "updated_at"},
                                              {"envoyé / sent", "sent_at"},
                                              {"attend / waits for", "waiting_code"},
                                              {"obstacle", "obstacle"},
                                              {"retenu / held", "hold_reason"}};

const std::vector<Output::Column> message_fields{
    {"rang / place", "place"},
    {"message", "message"},
    {"numéro / number", "number"},
    {"nature", "nature"},
    {"date", "date"},
    {"matières", "matieres"},
    {"objet / object", "object"},
    {"papier / paper", "paper"},
    {"identifiant / IDActe", "id_acte"},
    {"confirmé par l'AR / confirmed", "id_confirmed"},
    {"verdict", "verdict"},
    {"reçu par la préfecture (AR) / received", "received_on"},
    {"fin du contrôle de légalité / control ends", "control_ends_on"},
    {"annulé / annulled", "annulled_on"},
    {"classification", "classification_date"},
    {"à propos de / about", "about"},
    {"courrier / letter", "letter"},
    {"enveloppe / envelope", "envelope"}};

/// The flow with the members of its message beside its own.
json::object flat(const json::object& item) {
  json::object out = item;
  if (const auto* acte = object_of(item, "acte"))
    for (const auto& member : *acte)
      out[member.key()] = member.value();
  return out;
}

std::vector<json::object> flat_items(const std::vector<json::object>& items) {
  std::vector<json::object> out;
  for (const auto& item : items)
    out.push_back(flat(item));
  return out;
}

/// A signature as JSON can hold it, whatever its encoding: DER and XML become base64.
Answer<std::string> signature_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes(longest_signature + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  if (bytes.empty() || bytes.size() > longest_signature) {
    return usage_failure("ctl.file", "Signature illisible, vide ou trop grande : " + file.string(),
                         "Signature unreadable, empty or too large: " + file.string());
  }
  // A DER SEQUENCE begins with "0", and what follows is no letter of base64.
  const bool der = bytes.front() == '0' && bytes.size() > 1 && static_cast<unsigned char>(bytes[1]) >= 0x80U;
  // XML, maybe after the mark of UTF-8.
  const bool xml = bytes.front() == '<' || bytes.front() == '\xEF';
  if (!der && !xml) return bytes;
  return base64({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

Answer<json::object> metadata_of(const ActeOptions& options) {
  json::object out{{"number", options.number},     {"date", options.date},     {"nature", options.nature},
                   {"matieres", options.matieres}, {"object", options.object}, {"type", options.type},
                   {"paper", options.paper}};
  if (!options.previous.empty()) out["previous_id"] = options.previous;
  if (!options.classification_date.empty()) out["classification_date"] = options.classification_date;
  if (!options.signature.empty()) {
    auto signature = signature_text(options.signature);
    if (!signature) return fail(std::move(signature.error()));
    out["signature"] = std::move(*signature);
  }
  json::array annexes;
  for (const auto& annexe : options.annexes)
    annexes.emplace_back(json::object{{"type", typed_file(annexe).type}});
  out["annexes"] = std::move(annexes);
  return out;
}

Query query_of(const ActeFilter& filter) {
  Query query;
  for (const auto& state : filter.states)
    query.add("state", state);
  query.add("number", filter.number).add("id_acte", filter.id_acte).add("message", filter.message);
  query.add("from", filter.from).add("to", filter.to).add("annulled", filter.annulled ? "true" : "");
  query.add("overdue", filter.overdue ? "true" : "");
  return query;
}

}  // namespace

TypedFile typed_file(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || text.find('/', colon) != std::string::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

Exit print_taken(Session& session, const Answer<Api::Reply>& reply) {
  if (!reply) return session.out.failed(reply.error());
  const bool again = reply->status == 200;
  session.out.object({{"already_here", again}, {"flow", reply->body}});
  session.out.line(text_of(reply->body, "id") + "  " + text_of(reply->body, "state") +
                   (again ? "  (déjà déposé / already here)" : ""));
  return Exit::ok;
}

Exit acte_submit(Session& session, const ActeOptions& options) {
  const auto metadata = metadata_of(options);
  if (!metadata) return session.out.failed(metadata.error());
  std::vector<FormPart> form{{"metadata", json::serialize(*metadata), {}}, {"acte", {}, options.acte}};
  for (const auto& annexe : options.annexes)
    form.push_back({"annexe", {}, typed_file(annexe).file});
  std::vector<std::pair<std::string, std::string>> headers;
  if (!options.priority.empty()) headers.emplace_back("Demat-Priority", options.priority);
  return print_taken(session, session.api.submit_form("/v1/actes", std::move(form), headers));
}

Exit envelope_submit(Session& session, const EnvelopeOptions& options) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (!options.priority.empty()) headers.emplace_back("Demat-Priority", options.priority);
  return print_taken(session,
                     session.api.submit_form("/v1/actes", {{"enveloppe", {}, options.file}}, headers));
}

Exit acte_list(Session& session, const ActeFilter& filter) {
  const auto items = session.api.list("/v1/actes", query_of(filter), filter.limit);
  if (!items) return session.out.failed(items.error());
  session.out.items(session.out.json() ? *items : flat_items(*items), {{"id", "id"},
                                                                       {"message", "message"},
                                                                       {"état", "state"},
                                                                       {"numéro", "number"},
                                                                       {"date", "date"},
                                                                       {"AR", "received_on"},
                                                                       {"annulé", "annulled_on"},
                                                                       {"attend", "waiting_code"},
                                                                       {"retard / late", "overdue"},
                                                                       {"identifiant", "id_acte"},
                                                                       {"objet", "object"}});
  return Exit::ok;
}

Exit acte_export(Session& session, const ActeFilter& filter) {
  Query query = query_of(filter);
  query.add("format", "csv");
  return fetch_bytes(session, "/v1/actes" + query.str(), filter.output, {});
}

Exit acte_get(Session& session, const std::string& id) {
  const auto acte = session.api.get("/v1/actes/" + percent_encode(id));
  if (!acte) return session.out.failed(acte.error());
  session.out.fields(*acte, flow_fields);
  if (session.out.json()) return Exit::ok;
  for (const auto& message : objects_of(*acte, "actes")) {
    session.out.line("");
    session.out.fields(message, message_fields);
    if (const auto times = objects_of(message, "deadlines"); !times.empty())
      session.out.items(times,
                        {{"échéance / deadline", "kind"}, {"le / on", "due"}, {"passée / passed", "passed"}});
  }
  if (const auto linked = objects_of(*acte, "linked"); !linked.empty()) {
    session.out.line("\nEnvois liés / linked transmissions");
    session.out.items(flat_items(linked), {{"flux", "id"},
                                           {"message", "message"},
                                           {"état", "state"},
                                           {"AR", "received_on"},
                                           {"courrier", "letter"}});
  }
  if (const auto letters = objects_of(*acte, "letters"); !letters.empty()) {
    session.out.line("\nCourriers de la préfecture / letters of the préfecture");
    session.out.items(letters, {{"courrier", "id"},
                                {"message", "message"},
                                {"état", "state"},
                                {"date", "date"},
                                {"reçu", "received_at"},
                                {"réponse avant / answer by", "answer_due"},
                                {"texte", "text"}});
  }
  return Exit::ok;
}

Exit acte_annul(Session& session, const AnnulOptions& options) {
  Query query;
  query.add("acte", options.acte == 0 ? "" : std::to_string(options.acte));
  const auto path = "/v1/actes/" + percent_encode(options.id) + "/annulation" + query.str();
  return print_taken(session, session.api.post(path, {}));
}

}  // namespace demat::ctl
