#include "cms_kit.hpp"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "protocols/base/digest.hpp"
#include "protocols/base/owned.hpp"

namespace demat::papers::kit {

namespace {

using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using Certificate = Owned<X509, X509_free>;
using Bio = Owned<BIO, BIO_free_all>;
using Cms = Owned<CMS_ContentInfo, CMS_ContentInfo_free>;

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(length)};
}

constexpr std::size_t hole_digits = 12'000;

std::string ten(std::size_t number) {
  const std::string digits = std::to_string(number);
  return std::string(10 - digits.size(), '0') + digits;
}

/// An update section: the objects, their table, a trailer that points back.
std::string update(const std::string& pdf, const std::vector<std::pair<int, std::string>>& objects) {
  const auto last = pdf.rfind("startxref\n");
  const std::string previous = pdf.substr(last + 10, pdf.find('\n', last + 10) - last - 10);
  std::string out = pdf;
  std::string table = "xref\n";
  int size = 2'000;  // beyond what the document itself holds
  for (const auto& [number, body] : objects) {
    table += std::to_string(number) + " 1\n" + ten(out.size()) + " 00000 n \n";
    out += std::to_string(number) + " 0 obj\n" + body + "\nendobj\n";
    size = std::max(size, number + 1);
  }
  const std::size_t place = out.size();
  return out + table + "trailer\n<< /Size " + std::to_string(size) + " /Root 1 0 R /Prev " + previous +
         " >>\nstartxref\n" + std::to_string(place) + "\n%%EOF\n";
}

}  // namespace

struct Identity::Impl {
  Key key;
  Certificate certificate;
};

Identity::Identity(const std::string& name) : impl_(std::make_unique<Impl>()) {
  impl_->key.reset(EVP_RSA_gen(2048));
  impl_->certificate.reset(X509_new());
  X509* certificate = impl_->certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 0x4D61);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -86'400);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86'400L * 365);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.data()),
                             static_cast<int>(name.size()), -1, 0);
  X509_set_issuer_name(certificate, subject);
  X509_set_pubkey(certificate, impl_->key.get());
  if (X509_sign(certificate, impl_->key.get(), EVP_sha256()) == 0) throw std::runtime_error("no certificate");
}

Identity Identity::twin() const {
  Identity made("twin");
  made.impl_->certificate.reset(X509_dup(impl_->certificate.get()));
  EVP_PKEY_up_ref(impl_->key.get());
  made.impl_->key.reset(impl_->key.get());
  X509_gmtime_adj(X509_getm_notAfter(made.impl_->certificate.get()), 86'400L * 300);
  if (X509_sign(made.impl_->certificate.get(), made.impl_->key.get(), EVP_sha256()) == 0)
    throw std::runtime_error("no certificate");
  return made;
}

Identity::~Identity() = default;
Identity::Identity(Identity&&) noexcept = default;

std::string Identity::sign(std::string_view bytes) const {
  return sign(bytes, Choice{});
}

std::string Identity::sign(std::string_view bytes, Choice choice) const {
  const Bio in(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  unsigned flags = CMS_BINARY;
  if (choice.detached) flags |= CMS_DETACHED;
  if (!choice.certificate_inside) flags |= CMS_NOCERTS;
  if (choice.names_certificate) flags |= CMS_CADES;
  if (!choice.attributes) flags |= CMS_NOATTR;
  std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * all) { sk_X509_free(all); })> more(
      sk_X509_new_null());
  if (choice.beside) sk_X509_push(more.get(), choice.beside->impl_->certificate.get());
  const Cms cms(CMS_sign(impl_->certificate.get(), impl_->key.get(), more.get(), in.get(), flags));
  const Bio out(BIO_new(BIO_s_mem()));
  if (!cms || i2d_CMS_bio(out.get(), cms.get()) != 1) throw std::runtime_error("no CMS");
  return text_of(out.get());
}

std::string Identity::certificate_der() const {
  const Bio out(BIO_new(BIO_s_mem()));
  if (i2d_X509_bio(out.get(), impl_->certificate.get()) != 1) throw std::runtime_error("no DER");
  return text_of(out.get());
}

std::string pem(std::string_view der, const std::string& label) {
  const std::string text = base64(as_bytes(der));
  std::string out = "-----BEGIN " + label + "-----\n";
  for (std::size_t i = 0; i < text.size(); i += 64)
    out += text.substr(i, 64) + "\n";
  return out + "-----END " + label + "-----\n";
}

std::string sha1_of(std::string_view bytes) {
  Digester digester(Digester::Algorithm::sha1);
  digester.update(bytes);
  const Bytes digest = digester.finish();
  return std::string(as_text(digest));
}

std::string signed_pdf(const std::string& pdf, const Identity& identity, const SigningChoice& choice) {
  const auto catalog_start = pdf.rfind("\n1 0 obj\n") + 9;
  std::string catalog = pdf.substr(catalog_start, pdf.find("\nendobj", catalog_start) - catalog_start);
  const std::string form = "/AcroForm << /SigFlags 3 /Fields [";
  int number = 2'000;
  while (pdf.find("\n" + std::to_string(number) + " 0 obj") != pdf.npos)
    number += 2;
  const std::string reference = std::to_string(number) + " 0 R ";
  if (const auto at = catalog.find(form); at != catalog.npos)
    catalog.insert(at + form.size(), reference);
  else
    catalog.insert(catalog.rfind(">>"), form + reference + "] >> ");
  const std::string range_room(60, ' ');
  const std::string value = "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /" + choice.sub_filter +
                            " /ByteRange [" + range_room + "] /Contents <" + std::string(hole_digits, '0') +
                            ">" + (choice.made_at.empty() ? "" : " /M (" + choice.made_at + ")") + " >>";
  const std::string widget = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (" + choice.field +
                             ") /Rect [0 0 0 0] /F 132 /V " + std::to_string(number + 1) + " 0 R >>";
  std::string out = update(pdf, {{1, catalog}, {number, widget}, {number + 1, value}});
  const auto start = out.rfind("/Contents <") + 10;
  const auto end = start + hole_digits + 2;
  std::string range =
      "0 " + std::to_string(start) + " " + std::to_string(end) + " " + std::to_string(out.size() - end);
  range.resize(range_room.size(), ' ');
  out.replace(out.rfind("/ByteRange [") + 12, range.size(), range);
  std::string covered = out.substr(0, start) + out.substr(end);
  if (choice.sub_filter == "adbe.pkcs7.sha1") covered = sha1_of(covered);
  const std::string digits = hex(as_bytes(identity.sign(covered, choice.cms)));
  if (digits.size() > hole_digits) throw std::runtime_error("the hole is too small");
  return out.replace(start + 1, digits.size(), digits);
}

std::string updated_pdf(const std::string& pdf, int number, const std::string& body) {
  return update(pdf, {{number, body}});
}

}  // namespace demat::papers::kit
