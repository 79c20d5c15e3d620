#include <algorithm>
#include <array>
#include <set>

#include "protocols/actes/rule_table.hpp"

/// Envelopes made elsewhere: they must be the poster's, whole, and named as they should (actes 4.1-7, 4.1-8).
namespace demat::actes {
namespace {

bool present(const ImportedEnvelope& e, const std::string& name) {
  return std::any_of(e.files.begin(), e.files.end(), [&](const ImportedFile& f) { return f.name == name; });
}

/// Calls `judge(name, who names it)` for every name that the envelope and the messages hold.
template <class Judge>
void each_name(const ImportedEnvelope& e, Judge judge) {
  for (const auto& form : e.envelope.forms)
    judge(form.name, e.envelope_name);
  for (const auto& form : e.forms)
    for (const auto& file : files_of(form.message))
      judge(file.name, form.name);
}

Hits archive_name_wrong(const ImportedEnvelope& e, const RuleOptions&) {
  const auto name = parse_envelope_name(e.archive_name);
  const bool good = name && e.archive_name.ends_with(".tar.gz") && name->trigram == e.trigram &&
                    name->application == e.application && name->emitter == e.authority.siren &&
                    name->recipient.empty();
  if (good) return {};
  return {{"archive", shown(e.archive_name)}};
}

Hits envelope_name_wrong(const ImportedEnvelope& e, const RuleOptions&) {
  const auto name = parse_envelope_name(e.archive_name);
  if (!name || e.envelope_name == envelope_name(*name)) return {};
  return {{"envelope", shown(e.envelope_name)}};
}

Hits emitter(const ImportedEnvelope& e, const RuleOptions&) {
  Hits hits;
  const auto compare = [&](std::string_view field, const std::string& said, const std::string& own) {
    if (said != own)
      hits.push_back({"envelope.emitter." + std::string{field}, shown(said) + " / " + shown(own)});
  };
  compare("siren", e.envelope.emitter.siren, e.authority.siren);
  compare("department", e.envelope.emitter.department, e.authority.department);
  compare("arrondissement", e.envelope.emitter.arrondissement, e.authority.arrondissement);
  compare("nature", e.envelope.emitter.nature, e.authority.nature);
  return hits;
}

Hits address_missing(const ImportedEnvelope& e, const RuleOptions&) {
  // The rules of an acte say it for a 1-1.
  const bool said = std::any_of(e.forms.begin(), e.forms.end(),
                                [](const ImportedForm& f) { return f.message.code == Code::acte; });
  if (said || !e.envelope.return_addresses.empty()) return {};
  return {{field_of("envelope", 0, "return_addresses")}};
}

Hits no_form(const ImportedEnvelope& e, const RuleOptions&) {
  if (!e.envelope.forms.empty()) return {};
  return {{field_of("envelope", 0, "forms")}};
}

Hits direction(const ImportedEnvelope& e, const RuleOptions&) {
  Hits hits;
  for (const auto& form : e.forms)
    if (!info(form.message.code).from_authority)
      hits.push_back({shown(form.name), std::string{info(form.message.code).number}});
  return hits;
}

/// 3-2 and 4-2 go out by themselves, once (actes 1.2).
Hits automatic(const ImportedEnvelope& e, const RuleOptions&) {
  Hits hits;
  for (const auto& form : e.forms)
    if (form.message.code == Code::pieces_request_receipt || form.message.code == Code::observations_receipt)
      hits.push_back({shown(form.name), std::string{info(form.message.code).number}});
  return hits;
}

/// An acte is annulled once, a letter is answered once.
Hits same_aim(const ImportedEnvelope& e, const RuleOptions&) {
  std::set<std::string> aims;
  Hits hits;
  for (const auto& form : e.forms) {
    const auto* letter = std::get_if<Letter>(&form.message.body);
    if (letter == nullptr && form.message.code != Code::cancellation) continue;
    auto aim = std::string{info(form.message.code).number.substr(0, 1)} + correlation(form.message).id;
    if (letter != nullptr) aim += letter->letter_date;
    if (!aims.insert(std::move(aim)).second)
      hits.push_back({shown(form.name), shown(correlation(form.message).id)});
  }
  return hits;
}

/// Names are free texts: what an answer or a cancellation is about is in its IDActe.
Hits foreign_acte(const ImportedEnvelope& e, const RuleOptions&) {
  Hits hits;
  for (const auto& form : e.forms) {
    const auto id = correlation(form.message).id;
    if (id.empty()) continue;  // a 1-1, a 7-1: of the emitter
    const auto parsed = parse_acte_id(id);
    if (!parsed || parsed->siren != e.authority.siren) hits.push_back({shown(form.name), shown(id)});
  }
  return hits;
}

Hits same_number(const ImportedEnvelope& e, const RuleOptions&) {
  std::set<std::string> numbers;
  Hits hits;
  for (const auto& form : e.forms)
    if (const auto* acte = std::get_if<ActeMessage>(&form.message.body))
      if (!numbers.insert(acte->acte.number).second)
        hits.push_back({shown(form.name), shown(acte->acte.number)});
  return hits;
}

Hits file_missing(const ImportedEnvelope& e, const RuleOptions&) {
  Hits hits;
  each_name(e, [&](const std::string& name, const std::string& by) {
    if (!present(e, name)) hits.push_back({shown(by), shown(name)});
  });
  return hits;
}

Hits file_unused(const ImportedEnvelope& e, const RuleOptions&) {
  std::set<std::string> named{e.envelope_name};
  each_name(e, [&](const std::string& name, const std::string&) { named.insert(name); });
  Hits hits;
  for (const auto& file : e.files)
    if (!named.contains(file.name)) hits.push_back({"archive", shown(file.name)});
  return hits;
}

Hits file_twice(const ImportedEnvelope& e, const RuleOptions&) {
  std::set<std::string> named;
  Hits hits;
  each_name(e, [&](const std::string& name, const std::string& by) {
    if (!named.insert(name).second) hits.push_back({shown(by), shown(name)});
  });
  return hits;
}

bool is_of(const FileName& name, const AuthorityId& authority) {
  return name.siren == authority.siren && name.department == authority.department;
}

Hits file_name_wrong(const ImportedEnvelope& e, const RuleOptions&) {
  Hits hits;
  for (const auto& form : e.forms) {
    const auto own = parse_file_name(form.name);
    if (!own || own->code != form.message.code || !own->type.empty() || !is_of(*own, e.authority))
      hits.push_back({shown(form.name), shown(form.name)});
    for (const auto& file : files_of(form.message)) {
      const auto name = parse_file_name(file.name);
      if (!name || name->code != form.message.code || !is_of(*name, e.authority))
        hits.push_back({shown(form.name), shown(file.name)});
    }
  }
  return hits;
}

Hits extension_wrong(const ImportedEnvelope& e, const RuleOptions&) {
  Hits hits;
  for (const auto& file : e.files) {
    const auto name = parse_file_name(file.name);
    if (!name || file.media == Media::other) continue;
    auto said = name->extension;
    std::transform(said.begin(), said.end(), said.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (said == "jpeg") said = "jpg";
    if (said != extension(file.media)) hits.push_back({"archive", shown(file.name)});
  }
  return hits;
}

Hits count(const ImportedEnvelope& e, const RuleOptions&) {
  Hits hits;
  for (const auto& form : e.forms) {
    const auto* acte = std::get_if<ActeMessage>(&form.message.body);
    if (acte == nullptr) continue;
    const auto held = acte->acte.annexes.size();
    const auto announced = integer(acte->acte.announced);
    if (!announced || static_cast<std::size_t>(*announced) != held)
      hits.push_back({shown(form.name), shown(acte->acte.announced) + " / " + std::to_string(held)});
  }
  return hits;
}

Hits encoding(const ImportedEnvelope& e, const RuleOptions&) {
  Hits hits;
  if (e.encoding != "ISO-8859-1") hits.push_back({shown(e.envelope_name), shown(e.encoding)});
  for (const auto& form : e.forms)
    if (form.encoding != "ISO-8859-1") hits.push_back({shown(form.name), shown(form.encoding)});
  return hits;
}

constexpr auto error = Severity::error;

const std::array table{
    Rule<ImportedEnvelope>{{"actes.import.archive_name", error, "actes 2.1, 4.1-8",
                            "Le nom de l'archive, « {value} », n'est pas celui attendu : trigramme et "
                            "application de la plate-forme, "
                            "SIREN de votre collectivité, jour, numéro, « .tar.gz ».",
                            "The name of the archive, '{value}', is not the one expected: trigram and "
                            "application of the platform, "
                            "SIREN of your authority, day, serial, '.tar.gz'."},
                           archive_name_wrong},
    Rule<ImportedEnvelope>{{"actes.import.envelope_name", error, "actes 2.1",
                            "L'enveloppe « {value} » ne porte pas le nom de l'archive sans son trigramme.",
                            "The envelope '{value}' is not named as the archive without its trigram."},
                           envelope_name_wrong},
    Rule<ImportedEnvelope>{{"actes.import.emitter", error, "actes 4.1-8",
                            "L'émetteur de l'enveloppe n'est pas votre collectivité : {value}.",
                            "The emitter of the envelope is not your authority: {value}."},
                           emitter},
    Rule<ImportedEnvelope>{
        {"actes.import.no_address", error, "actes 4.1-8", "L'enveloppe ne porte aucune adresse de retour.",
         "The envelope has no return address."},
        address_missing},
    Rule<ImportedEnvelope>{{"actes.import.no_form", error, "actes 3.2",
                            "L'enveloppe n'annonce aucun message.", "The envelope announces no message."},
                           no_form},
    Rule<ImportedEnvelope>{{"actes.import.direction", error, "actes 1.2",
                            "Un message {value} ne part jamais d'une collectivité.",
                            "A message {value} never leaves from an authority."},
                           direction},
    Rule<ImportedEnvelope>{{"actes.import.automatic", error, "actes 1.2",
                            "La plate-forme envoie elle-même le message {value} : retirez-le.",
                            "The platform sends the message {value} by itself: take it out."},
                           automatic},
    Rule<ImportedEnvelope>{{"actes.import.same_aim", error, "actes 1.2, 4.1-12",
                            "Deux messages de l'enveloppe annulent ou répondent à la même chose : {value}.",
                            "Two messages of the envelope annul or answer the same thing: {value}."},
                           same_aim},
    Rule<ImportedEnvelope>{{"actes.import.foreign_acte", error, "actes 4.1-8",
                            "Ce message porte sur un acte qui n'est pas de votre collectivité : {value}.",
                            "This message is about an acte that is not your authority's: {value}."},
                           foreign_acte},
    Rule<ImportedEnvelope>{{"actes.import.same_number", error, "actes 4.1-2",
                            "Deux actes de l'enveloppe portent le numéro {value}.",
                            "Two actes of the envelope have the number {value}."},
                           same_number},
    Rule<ImportedEnvelope>{{"actes.import.file_missing", error, "actes 4.1-7",
                            "Le fichier « {value} » est annoncé mais absent de l'archive.",
                            "The file '{value}' is announced but is not in the archive."},
                           file_missing},
    Rule<ImportedEnvelope>{{"actes.import.file_unused", error, "actes 4.1-7",
                            "L'archive contient « {value} », qu'aucun message n'annonce.",
                            "The archive holds '{value}', which no message announces."},
                           file_unused},
    Rule<ImportedEnvelope>{
        {"actes.import.file_twice", error, "actes 4.1-7", "Le fichier « {value} » est annoncé deux fois.",
         "The file '{value}' is announced twice."},
        file_twice},
    Rule<ImportedEnvelope>{{"actes.import.file_name", error, "actes 2.2, 4.1-7",
                            "Le nom « {value} » ne suit pas la règle "
                            "[TYPOLOGIE-]DEP-SIREN-AAAAMMJJ-NUMERO-NATURE-T-M_ORDRE de votre "
                            "collectivité et de ce message.",
                            "The name '{value}' does not follow the rule "
                            "[TYPOLOGIE-]DEP-SIREN-YYYYMMDD-NUMBER-NATURE-T-M_ORDER of "
                            "your authority and of this message."},
                           file_name_wrong},
    Rule<ImportedEnvelope>{{"actes.import.extension", error, "actes 4.2",
                            "Le contenu de « {value} » n'est pas ce que dit son extension.",
                            "The content of '{value}' is not what its extension says."},
                           extension_wrong},
    Rule<ImportedEnvelope>{
        {"actes.import.count", error, "actes 4.1-7",
         "Le nombre d'annexes annoncé n'est pas celui qui figure dans le message : {value}.",
         "The number of annexes announced is not that of the message: {value}."},
        count},
    Rule<ImportedEnvelope>{{"actes.import.encoding", error, "actes 2.3, 3.5",
                            "Le ministère attend l'encodage ISO-8859-1 ; ce fichier annonce {value}.",
                            "The ministry expects the encoding ISO-8859-1; this file declares {value}."},
                           encoding},
};

}  // namespace

std::span<const Rule<ImportedEnvelope>> import_rules() {
  return table;
}

}  // namespace demat::actes
