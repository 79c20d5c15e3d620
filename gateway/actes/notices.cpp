#include "gateway/actes/notices.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocols/actes/classification.hpp"
#include "protocols/base/utf8.hpp"

namespace demat::actes_road {
namespace {

using actes::Code;

constexpr std::size_t most_actes = 20;      ///< listed one by one
constexpr std::size_t most_reason = 2'000;  ///< bytes
constexpr std::size_t most_object = 500;
constexpr std::size_t most_name = 80;

/// One line of valid UTF-8 without control characters, cut between two characters.
std::string line_of(std::string_view text, std::size_t most) {
  std::string out = utf8_replaced(std::string(text));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return utf8_shortened(out, most);
}

/// "2026-01-16" as "16/01/2026"; another text as it is.
std::string french_date(std::string_view date) {
  if (date.size() != 10 || date[4] != '-' || date[7] != '-') return line_of(date, 40);
  return fmt::format("{}/{}/{}", date.substr(8, 2), date.substr(5, 2), date.substr(0, 4));
}

std::string nature_of(const flow::Acte& acte) {
  static const auto published = actes::builtin_classification();
  for (const auto& nature : published.natures)
    if (std::to_string(nature.code) == acte.nature) return nature.label;
  return acte.nature;
}

std::string_view event_of(const Told& told) {
  return told.message ? actes::info(*told.message).fr : std::string_view("anomalie de l'enveloppe");
}

std::string_view date_label(const Told& told) {
  if (!told.message) return "Date";
  switch (*told.message) {
    case Code::acte_receipt:
    case Code::pieces_answer_receipt:
    case Code::observations_answer_receipt:
    case Code::cancellation_receipt:
      return "Reçu en préfecture le";
    case Code::letter:
    case Code::pieces_request:
    case Code::observations:
      return "Courrier du";
    case Code::referral:
      return "Déposé au tribunal le";
    case Code::classification:
      return "Classification du";
    default:
      return "Date";
  }
}

/// What is to be done; the words of the préfecture stay in the gateway.
std::string_view advice_of(const Told& told) {
  if (told.classification_outdated)
    return "La classification des actes a changé ; la nouvelle est demandée. Déposez l'acte de nouveau une "
           "fois qu'elle est arrivée.";
  if (!told.message)
    return "Rien de cette enveloppe n'a été pris en compte : corrigez et déposez de nouveau.";
  switch (*told.message) {
    case Code::acte_anomaly:
      return "L'acte n'a pas été pris en compte : corrigez-le et déposez-le de nouveau.";
    case Code::letter:
      return "Le courrier est dans la passerelle ; il admet une réponse.";
    case Code::pieces_request:
      return "Le courrier est dans la passerelle. Une réponse est attendue : les pièces, ou un refus motivé.";
    case Code::observations:
      return "Le courrier est dans la passerelle. Une réponse est attendue : une réponse aux observations, "
             "ou "
             "leur rejet.";
    case Code::referral:
      return "L'acte est déféré au tribunal administratif. Le courrier est dans la passerelle.";
    case Code::cancellation_receipt:
      return "La transmission de l'acte est annulée.";
    case Code::classification:
      return "Cette classification s'applique aux prochains dépôts.";
    default:
      return {};
  }
}

std::string subject_of(const Audience& audience, const Told& told,
                       const std::vector<store::ActeOnFlow>& actes) {
  const std::string label =
      !audience.mail.label.empty() || audience.environment == "production" ? audience.mail.label : "[TEST]";
  std::string what = "ACTES";
  if (actes.size() == 1) what += ", acte " + line_of(actes.front().acte.number, most_name);
  if (actes.size() > 1) what += fmt::format(", {} actes", actes.size());
  return fmt::format("{}{}{} : {} ({})", line_of(label, most_name), label.empty() ? "" : " ", what,
                     event_of(told), line_of(audience.name, most_name));
}

std::string acte_lines(const flow::Acte& acte) {
  std::string out = fmt::format("Acte : {}\n", line_of(acte.number, most_name));
  if (!acte.objet.empty()) out += fmt::format("Objet : {}\n", line_of(acte.objet, most_object));
  if (!acte.nature.empty()) out += fmt::format("Nature : {}\n", line_of(nature_of(acte), most_name));
  if (!acte.decision_date.empty())
    out += fmt::format("Date de l'acte : {}\n", french_date(acte.decision_date));
  if (!acte.id_acte.empty()) out += fmt::format("Identifiant : {}\n", line_of(acte.id_acte, most_name));
  return out;
}

std::string text_of(const Audience& audience, const Told& told, const std::vector<store::ActeOnFlow>& actes) {
  std::string out = "Bonjour,\n\nLe ministère a envoyé ce qui suit.\n\n";
  if (audience.environment != "production")
    out += "PASSERELLE D'ESSAI : ce message est sans effet juridique.\n\n";
  out += fmt::format("Collectivité : {} ({})\n", line_of(audience.name, most_name), audience.authority.str());
  out += fmt::format("Événement : {}", event_of(told));
  if (told.message) out += fmt::format(" (message {})", actes::info(*told.message).number);
  out += "\n";
  if (!told.date.empty()) out += fmt::format("{} : {}\n", date_label(told), french_date(told.date));
  if (!told.reason.empty()) out += fmt::format("Motif : {}\n", line_of(told.reason, most_reason));
  for (std::size_t i = 0; i < std::min(actes.size(), most_actes); ++i)
    out += "\n" + acte_lines(actes[i].acte);
  if (actes.size() > most_actes) out += fmt::format("\net {} autres actes.\n", actes.size() - most_actes);
  if (const auto advice = advice_of(told); !advice.empty()) out += fmt::format("\n{}\n", advice);
  if (!audience.mail.public_url.empty())
    out += fmt::format("\nPasserelle : {}\n", line_of(audience.mail.public_url, most_object));
  return out + "\nMessage automatique : merci de ne pas y répondre.\n";
}

}  // namespace

store::NewMail notice(const Audience& audience, const Told& told,
                      const std::vector<store::ActeOnFlow>& actes) {
  store::NewMail out;
  out.authority = audience.authority;
  if (!actes.empty()) out.flow = actes.front().flow.id;
  out.subject = subject_of(audience, told, actes);
  out.text = text_of(audience, told, actes);
  const auto& from = audience.mail.from;
  out.domain = from.substr(std::min(from.rfind('@'), from.size() - 1) + 1);
  out.recipients = audience.recipients;
  return out;
}

Result<std::optional<std::size_t>> announce(store::Store& store, const config::Settings& settings,
                                            store::MailSettlement& settlement, const AuthorityId& authority,
                                            const Told& told, const std::vector<store::ActeOnFlow>& actes) {
  if (settings.mail.url.empty()) return std::nullopt;
  const auto known = store.actes().settings(authority);
  if (!known) return failure(known.error());
  if (!*known || (*known)->notify.empty()) return std::nullopt;
  const auto who = store.find_authority(authority);
  if (!who) return failure(who.error());
  const Audience audience{authority, *who ? (*who)->name : authority.str(), (*known)->notify,
                          settings.environment, settings.mail};
  settlement.mails.push_back(notice(audience, told, actes));
  settlement.mails.back().kind = settlement.item.kind;
  return settlement.mails.size() - 1;
}

}  // namespace demat::actes_road
