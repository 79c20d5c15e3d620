#include <charconv>

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
                             {"budget en PDF / PDF budget", "pdf_budget"},
                             {"7-1 tous les … jours / 7-1 every … days", "classification_days"},
                             {"tampon, % depuis la gauche / stamp, % from the left", "stamp_across"},
                             {"tampon, % depuis le haut / stamp, % from the top", "stamp_down"}});
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
  for (const auto& [name, number] : wanted.numbers)
    settings[name] = number;
  // The reason of a suspension that is over says nothing any more.
  if (!flag_of(settings, "paper")) settings.erase("paper_reason");
  if (!wanted.reason.empty()) settings["reason"] = wanted.reason;
  return settings;
}

std::optional<unsigned> percent(std::string_view text) {
  unsigned value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size() || value > 100)
    return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::pair<unsigned, unsigned>> stamp_place(const std::string& text) {
  if (text == "top-left") return std::pair{0U, 0U};
  if (text == "top-right") return std::pair{100U, 0U};
  if (text == "bottom-left") return std::pair{0U, 100U};
  if (text == "bottom-right") return std::pair{100U, 100U};
  const auto comma = text.find(',');
  if (comma == std::string::npos) return std::nullopt;
  const auto across = percent(std::string_view(text).substr(0, comma));
  const auto down = percent(std::string_view(text).substr(comma + 1));
  if (!across || !down) return std::nullopt;
  return std::pair{*across, *down};
}

Exit authority_actes(Session& session, const ActeSettings& wanted) {
  if (!is_siren(wanted.siren)) {
    return session.out.failed({Exit::usage,
                               permanent_error("ctl.siren", "« " + wanted.siren + " » n'est pas un SIREN.",
                                               "\"" + wanted.siren + "\" is not a SIREN."),
                               {}});
  }
  const std::string path = "/v1/authorities/" + wanted.siren + "/actes";
  auto known = session.api.get(path);
  const bool shows =
      wanted.texts.empty() && wanted.lists.empty() && wanted.flags.empty() && wanted.numbers.empty();
  // An authority that is not described yet begins with what is given here.
  if (!known && (shows || known.error().exit != Exit::not_found)) return session.out.failed(known.error());
  if (shows) return print_settings(session, *known);
  const auto reply = session.api.put(path, changed(known ? std::move(*known) : json::object{}, wanted));
  if (!reply) return session.out.failed(reply.error());
  return print_settings(session, reply->body);
}

}  // namespace demat::ctl
