#include "protocols/trust/facts.hpp"

#include <openssl/asn1t.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "protocols/trust/errors.hpp"
#include "protocols/trust/facts_of.hpp"

namespace demat::trust {
namespace {

struct UsageName {
  std::uint32_t bit;
  const char* name;
};

constexpr std::array usage_names = std::to_array<UsageName>({
    {KU_DIGITAL_SIGNATURE, "digitalSignature"},
    {KU_NON_REPUDIATION, "nonRepudiation"},
    {KU_KEY_ENCIPHERMENT, "keyEncipherment"},
    {KU_DATA_ENCIPHERMENT, "dataEncipherment"},
    {KU_KEY_AGREEMENT, "keyAgreement"},
    {KU_KEY_CERT_SIGN, "keyCertSign"},
    {KU_CRL_SIGN, "cRLSign"},
    {KU_ENCIPHER_ONLY, "encipherOnly"},
    {KU_DECIPHER_ONLY, "decipherOnly"},
});

std::vector<std::string> usages_of(X509* certificate) {
  const auto bits = X509_get_key_usage(certificate);
  std::vector<std::string> out;
  if (bits == UINT32_MAX) return out;
  for (const auto& usage : usage_names)
    if ((bits & usage.bit) != 0) out.emplace_back(usage.name);
  return out;
}

std::vector<std::string> extended_usages_of(const X509* certificate) {
  const Owned<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free> usages(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
  std::vector<std::string> out;
  for (int i = 0; usages && i < sk_ASN1_OBJECT_num(usages.get()); ++i) {
    const ASN1_OBJECT* const usage = sk_ASN1_OBJECT_value(usages.get(), i);
    const int nid = OBJ_obj2nid(usage);
    out.push_back(nid == NID_undef ? oid_text(usage) : OBJ_nid2sn(nid));
  }
  return out;
}

std::vector<std::string> policies_of(const X509* certificate) {
  const Owned<CERTIFICATEPOLICIES, CERTIFICATEPOLICIES_free> policies(static_cast<CERTIFICATEPOLICIES*>(
      X509_get_ext_d2i(certificate, NID_certificate_policies, nullptr, nullptr)));
  std::vector<std::string> out;
  for (int i = 0; policies && i < sk_POLICYINFO_num(policies.get()); ++i)
    out.push_back(oid_text(sk_POLICYINFO_value(policies.get(), i)->policyid));
  return out;
}

using SequencePtr =
    Owned<ASN1_SEQUENCE_ANY, [](ASN1_SEQUENCE_ANY* all) { sk_ASN1_TYPE_pop_free(all, ASN1_TYPE_free); }>;

SequencePtr sequence(const ASN1_STRING* der) {
  const unsigned char* at = ASN1_STRING_get0_data(der);
  return SequencePtr(d2i_ASN1_SEQUENCE_ANY(nullptr, &at, ASN1_STRING_length(der)));
}

/// The OIDs of the QcStatements (ETSI EN 319 412-5).
std::vector<std::string> qualified_statements(const X509* certificate) {
  std::vector<std::string> out;
  const int index = X509_get_ext_by_NID(certificate, NID_qcStatements, -1);
  if (index < 0) return out;
  const auto statements = sequence(X509_EXTENSION_get_data(X509_get_ext(certificate, index)));
  for (int i = 0; statements && i < sk_ASN1_TYPE_num(statements.get()); ++i) {
    const ASN1_TYPE* const one = sk_ASN1_TYPE_value(statements.get(), i);
    if (one->type != V_ASN1_SEQUENCE) continue;
    const auto parts = sequence(one->value.sequence);
    if (!parts || sk_ASN1_TYPE_num(parts.get()) == 0) continue;
    const ASN1_TYPE* const id = sk_ASN1_TYPE_value(parts.get(), 0);
    if (id->type == V_ASN1_OBJECT) out.push_back(oid_text(id->value.object));
  }
  return out;
}

/// Nine digits at the end of `text`, after `prefix`.
std::string siren_after(std::string_view text, std::string_view prefix) {
  constexpr std::size_t digits = 9;
  if (!text.starts_with(prefix)) return {};
  text.remove_prefix(prefix.size());
  while (text.starts_with(' '))
    text.remove_prefix(1);
  // A SIRET says the SIREN first.
  text = text.substr(0, digits);
  const bool good = text.size() == digits && std::all_of(text.begin(), text.end(), [](unsigned char c) {
                      return std::isdigit(c) != 0;
                    });
  return good ? std::string(text) : std::string();
}

std::string siren_of(const X509_NAME* subject) {
  for (int i = 0; i < X509_NAME_entry_count(subject); ++i) {
    const X509_NAME_ENTRY* const entry = X509_NAME_get_entry(subject, i);
    const int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
    if (nid != NID_organizationalUnitName && nid != NID_organizationIdentifier) continue;
    const ASN1_STRING* const value = X509_NAME_ENTRY_get_data(entry);
    const std::string_view text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                                static_cast<std::size_t>(ASN1_STRING_length(value)));
    for (const auto* prefix : {"0002", "NTRFR-", "SI:FR-"})
      if (auto siren = siren_after(text, prefix); !siren.empty()) return siren;
  }
  return {};
}

std::string key_kind(const EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
      return "RSA";
    case EVP_PKEY_EC:
      return "EC";
    default: {
      const char* const name = EVP_PKEY_get0_type_name(key);
      return name != nullptr ? name : "?";
    }
  }
}

bool has(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace

CertificateFacts facts_of(X509* certificate) {
  CertificateFacts facts;
  const X509_NAME* const subject = X509_get_subject_name(certificate);
  facts.subject = name_text(subject);
  facts.issuer = name_text(X509_get_issuer_name(certificate));
  facts.name = display_name(subject);
  facts.issuer_name = display_name(X509_get_issuer_name(certificate));
  facts.given_name = part_of(subject, NID_givenName);
  facts.surname = part_of(subject, NID_surname);
  facts.organisation = part_of(subject, NID_organizationName);
  facts.email = part_of(subject, NID_pkcs9_emailAddress);
  facts.siren = siren_of(subject);
  const ASN1_INTEGER* const serial = X509_get0_serialNumber(certificate);
  facts.serial_decimal = decimal(serial);
  facts.serial =
      upper(hex({ASN1_STRING_get0_data(serial), static_cast<std::size_t>(ASN1_STRING_length(serial))}));
  const Bytes der = der_of(certificate);
  facts.sha256 = fingerprint(der).str();
  facts.sha1 = sha1(as_text(der)).str();
  facts.not_before = instant_of(X509_get0_notBefore(certificate)).value_or(Instant{});
  facts.not_after = instant_of(X509_get0_notAfter(certificate)).value_or(Instant{});
  const EVP_PKEY* const key = X509_get0_pubkey(certificate);
  facts.key_kind = key_kind(key);
  facts.key_bits = EVP_PKEY_get_bits(key);
  facts.signature_digest = digest_of_signature(X509_get_signature_nid(certificate));
  facts.key_usage = usages_of(certificate);
  facts.extended_key_usage = extended_usages_of(certificate);
  facts.policies = policies_of(certificate);
  facts.authority = X509_check_ca(certificate) != 0;
  const auto statements = qualified_statements(certificate);
  facts.qualified = has(statements, "0.4.0.1862.1.1");
  facts.qualified_device = has(statements, "0.4.0.1862.1.4");
  return facts;
}

Result<CertificateFacts> describe(std::span<const std::uint8_t> der) {
  const auto certificate = parse_certificate(der);
  if (!certificate) return failure(certificate_unreadable());
  return facts_of(certificate.get());
}

}  // namespace demat::trust
