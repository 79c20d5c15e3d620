#include "gateway/certificates.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <optional>

namespace demat {
namespace {

using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::optional<Instant> end_of(const X509* certificate) {
  std::tm parts{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1)
    return std::nullopt;
  return Instant(std::chrono::seconds(timegm(&parts)));
}

/// The first end among the certificates of a PEM file; `only_first`: a chain, whose first one counts.
std::optional<Instant> end_of_file(const std::filesystem::path& file, bool only_first) {
  std::optional<Instant> first_end;
  const BioPtr bio(BIO_new_file(file.c_str(), "r"), BIO_free);
  while (bio) {
    const X509Ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
    if (!certificate) break;
    const auto end = end_of(certificate.get());
    if (end && (!first_end || *end < *first_end)) first_end = end;
    if (only_first) break;
  }
  ERR_clear_error();  // the end of the file is an error to this reader
  return first_end;
}

std::optional<Instant> end_of_signer(const signing::SigningProfile& profile) {
  const Bytes& der = profile.signer->certificate_der();
  const unsigned char* place = der.data();
  const X509Ptr certificate(d2i_X509(nullptr, &place, static_cast<long>(der.size())), X509_free);
  return end_of(certificate.get());
}

/// Authorities that are over already stay for the archives: the first of the others counts.
std::optional<Instant> end_of_profile(const trust::TrustProfile& profile, Instant now) {
  std::optional<Instant> first_end;
  for (const auto& certificate : profile.certificates()) {
    const Instant end(certificate.facts.not_after);
    if (end > now && (!first_end || end < *first_end)) first_end = end;
  }
  return first_end;
}

void add(std::vector<CertificateInUse>& into, std::string role, std::string name,
         std::optional<Instant> end) {
  if (end) into.push_back({std::move(role), std::move(name), *end});
}

std::string subject_of(const CertificateInUse& certificate) {
  return certificate.name.empty() ? certificate.role : certificate.role + " " + certificate.name;
}

}  // namespace

std::vector<CertificateInUse> certificates_in_use(const Generation& generation) {
  const auto& settings = generation.settings;
  std::vector<CertificateInUse> all;
  add(all, "server", "", end_of_file(settings.http.certificate, true));
  add(all, "client_ca", "", end_of_file(settings.http.client_ca, false));
  for (const auto& [name, profile] : generation.keys.profiles())
    add(all, "signer", name, end_of_signer(profile));
  for (const auto& destination : settings.destinations) {
    if (!destination.ca.empty()) add(all, "peer_ca", destination.name, end_of_file(destination.ca, false));
    const auto& client = destination.prefecture.certificate;
    if (!client.empty()) add(all, "peer_client", destination.name, end_of_file(client, true));
  }
  if (const auto& desk = generation.inspection->trust)
    for (const auto& profile : desk->all())
      add(all, "trust", profile.name(), end_of_profile(profile, generation.loaded_at));
  return all;
}

std::uint32_t expiry_step(Instant not_after, Instant now) {
  constexpr std::array<int, 4> warn_days{90, 30, 7, 1};
  if (not_after <= now) return warn_days.size() + 1;
  const auto left = not_after - now;
  return static_cast<std::uint32_t>(
      std::ranges::count_if(warn_days, [left](int days) { return left <= std::chrono::days(days); }));
}

void watch_certificates(const std::vector<CertificateInUse>& certificates, Instant now,
                        pipeline::Recorder& recorder) {
  std::vector<std::string> soon;
  for (const auto& certificate : certificates) {
    const auto step = expiry_step(certificate.not_after, now);
    if (step == 0) continue;
    soon.push_back(subject_of(certificate));
    const auto days = std::chrono::floor<std::chrono::days>(certificate.not_after - now).count();
    recorder.alarm("certificate.expires", soon.back(),
                   "not after " + to_iso8601(certificate.not_after) + ", " + std::to_string(days) + " days",
                   step);
  }
  recorder.resolved_others("certificate.expires", soon);
}

}  // namespace demat
