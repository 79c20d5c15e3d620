#include "gateway/actes/content_checks.hpp"

#include <fmt/format.h>

#include <array>

#include "gateway/actes/detached_xades.hpp"
#include "gateway/papers/pdf_check.hpp"
#include "gateway/papers/pdf_signature.hpp"
#include "protocols/actes/budget.hpp"
#include "protocols/base/limits.hpp"
#include "protocols/base/whole.hpp"
#include "protocols/baseline/detached.hpp"

namespace demat::actes_road {
namespace {

Finding infected(const std::string& name, const std::string& threat) {
  return {"antivirus.infected",
          Severity::error,
          {0, name},
          fmt::format("L'antivirus a reconnu une menace ({}) dans « {} » : rien n'est transmis. Vérifiez le "
                      "poste qui l'a produit, puis déposez un fichier sain.",
                      threat, name),
          fmt::format("The antivirus found a threat ({}) in \"{}\": nothing is sent. Check the machine that "
                      "made it, then post a clean file.",
                      threat, name)};
}

Finding budget_too_large(const std::string& name) {
  return {"actes.budget.too_large",
          Severity::error,
          {0, name},
          fmt::format("Le document budgétaire « {} » dépasse la taille qui peut être contrôlée.", name),
          fmt::format("The budget document \"{}\" is larger than can be checked.", name)};
}

Result<actes::Media> media_of(const ByteSource& bytes) {
  std::array<char, actes::media_window> window{};
  const auto got = bytes.read(0, window);
  if (!got) return failure(got.error());
  return actes::sniff({window.data(), *got});
}

/// What is known of one signature, whatever its format.
struct Found {
  const char* format;
  std::string id;
  bool intact = false;
  bool names_certificate = false;  ///< its format asks for that
  std::optional<trust::Extent> extent{};
};

/// One that cannot be checked here has been warned about, and tells nothing to judge.
void add_signer(const papers::Signer& signer, const Found& found, const Report& said, const std::string& name,
                std::vector<trust::SignatureInput>& into) {
  if (signer.certificate_der.empty() || (!found.intact && !said.refused())) return;
  trust::SignatureInput input;
  input.id = found.id;
  input.format = found.format;
  input.covers = name;
  input.extent = found.extent;
  input.cryptography = found.intact ? trust::Indication::passed : trust::Indication::failed;
  if (!found.intact) {
    input.findings = said.findings;
    input.sub_indication = "HASH_FAILURE";
  }
  input.certificate_der = signer.certificate_der;
  input.offered = signer.offered;
  if (signer.signed_at) input.signed_at = std::chrono::floor<std::chrono::seconds>(*signer.signed_at);
  input.digest = signer.digest;
  if (signer.named == papers::NamedCertificate::none)
    input.naming = found.names_certificate ? trust::Naming::missing : trust::Naming::unneeded;
  if (!signer.stamp_token.empty()) input.stamps.push_back({signer.stamp_token, signer.value});
  into.push_back(std::move(input));
}

void add_pdf_signature(const papers::PdfSignature& one, std::size_t size, const Report& said,
                       const std::string& name, std::vector<trust::SignatureInput>& into) {
  Found found{"PAdES", one.field, one.intact, one.sub_filter == "ETSI.CAdES.detached",
              trust::Extent{size - one.bytes_after, size}};
  add_signer(one.signer, found, said, name, into);
  for (const auto& signer : one.further)
    add_signer(signer, found, said, name, into);
}

Status check_pdf_file(const ByteSource& bytes, const std::string& name, Contents& out) {
  auto sound = papers::check_pdf(bytes, name);
  if (!sound) return failure(sound.error());
  const bool refused = sound->report.refused();
  out.report.append(std::move(sound->report));
  if (refused || !sound->signature) return {};
  auto signatures = papers::check_signatures(bytes, name);
  if (!signatures) return failure(signatures.error());
  for (const auto& one : signatures->signatures)
    if (!one.timestamp) add_pdf_signature(one, bytes.size(), signatures->report, name, out.signatures);
  out.report.append(std::move(signatures->report));
  return {};
}

Finding not_judged(std::string_view code, const std::string& name, std::string_view fr, std::string_view en) {
  return {std::string(code),
          Severity::warning,
          {0, name},
          fmt::format(fmt::runtime(fr), name),
          fmt::format(fmt::runtime(en), name)};
}

/// Why a signature inside a budget tells nothing to judge, if so. A seal that came after the signature is
/// part of the document then, and the signature covers what was there before (a seal over a signature over
/// the seal cannot be).
std::optional<Finding> left_aside(const std::vector<Finding>& found, bool sealed, const std::string& name) {
  const auto is_one_of = [](const std::string& code, std::initializer_list<std::string_view> codes) {
    return std::ranges::find(codes, code) != codes.end();
  };
  std::size_t errors = 0;
  bool unsupported = false;
  bool altered = false;
  for (const auto& one : found) {
    if (one.severity != Severity::error) continue;
    ++errors;
    unsupported |= is_one_of(one.code, {"xades.algorithm", "xades.canonicalization", "xades.transform",
                                        "xades.reference", "xades.structure"});
    // The seal stands anywhere among the children of the root.
    altered |= is_one_of(one.code, {"xades.digest_content", "xades.position"});
  }
  if (unsupported)
    return not_judged("actes.budget.signature_unsupported", name,
                      "La signature placée dans « {} » est d'une forme qui n'est pas contrôlée ici.",
                      "The signature inside \"{}\" is of a form that is not checked here.");
  if (sealed && altered && errors == 1)
    return not_judged(
        "actes.budget.signed_before_seal", name,
        "« {} » a été scellé après sa signature : celle-ci ne couvre pas le scellement et n'est "
        "pas jugée.",
        "\"{}\" was sealed after it was signed: the signature does not cover the seal and is not "
        "judged.");
  return std::nullopt;
}

/// An enveloped XAdES-B or T of the document itself (signature A8); other forms of ds:Signature are left to
/// who receives them.
Status check_enveloped(std::string_view xml, const std::string& name, Contents& out) {
  const auto document = xml::parse_borrowed(xml);
  if (!document || !baseline::has_baseline(*document)) return {};
  auto verified = baseline::verify_baseline(*document, std::nullopt);
  if (!verified) return failure(verified.error());
  const bool sealed = !document->all("Scellement", actes::budget_ns).empty();
  if (auto aside = left_aside(verified->signature.findings, sealed, name)) {
    out.report.add(std::move(*aside));
    return {};
  }
  take_xades(std::move(*verified), name, out);
  return {};
}

/// Whether a budget follows the schema of TotEM. It only warns: the préfecture judges, and publishers are
/// ahead of the schema at times. Documents of another root are left to check_budget().
void check_budget_schema(std::string_view xml, const xml::SchemaPack& budgets, const std::string& name,
                         Report& report) {
  constexpr std::size_t told = 5;
  Report found;
  if (!budgets.check(xml, {}, found)) return;  // not XML: said already
  std::size_t count = 0;
  for (auto& finding : found.findings) {
    if (finding.code == "xsd.unknown_root" || ++count > told) continue;
    finding.code = "actes.budget.schema";
    finding.severity = Severity::warning;
    finding.place.path = name + ": " + finding.place.path;
    report.add(std::move(finding));
  }
}

/// The XML document of an acte of nature 5 is a budget, whose seal must hold, and so must that of a budget
/// among its annexes (actes 4.1-10); every other XML is a form that nobody checks.
Status check_xml_file(const Deposit& deposit, const ByteSource& bytes, const DepositFile& file,
                      const xml::SchemaPack* budgets, Contents& out) {
  if (deposit.code != actes::Code::acte || deposit.nature != "5") return {};
  if (bytes.size() > limits::max_return_bytes) {
    out.report.add(budget_too_large(file.name));
    return {};
  }
  const auto xml = whole(bytes);
  if (!xml) return failure(xml.error());
  out.report.append(actes::check_budget(
      *xml, file.name, file.role == "acte" ? actes::BudgetPlace::document : actes::BudgetPlace::annexe));
  if (budgets != nullptr) check_budget_schema(*xml, *budgets, file.name, out.report);
  return check_enveloped(*xml, file.name, out);
}

/// The signature that came with a file: XAdES, else PKCS#7 (signature A5, A7).
Status check_signature_beside(const ByteSource& bytes, const DepositFile& file, Contents& out) {
  if (const auto xml = baseline::detached_xml(file.signature))
    return check_detached_xades(bytes, *xml, file.name, out);
  auto detached = papers::check_detached(bytes, file.signature, file.name);
  if (!detached) return failure(detached.error());
  for (const auto& signer : detached->signers) {
    const bool cades = signer.named == papers::NamedCertificate::same;
    add_signer(signer, {cades ? "CAdES" : "PKCS#7", {}, detached->intact}, detached->report, file.name,
               out.signatures);
  }
  out.report.append(std::move(detached->report));
  return {};
}

/// Contracts of public procurement: bidders sign with whatever they have (signature A3).
bool needs_integrity_only(const Deposit& deposit) {
  return deposit.nature == "4" && (deposit.matieres == "1.1" || deposit.matieres.starts_with("1.1."));
}

}  // namespace

Result<Contents> look_into(const Deposit& deposit, const Opener& open, const ContentDoors& doors) {
  Contents out;
  for (const auto& file : deposit.files) {
    const auto payload = open(file.sha256);
    if (!payload) return failure(payload.error());
    const ByteSource& bytes = **payload;
    const auto media = media_of(bytes);
    if (!media) return failure(media.error());
    out.media.push_back(*media);
    if (doors.scanner) {
      const auto threat = doors.scanner(bytes);
      if (!threat) return failure(threat.error());
      if (!threat->empty()) {
        out.infected = true;
        out.report.add(infected(file.name, *threat));
        continue;
      }
    }
    Status looked;
    if (*media == actes::Media::pdf) looked = check_pdf_file(bytes, file.name, out);
    if (*media == actes::Media::xml) looked = check_xml_file(deposit, bytes, file, doors.budgets.get(), out);
    if (!looked) return failure(looked.error());
    if (file.signature.empty()) continue;
    if (auto status = check_signature_beside(bytes, file, out); !status) return failure(status.error());
  }
  for (auto& signature : out.signatures)
    signature.integrity_only = needs_integrity_only(deposit);
  return out;
}

}  // namespace demat::actes_road
