#include "token_rig.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <stdexcept>

#include "protocols/base/owned.hpp"

namespace demat::test {
namespace {

struct ExtensionFree {
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};

void need(bool ok, const std::string& what) {
  if (!ok) throw std::runtime_error("token rig: " + what);
}

void must_run(const std::string& command) {
  const auto ran = run(command);
  need(ran.code == 0, command + "\n" + ran.output);
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, ExtensionFree> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  need(extension && X509_add_ext(certificate, extension.get(), -1) == 1, value);
}

std::unique_ptr<EVP_PKEY, KeyFree> read_public_key(const std::filesystem::path& der) {
  const std::string bytes = read_file(der);
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  return std::unique_ptr<EVP_PKEY, KeyFree>(d2i_PUBKEY(nullptr, &at, static_cast<long>(bytes.size())));
}

std::string quoted(const std::filesystem::path& path) {
  return "'" + path.string() + "'";
}

}  // namespace

std::filesystem::path TokenRig::module() {
  for (const char* file :
       {"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"})
    if (std::filesystem::exists(file)) return file;
  return {};
}

std::string TokenRig::missing() {
  if (module().empty()) return "softhsm2 is not installed";
  if (!has_tool("softhsm2-util")) return "softhsm2-util is not installed";
  if (!has_tool("pkcs11-tool")) return "opensc (pkcs11-tool) is not installed";
  return {};
}

TokenRig::TokenRig() {
  std::filesystem::create_directory(folder_.path() / "tokens");
  const auto conf =
      folder_.write("softhsm.conf", "directories.tokendir = " + (folder_.path() / "tokens").string() +
                                        "\nobjectstore.backend = file\nlog.level = ERROR\n");
  ::setenv("SOFTHSM2_CONF", conf.c_str(), 1);
  must_run("softhsm2-util --init-token --free --label banc --so-pin 12345678 --pin " + std::string(pin));
}

TokenRig::~TokenRig() {
  ::unsetenv("SOFTHSM2_CONF");
}

void TokenRig::tool(const std::string& arguments) const {
  must_run("pkcs11-tool --module " + quoted(module()) + " --token-label banc --login --pin " +
           std::string(pin) + " " + arguments);
}

void TokenRig::make_key(const std::string& type, const std::string& label, const std::string& id,
                        const std::string& options) const {
  tool("--keypairgen --usage-sign --key-type " + type + " --label " + label + " --id " + id + " " + options);
}

void TokenRig::import_key(const Identity& identity, const std::string& label, const std::string& id) const {
  const auto file = folder_.write("import.pem", identity.key_pem());
  must_run("softhsm2-util --import " + quoted(file) + " --token banc --label " + label + " --id " + id +
           " --pin " + std::string(pin));
}

std::filesystem::path TokenRig::issue(const std::string& id, const IdentityWish& wish) const {
  static const Identity authority = make_identity();
  const auto spki = folder_.path() / "public.der";
  tool("--read-object --type pubkey --id " + id + " -o " + quoted(spki));
  const auto key = read_public_key(spki);
  need(key != nullptr, "public key " + id);
  const std::unique_ptr<X509, CertificateFree> certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 4711);
  need(ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate.get()), wish.not_before.c_str()) == 1 &&
           ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate.get()), wish.not_after.c_str()) == 1,
       "dates");
  for (const auto& part : wish.name)
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), part.type, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(part.value.data()),
                               static_cast<int>(part.value.size()), -1, 0);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(authority.certificate.get()));
  X509_set_pubkey(certificate.get(), key.get());
  if (wish.key_usage) add_extension(certificate.get(), NID_key_usage, *wish.key_usage);
  need(X509_sign(certificate.get(), authority.key.get(), EVP_sha256()) > 0, "signature");
  const auto file = folder_.path() / ("certificate-" + id + ".pem");
  const Owned<BIO, BIO_free> out(BIO_new_file(file.c_str(), "w"));
  need(PEM_write_bio_X509(out.get(), certificate.get()) == 1, "PEM");
  return file;
}

void TokenRig::store_certificate(const std::filesystem::path& pem, const std::string& label,
                                 const std::string& id) const {
  const auto der = folder_.path() / "certificate.der";
  must_run("openssl x509 -in " + quoted(pem) + " -outform DER -out " + quoted(der));
  (void)run("pkcs11-tool --module " + quoted(module()) + " --token-label banc --login --pin " +
            std::string(pin) + " --delete-object --type cert --id " + id);
  tool("--write-object " + quoted(der) + " --type cert --label " + label + " --id " + id);
}

void TokenRig::pull() const {
  std::filesystem::rename(folder_.path() / "tokens", folder_.path() / "drawer");
  std::filesystem::create_directory(folder_.path() / "tokens");
}

void TokenRig::plug() const {
  std::filesystem::remove_all(folder_.path() / "tokens");
  std::filesystem::rename(folder_.path() / "drawer", folder_.path() / "tokens");
}

signing::TokenKey TokenRig::key(const std::string& label) const {
  signing::TokenKey key;
  key.module = module();
  key.token = "banc";
  key.key = label;
  key.pin_file = write_pin(pin);
  return key;
}

}  // namespace demat::test
