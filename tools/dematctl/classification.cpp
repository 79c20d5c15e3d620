#include "tools/dematctl/commands_actes.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

std::string labelled(const json::object& item) {
  return printable(text_of(item, "code")) + "  " + printable(text_of(item, "label"));
}

/// Codes below another are given without it: "1" of "7" is 7.1.
void print_matieres(Session& session, const json::object& from, std::string_view members,
                    const std::string& above, std::size_t depth) {
  for (const auto& matiere : objects_of(from, members)) {
    const std::string code = above + printable(text_of(matiere, "code"));
    session.out.line(std::string(2 * depth, ' ') + code + "  " + printable(text_of(matiere, "label")));
    print_matieres(session, matiere, "children", code + ".", depth + 1);
  }
}

}  // namespace

Exit classification_show(Session& session) {
  const auto answer = session.api.get("/v1/classification");
  if (!answer) return session.out.failed(answer.error());
  session.out.object(*answer);
  if (session.out.json()) return Exit::ok;
  const std::string date = text_of(*answer, "date");
  if (date.empty())
    session.out.say("Aucune classification reçue de la préfecture : voici celle d'origine.",
                    "No classification has come from the préfecture: this is the built-in one.");
  else
    session.out.line("date : " + printable(date));
  if (const auto* requests = object_of(*answer, "requests"))
    session.out.fields(*requests, {{"reçue / received", "received_at"},
                                   {"demandée / asked for", "asked_at"},
                                   {"demande en cours / under way", "under_way"},
                                   {"tous les … jours / every … days", "every_days"},
                                   {"prochaine / next", "next_at"}});
  session.out.line("\nMatières");
  print_matieres(session, *answer, "matieres", "", 1);
  session.out.line("\nNatures, typologies");
  for (const auto& nature : objects_of(*answer, "natures")) {
    session.out.line("  " + labelled(nature) + " (" + printable(text_of(nature, "abbreviation")) + ")");
    const std::string usual = text_of(nature, "default_type");
    for (const auto& type : objects_of(nature, "types"))
      session.out.line("    " + labelled(type) +
                       (text_of(type, "code") == usual ? "  (par défaut / default)" : ""));
  }
  return Exit::ok;
}

Exit classification_request(Session& session, bool again) {
  return print_taken(
      session,
      session.api.post(std::string("/v1/classification/request") + (again ? "?again=true" : ""), {}));
}

}  // namespace demat::ctl
