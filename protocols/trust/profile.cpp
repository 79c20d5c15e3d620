#include "protocols/trust/profile.hpp"

#include <openssl/err.h>

#include <algorithm>

#include "protocols/trust/errors.hpp"
#include "protocols/trust/facts_of.hpp"
#include "protocols/trust/material.hpp"
#include "protocols/trust/revocation.hpp"

namespace demat::trust {
namespace {

std::string version_of(const Contents& contents) {
  std::vector<std::string> lines;
  const auto add = [&](const char* part, const std::vector<Item>& items) {
    for (const auto& item : items)
      lines.push_back(std::string(part) + "=" + fingerprint(item.der).str() + "\n");
  };
  add("anchor", contents.anchors);
  add("issuer", contents.issuers);
  add("intermediate", contents.intermediates);
  add("crl", contents.crls);
  add("ocsp", contents.ocsp);
  add("stamp", contents.stamps);
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  Digester digester(Digester::Algorithm::sha256);
  digester.update("name=" + contents.name + "\n" + canonical_text(contents.rules));
  for (const auto& line : lines)
    digester.update(line);
  return hex(digester.finish());
}

/// Fills a Material from its contents.
class Maker {
 public:
  explicit Maker(Contents contents) : contents_(std::move(contents)) {}

  Result<std::shared_ptr<const TrustProfile::Material>> run() {
    if (contents_.anchors.empty()) return failure(no_anchor(contents_.name));
    if (contents_.issuers.empty()) return failure(no_issuer(contents_.name));
    made_->name = contents_.name;
    made_->rules = contents_.rules;
    made_->version = version_of(contents_);
    made_->anchors.reset(X509_STORE_new());
    for (const auto& [part, items] :
         {std::pair{Part::anchor, &contents_.anchors}, std::pair{Part::issuer, &contents_.issuers},
          std::pair{Part::intermediate, &contents_.intermediates},
          std::pair{Part::stamp, &contents_.stamps}}) {
      for (const auto& item : *items)
        if (auto status = add(part, item); !status) return failure(std::move(status.error()));
    }
    for (auto& item : contents_.crls)
      if (auto status = add_crl(item); !status) return failure(std::move(status.error()));
    for (auto& item : contents_.ocsp)
      if (auto status = add_ocsp(item); !status) return failure(std::move(status.error()));
    return std::shared_ptr<const TrustProfile::Material>(std::move(made_));
  }

 private:
  Status add(Part part, const Item& item) {
    auto certificate = parse_certificate(item.der);
    if (!certificate) return failure(certificate_unreadable(item.file));
    auto facts = facts_of(certificate.get());
    if (!facts.authority) return failure(not_an_authority(item.file));
    if (part == Part::anchor) {
      X509_STORE_add_cert(made_->anchors.get(), certificate.get());
      made_->anchor_fingerprints.insert(facts.sha256);
    } else {
      X509_up_ref(certificate.get());
      made_->helpers.emplace_back(certificate.get());
    }
    if (part == Part::issuer) made_->issuer_fingerprints.insert(facts.sha256);
    if (part == Part::stamp) made_->stamp_fingerprints.insert(facts.sha256);
    made_->certificates.push_back({part, item.file, std::move(facts)});
    made_->parsed.push_back(std::move(certificate));
    return {};
  }

  Status add_crl(Item& item) {
    KnownCrl known{parse_crl(item.der), {}, nullptr, {}, {}};
    if (!known.crl) return failure(crl_unreadable(item.file));
    read_crl_facts(known, item.file);
    for (std::size_t i = 0; i < made_->parsed.size(); ++i)
      if (is_signed_by(known.crl.get(), made_->parsed[i].get()))
        known.signed_by.insert(made_->certificates[i].facts.sha256);
    known.facts.authentic = !known.signed_by.empty();
    known.evidence = evidence_of(EvidenceKind::crl, std::move(item.der));
    made_->crl_facts.push_back(known.facts);
    made_->crls.push_back(std::move(known));
    return {};
  }

  Status add_ocsp(Item& item) {
    KnownOcsp known{parse_ocsp(item.der), {}, {}, {}};
    if (!known.response) return failure(ocsp_unreadable(item.file));
    known.answers = answers_of(known.response.get(), item.file);
    for (std::size_t i = 0; i < made_->parsed.size(); ++i) {
      X509* const authority = made_->parsed[i].get();
      const bool concerned =
          std::ranges::any_of(known.answers, [&](const auto& one) { return is_of_issuer(one, authority); });
      if (concerned && responder_of(known.response.get(), authority) != nullptr)
        known.signed_by.insert(made_->certificates[i].facts.sha256);
    }
    for (auto& answer : known.answers) {
      answer.facts.authentic = !known.signed_by.empty();
      made_->ocsp_facts.push_back(answer.facts);
    }
    known.evidence = evidence_of(EvidenceKind::ocsp, std::move(item.der));
    made_->ocsp.push_back(std::move(known));
    return {};
  }

  Contents contents_;
  std::shared_ptr<TrustProfile::Material> made_ = std::make_shared<TrustProfile::Material>();
};

}  // namespace

const char* to_string(Part part) {
  switch (part) {
    case Part::anchor:
      return "anchor";
    case Part::issuer:
      return "issuer";
    case Part::intermediate:
      return "intermediate";
    case Part::stamp:
      return "stamp";
  }
  return "anchor";
}

Result<TrustProfile> TrustProfile::make(Contents contents) {
  auto material = Maker(std::move(contents)).run();
  ERR_clear_error();
  if (!material) return failure(std::move(material.error()));
  return TrustProfile(std::move(*material));
}

const std::string& TrustProfile::name() const {
  return material_->name;
}
const Rules& TrustProfile::rules() const {
  return material_->rules;
}
const std::string& TrustProfile::version() const {
  return material_->version;
}
const std::vector<KnownCertificate>& TrustProfile::certificates() const {
  return material_->certificates;
}
const std::vector<CrlFacts>& TrustProfile::crls() const {
  return material_->crl_facts;
}
const std::vector<OcspFacts>& TrustProfile::ocsp() const {
  return material_->ocsp_facts;
}

}  // namespace demat::trust
