// sign_sample KEY CERTIFICATE IN OUT: signs a PES file the way business software would, before it is
// deposited. For the quick start and for trials; the gateway signs by itself when a route names a signer.
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>

#include "gateway/signing/file_signer.hpp"
#include "gateway/signing/sealing.hpp"
#include "protocols/xml/parser.hpp"

namespace {

int failed(const demat::Error& error) {
  std::cerr << "sign_sample: [" << error.code << "] " << error.fr << '\n' << error.en << '\n';
  return 1;
}

int run(std::span<char*> arguments) {
  if (arguments.size() != 5) {
    std::cerr << "usage: sign_sample KEY CERTIFICATE IN OUT\n";
    return 2;
  }
  const auto signer = demat::signing::load_signer(demat::signing::PemFiles{arguments[1], arguments[2], ""});
  if (!signer) return failed(signer.error());
  std::ifstream in(arguments[3], std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const auto document = demat::xml::parse(bytes);
  if (!document) return failed(document.error());
  demat::signing::SigningProfile profile;
  profile.name = "sample";
  profile.signer = *signer;
  profile.statement = {"Ordonnateur", "Montbrume", "00000", "France"};
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto sealed = demat::signing::seal(profile, *document, bytes, now);
  if (!sealed) return failed(sealed.error());
  std::ofstream out(arguments[4], std::ios::binary);
  out << sealed->bytes;
  out.close();
  return out ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  return run(std::span(arguments, static_cast<std::size_t>(count)));
}
