#include "protocols/base/identifiers.hpp"
#include "tools/dematctl/commands_actes.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

Exit print_settings(Session& session, const json::object& settings) {
  json::object shown = settings;
  if (!session.out.json()) {
    for (const char* list : {"natures", "matieres", "addresses", "notify"})
      shown[list] = joined(texts_of(settings, list));
  }
  session.out.fields(shown, {{"collectivité / authority", "authority"},
                             {"département", "departement"},
                             {"arrondissement", "arrondissement"},
                             {"nature", "nature"},
                             {"convention", "convention_date"},
                             {"natures couvertes / covered", "natures"},
                             {"matières couvertes / covered", "matieres"},
                             {"papier / paper", "paper"},
                             {"pourquoi / because", "paper_reason"},
                             {"contact", "contact_name"},
                             {"téléphone / phone", "contact_phone"},
                             {"courriel / e-mail", "contact_email"},
                             {"adresses de retour / return addresses", "addresses"},
                             {"prévenir / notify", "notify"},
                             {"image comme acte / picture as act", "image_document"},
                             {"budget en PDF / PDF budget", "pdf_budget"}});
  return Exit::ok;
}

/// What the gateway is told: the present settings with what changes in them.
json::object changed(json::object settings, const ActeSettings& wanted) {
  settings.erase("authority");
  for (const auto& [name, text] : wanted.texts)
    settings[name] = text;
  for (const auto& [name, texts] : wanted.lists) {
    std::vector<std::string> given;
    for (const auto& text : texts)
      if (!text.empty()) given.push_back(text);
    settings[name] = as_array(given);
  }
  for (const auto& [name, flag] : wanted.flags)
    settings[name] = flag;
  // The reason of a suspension that is over says nothing any more.
  if (!flag_of(settings, "paper")) settings.erase("paper_reason");
  if (!wanted.reason.empty()) settings["reason"] = wanted.reason;
  return settings;
}

}  // namespace

Exit authority_actes(Session& session, const ActeSettings& wanted) {
  if (!is_siren(wanted.siren)) {
    return session.out.failed({Exit::usage,
                               permanent_error("ctl.siren", "« " + wanted.siren + " » n'est pas un SIREN.",
                                               "\"" + wanted.siren + "\" is not a SIREN."),
                               {}});
  }
  const std::string path = "/v1/authorities/" + wanted.siren + "/actes";
  auto known = session.api.get(path);
  const bool shows = wanted.texts.empty() && wanted.lists.empty() && wanted.flags.empty();
  // An authority that is not described yet begins with what is given here.
  if (!known && (shows || known.error().exit != Exit::not_found)) return session.out.failed(known.error());
  if (shows) return print_settings(session, *known);
  const auto reply = session.api.put(path, changed(known ? std::move(*known) : json::object{}, wanted));
  if (!reply) return session.out.failed(reply.error());
  return print_settings(session, reply->body);
}

}  // namespace demat::ctl
