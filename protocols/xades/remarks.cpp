#include "protocols/xades/remarks.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "protocols/base/utf8.hpp"

namespace demat::xades {
namespace {

struct Remark {
  std::string_view code;
  Severity severity;
  Indication indication;
  std::string_view fr;
  std::string_view en;
};

constexpr auto error = Severity::error;
constexpr auto warning = Severity::warning;
constexpr auto failed = Indication::failed;
constexpr auto indeterminate = Indication::indeterminate;
constexpr auto passed = Indication::passed;

constexpr std::array remarks = std::to_array<Remark>({
    // The document as a whole
    {"xades.none", error, failed, "Le fichier ne contient aucune signature électronique.",
     "The file holds no electronic signature."},
    {"xades.unsigned_bordereau", error, failed,
     "Le bordereau {} n'est couvert par aucune signature. Faites-le signer puis redéposez le fichier.",
     "Bordereau {} is not covered by any signature. Have it signed and post the file again."},
    {"xades.duplicate_id", error, failed,
     "L'identifiant « {} » figure plusieurs fois dans le fichier : on ne peut savoir ce qui est signé.",
     "The identifier \"{}\" occurs more than once in the file: what is signed is ambiguous."},
    {"xades.too_many_signatures", error, failed, "Le fichier contient trop de signatures ({} au plus).",
     "The file holds too many signatures ({} at most)."},
    {"xades.instruction", error, failed,
     "Le fichier contient une instruction de traitement (« <?…?> ») : ce qui est signé n'en admet pas.",
     "The file holds a processing instruction (\"<?…?>\"): what is signed admits none."},
    {"xades.relative_namespace", error, failed,
     "Le fichier déclare un espace de noms relatif : ce qui est signé n'aurait pas de forme canonique.",
     "The file declares a relative namespace: what is signed would have no canonical form."},
    // Where a signature sits and what it is made of
    {"xades.position", error, failed,
     "Une signature n'est admise que comme dernier élément d'un bordereau de dépense ou de recette, ou de "
     "PES_Aller.",
     "A signature is only allowed as the last child of a dépense or recette Bordereau, or of PES_Aller."},
    {"xades.two_signatures", error, failed,
     "Le même élément porte deux signatures : la politique de la DGFiP n'en admet qu'une.",
     "The same element carries two signatures: the DGFiP policy allows one."},
    {"xades.structure", error, failed, "La signature est mal construite : {}.",
     "The signature is malformed: {}."},
    {"xades.canonicalization", error, failed,
     "La canonicalisation de SignedInfo n'est pas celle de la politique : {}.",
     "SignedInfo does not use the canonicalisation of the policy: {}."},
    {"xades.algorithm", error, failed,
     "Algorithme interdit par la politique de signature (RSA et SHA-256 exigés) : {}.",
     "Algorithm forbidden by the signature policy (RSA and SHA-256 required): {}."},
    {"xades.reference", error, failed,
     "La signature ne porte pas sur l'élément qui la contient (référence « {} ») : le fichier est refusé.",
     "The signature does not cover the element that contains it (reference \"{}\"): the file is refused."},
    {"xades.empty_uri", warning, passed,
     "La référence de la signature globale est vide ; forme ancienne tolérée.",
     "The reference of the global signature is empty; an old form, tolerated."},
    {"xades.unsigned_properties", error, failed,
     "Les propriétés signées (date, certificat, rôle) ne sont pas couvertes par la signature.",
     "The signed properties (time, certificate, role) are not covered by the signature."},
    {"xades.transform", error, failed, "Transformation interdite dans la signature : {}.",
     "Forbidden transform in the signature: {}."},
    {"xades.transform_comments", warning, passed,
     "La canonicalisation garde les commentaires ; forme tolérée, non prévue par la politique.",
     "The canonicalisation keeps comments; tolerated, not foreseen by the policy."},
    {"xades.enveloped_properties", warning, passed,
     "La transformation « enveloped-signature » est déclarée à tort sur les propriétés signées ; tolérée.",
     "The enveloped-signature transform is wrongly declared on the signed properties; tolerated."},
    {"xades.prefix_list", error, failed, "Liste de préfixes interdite dans la canonicalisation : {}.",
     "Forbidden prefix list in the canonicalisation: {}."},
    {"xades.qualifying_properties", error, failed,
     "La signature doit contenir exactement un bloc QualifyingProperties avec un bloc SignedProperties.",
     "The signature must hold exactly one QualifyingProperties with one SignedProperties."},
    {"xades.extra_object", warning, passed,
     "La signature contient un objet non signé ; son contenu est ignoré.",
     "The signature holds an unsigned object; its content is ignored."},
    {"xades.namespace", warning, passed,
     "La signature utilise XAdES 1.1.1 au lieu de la version 1.2.2 ; tolérée.",
     "The signature uses XAdES 1.1.1 instead of version 1.2.2; tolerated."},
    {"xades.target", error, failed, "QualifyingProperties désigne une autre signature : « {} ».",
     "QualifyingProperties points at another signature: \"{}\"."},
    // Key and certificate
    {"xades.no_certificate", error, failed, "La signature ne contient pas le certificat du signataire.",
     "The signature does not hold the signer's certificate."},
    {"xades.certificate_unreadable", error, failed, "Le certificat du signataire est illisible.",
     "The signer's certificate cannot be read."},
    {"xades.certificate_binding", error, failed,
     "Le certificat joint n'est pas celui que désignent les propriétés signées.",
     "The certificate supplied is not the one that the signed properties designate."},
    {"xades.issuer_serial", error, failed,
     "L'émetteur ou le numéro de série signé n'est pas celui du certificat.",
     "The signed issuer or serial number is not that of the certificate."},
    {"xades.weak_key", error, failed,
     "La clé du signataire est trop faible (RSA d'au moins 2048 bits exigé ; ici {} bits).",
     "The signer's key is too weak (RSA of at least 2048 bits required; {} bits here)."},
    {"xades.unusual_key", error, failed,
     "La clé du signataire sort des formes admises (RSA de 8192 bits au plus, exposant impair de 64 bits au "
     "plus ; "
     "ici {} bits).",
     "The signer's key is out of the accepted forms (RSA of at most 8192 bits, odd exponent of at most 64 "
     "bits; {} "
     "bits here)."},
    {"xades.key_info_extra", warning, passed, "KeyInfo contient autre chose qu'un certificat ({}) : ignoré.",
     "KeyInfo holds something besides a certificate ({}): ignored."},
    {"xades.cert_digest_sha1", warning, passed,
     "L'empreinte du certificat est calculée en SHA-1 ; tolérée, SHA-256 est attendu.",
     "The certificate's digest is SHA-1; tolerated, SHA-256 is expected."},
    {"xades.certificate_period", error, indeterminate,
     "Le certificat du signataire n'était pas en cours de validité à la date de signature ({}).",
     "The signer's certificate was not valid at the time of signing ({})."},
    {"xades.key_usage", warning, passed,
     "Le certificat du signataire ne porte pas l'usage « non-répudiation ».",
     "The signer's certificate lacks the non-repudiation usage."},
    // What the signer states
    {"xades.signing_time", error, failed,
     "La date de signature est absente ou n'est pas une date UTC terminée par Z : « {} ».",
     "The signing time is missing or not a UTC date ending in Z: \"{}\"."},
    {"xades.signing_time_future", error, failed, "La date de signature ({}) est dans le futur.",
     "The signing time ({}) is in the future."},
    {"xades.policy_missing", error, failed,
     "La politique de signature (identifiant et empreinte) est absente.",
     "The signature policy (identifier and digest) is missing."},
    {"xades.policy_unknown", error, failed, "La politique de signature {} n'est pas admise.",
     "The signature policy {} is not accepted."},
    {"xades.policy_digest", error, failed,
     "L'empreinte de la politique de signature n'est pas la bonne : {}.",
     "The digest of the signature policy is wrong: {}."},
    {"xades.policy_digest_other", warning, passed,
     "L'empreinte de la politique de signature n'est pas l'empreinte habituelle, mais elle est connue : {}.",
     "The digest of the signature policy is not the usual one, but it is known: {}."},
    {"xades.policy_digest_tolerated", warning, passed,
     "L'empreinte de la politique de signature est inconnue : {} ; tolérée par le réglage.",
     "The digest of the signature policy is unknown: {}; tolerated by the configuration."},
    {"xades.policy_period", error, failed,
     "La politique de signature {} n'était pas en vigueur à la date de signature.",
     "The signature policy {} was not in force at the time of signing."},
    {"xades.policy_period_tolerated", warning, passed,
     "La politique de signature {} n'était pas en vigueur à la date de signature ; tolérée par le réglage.",
     "The signature policy {} was not in force at the time of signing; tolerated by the configuration."},
    {"xades.policy_padding", warning, passed,
     "L'empreinte de la politique n'a pas son « = » final ; tolérée.",
     "The policy digest lacks its final \"=\"; tolerated."},
    {"xades.policy_spuri", warning, passed, "L'adresse du document de politique est absente ou inattendue.",
     "The address of the policy document is missing or unexpected."},
    {"xades.production_place", warning, passed,
     "Le lieu de signature (ville, code postal, pays) est absent ou incomplet.",
     "The place of signature (city, postal code, country) is missing or incomplete."},
    {"xades.role", error, failed,
     "La qualité du signataire doit être indiquée une fois et une seule, en 1 000 caractères au plus.",
     "The signer's role must be stated exactly once, in at most 1 000 characters."},
    // Cryptography
    {"xades.digest_content", error, failed,
     "Le contenu signé a été modifié après la signature (empreinte différente).",
     "The signed content was changed after signing (digest mismatch)."},
    {"xades.detached_reference", error, failed,
     "La signature jointe désigne autre chose que le fichier qu'elle accompagne (référence « {} »).",
     "The signature points at something besides the file that it comes with (reference \"{}\")."},
    {"xades.detached_content", error, failed,
     "La signature jointe n'est pas celle de ce fichier : il a été modifié depuis, ou ce n'est pas le bon "
     "fichier. Signez de nouveau le fichier déposé.",
     "The signature is not that of this file: it was changed since, or it is the wrong file. Sign the posted "
     "file again."},
    {"xades.detached_algorithm", error, failed,
     "Algorithme ou clé non admis pour une signature (RSA ou ECDSA avec SHA-2 attendu) : {}.",
     "Algorithm or key not accepted for a signature (RSA or ECDSA with SHA-2 expected): {}."},
    {"xades.digest_properties", error, failed,
     "Les propriétés signées (date, rôle…) ont été modifiées après la signature.",
     "The signed properties (time, role…) were changed after signing."},
    {"xades.signature_value", error, failed,
     "La valeur de la signature est fausse pour le certificat du signataire.",
     "The signature value is wrong for the signer's certificate."},
    {"xades.stamp", warning, passed, "L'horodatage de la signature n'est pas recevable ({}).",
     "The time stamp of the signature does not hold ({})."},
    {"xades.xmlsec", error, indeterminate,
     "Les deux vérificateurs ne sont pas d'accord sur cette signature ({}) : signalez-le à l'exploitant.",
     "The two verifiers disagree about this signature ({}): tell the operator."},
});

constexpr std::size_t longest_value = 120;  ///< bytes: the value may come from the document

std::string fill(std::string_view text, std::string_view value) {
  std::string out(text);
  if (const auto at = out.find("{}"); at != std::string::npos)
    out.replace(at, 2, utf8_shortened(value, longest_value));
  return out;
}

const Remark& find(std::string_view code) {
  const auto at =
      std::find_if(remarks.begin(), remarks.end(), [&](const Remark& r) { return r.code == code; });
  if (at == remarks.end()) throw std::logic_error("unknown remark " + std::string(code));
  return *at;
}

}  // namespace

const char* to_string(Indication indication) {
  switch (indication) {
    case Indication::passed:
      return "passed";
    case Indication::failed:
      return "failed";
    case Indication::indeterminate:
      return "indeterminate";
  }
  return "failed";
}

Finding make_remark(std::string_view code, Place place, std::string_view value) {
  const Remark& row = find(code);
  return Finding{std::string(row.code), row.severity, std::move(place), fill(row.fr, value),
                 fill(row.en, value)};
}

Indication consequence(const Finding& finding) {
  return finding.severity == Severity::error ? find(finding.code).indication : Indication::passed;
}

}  // namespace demat::xades
