#include <algorithm>

#include "protocols/baseline/baseline.hpp"
#include "protocols/baseline/names.hpp"
#include "protocols/xades/places.hpp"
#include "protocols/xades/text.hpp"
#include "protocols/xml/canonical.hpp"

namespace demat::baseline {
namespace {

using namespace xades;

using xml::Element;

constexpr std::chrono::minutes clock_skew{5};  // RV5

bool is(const Element& element, std::string_view name, std::string_view ns) {
  return element.name() == name && element.ns() == ns;
}

/// The single element at the end of a chain of XAdES names; nothing when one is absent or repeated.
template <class... Names>
std::optional<Element> only(const Element& from, Names... names) {
  std::optional<Element> at = from;
  for (const std::string_view name : {std::string_view(names)...}) {
    const auto found = at->children(name, names::xades_1_3_2);
    if (found.size() != 1) return std::nullopt;
    at = found.front();
  }
  return at;
}

std::optional<Element> only_ds(const Element& from, std::string_view name) {
  const auto found = from.children(name, names::ds);
  return found.size() == 1 ? std::optional(found.front()) : std::nullopt;
}

std::optional<Digester::Algorithm> digest_named(std::string_view uri) {
  for (const auto one :
       {Digester::Algorithm::sha256, Digester::Algorithm::sha384, Digester::Algorithm::sha512})
    if (names::digest_uri(one) == uri) return one;
  return std::nullopt;
}

/// DigestMethod and DigestValue, in ds: from XAdES 1.3.2 on.
struct StatedDigest {
  Digester::Algorithm algorithm;
  Bytes value;
};
std::optional<StatedDigest> digest_in(const Element& holder) {
  const auto method = only_ds(holder, "DigestMethod");
  const auto value = only_ds(holder, "DigestValue");
  const auto algorithm = method ? digest_named(method->attribute("Algorithm")) : std::nullopt;
  const auto decoded = decode_base64(value ? value->text() : "");
  if (!algorithm || !decoded.ok || decoded.bytes.empty()) return std::nullopt;
  return StatedDigest{*algorithm, decoded.bytes};
}

/// What a reference asks for, its transforms in exactly the one order that is taken.
bool has_transforms(const Element& reference, bool enveloped) {
  const auto list = only_ds(reference, "Transforms");
  if (!list) return false;
  std::vector<std::string_view> wanted;
  if (enveloped) wanted.push_back(names::enveloped);
  wanted.push_back(names::exc_c14n);
  const auto found = list->children();
  return std::ranges::equal(found, wanted, [](const Element& one, std::string_view algorithm) {
    return is(one, "Transform", names::ds) && one.children().empty() &&
           one.attribute("Algorithm") == algorithm;
  });
}

class BaselineVerifier {
 public:
  BaselineVerifier(const xml::Document& document, std::optional<Instant> now)
      : document_(document), now_(now) {}

  Result<BaselineReport> run() {
    const auto all = document_.all("Signature", names::ds);
    signature_.emplace(all.front());
    report_.signature.id = signature_->attribute("Id");
    report_.signature.global = true;
    report_.signature.signed_element = document_.root().path();
    if (all.size() > 1) say("xades.two_signatures");
    if (check_shape()) {
      if (auto status = check_digests(); !status) return failure(status.error());
      read_statement();
      bind_certificate();
      if (auto status = check_value(); !status) return failure(status.error());
      if (auto status = check_stamp(); !status) return failure(status.error());
    }
    report_.signature.indication = Indication::passed;
    for (const auto& finding : report_.signature.findings) {
      const auto one = consequence(finding);
      if (one != Indication::passed && report_.signature.indication != Indication::failed)
        report_.signature.indication = one;
    }
    return std::move(report_);
  }

 private:
  void say(std::string_view code, std::string_view value = {}) {
    report_.signature.findings.push_back(
        make_remark(code, Place{signature_->line(), signature_->path()}, value));
  }
  bool wrong(std::string_view code, std::string_view value = {}) {
    say(code, value);
    return false;
  }

  /// S1: the whitelist, before any cryptography.
  bool check_shape() {
    const auto siblings = document_.root().children();
    if (!signature_->has_parent() || signature_->parent().has_parent() || !(siblings.back() == *signature_))
      return wrong("xades.position");
    const auto children = signature_->children();
    if (!is_ncname(report_.signature.id) || children.size() != 4 ||
        !is(children[0], "SignedInfo", names::ds) || !is(children[1], "SignatureValue", names::ds) ||
        !is(children[2], "KeyInfo", names::ds) || !is(children[3], "Object", names::ds))
      return wrong("xades.structure", "Signature");
    info_.emplace(children[0]);
    value_.emplace(children[1]);
    key_info_.emplace(children[2]);
    const auto held = children[3].children();
    const auto qualifying = only(children[3], "QualifyingProperties");
    if (held.size() != 1 || !qualifying) return wrong("xades.qualifying_properties");
    std::string_view target = qualifying_target(*qualifying);
    if (target != report_.signature.id) return wrong("xades.target", target);
    const auto properties = only(*qualifying, "SignedProperties");
    if (!properties || !is_ncname(properties->attribute("Id"))) return wrong("xades.qualifying_properties");
    qualifying_ = qualifying;
    properties_ = properties;
    return check_ids() && check_info();
  }

  std::string_view qualifying_target(const Element& qualifying) {
    target_ = qualifying.attribute("Target");
    return std::string_view(target_).substr(target_.starts_with('#') ? 1 : 0);
  }

  bool check_ids() {
    const auto ids = count_ids(document_);
    const auto repeated = std::ranges::find_if(ids, [](const auto& one) { return one.second > 1; });
    return repeated == ids.end() || wrong("xades.duplicate_id", repeated->first);
  }

  bool check_info() {
    const auto children = info_->children();
    if (children.size() != 4 || !is(children[0], "CanonicalizationMethod", names::ds) ||
        !is(children[1], "SignatureMethod", names::ds))
      return wrong("xades.reference", "SignedInfo");
    const auto canonical = children[0].attribute("Algorithm");
    if (canonical != names::exc_c14n || !children[0].children().empty())
      return wrong("xades.canonicalization", canonical);
    const auto method = children[1].attribute("Algorithm");
    if (method != names::rsa_sha256 || !children[1].children().empty())
      return wrong("xades.algorithm", method);
    for (std::size_t i = 2; i < 4; ++i)
      if (!is(children[i], "Reference", names::ds) || !take_reference(children[i])) return false;
    if (!content_) return wrong("xades.reference");
    return stated_properties_ || wrong("xades.unsigned_properties");
  }

  bool take_reference(const Element& reference) {
    const auto uri = reference.attribute("URI");
    const auto digest = digest_in(reference);
    const bool whole = uri.empty() && reference.has_attribute("URI");
    const bool is_properties = uri == "#" + properties_->attribute("Id");
    if ((!whole && !is_properties) || (whole ? content_ : stated_properties_).has_value())
      return wrong("xades.reference", uri);
    if (!has_transforms(reference, whole)) return wrong("xades.transform", uri);
    if (!digest) return wrong("xades.algorithm", "DigestMethod");
    (whole ? content_ : stated_properties_) = digest;
    return true;
  }

  Status check_digests() {
    const auto content = xml::canonical_digest(document_, document_.root(), xml::C14n::exclusive,
                                               content_->algorithm, &*signature_);
    if (!content) return failure(content.error());
    if (*content != content_->value) say("xades.digest_content");
    const auto properties =
        xml::canonical_digest(document_, *properties_, xml::C14n::exclusive, stated_properties_->algorithm);
    if (!properties) return failure(properties.error());
    if (*properties != stated_properties_->value) say("xades.digest_properties");
    return {};
  }

  void read_statement() {
    auto& told = report_.signature;
    const auto said = only(*properties_, "SignedSignatureProperties");
    const auto time = said ? only(*said, "SigningTime") : std::nullopt;
    told.signing_time = time ? std::string(trimmed(time->text())) : std::string();
    told.signed_at = parse_instant(told.signing_time);
    if (!told.signed_at) return say("xades.signing_time", told.signing_time);
    if (now_ && *told.signed_at > *now_ + clock_skew) say("xades.signing_time_future", told.signing_time);
    const auto role = only(*said, "SignerRoleV2", "ClaimedRoles", "ClaimedRole");
    if (role) told.role = trimmed(role->text());
  }

  /// SigningCertificateV2, else the older SigningCertificate: the first Cert designates.
  std::optional<StatedDigest> designated() const {
    const auto said = only(*properties_, "SignedSignatureProperties");
    for (const char* name : {"SigningCertificateV2", "SigningCertificate"}) {
      const auto list = said ? only(*said, name) : std::nullopt;
      if (!list) continue;
      const auto certs = list->children("Cert", names::xades_1_3_2);
      const auto digest = certs.empty() ? std::nullopt : only(certs.front(), "CertDigest");
      return digest ? digest_in(*digest) : std::nullopt;
    }
    return std::nullopt;
  }

  void bind_certificate() {
    const auto wanted = designated();
    if (!wanted) return say("xades.certificate_binding");
    const auto data = only_ds(*key_info_, "X509Data");
    if (!data) return say("xades.no_certificate");
    for (const auto& item : data->children("X509Certificate", names::ds)) {
      const auto der = decode_base64(item.text());
      Digester digester(wanted->algorithm);
      digester.update(as_text(der.bytes));
      if (!der.ok || digester.finish() != wanted->value) continue;
      auto certificate = Certificate::from_der(der.bytes);
      if (!certificate) return say("xades.certificate_unreadable");
      return take_certificate(std::make_shared<const Certificate>(std::move(*certificate)));
    }
    say("xades.certificate_binding");
  }

  void take_certificate(CertificatePtr certificate) {
    auto& told = report_.signature;
    told.certificate_der = certificate->der();
    told.certificate_sha256 = sha256(as_text(certificate->der())).str();
    if (!certificate->is_rsa()) return say("xades.algorithm", "clé non RSA / not an RSA key");
    if (!certificate->has_strong_rsa_key()) say("xades.weak_key", std::to_string(certificate->key_bits()));
    if (told.signed_at &&
        (*told.signed_at < certificate->not_before() || *told.signed_at > certificate->not_after()))
      say("xades.certificate_period", told.signing_time);
    if (certificate->non_repudiation() != Certificate::NonRepudiation::present) say("xades.key_usage");
    told.certificate = std::move(certificate);
  }

  Status check_value() {
    if (!report_.signature.certificate) return {};
    const auto info = xml::canonical(document_, *info_, xml::C14n::exclusive);
    if (!info) return failure(info.error());
    const auto value = decode_base64(value_->text());
    if (!value.ok || !report_.signature.certificate->verifies_rsa_sha256(*info, value.bytes))
      say("xades.signature_value");
    return {};
  }

  /// Every SignatureTimeStamp must hold; the earliest one tells.
  Status check_stamp() {
    const auto holder = only(*qualifying_, "UnsignedProperties", "UnsignedSignatureProperties");
    if (!holder) return {};
    for (const auto& one : holder->children("SignatureTimeStamp", names::xades_1_3_2)) {
      const auto method = only_ds(one, "CanonicalizationMethod");
      const auto token = only(one, "EncapsulatedTimeStamp");
      const bool exclusive = method && method->attribute("Algorithm") == names::exc_c14n;
      if (!token || (method && !exclusive && method->attribute("Algorithm") != names::c14n)) {
        say("xades.stamp", "SignatureTimeStamp");
        continue;
      }
      const auto stamped =
          xml::canonical(document_, *value_, exclusive ? xml::C14n::exclusive : xml::C14n::inclusive);
      if (!stamped) return failure(stamped.error());
      take_stamp(timestamp::verify_token(decode_base64(token->text()).bytes, *stamped));
    }
    return {};
  }

  void take_stamp(Result<timestamp::Stamp> stamp) {
    if (!stamp) return say("xades.stamp", stamp.error().code);
    if (!report_.stamp || stamp->time < report_.stamp->time) report_.stamp = std::move(*stamp);
  }

  const xml::Document& document_;
  std::optional<Instant> now_;
  std::optional<Element> signature_, info_, value_, key_info_, qualifying_, properties_;
  std::string target_;
  std::optional<StatedDigest> content_, stated_properties_;
  BaselineReport report_;
};

}  // namespace

bool has_baseline(const xml::Document& document) {
  return !document.all("Signature", names::ds).empty() &&
         !document.all("QualifyingProperties", names::xades_1_3_2).empty();
}

Result<BaselineReport> verify_baseline(const xml::Document& document, std::optional<Instant> now) {
  return BaselineVerifier(document, now).run();
}

}  // namespace demat::baseline
