#include "gateway/signing/pin.hpp"

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "gateway/signing/errors.hpp"

namespace demat::signing {

// A process that may lock no memory still gets its PIN overwritten.
Pin::Pin() {
  ::mlock(memory_.data(), memory_.size());
}

Pin::~Pin() {
  OPENSSL_cleanse(memory_.data(), memory_.size());
  ::munlock(memory_.data(), memory_.size());
}

Status Pin::read(const std::filesystem::path& file, Content content) {
  const auto fd = open_descriptor(file, content);
  if (!fd) return failure(fd.error());
  const ssize_t got = ::read(*fd, memory_.data(), memory_.size());
  const int reason = errno;
  ::close(*fd);
  if (got < 0) return failure(key_unreadable(file, std::strerror(reason)));
  const auto* const end = std::find_if(memory_.data(), memory_.data() + got,
                                       [](unsigned char c) { return c == '\n' || c == '\r'; });
  size_ = static_cast<std::size_t>(end - memory_.data());
  if (size_ == 0) return failure(key_unreadable(file, "empty"));
  return {};
}

Bytes Pin::digest() const {
  Digester digester(Digester::Algorithm::sha256);
  digester.update({reinterpret_cast<const char*>(memory_.data()), size_});
  return digester.finish();
}

}  // namespace demat::signing
