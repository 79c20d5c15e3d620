#include "signing_kit.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "protocols/base/owned.hpp"

namespace demat::test {
namespace {

using BioPtr = Owned<BIO, BIO_free>;

void need(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("signing kit: ") + what);
}

std::unique_ptr<EVP_PKEY, KeyFree> make_key(const IdentityWish& wish) {
  using ContextPtr = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
  EVP_PKEY* key = nullptr;
  if (wish.elliptic) return std::unique_ptr<EVP_PKEY, KeyFree>(EVP_EC_gen("P-256"));
  const ContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  need(EVP_PKEY_keygen_init(context.get()) == 1, "keygen");
  std::size_t bits = wish.rsa_bits;
  unsigned exponent = wish.exponent;
  const std::array<OSSL_PARAM, 3> parameters = {OSSL_PARAM_construct_size_t(OSSL_PKEY_PARAM_RSA_BITS, &bits),
                                                OSSL_PARAM_construct_uint(OSSL_PKEY_PARAM_RSA_E, &exponent),
                                                OSSL_PARAM_construct_end()};
  need(EVP_PKEY_CTX_set_params(context.get(), parameters.data()) == 1, "key parameters");
  need(EVP_PKEY_generate(context.get(), &key) == 1, "generate");
  return std::unique_ptr<EVP_PKEY, KeyFree>(key);
}

void set_serial(X509* certificate, const std::string& decimal) {
  BIGNUM* raw = nullptr;
  need(BN_dec2bn(&raw, decimal.c_str()) > 0, "serial");
  const Owned<BIGNUM, BN_free> number(raw);
  need(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr, "serial");
}

std::string contents(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string in_encoding(std::string text, const std::string& encoding) {
  if (encoding != "ISO-8859-1") return text;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // The documents below use no character beyond Latin-1: two bytes at most.
    out += c < 0x80
               ? text[i]
               : static_cast<char>(((c & 0x03U) << 6U) | (static_cast<unsigned char>(text[++i]) & 0x3FU));
  }
  return out;
}

std::string id_attribute(const std::string& id) {
  return id.empty() ? "" : " Id=\"" + id + "\"";
}

std::string make_bordereau(const std::string& id, int number, bool depense) {
  std::ostringstream out;
  out << "<Bordereau" << id_attribute(id) << ">\n<BlocBordereau><Exer V=\"2026\"/><IdBord V=\"" << number
      << "\"/><DteBordEm V=\"2026-01-15\"/><TypBord V=\"01\"/><NbrPce V=\"1\"/><MtCumulAnnuel V=\"120.50\"/>"
      << "<MtBordHT V=\"120.50\"/></BlocBordereau>\n";
  if (depense)
    out << "<Piece><BlocPiece><InfoPce><IdPce V=\"" << number
        << "\"/><TypPce V=\"01\"/><NatPce V=\"01\"/><Obj V=\"Fournitures "
           "d'été\"/></InfoPce></BlocPiece><LigneDePiece>"
        << "<BlocLignePiece><InfoLignePce><IdLigne V=\"1\"/><Nature V=\"6064\"/><LibVir1 V=\"ESSAI\"/>"
        << "<ModRegl V=\"03\"/><TVAIntraCom V=\"0\"/><MtHT V=\"120.50\"/></InfoLignePce></BlocLignePiece>"
        << "</LigneDePiece></Piece>\n";
  out << "</Bordereau>\n";
  return out.str();
}

}  // namespace

xades::SignBytes Identity::signer() const {
  return [secret = key.get()](std::string_view data) -> Result<Bytes> {
    const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
    const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
    std::size_t size = 0;
    need(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, secret) == 1, "sign");
    need(EVP_DigestSign(context.get(), nullptr, &size, bytes, data.size()) == 1, "sign");
    Bytes value(size);
    need(EVP_DigestSign(context.get(), value.data(), &size, bytes, data.size()) == 1, "sign");
    value.resize(size);
    return value;
  };
}

std::string Identity::key_pem(const std::string& passphrase) const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  const auto* secret = reinterpret_cast<const unsigned char*>(passphrase.data());
  need(PEM_write_bio_PrivateKey(bio.get(), key.get(), passphrase.empty() ? nullptr : EVP_aes_256_cbc(),
                                passphrase.empty() ? nullptr : secret, static_cast<int>(passphrase.size()),
                                nullptr, nullptr) == 1,
       "key PEM");
  return contents(bio.get());
}

std::string Identity::certificate_pem() const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  need(PEM_write_bio_X509(bio.get(), certificate.get()) == 1, "certificate PEM");
  return contents(bio.get());
}

Bytes Identity::pkcs12(const std::string& passphrase) const {
  const Owned<PKCS12, PKCS12_free> container(
      PKCS12_create(passphrase.c_str(), "essai", key.get(), certificate.get(), nullptr, 0, 0, 0, 0, 0));
  need(container != nullptr, "PKCS#12");
  Bytes file(static_cast<std::size_t>(i2d_PKCS12(container.get(), nullptr)));
  unsigned char* at = file.data();
  i2d_PKCS12(container.get(), &at);
  return file;
}

namespace {

std::unique_ptr<X509, CertificateFree> make_certificate(EVP_PKEY* key, EVP_PKEY* signer,
                                                        const IdentityWish& wish) {
  std::unique_ptr<X509, CertificateFree> owner(X509_new());
  X509* const certificate = owner.get();
  X509_set_version(certificate, X509_VERSION_3);
  set_serial(certificate, wish.serial);
  need(ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), wish.not_before.c_str()) == 1,
       "notBefore");
  need(ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), wish.not_after.c_str()) == 1, "notAfter");
  X509_NAME* const name = X509_get_subject_name(certificate);
  for (const auto& part : wish.name)
    need(X509_NAME_add_entry_by_txt(name, part.type, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(part.value.data()),
                                    static_cast<int>(part.value.size()), -1, 0) == 1,
         "name");
  X509_set_issuer_name(certificate, name);
  X509_set_pubkey(certificate, key);
  if (wish.key_usage) {
    const Owned<X509_EXTENSION, X509_EXTENSION_free> usage(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_key_usage, wish.key_usage->c_str()));
    X509_add_ext(certificate, usage.get(), -1);
  }
  if (wish.filler > 0) {
    const Owned<ASN1_OBJECT, ASN1_OBJECT_free> oid(OBJ_txt2obj("1.2.250.1.999.9", 1));
    const Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> value(ASN1_OCTET_STRING_new());
    const Bytes filler(wish.filler, 0x04);
    ASN1_OCTET_STRING_set(value.get(), filler.data(), static_cast<int>(filler.size()));
    const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
        X509_EXTENSION_create_by_OBJ(nullptr, oid.get(), 0, value.get()));
    X509_add_ext(certificate, extension.get(), -1);
  }
  need(X509_sign(certificate, signer, EVP_sha256()) > 0, "self-sign");
  return owner;
}

Bytes der_of(X509* certificate) {
  Bytes der(static_cast<std::size_t>(i2d_X509(certificate, nullptr)));
  unsigned char* at = der.data();
  i2d_X509(certificate, &at);
  return der;
}

}  // namespace

Identity make_identity(const IdentityWish& wish) {
  Identity identity{make_key(wish), nullptr, {}};
  identity.certificate = make_certificate(identity.key.get(), identity.key.get(), wish);
  identity.der = der_of(identity.certificate.get());
  return identity;
}

Bytes recertified(const Identity& identity, const IdentityWish& wish) {
  return recertified_for(identity.key.get(), identity, wish);
}

Bytes recertified_for(EVP_PKEY* key, const Identity& identity, const IdentityWish& wish) {
  return der_of(make_certificate(key, identity.key.get(), wish).get());
}

const Identity& ordinary_identity() {
  static const Identity identity = make_identity();
  return identity;
}

xades::Instant signing_time() {
  return *xades::parse_instant(signing_time_text);
}

xades::SignRequest make_request(const Identity& identity) {
  xades::SignRequest request;
  request.policy = xades::helios_policy_1_7();
  request.statement = {"Maire adjointe à l'été & <finances>", "Nîmes", "30000", "France"};
  request.signing_time = signing_time();
  request.certificate_der = identity.der;
  request.sign = identity.signer();
  return request;
}

xades::VerifyOptions make_options(xades::Engine engine) {
  xades::VerifyOptions options;
  options.now = signing_time() + std::chrono::hours{2};
  options.accepted_policies = {xades::helios_policy_1_7()};
  options.engine = engine;
  return options;
}

std::string make_pes(const PesWish& wish) {
  std::ostringstream out;
  out << "<?xml version=\"1.0\" encoding=\"" << wish.encoding << "\"?>\n<n:PES_Aller "
      << "xmlns:n=\"http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller\"" << id_attribute(wish.root_id)
      << wish.root_declarations << ">\n<Enveloppe><Parametres><Version V=\"2\"/><TypFic V=\"PESALR1\"/>"
      << "<NomFic V=\"ESSAI-SIGNATURE\"/></Parametres><Emetteur><Sigle V=\"ESSAI\"/><Adresse "
         "V=\"ESSAI\"/></Emetteur>"
      << "</Enveloppe>\n<EnTetePES><DteStr V=\"2026-01-15\"/><IdPost V=\"099999\"/><IdColl "
         "V=\"99999999900012\"/>"
      << "<CodCol V=\"999\"/><CodBud V=\"00\"/><LibelleColBud V=\"Commune d'été\"/></EnTetePES>\n";
  int number = 0;
  if (!wish.depense_ids.empty()) {
    out << "<PES_DepenseAller><EnTeteDepense><IdVer V=\"2\"/><InfoDematerialisee V=\"1\"/></EnTeteDepense>\n";
    for (const auto& id : wish.depense_ids)
      out << make_bordereau(id, ++number, true);
    out << "</PES_DepenseAller>\n";
  }
  if (!wish.recette_ids.empty()) {
    out << "<PES_RecetteAller><EnTeteRecette><IdVer V=\"2\"/><InfoDematerialisee V=\"1\"/></EnTeteRecette>\n";
    for (const auto& id : wish.recette_ids)
      out << make_bordereau(id, ++number, false);
    out << "</PES_RecetteAller>\n";
  }
  out << "</n:PES_Aller>\n";
  return in_encoding(out.str(), wish.encoding);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  need(at != std::string::npos, "nothing to replace");
  need(text.find(from, at + from.size()) == std::string::npos, "more than one to replace");
  return text.replace(at, from.size(), to);
}

std::filesystem::path shared_folder() {
  const char* const wished = std::getenv("DEMAT_SHARED");
  const auto folder = wished != nullptr ? std::filesystem::path(wished)
                                        : std::filesystem::path(DEMAT_SOURCE_DIR).parent_path() / "shared";
  return std::filesystem::exists(folder) ? folder : std::filesystem::path{};
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  need(file.good(), path.c_str());
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

TemporaryFolder::TemporaryFolder() {
  auto pattern = (std::filesystem::temp_directory_path() / "demat-signing-XXXXXX").string();
  need(::mkdtemp(pattern.data()) != nullptr, "temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path TemporaryFolder::write(const std::string& name, std::string_view content) const {
  const auto file = path_ / name;
  std::ofstream(file, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
  std::filesystem::permissions(file,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return file;
}

bool has_tool(const std::string& name) {
  return run("command -v " + name).code == 0;
}

Ran run(const std::string& command) {
  Ran ran;
  FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  need(pipe != nullptr, "popen");
  std::array<char, 4096> buffer{};
  while (const auto size = std::fread(buffer.data(), 1, buffer.size(), pipe))
    ran.output.append(buffer.data(), size);
  const int status = ::pclose(pipe);
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return ran;
}

}  // namespace demat::test
