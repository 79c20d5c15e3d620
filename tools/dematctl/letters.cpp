#include <boost/json/serialize.hpp>

#include "tools/dematctl/commands_actes.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

std::string letter_path(const std::string& id) {
  return "/v1/letters/" + percent_encode(id);
}

}  // namespace

Exit letter_list(Session& session, const std::string& state, std::size_t limit) {
  Query query;
  query.add("state", state);
  const auto items = session.api.list("/v1/letters", query, limit);
  if (!items) return session.out.failed(items.error());
  session.out.items(*items, {{"id", "id"},
                             {"message", "message"},
                             {"état", "state"},
                             {"date", "date"},
                             {"reçu", "received_at"},
                             {"réponse avant", "answer_due"},
                             {"acte", "flow"},
                             {"identifiant", "id_acte"},
                             {"texte", "text"}});
  return Exit::ok;
}

Exit letter_get(Session& session, const std::string& id) {
  const auto letter = session.api.get(letter_path(id));
  if (!letter) return session.out.failed(letter.error());
  session.out.fields(*letter, {{"id", "id"},
                               {"message", "message"},
                               {"état / state", "state"},
                               {"collectivité / authority", "authority"},
                               {"acte (flux) / act (flow)", "flow"},
                               {"identifiant / IDActe", "id_acte"},
                               {"date", "date"},
                               {"texte / text", "text"},
                               {"reçu / received", "received_at"},
                               {"réponse avant / answer by", "answer_due"},
                               {"accusé par / acknowledged by", "acknowledged_by"},
                               {"répondu par / answered by", "answered_by"},
                               {"courriel / mail", "mail"}});
  if (const auto* documents = letter->if_contains("documents");
      documents != nullptr && documents->is_array()) {
    for (const auto& number : documents->get_array())
      session.out.line("  dematctl fetch " + printable(text_of(*letter, "flow")) + " --document " +
                       json::serialize(number));
  }
  return Exit::ok;
}

Exit letter_read(Session& session, const Ids& ids, bool read) {
  Exit worst = Exit::ok;
  for (const auto& id : ids) {
    const auto reply = session.api.post(letter_path(id) + "/read", {{"read", read}});
    if (!reply) {
      const Exit exit = session.out.failed(reply.error());
      if (worst == Exit::ok) worst = exit;
      if (exit == Exit::network) return exit;
      continue;
    }
    session.out.object(reply->body);
    session.out.line(printable(id) + "  " + text_of(reply->body, "state"));
  }
  return worst;
}

Exit letter_answer(Session& session, const AnswerOptions& options) {
  json::array types;
  std::vector<FormPart> form(1);
  for (const auto& text : options.documents) {
    const TypedFile document = typed_file(text);
    types.emplace_back(json::object{{"type", document.type}});
    form.push_back({"document", {}, document.file});
  }
  form.front() = {
      "metadata",
      json::serialize(json::object{{"message", options.message}, {"documents", std::move(types)}}),
      {}};
  return print_taken(session, session.api.submit_form(letter_path(options.id) + "/answer", std::move(form)));
}

}  // namespace demat::ctl
