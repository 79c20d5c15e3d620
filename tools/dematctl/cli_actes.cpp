#include "tools/dematctl/command_tree.hpp"
#include "tools/dematctl/commands_actes.hpp"

namespace demat::ctl {
namespace {

constexpr const char* at_most = "Au plus / at most (50; 0: tous / all)";
constexpr const char* which_acte = "Lequel d'une enveloppe / which one of an envelope: 2";
constexpr const char* file_and_type = "Fichier et typologie / file and typologie: FILE:TYPE";

void add_submit(CLI::App& sub, ActeOptions& options) {
  sub.add_option("--number", options.number, "Numéro / number")->required();
  sub.add_option("--date", options.date, "De la décision / of the decision: 2026-03-02")->required();
  sub.add_option("--nature", options.nature, "1 à 6 / 1 to 6")->required();
  sub.add_option("--matieres", options.matieres, "7.1")->required();
  sub.add_option("--object", options.object, "Objet / object")->required();
  sub.add_option("--type", options.type, "Typologie de l'acte / of the act: 99_DE")->required();
  sub.add_option("--acte", options.acte, "Son fichier / its file")->required();
  sub.add_option("--annexe", options.annexes, file_and_type)->allow_extra_args(false);
  sub.add_flag("--paper", options.paper, "Des pièces suivent sur papier / documents follow on paper");
  sub.add_option("--previous", options.previous, "Acte antérieur / earlier act: IDACTE");
  sub.add_option("--classification-date", options.classification_date,
                 "Sinon la dernière reçue / else the latest received");
  sub.add_option("--signature", options.signature,
                 "PKCS#7 ou XAdES détachée de l'acte / PKCS#7 or XAdES beside the act: FILE");
  sub.add_option("--priority", options.priority, "Priorité / priority: low, normal, high")
      ->check(CLI::IsMember({"low", "normal", "high"}));
}

void add_filter(CLI::App& sub, ActeFilter& filter) {
  sub.add_option("--state", filter.states, "État(s) / state(s)")->delimiter(',');
  sub.add_option("--number", filter.number, "Numéro / number");
  sub.add_option("--id-acte", filter.id_acte, "IDACTE");
  sub.add_option("--message", filter.message, "1-1, 6-1, 3-4…");
  sub.add_option("--from", filter.from, "Déposés depuis / deposited since (2026-03-01)");
  sub.add_option("--to", filter.to, "Déposés avant / deposited before");
  sub.add_flag("--annulled", filter.annulled, "Annulés / annulled ones");
  sub.add_flag("--overdue", filter.overdue, "AR ou réponse en retard / receipt or answer late");
  sub.add_option("--limit", filter.limit, at_most);
}

void text(CLI::App& sub, const std::shared_ptr<ActeSettings>& wanted, const char* option, const char* name,
          const char* what) {
  sub.add_option_function<std::string>(
      option, [wanted, name](const std::string& value) { wanted->texts[name] = value; }, what);
}

void list(CLI::App& sub, const std::shared_ptr<ActeSettings>& wanted, const char* option, const char* name,
          const char* what) {
  sub.add_option_function<std::vector<std::string>>(
         option, [wanted, name](const std::vector<std::string>& values) { wanted->lists[name] = values; },
         what)
      ->delimiter(',')
      ->allow_extra_args(false);
}

void flag(CLI::App& sub, const std::shared_ptr<ActeSettings>& wanted, const std::string& option,
          const char* name, const char* what) {
  auto* yes = sub.add_flag_callback(
      "--" + option, [wanted, name] { wanted->flags[name] = true; }, what);
  yes->excludes(sub.add_flag_callback(
      "--no-" + option, [wanted, name] { wanted->flags[name] = false; }, "Non / no"));
}

}  // namespace

void CommandTree::add_actes() {
  CLI::App* sub = nullptr;
  CLI::App& acte = group("acte", "Actes transmis à la préfecture / acts sent to the préfecture");
  const auto options =
      command<ActeOptions>(acte, "submit", "Déposer un acte / post an act", sub, acte_submit);
  add_submit(*sub, *options);
  const auto filter = command<ActeFilter>(acte, "list", "Lister / list", sub, acte_list);
  add_filter(*sub, *filter);
  const auto exported =
      command<ActeFilter>(acte, "export", "Tout en CSV / everything as CSV", sub, acte_export);
  add_filter(*sub, *exported);
  sub->add_option("-o,--output", exported->output, "Fichier / file (sinon / else: stdout)");
  auto id = command<std::string>(acte, "get", "Messages, courriers, dates / messages, letters, dates", sub,
                                 acte_get);
  sub->add_option("ID", *id)->required();
  const auto annulled =
      command<AnnulOptions>(acte, "annul", "Demander l'annulation / ask to annul", sub, acte_annul);
  sub->add_option("ID", annulled->id)->required();
  sub->add_option("--acte", annulled->acte, which_acte);
  const auto paper = [&](const char* name, const char* what, Exit (*run)(Session&, const PaperOptions&)) {
    const auto values = command<PaperOptions>(acte, name, what, sub, run);
    sub->add_option("ID", values->id)->required();
    sub->add_option("-o,--output", values->output, "Fichier / file (sinon / else: stdout)");
    return values;
  };
  const auto stamp = paper("stamp", "L'acte tamponné / the stamped act", acte_stamp);
  sub->add_option("--document", stamp->document, "Un autre document / another document: N");
  sub->add_option("--published", stamp->published, "Jour de publication / day of publication: 2026-03-05");
  sub->add_option("--acte", stamp->acte, which_acte);
  const auto slip = paper("bordereau", "Bordereau d'acquittement / receipt slip", acte_bordereau);
  sub->add_option("--acte", slip->acte, which_acte);
  paper("evidence", "Dossier de preuve (zip) / evidence bundle (zip)", acte_evidence);
  CLI::App& classification = group("classification", "Matières et typologies / matières and typologies");
  simple(classification, "show", "Montrer / show", classification_show);
  const auto again =
      command<bool>(classification, "request", "Demander (7-1) / ask for it (7-1)", sub,
                    [](Session& s, const bool& value) { return classification_request(s, value); });
  sub->add_flag("--again", *again, "Même demandée ce jour / even if asked for today");
}

void CommandTree::add_acte_deposits(CLI::App& submit) {
  CLI::App* sub = nullptr;
  const auto acte = command<ActeOptions>(submit, "acte", "Un acte / an act", sub, acte_submit);
  add_submit(*sub, *acte);
  const auto envelope = command<EnvelopeOptions>(
      submit, "envelope", "Une enveloppe toute faite / a ready-made envelope (.tar.gz)", sub,
      envelope_submit);
  sub->add_option("FILE", envelope->file)->required();
  sub->add_option("--priority", envelope->priority, "Priorité / priority: low, normal, high")
      ->check(CLI::IsMember({"low", "normal", "high"}));
}

void CommandTree::add_letters() {
  using Listing = std::pair<std::string, std::size_t>;
  CLI::App* sub = nullptr;
  CLI::App& letter = group("letter", "Courriers de la préfecture / letters of the préfecture");
  const auto listing =
      command<Listing>(letter, "list", "Lister / list", sub,
                       [](Session& s, const Listing& l) { return letter_list(s, l.first, l.second); });
  listing->second = 50;
  sub->add_option("--state", listing->first, "unread, read, answered")
      ->check(CLI::IsMember({"unread", "read", "answered"}));
  sub->add_option("--limit", listing->second, at_most);
  const auto id = command<std::string>(letter, "get", "Un courrier / one letter", sub, letter_get);
  sub->add_option("ID", *id)->required();
  using Marked = std::pair<Ids, bool>;
  const auto marked =
      command<Marked>(letter, "read", "Marquer lu / mark read", sub,
                      [](Session& s, const Marked& m) { return letter_read(s, m.first, !m.second); });
  sub->add_option("ID", marked->first)->required();
  sub->add_flag("--undo", marked->second, "Non lu / unread");
  const auto answer = command<AnswerOptions>(letter, "answer", "Répondre / answer", sub, letter_answer);
  sub->add_option("ID", answer->id)->required();
  sub->add_option("--message", answer->message, "2-2, 3-3, 3-4, 4-3, 4-4")->required();
  sub->add_option("--document", answer->documents, file_and_type)->required()->allow_extra_args(false);
}

void CommandTree::add_acte_settings(CLI::App& authority) {
  CLI::App* sub = nullptr;
  const auto wanted = command<ActeSettings>(
      authority, "actes", "Réglages ACTES : montrer, changer / ACTES settings: show, change", sub,
      authority_actes);
  sub->add_option("SIREN", wanted->siren)->required();
  text(*sub, wanted, "--departement", "departement", "034, 02A, 971");
  text(*sub, wanted, "--arrondissement", "arrondissement", "1");
  text(*sub, wanted, "--nature", "nature", "Nature de la collectivité / of the authority: 31");
  text(*sub, wanted, "--convention", "convention_date",
       "Date de la convention / of the agreement: 2026-01-05");
  list(*sub, wanted, "--natures", "natures", "Couvertes, sinon toutes / covered, else all: 1,2");
  list(*sub, wanted, "--matieres", "matieres", "Couvertes, sinon toutes / covered, else all: 7.1");
  flag(*sub, wanted, "paper", "paper", "Retour au papier / back to paper");
  text(*sub, wanted, "--because", "paper_reason", "Pourquoi, montré aux agents / why, shown to agents");
  text(*sub, wanted, "--contact-name", "contact_name", "Contact");
  text(*sub, wanted, "--contact-phone", "contact_phone", "Téléphone / phone");
  text(*sub, wanted, "--contact-email", "contact_email", "Courriel / e-mail");
  list(*sub, wanted, "--address", "addresses", "Adresses de retour, toutes / return addresses, all of them");
  list(*sub, wanted, "--notify", "notify", "Adresses à prévenir, toutes / addresses to notify, all of them");
  flag(*sub, wanted, "image-document", "image_document",
       "Admettre une image comme acte / accept a picture as act");
  flag(*sub, wanted, "pdf-budget", "pdf_budget", "Admettre un budget en PDF / accept a PDF budget");
  sub->add_option_function<unsigned>(
         "--classification-days",
         [wanted](const unsigned& days) { wanted->numbers["classification_days"] = days; },
         "Demander la classification tous les N jours, 0 : jamais / ask for it every N days, 0: never")
      ->check(CLI::Range(0, 366));
  sub->add_option_function<std::string>(
         "--stamp",
         [wanted](const std::string& text) {
           const auto place = stamp_place(text).value_or(std::pair{100U, 0U});
           wanted->numbers["stamp_across"] = place.first;
           wanted->numbers["stamp_down"] = place.second;
         },
         "Place du tampon / of the stamp: top-right, top-left, bottom-right, bottom-left, 30,80 (%)")
      ->check(CLI::Validator(
          [](const std::string& text) { return stamp_place(text) ? "" : "--stamp: " + text; }, "PLACE"));
  sub->add_option("--reason", wanted->reason, "Motif, gardé au journal / reason, kept in the journal");
}

}  // namespace demat::ctl
