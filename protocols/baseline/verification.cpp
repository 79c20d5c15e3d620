#include "protocols/baseline/verification.hpp"

#include <algorithm>

#include "protocols/baseline/certificates.hpp"
#include "protocols/baseline/names.hpp"
#include "protocols/xades/places.hpp"
#include "protocols/xades/text.hpp"

namespace demat::baseline {

using namespace xades;

namespace {

constexpr std::chrono::minutes clock_skew{5};  // RV5
constexpr std::size_t most_stamps = 16;

}  // namespace

Result<BaselineReport> Verification::run() {
  auto& told = report_.signature;
  told.id = signature_.attribute("Id");
  told.global = true;
  told.signed_element = document_.root().path();
  told.line = signature_.line();
  if (check_place() && check_shape()) {
    if (auto status = check_digests(); !status) return failure(status.error());
    read_statement();
    bind_certificate();
    if (auto status = check_value(); !status) return failure(status.error());
    if (auto status = check_stamps(); !status) return failure(status.error());
  }
  conclude();
  return std::move(report_);
}

void Verification::conclude() {
  auto& indication = report_.signature.indication;
  indication = Indication::passed;
  for (const auto& finding : report_.signature.findings) {
    const auto one = consequence(finding);
    if (one != Indication::passed && indication != Indication::failed) indication = one;
  }
}

void Verification::say(std::string_view code, std::string_view value) {
  report_.signature.findings.push_back(make_remark(code, Place{signature_.line(), signature_.path()}, value));
}

bool Verification::wrong(std::string_view code, std::string_view value) {
  say(code, value);
  return false;
}

bool Verification::check_shape() {
  const auto children = signature_.children();
  if (!is_ncname(report_.signature.id) || children.size() != 4 || !is(children[0], "SignedInfo", names::ds) ||
      !is(children[1], "SignatureValue", names::ds) || !is(children[2], "KeyInfo", names::ds) ||
      !is(children[3], "Object", names::ds))
    return wrong("xades.structure", "Signature");
  info_.emplace(children[0]);
  value_.emplace(children[1]);
  key_info_.emplace(children[2]);
  return check_object(children[3]) && check_ids() && check_info() && check_data_object();
}

bool Verification::check_object(const Element& object) {
  const auto qualifying = only(object, {"QualifyingProperties"});
  if (object.children().size() != 1 || !qualifying) return wrong("xades.qualifying_properties");
  const std::string stated = qualifying->attribute("Target");
  const auto target = std::string_view(stated).substr(stated.starts_with('#') ? 1 : 0);
  if (target != report_.signature.id) return wrong("xades.target", target);
  const auto properties = only(*qualifying, {"SignedProperties"});
  if (!properties || !is_ncname(properties->attribute("Id"))) return wrong("xades.qualifying_properties");
  qualifying_ = qualifying;
  properties_ = properties;
  return true;
}

bool Verification::check_ids() {
  const auto ids = count_ids(document_);
  const auto repeated = std::ranges::find_if(ids, [](const auto& one) { return one.second > 1; });
  return repeated == ids.end() || wrong("xades.duplicate_id", repeated->first);
}

std::optional<xml::C14n> Verification::admitted_form(std::string_view uri) const {
  const auto form = canonical_form(uri);
  return form == xml::C14n::inclusive && !kind().inclusive ? std::nullopt : form;
}

bool Verification::check_info() {
  const auto children = info_->children();
  if (children.size() != 4 || !is(children[0], "CanonicalizationMethod", names::ds) ||
      !is(children[1], "SignatureMethod", names::ds))
    return wrong(kind().reference_code, "SignedInfo");
  const auto canonical = children[0].attribute("Algorithm");
  const auto form = admitted_form(canonical);
  if (!form || !children[0].children().empty()) return wrong("xades.canonicalization", canonical);
  info_form_ = *form;
  const auto uri = children[1].attribute("Algorithm");
  method_ = signature_method(uri);
  const bool more = method_ && uri != names::rsa_sha256;
  if (!method_ || (more && !kind().more_algorithms) || !children[1].children().empty())
    return wrong(kind().method_code, uri);
  report_.digest = method_->digest_name;
  for (std::size_t i = 2; i < 4; ++i)
    if (!is(children[i], "Reference", names::ds) || !take_reference(children[i])) return false;
  if (!content_) return wrong(kind().reference_code);
  return stated_properties_ || wrong("xades.unsigned_properties");
}

bool Verification::take_reference(const Element& reference) {
  const auto uri = reference.attribute("URI");
  const bool content = is_content(reference);
  const bool to_properties = uri == "#" + properties_->attribute("Id");
  if ((!content && !to_properties) || (content ? content_ : stated_properties_).has_value())
    return wrong(kind().reference_code, uri);
  if (content ? !check_content_form(reference) : !take_properties_form(reference)) return false;
  const auto digest = digest_in(reference);
  if (!digest) return wrong(kind().method_code, "DigestMethod");
  if (content) content_reference_id_ = reference.attribute("Id");
  (content ? content_ : stated_properties_) = digest;
  note_reference(reference, content, *digest);
  return true;
}

bool Verification::take_properties_form(const Element& reference) {
  if (kind().typed_properties && reference.attribute("Type") != names::signed_properties_type)
    return wrong(kind().reference_code, reference.attribute("Type"));
  for (const auto uri : {names::exc_c14n, names::c14n}) {
    if (!transforms_are(reference, {uri}) || !admitted_form(uri)) continue;
    properties_form_ = *admitted_form(uri);
    return true;
  }
  return wrong("xades.transform", reference.attribute("URI"));
}

/// What DataObjectFormat describes must be the content: nothing else is signed.
bool Verification::check_data_object() {
  const auto held = only(*properties_, {"SignedDataObjectProperties"});
  if (!held) return true;
  for (const auto& one : held->children("DataObjectFormat", names::xades_1_3_2))
    if (content_reference_id_.empty() || one.attribute("ObjectReference") != "#" + content_reference_id_)
      return wrong("xades.structure", "DataObjectFormat");
  return true;
}

void Verification::note_reference(const Element& reference, bool content, const StatedDigest& digest) {
  ReferenceFacts facts;
  facts.uri = short_text(reference.attribute("URI"));
  facts.element = content ? kind().content : "SignedProperties";
  if (const auto list = only_ds(reference, "Transforms"))
    for (const auto& one : list->children())
      facts.transforms.push_back(one.attribute("Algorithm"));
  facts.digest_method = names::digest_uri(digest.algorithm);
  facts.expected = short_text(base64(digest.value));
  report_.signature.references.push_back(std::move(facts));
}

Status Verification::check_digests() {
  const auto content = digest_content(content_->algorithm);
  if (!content) return failure(content.error());
  compare(true, *content);
  const auto properties =
      xml::canonical_digest(document_, *properties_, properties_form_, stated_properties_->algorithm);
  if (!properties) return failure(properties.error());
  compare(false, *properties);
  return {};
}

void Verification::compare(bool content, const Bytes& computed) {
  const bool same = computed == (content ? content_ : stated_properties_)->value;
  for (auto& facts : report_.signature.references) {
    if ((facts.element == "SignedProperties") == content) continue;
    facts.computed = base64(computed);
    facts.ok = same;
  }
  if (!same) say(content ? kind().digest_code : "xades.digest_properties");
}

void Verification::read_statement() {
  auto& told = report_.signature;
  const auto said = only(*properties_, {"SignedSignatureProperties"});
  if (!said) return say("xades.signing_time");
  for (const char* name : {"SignerRoleV2", "SignerRole"})
    if (told.role.empty()) told.role = short_text(text_of(*said, {name, "ClaimedRoles", "ClaimedRole"}));
  for (const char* name : {"SignatureProductionPlaceV2", "SignatureProductionPlace"}) {
    if (!only(*said, {name})) continue;
    told.place = {short_text(text_of(*said, {name, "City"})),
                  short_text(text_of(*said, {name, "PostalCode"})),
                  short_text(text_of(*said, {name, "CountryName"}))};
  }
  told.signing_time = short_text(text_of(*said, {"SigningTime"}));
  told.signed_at = parse_instant(told.signing_time);
  if (!told.signed_at) return say("xades.signing_time", told.signing_time);
  if (now_ && *told.signed_at > *now_ + clock_skew) say("xades.signing_time_future", told.signing_time);
}

void Verification::bind_certificate() {
  const auto said = only(*properties_, {"SignedSignatureProperties"});
  const auto cert = said ? designating(*said) : std::nullopt;
  const auto holder = cert ? only(*cert, {"CertDigest"}) : std::nullopt;
  const auto wanted = holder ? digest_in(*holder) : std::nullopt;
  if (!wanted) return say("xades.certificate_binding");
  const auto all = certificates_in(*key_info_);
  if (!all) return say("xades.no_certificate");
  if (all->size() > most_certificates) return say("xades.structure", "X509Data");
  const Bytes* const bound = bound_by(*wanted, *all);
  if (bound == nullptr) return say("xades.certificate_binding");
  auto& told = report_.signature;
  std::ranges::copy_if(*all, std::back_inserter(told.offered),
                       [&](const Bytes& one) { return one != *bound && !one.empty(); });
  offer_values(*qualifying_, told.offered);
  auto certificate = Certificate::from_der(*bound);
  if (!certificate) return say("xades.certificate_unreadable");
  if (!issuer_fits(*cert, *certificate)) say("xades.issuer_serial");
  take_certificate(std::make_shared<const Certificate>(std::move(*certificate)));
}

bool Verification::check_key(const Certificate& certificate) {
  const auto bits = std::to_string(certificate.key_bits());
  switch (key_fault(*method_, certificate)) {
    case KeyFault::none:
      return true;
    case KeyFault::other_kind:
      return wrong(kind().method_code, "clé " + bits + " bits / " + bits + "-bit key");
    case KeyFault::unusual:
      return wrong("xades.unusual_key", bits);
    case KeyFault::weak:
      break;
  }
  return wrong("xades.weak_key", bits);
}

void Verification::take_certificate(CertificatePtr certificate) {
  auto& told = report_.signature;
  told.certificate_der = certificate->der();
  told.certificate_sha256 = sha256(as_text(certificate->der())).str();
  if (!check_key(*certificate)) return;
  if (kind().judges_circumstances) {
    if (told.signed_at &&
        (*told.signed_at < certificate->not_before() || *told.signed_at > certificate->not_after()))
      say("xades.certificate_period", told.signing_time);
    if (certificate->non_repudiation() != Certificate::NonRepudiation::present) say("xades.key_usage");
  }
  told.certificate = std::move(certificate);
}

Status Verification::check_value() {
  if (!report_.signature.certificate) return {};
  const auto info = xml::canonical(document_, *info_, info_form_);
  if (!info) return failure(info.error());
  const auto value = decode_base64(value_->text());
  if (!value.ok || !verifies(*method_, *report_.signature.certificate, *info, value.bytes))
    say("xades.signature_value");
  return {};
}

Status Verification::check_stamps() {
  const auto holder = only(*qualifying_, {"UnsignedProperties", "UnsignedSignatureProperties"});
  if (!holder) return {};
  const auto all = holder->children("SignatureTimeStamp", names::xades_1_3_2);
  for (std::size_t i = 0; i < std::min(all.size(), most_stamps); ++i)
    if (auto status = take_stamp(all[i]); !status) return status;
  if (all.size() > most_stamps) say("xades.stamp", std::to_string(all.size()));
  return {};
}

Status Verification::take_stamp(const Element& one) {
  const auto method = only_ds(one, "CanonicalizationMethod");
  const auto token = only(one, {"EncapsulatedTimeStamp"});
  const auto form = method ? canonical_form(method->attribute("Algorithm")) : xml::C14n::inclusive;
  const auto der = decode_base64(token ? token->text() : "");
  if (!form || !der.ok || der.bytes.empty() || der.bytes.size() > timestamp::max_token) {
    say("xades.stamp", "SignatureTimeStamp");
    return {};
  }
  const auto stamped = xml::canonical(document_, *value_, *form);
  if (!stamped) return failure(stamped.error());
  if (auto stamp = timestamp::verify_token(der.bytes, *stamped))
    if (!report_.stamp || stamp->time < report_.stamp->time) report_.stamp = std::move(*stamp);
  const auto bytes = as_bytes(*stamped);
  report_.stamps.push_back({der.bytes, {bytes.begin(), bytes.end()}});
  return {};
}

}  // namespace demat::baseline
