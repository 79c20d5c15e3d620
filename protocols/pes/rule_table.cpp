#include <algorithm>

#include "protocols/base/limits.hpp"
#include "protocols/pes/observed.hpp"

/// The structural rules: what each one looks at, and the table that gives it its code, severity, source and
/// words.
namespace demat::pes {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

/// A value as a message shows it: short, on one line.
std::string shown(std::string_view value) {
  constexpr std::size_t longest = 60;
  std::string out;
  for (const char c : value) {
    const bool begins_character = (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
    if (begins_character && out.size() >= longest) return out + "…";
    out.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
  }
  return out;
}

Hits at(Place place, std::string value = {}) {
  Hits hits;
  hits.add(std::move(place), std::move(value));
  return hits;
}

Hits field(const Observed& seen, std::string_view name, std::string_view value, bool broken) {
  return broken ? at(seen.place_of(name), shown(value)) : Hits{};
}

Hits kind(const Observed& seen) {
  const auto k = seen.header.kind;
  if (k == Kind::aller || k == Kind::acquit_retour) return {};
  return at(seen.root, to_string(k));
}

/// Nothing declared means UTF-8 to any XML reader, Hélios included.
Hits encoding(const Observed& seen) {
  const auto& declared = seen.header.encoding;
  const auto effective = declared.empty() ? std::string("UTF-8") : declared;
  if (seen.options.encodings.contains(effective)) return {};
  return at({1, {}}, declared.empty() ? "aucun / none" : shown(declared));
}

Hits nom_fic_missing(const Observed& seen) {
  return field(seen, "NomFic", "", seen.header.nom_fic.str().find_first_not_of(' ') == std::string::npos);
}

Hits nom_fic_too_long(const Observed& seen) {
  constexpr std::size_t longest = 100;
  const auto length = characters(seen.header.nom_fic.str());
  return field(seen, "NomFic", std::to_string(length), length > longest);
}

/// Three digits, not 000; returns and their acquits carry any three letters or digits (schemas 5.4).
Hits cod_col(const Observed& seen) {
  const auto& value = seen.header.cod_col;
  const bool back = seen.header.kind == Kind::acquit_retour;
  const bool good = value.size() == 3 && (back || all_digits(value)) && value != "000";
  return field(seen, "CodCol", value, !good);
}

/// 02A or 02B and 3 or 4 digits, or 6 or 7 digits (helios 2.2).
Hits id_post(const Observed& seen) {
  const std::string_view value = seen.header.id_post;
  const bool right_size = value.size() == 6 || value.size() == 7;
  const bool corsican = value.starts_with("02A") || value.starts_with("02B");
  const bool good = right_size && all_digits(corsican ? value.substr(3) : value);
  return field(seen, "IdPost", value, !good);
}

Hits cod_bud(const Observed& seen) {
  const auto& value = seen.header.cod_bud;
  const bool good =
      value.size() == 2 && (is_digit(value[0]) || (value[0] >= 'A' && value[0] <= 'Z')) && is_digit(value[1]);
  return field(seen, "CodBud", value, !good);
}

Hits id_coll_missing(const Observed& seen) {
  return field(seen, "IdColl", "", seen.header.id_coll.empty());
}

Hits id_coll(const Observed& seen) {
  constexpr std::size_t siret_digits = 14;
  const auto& value = seen.header.id_coll;
  return field(seen, "IdColl", value, value.size() > siret_digits || !all_digits(value));
}

Hits version(const Observed& seen) {
  return field(seen, "Version", seen.header.version, seen.header.version != "2");
}

Hits id_ver(const Observed& seen) {
  Hits hits;
  for (const auto& d : seen.domains) {
    const bool asks = d.has_bordereaux_by_nature || d.name == "PES_Marche";
    if (asks && d.id_ver != "2") hits.add(d.id_ver.empty() ? d.place : d.id_ver_place, shown(d.id_ver));
  }
  return hits;
}

Hits pj_id_ver(const Observed& seen) {
  Hits hits;
  for (const auto& d : seen.domains)
    if (d.name == "PES_PJ" && d.id_ver != "1")
      hits.add(d.id_ver.empty() ? d.place : d.id_ver_place, shown(d.id_ver));
  return hits;
}

Hits no_content(const Observed& seen) {
  const bool some = std::any_of(seen.domains.begin(), seen.domains.end(),
                                [](const DomainObserved& d) { return d.content > 0; });
  return some ? Hits{} : at(seen.root);
}

void merge(Hits& into, const Hits& from) {
  for (const auto& hit : from.first)
    into.add(hit.place, hit.value);
  into.total += from.total - from.first.size();
}

Hits uncovered(const Observed& seen) {
  Hits hits;
  if (seen.gateway_signs() || seen.root_signatures > 0) return hits;
  for (const auto& d : seen.domains)
    if (d.dematerialisee) merge(hits, d.unsigned_bordereaux);
  return hits;
}

Hits signed_on_paper(const Observed& seen) {
  Hits hits;
  for (const auto& d : seen.domains) {
    if (d.dematerialisee || !d.has_bordereaux_by_nature) continue;
    if (seen.root_signatures > 0 && d.bordereaux > 0)
      hits.add(d.place, d.name);
    else
      merge(hits, d.signed_bordereaux);
  }
  return hits;
}

Hits would_sign_paper(const Observed& seen) {
  Hits hits;
  if (!seen.gateway_signs()) return hits;
  for (const auto& d : seen.domains)
    if (d.has_bordereaux_by_nature && d.bordereaux > 0 && !d.dematerialisee) hits.add(d.place, d.name);
  return hits;
}

Hits nothing_to_sign(const Observed& seen) {
  const bool signable = seen.facts.all_bordereaux_have_id || seen.facts.root_has_id;
  return seen.gateway_signs() && !signable ? at(seen.root) : Hits{};
}

Hits misplaced(const Observed& seen) {
  return seen.misplaced_signatures;
}
Hits repeated(const Observed& seen) {
  return seen.repeated_signatures;
}
Hits too_many(const Observed& seen) {
  const auto count = seen.facts.signatures;
  return count > limits::max_signatures ? at(seen.root, std::to_string(count)) : Hits{};
}
Hits piece_count(const Observed& seen) {
  return seen.wrong_counts;
}

constexpr auto error = Severity::error;
constexpr auto warning = Severity::warning;

constexpr std::array table{
    Rule{{"pes.kind", error, "helios 1.2",
          "Ce document est une réponse d'Hélios ({value}), non un flux à envoyer : déposez un PES_Aller.",
          "This document is an answer of Hélios ({value}), not a flow to send: submit a PES_Aller."},
         kind},
    Rule{{"pes.encoding", error, "helios 2.1, 4.2-3",
          "L'encodage déclaré dans la première ligne du fichier ({value}) n'est pas admis par Hélios. Faites "
          "produire "
          "le fichier en ISO-8859-1 par votre logiciel financier.",
          "The encoding declared in the first line of the file ({value}) is not accepted by Hélios. Have "
          "your financial "
          "software produce the file in ISO-8859-1."},
         encoding},
    Rule{{"pes.nomfic.missing", error, "helios 4.2-6",
          "Le nom du flux (Enveloppe/Parametres/NomFic) est absent ou vide : sans lui, l'acquit ne pourrait "
          "être "
          "rapproché. Faites produire à nouveau le fichier par votre logiciel financier.",
          "The name of the flow (Enveloppe/Parametres/NomFic) is absent or empty: the acknowledgement could "
          "not be "
          "matched without it. Have your financial software produce the file again."},
         nom_fic_missing},
    Rule{{"pes.nomfic.too_long", error, "helios 2.2",
          "Le nom du flux (NomFic) compte {value} caractères ; Hélios en admet 100. Raccourcissez-le dans "
          "votre "
          "logiciel financier.",
          "The name of the flow (NomFic) has {value} characters; Hélios accepts 100. Shorten it in your "
          "financial "
          "software."},
         nom_fic_too_long},
    Rule{
        {"pes.codcol", error, "helios 2.2, 4.2-7",
         "Le code collectivité (EnTetePES/CodCol) « {value} » n'est pas fait de trois chiffres autres que "
         "000. "
         "Corrigez-le dans les paramètres de votre logiciel financier ; votre comptable peut vous le donner.",
         "The authority code (EnTetePES/CodCol) '{value}' is not three digits other than 000. Correct it in "
         "the "
         "settings of your financial software; your public accountant can tell it."},
        cod_col},
    Rule{{"pes.idpost", error, "helios P4, 2.2",
          "Le codique du poste comptable (EnTetePES/IdPost) « {value} » n'a pas la forme attendue : 6 ou 7 "
          "chiffres, ou "
          "02A/02B suivi de 3 ou 4 chiffres. Corrigez-le dans les paramètres de votre logiciel financier.",
          "The accountant's office code (EnTetePES/IdPost) '{value}' has not the expected form: 6 or 7 "
          "digits, or "
          "02A/02B and 3 or 4 digits. Correct it in the settings of your financial software."},
         id_post},
    Rule{{"pes.codbud", error, "helios 2.2",
          "Le code budget (EnTetePES/CodBud) « {value} » n'a pas la forme attendue : un chiffre ou une "
          "majuscule, puis "
          "un chiffre (« 00 », « A0 »). Corrigez-le dans les paramètres de votre logiciel financier.",
          "The budget code (EnTetePES/CodBud) '{value}' has not the expected form: a digit or a capital "
          "letter, then a "
          "digit ('00', 'A0'). Correct it in the settings of your financial software."},
         cod_bud},
    Rule{{"pes.idcoll.missing", error, "helios 4.2-11",
          "Le SIRET du budget (EnTetePES/IdColl) est absent ou vide : le flux ne peut être attribué à votre "
          "collectivité. Renseignez-le dans votre logiciel financier.",
          "The SIRET of the budget (EnTetePES/IdColl) is absent or empty: the flow cannot be attributed to "
          "your "
          "authority. Fill it in your financial software."},
         id_coll_missing},
    Rule{{"pes.idcoll", error, "helios 2.2, 4.2-11",
          "Le SIRET du budget (EnTetePES/IdColl) « {value} » doit être fait de 14 chiffres au plus, sans "
          "autre "
          "caractère. Corrigez-le dans votre logiciel financier.",
          "The SIRET of the budget (EnTetePES/IdColl) '{value}' must be at most 14 digits and nothing else. "
          "Correct it "
          "in your financial software."},
         id_coll},
    Rule{{"pes.version", warning, "helios 2.2",
          "La version de l'enveloppe (Enveloppe/Parametres/Version) est « {value} » ; la règle de la DGFiP "
          "veut 2. Le "
          "flux part tout de même.",
          "The envelope's version (Enveloppe/Parametres/Version) is '{value}'; the DGFiP's rule wants 2. The "
          "flow "
          "leaves all the same."},
         version},
    Rule{{"pes.p1", warning, "helios P1",
          "La version du domaine (IdVer) est « {value} » ; la règle de la DGFiP veut 2. Le flux part tout de "
          "même ; "
          "signalez-le à l'éditeur de votre logiciel financier.",
          "The domain's version (IdVer) is '{value}'; the DGFiP's rule wants 2. The flow leaves all the "
          "same; tell the "
          "publisher of your financial software."},
         id_ver},
    Rule{{"pes.p9", warning, "helios P9",
          "La version du bloc des pièces jointes (EnTetePES_PJ/IdVer) est « {value} » ; la DGFiP n'admet que "
          "1 et peut "
          "rejeter les pièces jointes.",
          "The version of the attachments block (EnTetePES_PJ/IdVer) is '{value}'; the DGFiP accepts 1 only "
          "and may "
          "reject the attachments."},
         pj_id_ver},
    Rule{{"pes.p25", error, "helios P25, 4.2-5",
          "Le flux est vide : il ne contient ni bordereau, ni pièce jointe, ni marché. Hélios n'y répondrait "
          "jamais. "
          "Vérifiez l'export de votre logiciel financier.",
          "The flow is empty: it has neither bordereau, nor attachment, nor contract. Hélios would never "
          "answer it. "
          "Check the export of your financial software."},
         no_content},
    Rule{{"pes.p2", error, "helios P2",
          "Le flux se dit dématérialisé (InfoDematerialisee = 1) mais ce bordereau n'est couvert par aucune "
          "signature. "
          "Faites-le signer, ou faites produire un flux non dématérialisé.",
          "The flow calls itself dematerialised (InfoDematerialisee = 1) but no signature covers this "
          "bordereau. Have "
          "it signed, or have a flow that is not dematerialised produced."},
         uncovered},
    Rule{{"pes.p3", error, "helios P3",
          "Une signature est présente alors que le flux ne se dit pas dématérialisé (InfoDematerialisee "
          "absent ou 0) : "
          "Hélios rejette un tel flux. Faites-le produire en mode dématérialisé avant de le signer.",
          "A signature is present although the flow does not call itself dematerialised (InfoDematerialisee "
          "absent or "
          "0): Hélios rejects such a flow. Have it produced in dematerialised mode before signing."},
         signed_on_paper},
    Rule{{"pes.sign.not_dematerialised", error, "helios P3",
          "La passerelle doit signer ce flux, mais {value} ne se dit pas dématérialisé (InfoDematerialisee "
          "n'est pas 1) "
          ": signé ainsi, Hélios le rejetterait. Faites-le produire en mode dématérialisé par votre logiciel "
          "financier.",
          "The gateway is to sign this flow, but {value} does not call itself dematerialised "
          "(InfoDematerialisee is not "
          "1): Hélios would reject it once signed. Have your financial software produce it in dematerialised "
          "mode."},
         would_sign_paper},
    Rule{{"pes.sign.no_id", error, "helios 5.2",
          "La passerelle doit signer ce flux, mais ni tous ses bordereaux ni sa racine PES_Aller ne portent "
          "un attribut "
          "Id utilisable (commençant par une lettre ou « _ »). Demandez à l'éditeur de votre logiciel "
          "financier de les "
          "produire.",
          "The gateway is to sign this flow, but neither all its bordereaux nor its root PES_Aller carry a "
          "usable Id "
          "attribute (beginning with a letter or '_'). Ask the publisher of your financial software to "
          "produce them."},
         nothing_to_sign},
    Rule{{"pes.signature.misplaced", error, "helios 5.2",
          "Une signature se trouve ailleurs qu'à la fin d'un bordereau ou du flux : Hélios ne la "
          "reconnaîtrait pas. "
          "Faites signer à nouveau le fichier d'origine.",
          "A signature stands elsewhere than at the end of a bordereau or of the flow: Hélios would not "
          "recognise it. "
          "Have the original file signed again."},
         misplaced},
    Rule{{"pes.signature.repeated", error, "helios 5.2",
          "Ce bordereau ou ce flux porte plusieurs signatures ; une seule est admise. Faites signer à "
          "nouveau le "
          "fichier d'origine.",
          "This bordereau or flow carries several signatures; one only is accepted. Have the original file "
          "signed "
          "again."},
         repeated},
    Rule{
        {"pes.signature.too_many", error, "signature S6",
         "Le flux porte {value} signatures, plus que la passerelle n'en vérifie. Scindez-le en plusieurs "
         "flux.",
         "The flow carries {value} signatures, more than the gateway verifies. Split it into several flows."},
        too_many},
    Rule{{"pes.p26", warning, "helios P26",
          "Le nombre de pièces annoncé par ce bordereau (NbrPce) n'est pas celui qu'il contient : {value}. "
          "Vérifiez-le "
          "dans votre logiciel financier.",
          "The number of pieces that this bordereau announces (NbrPce) is not what it holds: {value}. Check "
          "it in your "
          "financial software."},
         piece_count},
};

}  // namespace

std::span<const Rule> rules() {
  return table;
}

}  // namespace demat::pes
