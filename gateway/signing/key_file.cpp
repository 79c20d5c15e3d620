#include "gateway/signing/key_file.hpp"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "gateway/signing/errors.hpp"

namespace demat::signing {
namespace {

mode_t forbidden_to_others(Content content) {
  switch (content) {
    case Content::secret:
      return S_IRWXG | S_IRWXO;
    case Content::group_secret:
      return S_IWGRP | S_IXGRP | S_IRWXO;
    case Content::open:
      return 0;
  }
  return S_IRWXG | S_IRWXO;
}

}  // namespace

std::string openssl_reason() {
  const char* const reason = ERR_reason_error_string(ERR_peek_error());
  std::string text = reason != nullptr ? reason : "";
  ERR_clear_error();
  return text;
}

Result<int> open_descriptor(const std::filesystem::path& path, Content content) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return failure(key_unreadable(path, std::strerror(errno)));
  struct stat facts {};
  Status status;
  if (::fstat(fd, &facts) != 0)
    status = failure(key_unreadable(path, std::strerror(errno)));
  else if (!S_ISREG(facts.st_mode))
    status = failure(key_unreadable(path, "not a regular file"));
  else if ((facts.st_mode & forbidden_to_others(content)) != 0)
    status = failure(key_permissions(path));
  if (status) return fd;
  ::close(fd);
  return failure(std::move(status.error()));
}

Result<BioPtr> open_file(const std::filesystem::path& path, Content content) {
  const auto fd = open_descriptor(path, content);
  if (!fd) return failure(fd.error());
  return BioPtr(BIO_new_fd(*fd, BIO_CLOSE));
}

Result<X509Ptr> read_pem_certificate(const std::filesystem::path& path) {
  auto bio = open_file(path, Content::open);
  if (!bio) return failure(std::move(bio.error()));
  X509Ptr certificate(PEM_read_bio_X509(bio->get(), nullptr, nullptr, nullptr));
  if (!certificate) return failure(key_certificate(path.string(), openssl_reason()));
  return certificate;
}

Bytes der_of(X509* certificate) {
  Bytes der(static_cast<std::size_t>(std::max(i2d_X509(certificate, nullptr), 0)));
  unsigned char* at = der.data();
  if (!der.empty()) i2d_X509(certificate, &at);
  return der;
}

}  // namespace demat::signing
