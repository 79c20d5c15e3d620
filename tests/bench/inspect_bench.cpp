// The check stage alone: schema, rules, signature and re-verification of one flow, without store or network.
// Steady enough to be run under `valgrind --tool=callgrind`, which counts instructions on a noisy machine.

#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <stdexcept>

#include "gateway/base/allocator.hpp"
#include "gateway/pipeline/inspection.hpp"
#include "protocols/base/byte_source.hpp"
#include "tests/support/pes_samples.hpp"

namespace {

using namespace demat;

void require(bool done) {
  if (!done) throw std::runtime_error("inspect_bench: could not prepare");
}

/// A fresh RSA-2048 key with a certificate of its own.
class BenchSigner final : public signing::Signer {
 public:
  BenchSigner() : key_(EVP_RSA_gen(2048), &EVP_PKEY_free) {
    const std::unique_ptr<X509, decltype(&X509_free)> x509(X509_new(), &X509_free);
    require(key_ != nullptr && x509 != nullptr);
    X509_set_version(x509.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x509.get()), 86'400);
    X509_set_pubkey(x509.get(), key_.get());
    X509_NAME* name = X509_get_subject_name(x509.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, as_bytes("bench").data(), -1, -1, 0);
    X509_set_issuer_name(x509.get(), name);
    require(X509_sign(x509.get(), key_.get(), EVP_sha256()) > 0);
    der_.resize(static_cast<std::size_t>(i2d_X509(x509.get(), nullptr)));
    unsigned char* out = der_.data();
    require(i2d_X509(x509.get(), &out) > 0);
  }

  [[nodiscard]] const Bytes& certificate_der() const override { return der_; }

  [[nodiscard]] Result<Bytes> sign(std::string_view signed_info) const override {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    Bytes value(512);
    std::size_t size = value.size();
    const auto bytes = as_bytes(signed_info);
    require(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
            EVP_DigestSign(context.get(), value.data(), &size, bytes.data(), bytes.size()) == 1);
    value.resize(size);
    return value;
  }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  Bytes der_;
};

struct Bench {
  pipeline::InspectionContext context;
  signing::KeyRing keys;

  Bench() {
    auto pack = xml::SchemaPack::load(DEMAT_SOURCE_DIR "/schemas/pes/5.30");
    require(pack.has_value());
    context.pack = *pack;
    context.encodings = {"ISO-8859-1"};
    context.policies = {xades::helios_policy_1_7()};
    signing::SigningProfile profile;
    profile.name = "bench";
    profile.signer = std::make_shared<BenchSigner>();
    profile.statement = {"Ordonnateur", "Valjoie", "34000"};
    require(keys.add(std::move(profile)).has_value());
  }
};

const Bench& bench() {
  static const Bench only;
  return only;
}

std::string flow_of(const benchmark::State& state) {
  return samples::depense({}, samples::shape_of_size(static_cast<std::size_t>(state.range(0))));
}

void run(benchmark::State& state, const std::string& flow, const signing::SigningProfile* signer) {
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  for (auto _ : state) {
    const MemorySource source(flow);
    auto inspection = pipeline::inspect(source, bench().context, signer, now);
    require(inspection && !inspection->report.refused());
    require((signer != nullptr) == inspection->is_signed());
    benchmark::DoNotOptimize(inspection);
  }
  state.counters["bytes"] = static_cast<double>(flow.size());
}

void signed_flow(benchmark::State& state) {
  run(state, flow_of(state), bench().keys.find("bench"));
}

void unsigned_flow(benchmark::State& state) {
  run(state, flow_of(state), nullptr);
}

void attachments_only(benchmark::State& state) {
  run(state, samples::pj({}, static_cast<std::size_t>(state.range(0))), nullptr);
}

BENCHMARK(signed_flow)->Arg(5'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(unsigned_flow)->Arg(5'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(attachments_only)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);
// From one check worker to two; the ratio of the wall times is the scaling (on an idle machine only).
BENCHMARK(signed_flow)
    ->Name("workers")
    ->Arg(100'000)
    ->ThreadRange(1, 2)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace

int main(int count, char** arguments) {
  tune_allocator();  // as the daemon does
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
