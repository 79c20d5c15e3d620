#include "protocols/trust/sentences.hpp"

#include <array>

namespace demat::trust {
namespace {

constexpr auto pass = Outcome::pass;
constexpr auto warn = Outcome::warn;
constexpr auto fail = Outcome::fail;
constexpr auto unsure = Outcome::indeterminate;
constexpr auto not_run = Outcome::not_run;

constexpr std::array table = std::to_array<Sentence>({
    // The signature itself
    {"trust.signature.sound", pass, "", "signature RV1, RV2",
     "Le contenu n'a pas été modifié depuis la signature.",
     "The content has not been changed since it was signed."},
    {"trust.signature.broken", fail, "FORMAT_FAILURE", "signature RV1, RV2",
     "La signature elle-même n'est pas recevable : {0}", "The signature itself does not hold: {0}"},
    {"trust.signature.doubtful", unsure, "FORMAT_FAILURE", "signature RV1, RV2",
     "La signature elle-même n'a pas pu être confirmée : {0}", "The signature itself is not confirmed: {0}"},
    {"trust.naming.named", pass, "", "signature RV2",
     "La signature désigne elle-même le certificat du signataire : c'est bien celui-là.",
     "The signature itself names the signer's certificate, and this is the one."},
    {"trust.naming.unneeded", pass, "", "signature RV2",
     "La signature ne désigne pas le certificat du signataire : son format ne le demande pas.",
     "The signature does not name the signer's certificate: its format does not ask for it."},
    {"trust.naming.missing", warn, "", "signature RV2",
     "La signature ne désigne pas le certificat du signataire, alors que son format le demande.",
     "The signature does not name the signer's certificate, though its format asks for it."},
    {"trust.naming.not_run", not_run, "", "signature RV2",
     "Le certificat que la signature désigne n'a pas été rapproché : elle n'est pas recevable.",
     "The certificate that the signature names was not compared: the signature does not hold."},
    {"trust.profile.none", not_run, "", "signature 3.0",
     "Aucun profil de confiance n'est réglé ici : ni l'autorité de certification ni la révocation n'ont été "
     "contrôlées.",
     "No trust profile is set here: neither the issuing authority nor revocation was checked."},
    {"trust.profile.not_asked", not_run, "", "signature A3",
     "Pour un contrat de la commande publique, l'intégrité suffit : le certificat du signataire n'a pas été "
     "jugé.",
     "For a contract of public procurement integrity suffices: the signer's certificate was not judged."},
    {"trust.certificate.unreadable", fail, "FORMAT_FAILURE", "signature R7",
     "Le certificat du signataire est absent ou illisible.",
     "The signer's certificate is missing or cannot be read."},
    // When
    {"trust.time.claimed", pass, "", "signature RV5",
     "Date de signature : {0}, telle que le signataire l'annonce.", "Signed at {0}, as the signer claims."},
    {"trust.time.proven", pass, "", "signature RV5", "Date de signature : {0}, attestée par un horodatage.",
     "Signed at {0}, proven by a time stamp."},
    {"trust.time.missing", warn, "", "signature RV5",
     "La signature ne porte pas de date : la date de réception ({0}) est retenue.",
     "The signature states no time: that of its reception ({0}) is taken."},
    {"trust.time.future", fail, "SIG_CONSTRAINTS_FAILURE", "signature RV5",
     "La signature est datée du {0}, après sa réception le {1} : vérifiez l'horloge du poste qui a signé.",
     "The signature is dated {0}, after its reception at {1}: check the clock of the machine that signed."},
    {"trust.time.after_stamp", warn, "", "signature RV5",
     "Le signataire annonce le {0}, après l'horodatage du {1} : seul l'horodatage est retenu.",
     "The signer claims {0}, after the time stamp of {1}: the time stamp alone is taken."},
    {"trust.stamp.accepted", pass, "", "signature RV5",
     "Un horodatage de « {0} » atteste que la signature existait le {1}.",
     "A time stamp of \"{0}\" proves that the signature was there at {1}."},
    {"trust.stamp.not_judged", not_run, "", "signature RV5",
     "Un horodatage de « {0} », du {1}, est joint ; sans profil de confiance, il n'est pas retenu.",
     "A time stamp of \"{0}\", of {1}, comes with it; without a trust profile it is not taken."},
    {"trust.stamp.untrusted", warn, "", "signature RV5",
     "Un horodatage de « {0} », du {1}, est joint, mais il n'est pas retenu, et la date annoncée par le "
     "signataire l'est : {2}",
     "A time stamp of \"{0}\", of {1}, comes with it, but is not taken; the time that the signer claims is: "
     "{2}"},
    {"trust.stamp.broken", warn, "", "signature RV5",
     "Un horodatage est joint, mais il n'est pas valable ; la date annoncée par le signataire est retenue : "
     "{0}",
     "A time stamp comes with it, but does not hold; the time that the signer claims is taken: {0}"},
    // Path
    {"trust.path.found", pass, "", "signature RV4",
     "Le certificat de {0} remonte à l'autorité de confiance « {1} ».",
     "The certificate of {0} leads to the trusted authority \"{1}\"."},
    {"trust.path.none", fail, "NO_CERTIFICATE_CHAIN_FOUND", "signature RV4",
     "Le certificat de {0}, délivré par « {1} », ne remonte à aucune autorité du profil « {2} » : signez "
     "avec "
     "un certificat d'une autorité reconnue.",
     "The certificate of {0}, issued by \"{1}\", leads to no authority of the profile \"{2}\": sign with a "
     "certificate of a recognised authority."},
    {"trust.path.broken", fail, "CERTIFICATE_CHAIN_GENERAL_FAILURE", "signature RV4",
     "La chaîne de certification de {0} est invalide (certificat « {1} » : {2}).",
     "The certificate chain of {0} is invalid (certificate \"{1}\": {2})."},
    {"trust.path.weak", fail, "CRYPTO_CONSTRAINTS_FAILURE", "signature RV4",
     "Le certificat « {0} » de la chaîne repose sur une cryptographie trop faible ({1}).",
     "The certificate \"{0}\" of the chain rests on weak cryptography ({1})."},
    {"trust.path.weak_archive", unsure, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", "signature RV4, RV12",
     "Le certificat « {0} » de la chaîne repose sur une cryptographie devenue trop faible ({1}).",
     "The certificate \"{0}\" of the chain rests on cryptography that is weak by now ({1})."},
    // Validity
    {"trust.validity.good", pass, "", "signature RV5",
     "Le certificat de {0} et ceux de sa chaîne étaient valables à la date de signature.",
     "The certificate of {0} and those of its chain were valid at the time of signing."},
    {"trust.validity.expired", fail, "EXPIRED", "signature RV5",
     "Le certificat de {0} n'est plus valable depuis le {1} ; la signature est datée du {2}. Renouvelez le "
     "certificat et signez de nouveau.",
     "The certificate of {0} has not been valid since {1}; the signature is dated {2}. Renew the certificate "
     "and sign again."},
    {"trust.validity.not_yet", fail, "NOT_YET_VALID", "signature RV5",
     "Le certificat de {0} n'est valable qu'à partir du {1} ; la signature est datée du {2}.",
     "The certificate of {0} is valid from {1} on only; the signature is dated {2}."},
    {"trust.validity.ended_since", pass, "", "signature RV5",
     "Depuis, le certificat de {0} est arrivé à son terme (le {1}) : cela n'enlève rien à la signature.",
     "Since then, the certificate of {0} has come to its end ({1}): that takes nothing from the signature."},
    // Who may issue, what for
    {"trust.issuer.authorised", pass, "", "signature 3.0",
     "« {0} » est un émetteur admis par le profil « {1} ».",
     "\"{0}\" is an issuer that the profile \"{1}\" accepts."},
    {"trust.issuer.not_authorised", fail, "CHAIN_CONSTRAINTS_FAILURE", "signature 3.0",
     "Le certificat de {0} vient d'une autorité connue (« {1} »), mais le profil « {2} » n'admet pas cet "
     "émetteur pour signer.",
     "The certificate of {0} comes from a known authority (\"{1}\"), but the profile \"{2}\" does not accept "
     "this issuer for signatures."},
    {"trust.issuer.not_run", not_run, "", "signature 3.0",
     "L'émetteur n'a pas été jugé : la chaîne n'aboutit pas.",
     "The issuer was not judged: the chain leads nowhere."},
    {"trust.usage.right", pass, "", "signature RV6",
     "Le certificat est fait pour signer (usage « non-répudiation »).",
     "The certificate is meant for signing (usage nonRepudiation)."},
    {"trust.usage.absent_tolerated", warn, "", "signature RV6",
     "Le certificat ne porte pas l'usage « non-répudiation » ; ce profil le tolère.",
     "The certificate lacks the usage nonRepudiation; this profile tolerates it."},
    {"trust.usage.absent", fail, "CHAIN_CONSTRAINTS_FAILURE", "signature RV6",
     "Le certificat de {0} n'est pas fait pour signer (usage « non-répudiation » absent) : utilisez votre "
     "certificat de signature.",
     "The certificate of {0} is not meant for signing (usage nonRepudiation missing): use your signing "
     "certificate."},
    {"trust.usage.stamps", pass, "", "RFC 3161 2.3", "Le certificat est réservé à l'horodatage.",
     "The certificate is reserved for time stamping."},
    {"trust.usage.no_stamps", fail, "CHAIN_CONSTRAINTS_FAILURE", "RFC 3161 2.3",
     "Le certificat de {0} n'est pas réservé à l'horodatage : le jeton ne prouve aucune date.",
     "The certificate of {0} is not reserved for time stamping: the token proves no time."},
    {"trust.usage.authority", fail, "CHAIN_CONSTRAINTS_FAILURE", "signature RS4",
     "Le certificat de {0} est celui d'une autorité de certification : il ne doit pas signer de documents.",
     "The certificate of {0} is that of a certification authority: it must not sign documents."},
    {"trust.usage.client", pass, "", "RGS A4",
     "Le certificat est fait pour authentifier un client (usages « signature numérique » et « clientAuth »).",
     "The certificate is meant to authenticate a client (usages digitalSignature and clientAuth)."},
    {"trust.usage.signature_only", fail, "CHAIN_CONSTRAINTS_FAILURE", "RGS A4",
     "Le certificat de {0} est fait pour signer, non pour s'authentifier (usage « signature numérique » "
     "absent) : présentez votre certificat d'authentification.",
     "The certificate of {0} is meant for signing, not for authentication (usage digitalSignature missing): "
     "show your certificate for authentication."},
    {"trust.usage.not_client", fail, "CHAIN_CONSTRAINTS_FAILURE", "RGS A4",
     "Le certificat de {0} n'est pas fait pour authentifier un client (usage étendu « clientAuth » absent).",
     "The certificate of {0} is not meant to authenticate a client (extended usage clientAuth missing)."},
    {"trust.usage.client_unstated", fail, "CHAIN_CONSTRAINTS_FAILURE", "RGS A4",
     "Le certificat de {0} ne dit pas qu'il est fait pour authentifier un client (usages non indiqués).",
     "The certificate of {0} does not say that it is meant to authenticate a client (usages not stated)."},
    {"trust.usage.client_unstated_tolerated", warn, "", "RGS A4",
     "Le certificat de {0} ne dit pas qu'il est fait pour authentifier un client ; ce profil le tolère.",
     "The certificate of {0} does not say that it is meant to authenticate a client; this profile tolerates "
     "it."},
    {"trust.policy.listed", pass, "", "signature RV7",
     "La politique de certification ({0}) est admise par le profil.",
     "The certificate policy ({0}) is accepted by the profile."},
    {"trust.policy.unlisted", fail, "CHAIN_CONSTRAINTS_FAILURE", "signature RV7",
     "Le certificat de {0} n'est pas du niveau exigé : aucune de ses politiques de certification ({1}) n'est "
     "admise par le profil « {2} ».",
     "The certificate of {0} is not of the required level: none of its certificate policies ({1}) is "
     "accepted "
     "by the profile \"{2}\"."},
    // Algorithms
    {"trust.algorithm.good", pass, "", "signature RS6, RV12", "Les algorithmes sont solides ({0}).",
     "The algorithms are sound ({0})."},
    {"trust.algorithm.weak", fail, "CRYPTO_CONSTRAINTS_FAILURE", "signature RS6, RV12",
     "L'algorithme ou la clé n'est pas admis pour une signature de cette date ({0}).",
     "The algorithm or key is not accepted for a signature of that date ({0})."},
    {"trust.algorithm.archive", unsure, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", "signature RV12",
     "L'algorithme ou la clé était admis à l'époque, et ne l'est plus ({0}) : la preuve s'est affaiblie.",
     "The algorithm or key was accepted then and is not any more ({0}): the proof has weakened."},
    // Revocation
    {"trust.revocation.good", pass, "", "signature RV8",
     "Le certificat « {0} » n'est pas révoqué (liste n° {1} du {2}).",
     "The certificate \"{0}\" is not revoked (list no. {1} of {2})."},
    {"trust.revocation.good_ocsp", pass, "", "signature RV8",
     "Le certificat « {0} » n'est pas révoqué (réponse OCSP de « {1} », du {2}).",
     "The certificate \"{0}\" is not revoked (OCSP response of \"{1}\", of {2})."},
    {"trust.revocation.revoked", fail, "REVOKED", "signature RV9",
     "Le certificat « {0} » est révoqué depuis le {1} ({2}) : la signature est venue après.",
     "The certificate \"{0}\" has been revoked since {1} ({2}): the signature came later."},
    {"trust.revocation.compromised", fail, "REVOKED", "signature RV9",
     "Le certificat « {0} » a été révoqué le {1} parce que sa clé est compromise : rien ne prouve que la "
     "signature soit d'avant.",
     "The certificate \"{0}\" was revoked at {1} because its key is compromised: nothing proves that the "
     "signature is older."},
    {"trust.revocation.later", warn, "", "signature RV9",
     "Le certificat « {0} » a été révoqué le {1} ({2}), après la signature : elle reste valable.",
     "The certificate \"{0}\" was revoked at {1} ({2}), after the signature, which remains valid."},
    {"trust.revocation.on_hold", unsure, "TRY_LATER", "signature RV9",
     "Le certificat « {0} » est suspendu depuis le {1} : il peut être rétabli ou révoqué.",
     "The certificate \"{0}\" has been on hold since {1}: it may be restored or revoked."},
    {"trust.revocation.missing", unsure, "TRY_LATER", "signature RV8",
     "On ne sait pas si le certificat « {0} » est révoqué : il manque une liste de révocation de « {1} » ou "
     "une réponse OCSP.",
     "Whether the certificate \"{0}\" is revoked is unknown: there is no revocation list of \"{1}\" and no "
     "OCSP response."},
    {"trust.revocation.missing_tolerated", warn, "", "signature RV8",
     "La révocation du certificat « {0} » n'a pas été contrôlée : il n'y a ni liste de « {1} » ni réponse "
     "OCSP ; ce "
     "profil le tolère.",
     "Revocation of the certificate \"{0}\" was not checked: there is no list of \"{1}\" and no OCSP "
     "response; this profile "
     "tolerates it."},
    {"trust.revocation.stale", unsure, "TRY_LATER", "signature RV8",
     "On ne sait pas si le certificat « {0} » est révoqué : la liste n° {1}, du {2}, est périmée.",
     "Whether the certificate \"{0}\" is revoked is unknown: list no. {1}, of {2}, is stale."},
    {"trust.revocation.stale_tolerated", warn, "", "signature RV8",
     "Le certificat « {0} » n'était pas révoqué d'après la liste n° {1}, du {2}, qui est périmée ; ce profil "
     "le tolère.",
     "The certificate \"{0}\" was not revoked according to list no. {1}, of {2}, which is stale; this "
     "profile "
     "tolerates it."},
    {"trust.revocation.stale_ocsp", unsure, "TRY_LATER", "signature RV8",
     "On ne sait pas si le certificat « {0} » est révoqué : la réponse OCSP de « {1} », du {2}, est périmée.",
     "Whether the certificate \"{0}\" is revoked is unknown: the OCSP response of \"{1}\", of {2}, is "
     "stale."},
    {"trust.revocation.stale_ocsp_tolerated", warn, "", "signature RV8",
     "Le certificat « {0} » n'était pas révoqué d'après la réponse OCSP de « {1} », du {2}, qui est périmée "
     "; "
     "ce profil le tolère.",
     "The certificate \"{0}\" was not revoked according to the OCSP response of \"{1}\", of {2}, which is "
     "stale; this profile tolerates it."},
    {"trust.revocation.unknown", unsure, "TRY_LATER", "signature RV8",
     "On ne sait pas si le certificat « {0} » est révoqué : le répondeur OCSP « {1} » a dit le {2} ne pas le "
     "connaître.",
     "Whether the certificate \"{0}\" is revoked is unknown: the OCSP responder \"{1}\" said at {2} that it "
     "does not know it."},
    {"trust.revocation.unknown_tolerated", warn, "", "signature RV8",
     "Le répondeur OCSP « {1} » a dit le {2} ne pas connaître le certificat « {0} » ; ce profil le tolère.",
     "The OCSP responder \"{1}\" said at {2} that it does not know the certificate \"{0}\"; this profile "
     "tolerates it."},
    {"trust.revocation.unlisted_expired", unsure, "OUT_OF_BOUNDS_NOT_REVOKED", "signature RV10",
     "Le certificat « {0} » est arrivé à son terme le {1} : les listes n'en parlent plus, on ne peut donc "
     "dire "
     "s'il avait été révoqué.",
     "The certificate \"{0}\" came to its end at {1}: lists do not speak of it any more, so whether it had "
     "been revoked cannot be told."},
    {"trust.revocation.unlisted_expired_tolerated", warn, "", "signature RV10",
     "Le certificat « {0} » est arrivé à son terme le {1} : les listes n'en parlent plus ; ce profil le "
     "tolère.",
     "The certificate \"{0}\" came to its end at {1}: lists do not speak of it any more; this profile "
     "tolerates it."},
    {"trust.revocation.not_run", not_run, "", "signature RV8",
     "La révocation n'a pas été contrôlée : sans chaîne, nul n'a qualité pour en parler.",
     "Revocation was not checked: without a chain nobody is entitled to speak of it."},
    {"trust.revocation.off", not_run, "", "signature RV8", "Ce profil ne contrôle pas la révocation.",
     "This profile does not check revocation."},
});

}  // namespace

std::span<const Sentence> sentences() {
  return table;
}

}  // namespace demat::trust
