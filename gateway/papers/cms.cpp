#include "gateway/papers/cms.hpp"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>

#include "protocols/base/owned.hpp"
#include "protocols/cms/bound_certificate.hpp"
#include "protocols/cms/handles.hpp"

namespace demat::papers {

namespace {

using Bio = Owned<BIO, BIO_free_all>;
using BioMethod = Owned<BIO_METHOD, BIO_meth_free>;
using Cms = Owned<CMS_ContentInfo, CMS_ContentInfo_free>;
using Info = Owned<TS_TST_INFO, TS_TST_INFO_free>;
using Number = Owned<BIGNUM, BN_free>;
using Hexadecimal = std::unique_ptr<char, decltype([](char* text) { OPENSSL_free(text); })>;

/// The covered bytes one after the other.
struct Reader {
  const ByteSource& document;
  const std::vector<Span>& covered;
  std::size_t span = 0;
  std::size_t done = 0;  ///< of that span
  std::optional<Error> error;

  /// 0 at the end, or when the document ends before the span does.
  std::size_t read(std::span<char> buffer) {
    while (span < covered.size() && done == covered[span].length) {
      ++span;
      done = 0;
    }
    if (span == covered.size() || buffer.empty() || error) return 0;
    const std::size_t wanted = std::min(buffer.size(), covered[span].length - done);
    const auto got = document.read(covered[span].offset + done, buffer.first(wanted));
    if (!got) error = got.error();
    if (!got) return 0;
    done += *got;
    return *got;
  }
};

int read_covered(BIO* bio, char* buffer, int length) {
  auto* reader = static_cast<Reader*>(BIO_get_data(bio));
  if (length <= 0) return 0;
  return static_cast<int>(reader->read({buffer, static_cast<std::size_t>(length)}));
}

long control(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BioMethod make_method() {
  BioMethod method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "covered bytes"));
  BIO_meth_set_read(method.get(), read_covered);
  BIO_meth_set_ctrl(method.get(), control);
  return method;
}

Bio bio_over(Reader& reader) {
  static const BioMethod method = make_method();
  Bio bio(BIO_new(method.get()));
  BIO_set_data(bio.get(), &reader);
  BIO_set_init(bio.get(), 1);
  return bio;
}

std::string text_of(const X509_NAME* name) {
  const Bio out(BIO_new(BIO_s_mem()));
  constexpr unsigned long flags = (XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB)) |
                                  static_cast<unsigned long>(ASN1_STRFLGS_UTF8_CONVERT);
  X509_NAME_print_ex(out.get(), name, 0, flags);
  char* data = nullptr;
  const long length = BIO_get_mem_data(out.get(), &data);
  return length > 0 ? std::string(data, static_cast<std::size_t>(length)) : std::string();
}

std::optional<Instant> instant_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  const std::chrono::sys_days day(std::chrono::year_month_day(
      std::chrono::year(parts.tm_year + 1900), std::chrono::month(static_cast<unsigned>(parts.tm_mon + 1)),
      std::chrono::day(static_cast<unsigned>(parts.tm_mday))));
  return Instant(day) + std::chrono::hours(parts.tm_hour) + std::chrono::minutes(parts.tm_min) +
         std::chrono::seconds(parts.tm_sec);
}

std::string hexadecimal(const ASN1_INTEGER* number) {
  const Number value(ASN1_INTEGER_to_BN(number, nullptr));
  const Hexadecimal text(value ? BN_bn2hex(value.get()) : nullptr);
  return text ? text.get() : "";
}

Bytes der_of(X509* certificate) {
  Bytes der(static_cast<std::size_t>(std::max(0, i2d_X509(certificate, nullptr))));
  unsigned char* out = der.data();
  i2d_X509(certificate, &out);
  return der;
}

void describe_certificate(Signer& signer, X509* certificate) {
  signer.subject = text_of(X509_get_subject_name(certificate));
  signer.issuer = text_of(X509_get_issuer_name(certificate));
  signer.serial = hexadecimal(X509_get0_serialNumber(certificate));
  signer.not_before = instant_of(X509_get0_notBefore(certificate)).value_or(Instant{});
  signer.not_after = instant_of(X509_get0_notAfter(certificate)).value_or(Instant{});
  signer.certificate_der = der_of(certificate);
}

NamedCertificate named_certificate(const CMS_SignerInfo* info, const Signer& signer) {
  switch (cms::binding_of(info, signer.certificate_der)) {
    case cms::Binding::bound:
      return NamedCertificate::same;
    case cms::Binding::absent:
      return NamedCertificate::none;
    case cms::Binding::different:
    case cms::Binding::unreadable:
      return NamedCertificate::other;
  }
  return NamedCertificate::other;
}

std::span<const std::uint8_t> bytes_of(const ASN1_STRING* text) {
  if (!text) return {};
  return {ASN1_STRING_get0_data(text), static_cast<std::size_t>(ASN1_STRING_length(text))};
}

/// The first time stamp of the signature, if any (RFC 3161, appendix A).
Bytes stamp_of(CMS_SignerInfo* info) {
  const int at = CMS_unsigned_get_attr_by_NID(info, NID_id_smime_aa_timeStampToken, -1);
  X509_ATTRIBUTE* attribute = at < 0 ? nullptr : CMS_unsigned_get_attr(info, at);
  const ASN1_TYPE* value = attribute ? X509_ATTRIBUTE_get0_type(attribute, 0) : nullptr;
  if (!value || value->type != V_ASN1_SEQUENCE) return {};
  const auto der = bytes_of(value->value.sequence);
  return {der.begin(), der.end()};
}

std::optional<Instant> claimed_time(CMS_SignerInfo* info) {
  const int at = CMS_signed_get_attr_by_NID(info, NID_pkcs9_signingTime, -1);
  X509_ATTRIBUTE* attribute = at < 0 ? nullptr : CMS_signed_get_attr(info, at);
  const ASN1_TYPE* value = attribute ? X509_ATTRIBUTE_get0_type(attribute, 0) : nullptr;
  if (!value || (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME)) return std::nullopt;
  return instant_of(value->type == V_ASN1_UTCTIME ? value->value.utctime : value->value.generalizedtime);
}

Signer describe(CMS_SignerInfo* info) {
  Signer signer;
  X509* certificate = nullptr;
  X509_ALGOR* digest = nullptr;
  CMS_SignerInfo_get0_algs(info, nullptr, &certificate, &digest, nullptr);
  if (certificate) describe_certificate(signer, certificate);
  if (certificate) signer.named = named_certificate(info, signer);
  const ASN1_OBJECT* algorithm = nullptr;
  if (digest) X509_ALGOR_get0(&algorithm, nullptr, nullptr, digest);
  if (algorithm) signer.digest = OBJ_nid2sn(OBJ_obj2nid(algorithm));
  signer.signed_at = claimed_time(info);
  signer.stamp_token = stamp_of(info);
  const auto value = bytes_of(CMS_SignerInfo_get0_signature(info));
  signer.value.assign(value.begin(), value.end());
  return signer;
}

constexpr std::size_t most_certificates = 20;  // a chain has three or four

std::vector<Signer> signers_of(CMS_ContentInfo* cms) {
  std::vector<Signer> signers;
  auto* infos = CMS_get0_SignerInfos(cms);
  for (int i = 0; i < sk_CMS_SignerInfo_num(infos); ++i)
    signers.push_back(describe(sk_CMS_SignerInfo_value(infos, i)));
  const cms::CertificatesPtr inside(CMS_get1_certs(cms));
  for (int i = 0; inside && i < sk_X509_num(inside.get()); ++i) {
    const Bytes der = der_of(sk_X509_value(inside.get(), i));
    for (Signer& signer : signers)
      if (der != signer.certificate_der && signer.offered.size() < most_certificates)
        signer.offered.push_back(der);
  }
  return signers;
}

CmsOutcome::State state_of_failure() {
  CmsOutcome::State state = CmsOutcome::State::bad_value;
  while (const unsigned long error = ERR_get_error()) {
    if (ERR_GET_LIB(error) != ERR_LIB_CMS) continue;
    const int reason = ERR_GET_REASON(error);
    if (reason == CMS_R_CONTENT_VERIFY_ERROR) state = CmsOutcome::State::altered;
    if (reason == CMS_R_SIGNER_CERTIFICATE_NOT_FOUND) state = CmsOutcome::State::no_certificate;
  }
  return state;
}

Bytes digest_covered(Reader& reader, const EVP_MD* algorithm) {
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  if (!algorithm || EVP_DigestInit_ex(context.get(), algorithm, nullptr) != 1) return {};
  std::vector<char> chunk(65'536);
  while (const std::size_t got = reader.read(chunk))
    EVP_DigestUpdate(context.get(), chunk.data(), got);
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned int length = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &length);
  digest.resize(length);
  return digest;
}

std::span<const std::uint8_t> content_of(CMS_ContentInfo* cms) {
  ASN1_OCTET_STRING** content = CMS_get0_content(cms);
  return bytes_of(content ? *content : nullptr);
}

bool holds_sha1(CMS_ContentInfo* cms, Reader& reader) {
  return std::ranges::equal(content_of(cms), digest_covered(reader, EVP_sha1()));
}

/// The time of the token, when it stamps exactly these bytes.
std::optional<Instant> stamped_time(CMS_ContentInfo* cms, Reader& reader) {
  const auto content = content_of(cms);
  const unsigned char* at = content.data();
  const Info info(d2i_TS_TST_INFO(nullptr, &at, static_cast<long>(content.size())));
  if (!info) return std::nullopt;
  TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(info.get());
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
  const Bytes digest = digest_covered(reader, EVP_get_digestbyobj(algorithm));
  if (digest.empty() || !std::ranges::equal(bytes_of(TS_MSG_IMPRINT_get_msg(imprint)), digest))
    return std::nullopt;
  return instant_of(TS_TST_INFO_get_time(info.get()));
}

bool content_fits(CMS_ContentInfo* cms, CmsKind kind, Reader& reader, CmsOutcome& outcome) {
  if (kind == CmsKind::detached) return true;  // CMS_verify has read the bytes
  if (kind == CmsKind::sha1_inside) return holds_sha1(cms, reader);
  const auto time = stamped_time(cms, reader);
  if (time)
    for (Signer& signer : outcome.signers)
      signer.signed_at = time;
  return time.has_value();
}

// Real ones have one or two of each. Every digest means hashing the document once more, OpenSSL looks for
// each signer among all certificates, and reading a certificate takes a fifth of a millisecond.
constexpr std::size_t largest_cms = 8'388'608;
constexpr int most_digests = 8;
constexpr int most_signers = 64;
constexpr int most_certificates_inside = 256;

/// One element of DER or BER at the front of `text`: its content is what is left when it is constructed.
struct Head {
  int tag = 0;
  std::size_t length = 0;  ///< of the content
  bool indefinite = false;
};

std::optional<Head> take_head(std::span<const unsigned char>& text) {
  const unsigned char* at = text.data();
  long length = 0;
  Head head;
  int kind = 0;
  const int got = ASN1_get_object(&at, &length, &head.tag, &kind, static_cast<long>(text.size()));
  if ((got & 0x80) != 0) return std::nullopt;
  head.indefinite = (got & 1) != 0;
  head.length = static_cast<std::size_t>(length);
  text = text.subspan(static_cast<std::size_t>(at - text.data()));
  return head;
}

/// Whether SignedData announces few digests: asked before OpenSSL sets up each of them.
bool has_few_digests(std::span<const unsigned char> text) {
  const auto skip = [&] {
    const auto head = take_head(text);
    if (!head || head->indefinite || head->length > text.size()) return false;
    text = text.subspan(head->length);
    return true;
  };
  const bool inside = take_head(text) && skip() && take_head(text) && take_head(text) && skip();
  const auto set = inside ? take_head(text) : std::nullopt;
  if (!set || set->tag != V_ASN1_SET || set->indefinite || set->length > text.size()) return false;
  text = text.first(set->length);
  int count = 0;
  while (!text.empty())
    if (!skip() || ++count > most_digests) return false;
  return true;
}

/// Whether there is no more of anything than a signature may need.
bool is_moderate(CMS_ContentInfo* cms) {
  using Certificates =
      std::unique_ptr<STACK_OF(X509),
                      decltype([](STACK_OF(X509) * all) { sk_X509_pop_free(all, X509_free); })>;
  const Certificates inside(CMS_get1_certs(cms));
  return sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)) <= most_signers &&
         (!inside || sk_X509_num(inside.get()) <= most_certificates_inside);
}

}  // namespace

CmsOutcome verify_cms(std::string_view der, CmsKind kind, const ByteSource& document,
                      const std::vector<Span>& covered) {
  using State = CmsOutcome::State;
  CmsOutcome outcome;
  ERR_clear_error();
  const auto bytes = as_bytes(der);
  if (bytes.size() > largest_cms || !has_few_digests(bytes)) {
    ERR_clear_error();
    return outcome;
  }
  const unsigned char* at = bytes.data();
  const Cms cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(bytes.size())));
  if (!cms || OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed || !is_moderate(cms.get())) {
    ERR_clear_error();
    return outcome;
  }
  Reader reader{document, covered, 0, 0, {}};
  const Bio content = kind == CmsKind::detached ? bio_over(reader) : nullptr;
  constexpr unsigned flags = CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY;
  const bool holds = CMS_verify(cms.get(), nullptr, nullptr, content.get(), nullptr, flags) == 1;
  outcome.state = holds ? State::valid : state_of_failure();
  outcome.signers = signers_of(cms.get());
  if (holds && !content_fits(cms.get(), kind, reader, outcome)) outcome.state = State::altered;
  if (holds && std::ranges::any_of(outcome.signers,
                                   [](const Signer& one) { return one.named == NamedCertificate::other; }))
    outcome.state = State::other_certificate;
  if (reader.error) {
    outcome.state = State::source;
    outcome.source_error = *reader.error;
  }
  ERR_clear_error();
  return outcome;
}

}  // namespace demat::papers
