#include "protocols/xades/sign.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

#include "protocols/base/limits.hpp"
#include "protocols/xades/assembly.hpp"
#include "protocols/xades/certificate.hpp"
#include "protocols/xades/names.hpp"
#include "protocols/xades/places.hpp"
#include "protocols/xades/remarks.hpp"
#include "protocols/xades/splice.hpp"
#include "protocols/xades/text.hpp"
#include "protocols/xml/canonical.hpp"

namespace demat::xades {
namespace {

using IdCounts = std::unordered_map<std::string, std::size_t>;

/// Encodings in which the signature's ASCII text can be inserted as it is.
constexpr std::array<std::string_view, 5> ascii_compatible = {"UTF-8", "ISO-8859-1", "ISO-8859-15",
                                                              "WINDOWS-1252", "US-ASCII"};

/// One element to sign and where it lies in the bytes.
struct Target {
  xml::Element element;
  xml::ElementSpan span;
  std::string id;
};

Error waiting_certificate(std::string_view detail) {
  return waiting_error(
      "xades.signer_certificate",
      "Le certificat de signature de la passerelle n'est pas utilisable : prévenez l'exploitant.",
      "The gateway's signing certificate cannot be used: tell the operator.", detail);
}

Result<CertificatePtr> usable_certificate(const SignRequest& request) {
  std::vector<CertificatePtr> at_hand;
  if (request.certificate) at_hand.push_back(request.certificate);
  auto found = CertificateCache(std::move(at_hand)).get(request.certificate_der);
  if (!found) return failure(waiting_certificate(found.error().detail));
  const CertificatePtr& certificate = *found;
  if (!certificate->has_strong_rsa_key())
    return failure(waiting_certificate("RSA of 2048 bits or more required"));
  if (request.signing_time < certificate->not_before() || request.signing_time > certificate->not_after())
    return failure(waiting_certificate("not valid at the signing time"));
  return found;
}

Status check_statement(const SignerStatement& statement) {
  for (const std::string* value :
       {&statement.role, &statement.city, &statement.postal_code, &statement.country})
    if (trimmed(*value).empty() || !is_xml_text(*value))
      return failure(
          permanent_error("xades.statement",
                          "La qualité, la ville, le code postal et le pays du signataire sont obligatoires.",
                          "The signer's role, city, postal code and country are mandatory."));
  return {};
}

Status check_document(const xml::Document& document) {
  if (!is_pes_aller(document.root()))
    return failure(permanent_error("xades.not_pes_aller", "Seul un fichier PES_Aller peut être signé.",
                                   "Only a PES_Aller file can be signed."));
  const auto encoding = document.encoding().name;
  if (std::find(ascii_compatible.begin(), ascii_compatible.end(), encoding) == ascii_compatible.end())
    return failure(permanent_error("xades.encoding", "L'encodage du fichier ne permet pas de le signer.",
                                   "The file's encoding does not allow signing.", encoding));
  if (!document.all("Signature", names::ds).empty())
    return failure(
        permanent_error("xades.already_signed", "Le fichier est déjà signé.", "The file is signed already."));
  // What no verifier of ours would let pass afterwards.
  const auto odd = document.oddities();
  if (!odd.instruction && !odd.relative_namespace) return {};
  const auto why = make_remark(odd.instruction ? "xades.instruction" : "xades.relative_namespace", {});
  return failure(permanent_error(why.code, why.fr, why.en));
}

/// Where the element lies in the bytes; an error when these are not those of the document.
Result<xml::ElementSpan> span_of(const xml::Document& document, const xml::Element& element,
                                 std::size_t size) {
  const auto span = document.span(element);
  if (!span || span->end > size)
    return failure(permanent_error("xades.bytes_mismatch", "Les octets ne sont pas ceux du document analysé.",
                                   "The bytes are not those of the parsed document."));
  return *span;
}

/// helios 5.2: every bordereau has a usable Id, else the root, else none.
Result<std::vector<Target>> choose_targets(const xml::Document& document, std::size_t size) {
  const auto root = document.root();
  const auto all = bordereaux(root);
  if (all.empty())
    return failure(permanent_error("xades.nothing_to_sign",
                                   "Le fichier ne contient aucun bordereau à signer.",
                                   "The file holds no bordereau to sign."));
  std::vector<Target> targets;
  if (std::all_of(all.begin(), all.end(), [](const Signable& s) { return is_ncname(s.id); })) {
    if (all.size() > limits::max_signatures)
      return failure(permanent_error("xades.too_many_signatures",
                                     "Le fichier contient trop de bordereaux à signer.",
                                     "The file holds too many bordereaux to sign."));
    for (const auto& one : all) {
      const auto span = span_of(document, one.element, size);
      if (!span) return failure(span.error());
      targets.push_back({one.element, *span, one.id});
    }
    return targets;
  }
  const auto root_id = root.attribute("Id");
  if (!is_ncname(root_id))
    return failure(permanent_error(
        "xades.no_id",
        "Le fichier ne peut être signé : ni tous les bordereaux ni PES_Aller n'ont d'attribut Id valable "
        "(il commence par une lettre ou « _ »).",
        "The file cannot be signed: neither all bordereaux nor PES_Aller have a usable Id (it begins with a "
        "letter "
        "or \"_\")."));
  const auto span = span_of(document, root, size);
  if (!span) return failure(span.error());
  targets.push_back({root, *span, root_id});
  return targets;
}

std::string filled(std::string pattern, std::string_view element, std::size_t number) {
  const auto put = [&](std::string_view mark, std::string_view value) {
    if (const auto at = pattern.find(mark); at != std::string::npos) pattern.replace(at, mark.size(), value);
  };
  put("{n}", std::to_string(number));
  put("{id}", element);
  return pattern;
}

/// The policy's pattern with the first number that no Id of the document, nor one given before, makes
/// ambiguous.
SignatureIds fresh_ids(const std::string& element, const std::string& pattern, IdCounts& taken) {
  for (std::size_t n = 1;; ++n) {
    SignatureIds ids{element, filled(pattern, element, n)};
    if (taken.contains(ids.signature) || taken.contains(ids.value()) || taken.contains(ids.properties()))
      continue;
    for (const auto& id : {ids.signature, ids.value(), ids.properties()})
      taken.emplace(id, 1);
    return ids;
  }
}

/// RS7: nothing is signed under a policy that is not in force, and a pattern must give Ids.
Status check_policy(const Policy& policy, Instant when) {
  const bool usable =
      policy.id_pattern.find("{n}") != std::string::npos && is_ncname(filled(policy.id_pattern, "a", 1));
  if (usable && policy.in_force(when)) return {};
  return failure(waiting_error(
      "xades.policy_not_in_force",
      "La politique de signature réglée n'est pas en vigueur : le flux attend l'exploitant.",
      "The signature policy that is set is not in force: the flow waits for the operator.", policy.id));
}

Result<std::string> sign_one(const xml::Document& document, const Target& target, const Assembly& assembly,
                             const SignatureIds& ids, const SignBytes& sign) {
  const auto content =
      xml::canonical_digest(document, target.element, xml::C14n::exclusive, Digester::Algorithm::sha256);
  if (!content) return failure(content.error());
  Digester digester(Digester::Algorithm::sha256);
  digester.update(assembly.canonical_properties(ids));
  const Bytes properties = digester.finish();
  const auto value = sign(assembly.canonical_signed_info(ids, *content, properties));
  if (!value) return failure(value.error());
  return assembly.signature(ids, *content, properties, *value);
}

Result<std::vector<Target>> targets_of(const xml::Document& document, std::size_t size, const IdCounts& ids) {
  if (auto status = check_document(document); !status) return failure(std::move(status.error()));
  auto targets = choose_targets(document, size);
  if (!targets) return targets;
  for (const auto& target : *targets)
    if (ids.at(target.id) > 1)
      return failure(permanent_error("xades.duplicate_id",
                                     "L'identifiant d'un bordereau figure plusieurs fois.",
                                     "The Id of a bordereau occurs more than once.", target.id));
  return targets;
}

}  // namespace

Status check_signable(const xml::Document& document, std::size_t size) {
  const auto targets = targets_of(document, size, count_ids(document));
  return targets ? Status() : failure(targets.error());
}

Result<std::vector<Insertion>> plan_signatures(const xml::Document& document, std::size_t size,
                                               const SignRequest& request) {
  if (auto status = check_statement(request.statement); !status) return failure(std::move(status.error()));
  if (auto status = check_policy(request.policy, request.signing_time); !status)
    return failure(status.error());
  IdCounts taken = count_ids(document);
  const auto targets = targets_of(document, size, taken);
  if (!targets) return failure(targets.error());
  const auto certificate = usable_certificate(request);
  if (!certificate) return failure(certificate.error());

  const Assembly assembly(request, **certificate);
  std::vector<Insertion> insertions;
  for (const auto& target : *targets) {
    auto text = sign_one(document, target, assembly, fresh_ids(target.id, request.policy.id_pattern, taken),
                         request.sign);
    if (!text) return failure(std::move(text.error()));
    insertions.push_back({target.span, std::move(*text), target.id});
  }
  return insertions;
}

Result<std::string> sign_pes(const xml::Document& document, std::string_view bytes,
                             const SignRequest& request) {
  const auto insertions = plan_signatures(document, bytes.size(), request);
  if (!insertions) return failure(insertions.error());
  return splice(bytes, *insertions);
}

}  // namespace demat::xades
