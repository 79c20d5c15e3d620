#include "pki_kit.hpp"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <stdexcept>

#include "protocols/base/owned.hpp"

namespace demat::test {
namespace {

void need(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("pki kit: ") + what);
}

void name_it(X509_NAME* name, const std::string& common) {
  for (const auto& [type, value] : {std::pair<const char*, std::string>{"C", "FR"},
                                    {"O", "COMMUNE D ESSAI"},
                                    {"OU", "0002 000000000"},
                                    {"CN", common}})
    need(X509_NAME_add_entry_by_txt(name, type, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(value.data()),
                                    static_cast<int>(value.size()), -1, 0) == 1,
         "name");
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> one(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  need(one && X509_add_ext(certificate, one.get(), -1) == 1, value.c_str());
}

void state_policy(X509* certificate, const std::string& oid) {
  const Owned<CERTIFICATEPOLICIES, CERTIFICATEPOLICIES_free> policies(CERTIFICATEPOLICIES_new());
  POLICYINFO* const one = POLICYINFO_new();
  one->policyid = OBJ_txt2obj(oid.c_str(), 1);
  need(one->policyid != nullptr && sk_POLICYINFO_push(policies.get(), one) > 0, "policy");
  need(X509_add1_ext_i2d(certificate, NID_certificate_policies, policies.get(), 0, 0) == 1, "policies");
}

long next_serial() {
  static long serial = 1000;
  return ++serial;
}

std::string usage_of(const HolderWish& wish) {
  if (wish.key_usage) return *wish.key_usage;
  return wish.authority ? "critical,keyCertSign,cRLSign" : "critical,nonRepudiation";
}

template <class Write>
std::string pem_of(Write write) {
  const Owned<BIO, BIO_free> bio(BIO_new(BIO_s_mem()));
  need(write(bio.get()) == 1, "PEM");
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

Owned<ASN1_TIME, ASN1_TIME_free> time_of(const std::string& text) {
  Owned<ASN1_TIME, ASN1_TIME_free> time(ASN1_TIME_new());
  need(ASN1_TIME_set_string_X509(time.get(), text.c_str()) == 1, "time");
  return time;
}

void add_entry(X509_CRL* list, const Revoked& one) {
  X509_REVOKED* const entry = X509_REVOKED_new();
  need(X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(one.holder->certificate.get())) == 1,
       "entry");
  need(X509_REVOKED_set_revocationDate(entry, time_of(one.since).get()) == 1, "date");
  if (one.reason >= 0) {
    const Owned<ASN1_ENUMERATED, ASN1_ENUMERATED_free> reason(ASN1_ENUMERATED_new());
    ASN1_ENUMERATED_set(reason.get(), one.reason);
    need(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason.get(), 0, 0) == 1, "reason");
  }
  if (!one.invalid_since.empty()) {
    const Owned<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free> when(ASN1_GENERALIZEDTIME_new());
    need(ASN1_GENERALIZEDTIME_set_string(when.get(), one.invalid_since.c_str()) == 1, "invalidityDate");
    need(X509_REVOKED_add1_ext_i2d(entry, NID_invalidity_date, when.get(), 0, 0) == 1, "invalidityDate");
  }
  need(X509_CRL_add0_revoked(list, entry) == 1, "entry");
}

}  // namespace

Bytes Holder::der() const {
  Bytes out(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)));
  unsigned char* place = out.data();
  i2d_X509(certificate.get(), &place);
  return out;
}

std::string Holder::pem() const {
  return pem_of([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); });
}

std::string key_pem(const Holder& holder) {
  return pem_of([&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, holder.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

Holder issue(const HolderWish& wish, const Holder* issuer) {
  Holder made{
      std::unique_ptr<EVP_PKEY, KeyFree>(wish.elliptic ? EVP_EC_gen("P-256") : EVP_RSA_gen(wish.rsa_bits)),
      std::unique_ptr<X509, CertificateFree>(X509_new())};
  X509* const certificate = made.certificate.get();
  X509* const parent = issuer != nullptr ? issuer->certificate.get() : certificate;
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), wish.serial != 0 ? wish.serial : next_serial());
  X509_set1_notBefore(certificate, time_of(wish.not_before).get());
  X509_set1_notAfter(certificate, time_of(wish.not_after).get());
  name_it(X509_get_subject_name(certificate), wish.name);
  X509_set_issuer_name(certificate, X509_get_subject_name(parent));
  X509_set_pubkey(certificate, made.key.get());
  extend(certificate, parent, NID_basic_constraints, wish.authority ? "critical,CA:TRUE" : "CA:FALSE");
  if (const auto usage = usage_of(wish); !usage.empty()) extend(certificate, parent, NID_key_usage, usage);
  if (!wish.extended_key_usage.empty())
    extend(certificate, parent, NID_ext_key_usage, wish.extended_key_usage);
  extend(certificate, parent, NID_subject_key_identifier, "hash");
  if (issuer != nullptr) extend(certificate, parent, NID_authority_key_identifier, "keyid");
  if (!wish.policies.empty()) state_policy(certificate, wish.policies);
  if (!wish.information.empty()) extend(certificate, parent, NID_info_access, wish.information);
  if (!wish.crl_points.empty()) extend(certificate, parent, NID_crl_distribution_points, wish.crl_points);
  EVP_PKEY* const signer = issuer != nullptr ? issuer->key.get() : made.key.get();
  need(X509_sign(certificate, signer, EVP_get_digestbyname(wish.sign_digest.c_str())) > 0, "sign");
  return made;
}

Bytes make_list(const ListWish& wish, const Holder& issuer) {
  const Owned<X509_CRL, X509_CRL_free> list(X509_CRL_new());
  X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.certificate.get()));
  X509_CRL_set1_lastUpdate(list.get(), time_of(wish.this_update).get());
  if (!wish.next_update.empty()) X509_CRL_set1_nextUpdate(list.get(), time_of(wish.next_update).get());
  if (wish.number != 0) {
    const Owned<ASN1_INTEGER, ASN1_INTEGER_free> number(ASN1_INTEGER_new());
    ASN1_INTEGER_set(number.get(), wish.number);
    need(X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, number.get(), 0, 0) == 1, "number");
  }
  if (wish.keeps_expired) {
    const Owned<ASN1_OBJECT, ASN1_OBJECT_free> id(OBJ_txt2obj("2.5.29.60", 1));
    const Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> value(ASN1_OCTET_STRING_new());
    // A GeneralizedTime in DER.
    const std::string since =
        "\x18\x0f"
        "20240101000000Z";
    ASN1_OCTET_STRING_set(value.get(), reinterpret_cast<const unsigned char*>(since.data()),
                          static_cast<int>(since.size()));
    const Owned<X509_EXTENSION, X509_EXTENSION_free> one(
        X509_EXTENSION_create_by_OBJ(nullptr, id.get(), 0, value.get()));
    need(X509_CRL_add_ext(list.get(), one.get(), -1) == 1, "expiredCertsOnCRL");
  }
  if (!wish.scope.empty()) {
    const Owned<X509_EXTENSION, X509_EXTENSION_free> one(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_issuing_distribution_point, wish.scope.c_str()));
    need(one && X509_CRL_add_ext(list.get(), one.get(), -1) == 1, "scope");
  }
  for (const auto& one : wish.revoked)
    add_entry(list.get(), one);
  X509_CRL_sort(list.get());
  need(X509_CRL_sign(list.get(), issuer.key.get(), EVP_sha256()) > 0, "sign list");
  Bytes out(static_cast<std::size_t>(i2d_X509_CRL(list.get(), nullptr)));
  unsigned char* place = out.data();
  i2d_X509_CRL(list.get(), &place);
  return out;
}

std::string list_pem(const Bytes& der) {
  const unsigned char* place = der.data();
  const Owned<X509_CRL, X509_CRL_free> list(d2i_X509_CRL(nullptr, &place, static_cast<long>(der.size())));
  return pem_of([&](BIO* bio) { return PEM_write_bio_X509_CRL(bio, list.get()); });
}

const Pki& ordinary_pki() {
  static const Pki pki = [] {
    Pki made;
    made.root = issue({.name = "Racine d'essai", .authority = true, .not_after = "20500101000000Z"}, nullptr);
    made.sub =
        issue({.name = "Signataires d'essai", .authority = true, .not_after = "20450101000000Z"}, &made.root);
    made.leaf = issue({.policies = "1.2.250.1.999.1.2.1"}, &made.sub);
    return made;
  }();
  return pki;
}

trust::Instant at(const char* iso) {
  return xades::parse_instant(iso).value();
}

trust::Contents contents_of(const Pki& pki) {
  trust::Contents contents;
  contents.name = "essai";
  contents.rules.policies = {"1.2.250.1.999.1.2.1"};
  contents.anchors = {{"root.pem", pki.root.der()}};
  contents.issuers = {{"sub.pem", pki.sub.der()}};
  contents.crls = {{"root.crl", make_list({}, pki.root)}, {"sub.crl", make_list({}, pki.sub)}};
  return contents;
}

trust::TrustProfile profile_of(trust::Contents contents) {
  auto made = trust::TrustProfile::make(std::move(contents));
  need(made.has_value(), made ? "" : made.error().code.c_str());
  return *made;
}

trust::Question question_of(const Holder& leaf) {
  trust::Question question;
  question.certificate_der = leaf.der();
  question.signed_at = at("2026-01-15T10:30:00Z");
  question.received = question.now = at("2026-01-15T12:00:00Z");
  return question;
}

std::string codes(const trust::SignerReport& report, trust::Outcome outcome) {
  std::string out;
  for (const auto& check : report.checks)
    if (check.outcome == outcome) out += (out.empty() ? "" : " ") + check.code;
  return out;
}

}  // namespace demat::test
