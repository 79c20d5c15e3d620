#include "tests/unit/gateway/http/rig/pki.hpp"

#include <stdexcept>
#include <vector>

#include "protocols/base/digest.hpp"

namespace demat::test {
namespace {

void must(const std::vector<std::string>& words) {
  const auto done = run(words);
  if (done.exit_code != 0) throw std::runtime_error(words.front() + " failed: " + done.err);
}

const std::string curve = "ec_paramgen_curve:P-256";

}  // namespace

Pki::Pki() {
  make_ca("ca");
  make_ca("rogue-ca");
  issue_server("localhost");
}

void Pki::make_ca(const std::string& name) const {
  must({"openssl", "req",
        "-x509",   "-newkey",
        "ec",      "-pkeyopt",
        curve,     "-nodes",
        "-days",   "2",
        "-subj",   "/CN=Test " + name,
        "-keyout", file(name + ".key"),
        "-out",    file(name + ".pem"),
        "-addext", "basicConstraints=critical,CA:TRUE",
        "-addext", "keyUsage=critical,keyCertSign"});
}

void Pki::issue(const std::string& name, const std::string& ca, const std::string& common_name,
                const std::string& extensions) const {
  const auto request = file(name + ".csr");
  must({"openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", curve, "-nodes", "-subj", "/CN=" + common_name,
        "-keyout", file(name + ".key"), "-out", request});
  const auto extension_file = folder_.write(name + ".ext", extensions);
  must({"openssl", "x509", "-req", "-in", request, "-CA", file(ca + ".pem"), "-CAkey", file(ca + ".key"),
        "-CAcreateserial", "-days", "2", "-extfile", extension_file, "-out", file(name + ".pem")});
}

std::string Pki::issue_client(const std::string& name) const {
  issue(name, "ca", name, "extendedKeyUsage=clientAuth\n");
  must({"openssl", "x509", "-in", file(name + ".pem"), "-outform", "DER", "-out", file(name + ".der")});
  return demat::sha256(read_file(file(name + ".der"))).str();
}

void Pki::issue_rogue(const std::string& name) const {
  issue(name, "rogue-ca", name, "extendedKeyUsage=clientAuth\n");
}

void Pki::issue_server(const std::string& common_name) const {
  issue("server", "ca", common_name,
        "extendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n");
}

}  // namespace demat::test
