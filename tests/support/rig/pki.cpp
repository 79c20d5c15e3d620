#include "tests/support/rig/pki.hpp"

#include <stdexcept>
#include <vector>

#include "tests/support/rig/process.hpp"

namespace demat::rig {
namespace {

using Words = std::vector<std::string>;

void openssl(const std::filesystem::path& folder, Words arguments) {
  arguments.insert(arguments.begin(), "/usr/bin/openssl");
  const std::filesystem::path log = folder / "openssl.log";
  if (run(arguments, log) != 0) throw std::runtime_error("openssl failed: " + read_file(log));
}

Words with_new_key(Words arguments, bool rsa) {
  const Words kind =
      rsa ? Words{"-newkey", "rsa:2048"} : Words{"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"};
  arguments.insert(arguments.end(), kind.begin(), kind.end());
  arguments.emplace_back("-nodes");
  return arguments;
}

const char* extensions(Usage usage) {
  switch (usage) {
    case Usage::server:
      return "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n";
    case Usage::client:
      return "extendedKeyUsage=clientAuth\n";
    case Usage::signer:
      return "keyUsage=critical,digitalSignature,nonRepudiation\n";
  }
  throw std::logic_error("unknown usage");
}

}  // namespace

Pki::Pki(const std::filesystem::path& folder, const std::string& name) : folder_(folder) {
  std::filesystem::create_directories(folder_);
  Words arguments = with_new_key({"req", "-x509"}, false);
  for (const std::string& word : Words{"-subj", "/CN=" + name, "-days", "30", "-keyout", folder_ / "ca.key",
                                       "-out", folder_ / "ca.pem"}) {
    arguments.push_back(word);
  }
  openssl(folder_, arguments);
}

Issued Pki::issue(const std::string& name, Usage usage) const {
  const auto file = [&](const char* suffix) { return (folder_ / (name + suffix)).string(); };
  Words request = with_new_key({"req"}, usage == Usage::signer);
  for (const std::string& word :
       Words{"-subj", "/CN=" + name, "-keyout", file(".key"), "-out", file(".csr")}) {
    request.push_back(word);
  }
  openssl(folder_, request);
  write_file(file(".ext"), extensions(usage));
  openssl(folder_, {"x509", "-req", "-in", file(".csr"), "-CA", ca(), "-CAkey", folder_ / "ca.key", "-days",
                    "30", "-extfile", file(".ext"), "-out", file(".pem")});
  return {file(".pem"), file(".key")};
}

}  // namespace demat::rig
