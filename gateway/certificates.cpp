#include "gateway/certificates.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <memory>
#include <optional>

#include "protocols/base/owned.hpp"

namespace demat {
namespace {

using X509Ptr = Owned<X509, X509_free>;
using BioPtr = Owned<BIO, BIO_free>;

std::optional<Instant> end_of(const X509* certificate) {
  std::tm parts{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1)
    return std::nullopt;
  return Instant(std::chrono::seconds(timegm(&parts)));
}

/// The first end among the certificates of a PEM file.
std::optional<Instant> end_of_file(const std::filesystem::path& file) {
  std::optional<Instant> first_end;
  const BioPtr bio(BIO_new_file(file.c_str(), "r"));
  while (bio) {
    const X509Ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!certificate) break;
    const auto end = end_of(certificate.get());
    if (end && (!first_end || *end < *first_end)) first_end = end;
  }
  ERR_clear_error();  // the end of the file is an error to this reader
  return first_end;
}

std::optional<Instant> end_of_signer(const signing::SigningProfile& profile) {
  const Bytes& der = profile.signer->certificate_der();
  const unsigned char* place = der.data();
  const X509Ptr certificate(d2i_X509(nullptr, &place, static_cast<long>(der.size())));
  return end_of(certificate.get());
}

void add(std::vector<CertificateInUse>& into, std::string role, std::string name,
         std::optional<Instant> end) {
  if (end) into.push_back({std::move(role), std::move(name), *end});
}

void add_file(std::vector<CertificateInUse>& into, std::string role, std::string name,
              const std::filesystem::path& file) {
  if (!file.empty()) add(into, std::move(role), std::move(name), end_of_file(file));
}

void add_destination(std::vector<CertificateInUse>& into, const config::Destination& destination) {
  add_file(into, "peer_ca", destination.name, destination.ca);
  add_file(into, "peer_client", destination.name, destination.prefecture.certificate);
  add_file(into, "mailbox_ca", destination.name, destination.prefecture.mail_ca);
}

/// One line for each file.
void add_profile(std::vector<CertificateInUse>& into, const trust::TrustProfile& profile, Instant now) {
  std::map<std::string, Instant> ends;
  for (const auto& certificate : profile.certificates()) {
    const Instant end(certificate.facts.not_after);
    if (end <= now) continue;
    const auto [at, fresh] = ends.emplace(certificate.file, end);
    if (!fresh) at->second = std::min(at->second, end);
  }
  for (const auto& [file, end] : ends)
    add(into, "trust", profile.name() + "/" + file, end);
}

std::string subject_of(const CertificateInUse& certificate) {
  return certificate.name.empty() ? certificate.role : certificate.role + " " + certificate.name;
}

}  // namespace

std::vector<CertificateInUse> certificates_in_use(const Generation& generation) {
  const auto& settings = generation.settings;
  std::vector<CertificateInUse> all;
  add_file(all, "server", "", settings.http.certificate);
  add_file(all, "client_ca", "", settings.http.client_ca);
  for (const auto& [name, profile] : generation.keys.profiles())
    add(all, "signer", name, end_of_signer(profile));
  for (const auto& destination : settings.destinations)
    add_destination(all, destination);
  add_file(all, "mail_ca", "", settings.mail.ca);
  add_file(all, "push_ca", "", settings.push.ca);
  for (const auto& authority : settings.timestamps)
    add_file(all, "timestamp_ca", authority.name, authority.ca);
  if (const auto& desk = generation.inspection->trust)
    for (const auto& profile : desk->all())
      add_profile(all, profile, generation.loaded_at);
  return all;
}

std::uint32_t expiry_step(Instant not_after, Instant now, const std::vector<int>& days) {
  if (not_after <= now) return static_cast<std::uint32_t>(days.size() + 1);
  const auto left = not_after - now;
  return static_cast<std::uint32_t>(
      std::ranges::count_if(days, [left](int one) { return left <= std::chrono::days(one); }));
}

bool expiry_presses(Instant not_after, Instant now) {
  return not_after - now <= std::chrono::days(7);
}

void watch_certificates(const std::vector<CertificateInUse>& certificates, Instant now,
                        const std::vector<int>& days, pipeline::Recorder& recorder) {
  std::vector<std::string> soon;
  for (const auto& certificate : certificates) {
    const auto step = expiry_step(certificate.not_after, now, days);
    if (step == 0) continue;
    soon.push_back(subject_of(certificate));
    const auto left = std::chrono::floor<std::chrono::days>(certificate.not_after - now).count();
    recorder.alarm("certificate.expires", soon.back(),
                   "not after " + to_iso8601(certificate.not_after) + ", " + std::to_string(left) + " days",
                   step);
  }
  recorder.resolved_others("certificate.expires", soon);
}

}  // namespace demat
