// The gateway's side of signature_bars.py: verifies one flow as the check stage does, in a process of its
// own, or measures the small flow in a loop.
//
//   signature_bench verify TRUST FILE [PACK]   prints the verdict; with the folder of a pack also schema and
//   rules signature_bench small TRUST KEY SIGNER ISSUER ANCHOR CLEAR SIGNED
//                                              prints µs of CPU, one "name value" a line
//
// TRUST is the folder of a trust profile.

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <span>
#include <string>

#include "gateway/base/allocator.hpp"
#include "gateway/pipeline/inspection.hpp"
#include "gateway/signing/file_signer.hpp"
#include "gateway/signing/sealing.hpp"
#include "gateway/store/file.hpp"
#include "gateway/trust/loading.hpp"
#include "protocols/base/limits.hpp"
#include "protocols/trust/flow_report.hpp"
#include "tests/bench/signature_terms.hpp"

namespace {

using namespace demat;
using limit_bench::Effort;
using limit_bench::micros;
using limit_bench::require;

trust::Instant now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

trust::TrustProfile profile_in(const char* folder) {
  config::Trust settings;
  settings.name = "bench";
  settings.folder = folder;
  settings.revocation = config::RevocationRule::off;  // neither does xmlsec1 look at any list
  auto profile = trust_desk::load_profile(settings);
  if (!profile) throw std::runtime_error(profile.error().code + " " + profile.error().detail);
  return std::move(*profile);
}

store::FileSource source_of(const char* path) {
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  require(file >= 0, path);
  store::FileDescriptor owned(file);
  const auto size = ::lseek(file, 0, SEEK_END);
  require(size >= 0, path);
  return {std::move(owned), static_cast<std::size_t>(size)};
}

/// The document as pipeline::inspect() loads it when nothing else has.
Result<xml::Document> tree_of(const ByteSource& source) {
  if (source.size() <= limits::max_dom_bytes) return xml::parse_borrowed(source.view());
  if (auto weight = xml::structured_bytes(source); !weight) return failure(std::move(weight.error()));
  return xml::parse_lean(source);
}

/// Of a signer never seen before when `shelf` is null or empty.
xades::DocumentReport verified(const ByteSource& source, xades::CertificateShelf* shelf = nullptr) {
  const auto document = tree_of(source);
  if (!document) throw std::runtime_error(document.error().code);
  xades::VerifyOptions options{now(), {xades::helios_policy_1_7()}};
  options.shelf = shelf;
  auto report = xades::verify_pes(*document, options);
  if (!report) throw std::runtime_error(report.error().code);
  return std::move(*report);
}

xades::DocumentReport inspected(const ByteSource& source, const char* pack) {
  pipeline::InspectionContext context;
  auto loaded = xml::SchemaPack::load(pack);
  if (!loaded) throw std::runtime_error(loaded.error().code);
  context.pack = std::move(*loaded);
  context.encodings = {"ISO-8859-1"};
  context.policies = {xades::helios_policy_1_7()};
  auto inspection = pipeline::inspect(source, context, nullptr, now());
  if (!inspection) throw std::runtime_error(inspection.error().code);
  for (const auto& finding : inspection->report.findings)
    if (finding.severity == Severity::error) throw std::runtime_error(finding.code);
  require(inspection->signatures.has_value(), "signatures");
  return std::move(*inspection->signatures);
}

bool believed(const trust::TrustProfile& profile, const xades::DocumentReport& report) {
  const auto judged = trust::judge_flow(&profile, report, now(), now());
  return report.passed() && judged.verdict.indication == trust::Indication::passed;
}

int verify(std::span<char*> arguments) {
  const auto profile = profile_in(arguments[0]);
  const auto source = source_of(arguments[1]);
  const auto report = arguments.size() > 2 ? inspected(source, arguments[2]) : verified(source);
  const bool good = believed(profile, report);
  std::cout << (good ? "PASSED " : "FAILED ") << report.signatures.size() << '\n';
  for (const auto& finding : report.findings().findings)
    std::cerr << finding.code << ' ' << finding.place.path << '\n';
  return good ? 0 : 1;
}

signing::SigningProfile signer_of(const char* key, const char* certificate) {
  auto signer = signing::load_signer(signing::PemFiles{key, certificate, ""});
  if (!signer) throw std::runtime_error(signer.error().code);
  signing::KeyRing ring;
  signing::SigningProfile profile;
  profile.name = "bench";
  profile.signer = std::move(*signer);
  profile.statement = {"Ordonnateur", "Montbrume", "00000", "France"};
  require(ring.add(std::move(profile)).has_value(), "profile");
  return *ring.find("bench");
}

void print(const char* name, double micros) {
  std::printf("%s %.2f\n", name, micros);
}

void verification(const trust::TrustProfile& profile, const std::string& signed_bytes) {
  const MemorySource source(signed_bytes);
  const auto cpu = [](const char* name, auto&& work) {
    print(name, micros(Effort{}, CLOCK_THREAD_CPUTIME_ID, work));
  };
  xades::CertificateShelf shelf;
  cpu("verify", [&] { require(believed(profile, verified(source, &shelf)), "verification"); });
  cpu("verify.new_signer", [&] { require(believed(profile, verified(source)), "verification"); });
  cpu("verify.tree", [&] { require(tree_of(source).has_value(), "parse"); });
  cpu("verify.xades", [&] { require(verified(source, &shelf).passed(), "verification"); });
  const auto report = verified(source);
  cpu("verify.trust", [&] { require(believed(profile, report), "verification"); });
  const auto judged = trust::judge_flow(&profile, report, now(), now());
  cpu("verify.json", [&] { require(!trust::to_json(judged).empty(), "json"); });
}

void signing_rates(const signing::SigningProfile& signer, const std::string& clear) {
  const Effort effort;
  const auto instant = now();
  xades::SignRequest request;
  request.policy = signer.policy;
  request.statement = signer.statement;
  request.signing_time = instant;
  request.certificate_der = signer.signer->certificate_der();
  request.certificate = signer.certificate;
  request.sign = [&](std::string_view signed_info) { return signer.signer->sign(signed_info); };
  print("sign", micros(effort, CLOCK_THREAD_CPUTIME_ID, [&] {
          const auto document = xml::parse_borrowed(clear);
          require(document && xades::sign_pes(*document, clear, request), "signature");
        }));
  print("seal", micros(effort, CLOCK_THREAD_CPUTIME_ID, [&] {
          const auto document = xml::parse_borrowed(clear);
          require(document && signing::seal(signer, *document, clear, instant), "signature");
        }));
  print("sign.key", micros(effort, CLOCK_THREAD_CPUTIME_ID, [&] {
          require(signer.signer->sign(std::string_view(clear).substr(0, 1'200)).has_value(), "signature");
        }));
}

int small(std::span<char*> arguments) {
  const auto profile = profile_in(arguments[0]);
  const auto signer = signer_of(arguments[1], arguments[2]);
  const std::string clear(source_of(arguments[5]).view());
  const std::string signed_bytes(source_of(arguments[6]).view());
  const limit_bench::PathFiles files{arguments[2], arguments[3], arguments[4]};
  verification(profile, signed_bytes);
  signing_rates(signer, clear);
  const auto terms = limit_bench::signature_terms(Effort{}, signed_bytes, files);
  print("term.parse", terms.parse);
  print("term.c14n_digest", terms.c14n);
  print("term.rsa", terms.rsa);
  print("term.path", terms.path);
  print("term.path_decoded", terms.path_decoded);
  return 0;
}

int run(std::span<char*> arguments) {
  const std::string command = arguments.size() > 1 ? arguments[1] : "";
  if (command == "verify" && (arguments.size() == 4 || arguments.size() == 5))
    return verify(arguments.subspan(2));
  if (command == "small" && arguments.size() == 9) return small(arguments.subspan(2));
  std::cerr << "usage: signature_bench verify TRUST FILE [PACK]\n"
               "       signature_bench small TRUST KEY SIGNER ISSUER ANCHOR CLEAR SIGNED\n";
  return 2;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    tune_allocator();  // as the daemon does
    return run(std::span(arguments, static_cast<std::size_t>(count)));
  } catch (const std::exception& failed) {
    std::cerr << "signature_bench: " << failed.what() << '\n';
    return 1;
  }
}
