#include <array>

#include "protocols/pes/rule_checks.hpp"

/// The table of structural rules: code, level, severity, source and words of each.
namespace demat::pes {
namespace {

using rules::Level;

constexpr std::array table{
    Rule{{.code = "pes.kind",
          .name = "pes.kind",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios 1.2",
          .title_fr = "Le document est un flux à envoyer",
          .title_en = "The document is a flow to send",
          .fr = "Ce document est une réponse d'Hélios ({value}), non un flux à envoyer.",
          .en = "This document is an answer of Hélios ({value}), not a flow to send.",
          .remedy_fr = "Déposez un PES_Aller.",
          .remedy_en = "Submit a PES_Aller."},
         checks::kind},
    Rule{{.code = "pes.encoding",
          .name = "pes.encoding",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios 2.1, 4.2-3",
          .title_fr = "L'encodage déclaré est admis par Hélios",
          .title_en = "The declared encoding is one that Hélios accepts",
          .fr = "L'encodage déclaré dans la première ligne du fichier ({value}) n'est pas admis par Hélios.",
          .en = "The encoding declared in the first line of the file ({value}) is not accepted by Hélios.",
          .remedy_fr = "Faites produire le fichier en ISO-8859-1 par votre logiciel financier.",
          .remedy_en = "Have your financial software produce the file in ISO-8859-1."},
         checks::encoding},
    Rule{{.code = "pes.nomfic.missing",
          .name = "pes.nomfic.missing",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios 4.2-6",
          .title_fr = "Le flux porte un nom",
          .title_en = "The flow has a name",
          .fr = "Le nom du flux (Enveloppe/Parametres/NomFic) est absent ou vide : sans lui, l'acquit ne "
                "pourrait être rapproché.",
          .en = "The name of the flow (Enveloppe/Parametres/NomFic) is absent or empty: the acknowledgement "
                "could not be matched without it.",
          .remedy_fr = "Faites produire à nouveau le fichier par votre logiciel financier.",
          .remedy_en = "Have your financial software produce the file again."},
         checks::nom_fic_missing},
    Rule{{.code = "pes.nomfic.too_long",
          .name = "pes.nomfic.too_long",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios 2.2",
          .title_fr = "Le nom du flux tient en 100 caractères",
          .title_en = "The name of the flow fits in 100 characters",
          .fr = "Le nom du flux (NomFic) compte {value} caractères ; Hélios en admet 100.",
          .en = "The name of the flow (NomFic) has {value} characters; Hélios accepts 100.",
          .remedy_fr = "Raccourcissez-le dans votre logiciel financier.",
          .remedy_en = "Shorten it in your financial software."},
         checks::nom_fic_too_long},
    Rule{{.code = "pes.codcol",
          .name = "pes.codcol",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios 2.2, 4.2-7",
          .title_fr = "CodCol est fait de trois chiffres",
          .title_en = "CodCol is three digits",
          .fr = "Le code collectivité (EnTetePES/CodCol) « {value} » n'est pas fait de trois chiffres autres "
                "que 000.",
          .en = "The authority code (EnTetePES/CodCol) '{value}' is not three digits other than 000.",
          .remedy_fr = "Corrigez-le dans les paramètres de votre logiciel financier ; votre comptable peut "
                       "vous le donner.",
          .remedy_en =
              "Correct it in the settings of your financial software; your public accountant can tell it."},
         checks::cod_col},
    Rule{{.code = "pes.idpost",
          .name = "P4",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios P4, 2.2",
          .title_fr = "IdPost a la forme d'un codique",
          .title_en = "IdPost has the form of a codique",
          .fr = "Le codique du poste comptable (EnTetePES/IdPost) « {value} » n'a pas la forme attendue : 6 "
                "ou 7 chiffres, ou 02A/02B suivi de 3 ou 4 chiffres.",
          .en = "The accountant's office code (EnTetePES/IdPost) '{value}' has not the expected form: 6 or 7 "
                "digits, or 02A/02B and 3 or 4 digits.",
          .remedy_fr = "Corrigez-le dans les paramètres de votre logiciel financier.",
          .remedy_en = "Correct it in the settings of your financial software."},
         checks::id_post},
    Rule{{.code = "pes.codbud",
          .name = "pes.codbud",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios 2.2",
          .title_fr = "CodBud a la forme d'un code budget",
          .title_en = "CodBud has the form of a budget code",
          .fr = "Le code budget (EnTetePES/CodBud) « {value} » n'a pas la forme attendue : un chiffre ou une "
                "majuscule, puis un chiffre (« 00 », « A0 »).",
          .en = "The budget code (EnTetePES/CodBud) '{value}' has not the expected form: a digit or a "
                "capital letter, then a digit ('00', 'A0').",
          .remedy_fr = "Corrigez-le dans les paramètres de votre logiciel financier.",
          .remedy_en = "Correct it in the settings of your financial software."},
         checks::cod_bud},
    Rule{{.code = "pes.idcoll.missing",
          .name = "pes.idcoll.missing",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios 4.2-11",
          .title_fr = "Le SIRET du budget est renseigné",
          .title_en = "The SIRET of the budget is there",
          .fr = "Le SIRET du budget (EnTetePES/IdColl) est absent ou vide : le flux ne peut être attribué à "
                "votre collectivité.",
          .en = "The SIRET of the budget (EnTetePES/IdColl) is absent or empty: the flow cannot be "
                "attributed to your authority.",
          .remedy_fr = "Renseignez-le dans votre logiciel financier.",
          .remedy_en = "Fill it in your financial software."},
         checks::id_coll_missing},
    Rule{{.code = "pes.idcoll",
          .name = "pes.idcoll",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios 2.2, 4.2-11",
          .title_fr = "Le SIRET du budget est fait de 14 chiffres au plus",
          .title_en = "The SIRET of the budget is at most 14 digits",
          .fr = "Le SIRET du budget (EnTetePES/IdColl) « {value} » doit être fait de 14 chiffres au plus, "
                "sans autre caractère.",
          .en = "The SIRET of the budget (EnTetePES/IdColl) '{value}' must be at most 14 digits and nothing "
                "else.",
          .remedy_fr = "Corrigez-le dans votre logiciel financier.",
          .remedy_en = "Correct it in your financial software."},
         checks::id_coll},
    Rule{{.code = "pes.version",
          .name = "pes.version",
          .level = Level::flux,
          .severity = Severity::warning,
          .source = "helios 2.2; TParametres/Version",
          .title_fr = "La version de l'enveloppe est 2",
          .title_en = "The envelope's version is 2",
          .fr = "La version de l'enveloppe (Enveloppe/Parametres/Version) est « {value} » ; la règle de la "
                "DGFiP veut 2. Le flux part tout de même.",
          .en = "The envelope's version (Enveloppe/Parametres/Version) is '{value}'; the DGFiP's rule wants "
                "2. The flow leaves all the same.",
          .remedy_fr = "Signalez-le à l'éditeur de votre logiciel financier.",
          .remedy_en = "Tell the publisher of your financial software."},
         checks::version},
    Rule{{.code = "pes.p1",
          .name = "P1",
          .level = Level::flux,
          .severity = Severity::warning,
          .source = "helios P1; EnTeteDepense/IdVer, EnTeteRecette/IdVer, EnTeteMarche/IdVer",
          .title_fr = "La version de chaque domaine (IdVer) est 2",
          .title_en = "The version of each domain (IdVer) is 2",
          .fr = "La version du domaine (IdVer) est « {value} » ; la règle de la DGFiP veut 2. Le flux part "
                "tout de même.",
          .en = "The domain's version (IdVer) is '{value}'; the DGFiP's rule wants 2. The flow leaves all "
                "the same.",
          .remedy_fr = "Signalez-le à l'éditeur de votre logiciel financier.",
          .remedy_en = "Tell the publisher of your financial software."},
         checks::id_ver},
    Rule{{.code = "pes.p9",
          .name = "P9",
          .level = Level::pj,
          .severity = Severity::warning,
          .source = "helios P9",
          .title_fr = "La version du bloc des pièces jointes (IdVer) est 1",
          .title_en = "The version of the attachments block (IdVer) is 1",
          .fr = "La version du bloc des pièces jointes (EnTetePES_PJ/IdVer) est « {value} » ; la DGFiP "
                "n'admet que 1 et peut rejeter les pièces jointes.",
          .en = "The version of the attachments block (EnTetePES_PJ/IdVer) is '{value}'; the DGFiP accepts 1 "
                "only and may reject the attachments.",
          .remedy_fr = "Signalez-le à l'éditeur de votre logiciel financier.",
          .remedy_en = "Tell the publisher of your financial software."},
         checks::pj_id_ver},
    Rule{{.code = "pes.p25",
          .name = "P25",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios P25, 4.2-5",
          .title_fr = "Le flux contient au moins un bordereau, une pièce jointe, une facture ou un marché",
          .title_en = "The flow has at least a bordereau, an attachment, an invoice or a contract",
          .fr = "Le flux est vide : il ne contient ni bordereau, ni pièce jointe, ni marché. Hélios n'y "
                "répondrait jamais.",
          .en = "The flow is empty: it has neither bordereau, nor attachment, nor contract. Hélios would "
                "never answer it.",
          .remedy_fr = "Vérifiez l'export de votre logiciel financier.",
          .remedy_en = "Check the export of your financial software."},
         checks::no_content},
    Rule{{.code = "pes.p2",
          .name = "P2",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios P2; EnTeteDepense/InfoDematerialisee, EnTeteRecette/InfoDematerialisee",
          .title_fr = "Un flux dématérialisé est signé",
          .title_en = "A dematerialised flow is signed",
          .fr = "Le flux se dit dématérialisé (InfoDematerialisee = 1) mais ce bordereau n'est couvert par "
                "aucune signature.",
          .en = "The flow calls itself dematerialised (InfoDematerialisee = 1) but no signature covers this "
                "bordereau.",
          .remedy_fr = "Faites-le signer, ou faites produire un flux non dématérialisé.",
          .remedy_en = "Have it signed, or have a flow that is not dematerialised produced."},
         checks::uncovered},
    Rule{{.code = "pes.p3",
          .name = "P3",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios P3; EnTeteDepense/InfoDematerialisee, EnTeteRecette/InfoDematerialisee",
          .title_fr = "Seul un flux dématérialisé est signé",
          .title_en = "Only a dematerialised flow is signed",
          .fr = "Une signature est présente alors que le flux ne se dit pas dématérialisé "
                "(InfoDematerialisee absent ou 0) : Hélios rejette un tel flux.",
          .en = "A signature is present although the flow does not call itself dematerialised "
                "(InfoDematerialisee absent or 0): Hélios rejects such a flow.",
          .remedy_fr = "Faites-le produire en mode dématérialisé avant de le signer.",
          .remedy_en = "Have it produced in dematerialised mode before signing."},
         checks::signed_on_paper},
    Rule{{.code = "pes.sign.not_dematerialised",
          .name = "pes.sign.not_dematerialised",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios P3",
          .title_fr = "La passerelle ne signe que ce qui se dit dématérialisé",
          .title_en = "The gateway signs only what calls itself dematerialised",
          .fr = "La passerelle doit signer ce flux, mais {value} ne se dit pas dématérialisé "
                "(InfoDematerialisee n'est pas 1) : signé ainsi, Hélios le rejetterait.",
          .en = "The gateway is to sign this flow, but {value} does not call itself dematerialised "
                "(InfoDematerialisee is not 1): Hélios would reject it once signed.",
          .remedy_fr = "Faites-le produire en mode dématérialisé par votre logiciel financier.",
          .remedy_en = "Have your financial software produce it in dematerialised mode."},
         checks::would_sign_paper},
    Rule{{.code = "pes.sign.no_id",
          .name = "pes.sign.no_id",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios 5.2; TBordereau/Id",
          .title_fr = "Ce que la passerelle doit signer porte un Id",
          .title_en = "What the gateway is to sign has an Id",
          .fr = "La passerelle doit signer ce flux, mais ni tous ses bordereaux ni sa racine PES_Aller ne "
                "portent un attribut Id utilisable (commençant par une lettre ou « _ »).",
          .en = "The gateway is to sign this flow, but neither all its bordereaux nor its root PES_Aller "
                "carry a usable Id attribute (beginning with a letter or '_').",
          .remedy_fr = "Demandez à l'éditeur de votre logiciel financier de les produire.",
          .remedy_en = "Ask the publisher of your financial software to produce them."},
         checks::nothing_to_sign},
    Rule{{.code = "pes.signature.misplaced",
          .name = "pes.signature.misplaced",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios 5.2",
          .title_fr = "Une signature est à la fin d'un bordereau ou du flux",
          .title_en = "A signature is at the end of a bordereau or of the flow",
          .fr = "Une signature se trouve ailleurs qu'à la fin d'un bordereau ou du flux : Hélios ne la "
                "reconnaîtrait pas.",
          .en = "A signature stands elsewhere than at the end of a bordereau or of the flow: Hélios would "
                "not recognise it.",
          .remedy_fr = "Faites signer à nouveau le fichier d'origine.",
          .remedy_en = "Have the original file signed again."},
         checks::misplaced},
    Rule{{.code = "pes.signature.repeated",
          .name = "pes.signature.repeated",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "helios 5.2",
          .title_fr = "Un bordereau ou un flux porte une seule signature",
          .title_en = "A bordereau or a flow has one signature",
          .fr = "Ce bordereau ou ce flux porte plusieurs signatures ; une seule est admise.",
          .en = "This bordereau or flow carries several signatures; one only is accepted.",
          .remedy_fr = "Faites signer à nouveau le fichier d'origine.",
          .remedy_en = "Have the original file signed again."},
         checks::repeated},
    Rule{{.code = "pes.signature.too_many",
          .name = "pes.signature.too_many",
          .level = Level::flux,
          .severity = Severity::error,
          .source = "signature S6",
          .title_fr = "Le flux ne porte pas plus de signatures que la passerelle n'en vérifie",
          .title_en = "The flow has no more signatures than the gateway verifies",
          .fr = "Le flux porte {value} signatures, plus que la passerelle n'en vérifie.",
          .en = "The flow carries {value} signatures, more than the gateway verifies.",
          .remedy_fr = "Scindez-le en plusieurs flux.",
          .remedy_en = "Split it into several flows."},
         checks::too_many},
    Rule{{.code = "pes.p26",
          .name = "P26",
          .level = Level::bordereau,
          .severity = Severity::warning,
          .source = "helios P26; TBlocBordereau/NbrPce",
          .title_fr = "NbrPce est le nombre de pièces du bordereau",
          .title_en = "NbrPce is the number of pieces of the bordereau",
          .fr = "Ce bordereau annonce {value} pièce(s) (NbrPce) et en contient {expected}.",
          .en = "This bordereau announces {value} piece(s) (NbrPce) and has {expected}.",
          .remedy_fr = "Vérifiez le bordereau dans votre logiciel financier, puis exportez-le à nouveau.",
          .remedy_en = "Check the bordereau in your financial software, then export it again."},
         checks::piece_count},
};

constexpr auto infos = [] {
  std::array<const rules::RuleInfo*, table.size()> out{};
  for (std::size_t i = 0; i < table.size(); ++i)
    out[i] = &table[i].info;
  return out;
}();

}  // namespace

std::span<const Rule> rule_table() {
  return table;
}

std::span<const rules::RuleInfo* const> structural_rules() {
  return infos;
}

}  // namespace demat::pes
