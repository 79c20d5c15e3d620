#include "tools/dematctl/certificate.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cctype>
#include <fstream>
#include <iterator>
#include <memory>

#include "protocols/base/digest.hpp"
#include "protocols/base/owned.hpp"

namespace demat::ctl {
namespace {

std::string as_fingerprint(const std::string& text) {
  std::string digits;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ':') continue;
    if (std::isxdigit(byte) == 0) return {};
    digits += static_cast<char>(std::tolower(byte));
  }
  return digits.size() == 64 ? digits : std::string();
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  return sha256(bytes).str();
}

std::string sha256_hex_of_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return {};
  Digester digester(Digester::Algorithm::sha256);
  std::string chunk(1U << 16U, '\0');
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0)
    digester.update(std::string_view(chunk.data(), static_cast<std::size_t>(in.gcount())));
  return hex(digester.finish());
}

Answer<std::string> fingerprint(const std::string& who) {
  if (std::string digits = as_fingerprint(who); !digits.empty()) return digits;
  std::ifstream in(who, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  Owned<X509, X509_free> certificate;
  if (!bytes.empty()) {
    const Owned<BIO, BIO_free> pem(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
    certificate.reset(PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr));
    const auto* der = reinterpret_cast<const unsigned char*>(bytes.data());
    if (!certificate) certificate.reset(d2i_X509(nullptr, &der, static_cast<long>(bytes.size())));
  }
  if (!certificate) {
    return usage_failure("ctl.certificate", "Ni une empreinte ni un fichier de certificat : " + who,
                         "Neither a fingerprint nor a certificate file: " + who);
  }
  unsigned char* encoded = nullptr;
  const int length = i2d_X509(certificate.get(), &encoded);
  const auto free_encoded = [](unsigned char* p) { OPENSSL_free(p); };
  const std::unique_ptr<unsigned char, decltype(free_encoded)> owner(encoded, free_encoded);
  return sha256_hex({reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(length)});
}

}  // namespace demat::ctl
