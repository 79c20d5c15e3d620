#include "hostile_kit.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>

#include <algorithm>
#include <stdexcept>

#include "protocols/xml/canonical.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::test::hostile {
namespace {

constexpr auto ds = "http://www.w3.org/2000/09/xmldsig#";

void need(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("hostile kit: ") + what);
}

/// Where the content of the next element called `name` begins, whatever its prefix.
std::size_t content_of(const std::string& bytes, std::string_view name, std::size_t from) {
  for (auto at = bytes.find(name, from); at != std::string::npos; at = bytes.find(name, at + 1)) {
    const auto before = bytes.rfind('<', at);
    if (before == std::string::npos) continue;
    const auto between = std::string_view(bytes).substr(before + 1, at - before - 1);
    const auto after = at + name.size() < bytes.size() ? bytes[at + name.size()] : '\0';
    if (between.find_first_of("/ >") != std::string_view::npos) continue;
    if (!between.empty() && between.back() != ':') continue;
    if (after == '>' || after == ' ') return bytes.find('>', at) + 1;
  }
  throw std::runtime_error("hostile kit: no " + std::string(name));
}

std::size_t start_of_signature(const std::string& bytes, std::size_t number) {
  std::size_t at = content_of(bytes, "Signature", 0);
  for (std::size_t i = 0; i < number; ++i)
    at = content_of(bytes, "Signature", at);
  return at;
}

Digester::Algorithm algorithm_of(std::string_view digest) {
  return digest == "SHA1" ? Digester::Algorithm::sha1 : Digester::Algorithm::sha256;
}

/// The element that a reference leads to: the parent of its signature if it may, else the first of that Id.
std::optional<xml::Element> target_of(const xml::Document& document, const xml::Element& signature,
                                      const xml::Element& reference) {
  const auto uri = reference.attribute("URI");
  if (uri.empty()) return reference.has_attribute("URI") ? std::optional(document.root()) : std::nullopt;
  if (signature.has_parent() && uri == "#" + signature.parent().attribute("Id")) return signature.parent();
  for (const auto& element : document.with_attribute("Id"))
    if (uri == "#" + element.attribute("Id")) return element;
  return std::nullopt;
}

/// Whether we can tell what the reference digests: no transform but those of the profile.
bool is_known(const xml::Element& reference) {
  for (const auto& transforms : reference.children("Transforms", ds))
    for (const auto& transform : transforms.children()) {
      const auto algorithm = transform.attribute("Algorithm");
      if (!algorithm.ends_with("enveloped-signature") && algorithm.find("xml-exc-c14n#") == std::string::npos)
        return false;
    }
  return true;
}

bool is_enveloped(const xml::Element& reference) {
  for (const auto& transforms : reference.children("Transforms", ds))
    for (const auto& transform : transforms.children())
      if (transform.attribute("Algorithm").ends_with("enveloped-signature")) return true;
  return false;
}

std::string digest_of(const xml::Document& document, const xml::Element& signature,
                      const xml::Element& reference, const Resigning& how) {
  const auto target = target_of(document, signature, reference);
  if (!target || !is_known(reference)) return {};
  const bool covers = target->name() != "SignedProperties";
  const auto value = xml::canonical_digest(document, *target, xml::C14n::exclusive, algorithm_of(how.digest),
                                           covers && is_enveloped(reference) ? &signature : nullptr,
                                           covers ? how.prefixes : std::string());
  need(value.has_value(), "digest");
  return base64(*value);
}

std::string value_over(const std::string& data, const Resigning& how) {
  const Identity& signer = how.signer == nullptr ? ordinary_identity() : *how.signer;
  using Context = std::unique_ptr<EVP_MD_CTX, decltype([](EVP_MD_CTX* c) { EVP_MD_CTX_free(c); })>;
  const Context context(EVP_MD_CTX_new());
  std::size_t size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
  need(EVP_DigestSignInit_ex(context.get(), nullptr, how.digest, nullptr, nullptr, signer.key.get(),
                             nullptr) == 1,
       "sign");
  need(EVP_DigestSign(context.get(), nullptr, &size, bytes, data.size()) == 1, "sign");
  Bytes value(size);
  need(EVP_DigestSign(context.get(), value.data(), &size, bytes, data.size()) == 1, "sign");
  value.resize(size);
  return base64(value);
}

xml::Element signature_in(const xml::Document& document, std::size_t number) {
  const auto found = document.all("Signature", ds);
  need(number < found.size(), "no such signature");
  return found[number];
}

xml::Element info_of(const xml::Element& signature) {
  const auto found = signature.children("SignedInfo", ds);
  need(!found.empty(), "no SignedInfo");
  return found.front();
}

void put(std::string& bytes, std::size_t at, const std::string& value) {
  const auto end = bytes.find("</", at);
  need(end != std::string::npos, "no end tag");
  bytes.replace(at, end - at, value);
}

}  // namespace

void PrintTo(Outcome outcome, std::ostream* out) {
  constexpr const char* names[] = {"passed", "warned", "failed", "indeterminate", "unreadable"};
  *out << names[static_cast<int>(outcome)];
}

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.number << ' ' << one.name;
}

std::string sign_with(const std::string& bytes, const xades::SignRequest& request) {
  const auto document = xml::parse(bytes);
  need(document.has_value(), "not XML");
  const auto output = xades::sign_pes(*document, bytes, request);
  if (!output) throw std::runtime_error(output.error().code);
  return *output;
}

std::string one_signed() {
  static const auto bytes = sign_with(make_pes(), make_request(ordinary_identity()));
  return bytes;
}

std::string two_signed() {
  static const auto bytes =
      sign_with(make_pes({.depense_ids = {"BORD1", "BORD2"}}), make_request(ordinary_identity()));
  return bytes;
}

std::string globally_signed() {
  static const auto bytes =
      sign_with(make_pes({.root_id = "PES1", .depense_ids = {""}}), make_request(ordinary_identity()));
  return bytes;
}

const Identity& attacker() {
  static const auto identity = make_identity({.serial = "666"});
  return identity;
}

std::string resigned(std::string bytes, const Resigning& how) {
  const auto begin = start_of_signature(bytes, how.signature);
  if (!how.keep_digests) {
    const auto document = xml::parse(bytes);
    need(document.has_value(), "not XML");
    const auto signature = signature_in(*document, how.signature);
    auto at = content_of(bytes, "SignedInfo", begin);
    for (const auto& reference : info_of(signature).children("Reference", ds)) {
      at = content_of(bytes, "Reference", at);
      const auto value = digest_of(*document, signature, reference, how);
      if (!value.empty()) put(bytes, content_of(bytes, "DigestValue", at), value);
    }
  }
  const auto document = xml::parse(bytes);
  need(document.has_value(), "no longer XML");
  const auto data =
      xml::canonical(*document, info_of(signature_in(*document, how.signature)), xml::C14n::exclusive);
  need(data.has_value(), "SignedInfo");
  put(bytes, content_of(bytes, "SignatureValue", begin), value_over(*data, how));
  return bytes;
}

std::string replaced_all(std::string text, std::string_view from, std::string_view to) {
  need(text.find(from) != std::string::npos, "nothing to replace");
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string between(const std::string& text, std::string_view open, std::string_view close,
                    std::size_t from) {
  const auto begin = text.find(open, from);
  need(begin != std::string::npos, "no beginning");
  const auto end = text.find(close, begin);
  need(end != std::string::npos, "no end");
  return text.substr(begin, end + close.size() - begin);
}

std::string signature_text(const std::string& bytes, std::size_t number) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < number; ++i)
    at = bytes.find("<ds:Signature ", at) + 1;
  return between(bytes, "<ds:Signature ", "</ds:Signature>", at);
}

std::string unsigned_bordereau(const std::string& bytes, const std::string& id) {
  auto text = between(bytes, "<Bordereau Id=\"" + id + "\"", "</Bordereau>");
  const auto at = text.find("<ds:Signature ");
  return at == std::string::npos ? text : text.erase(at, text.find("</ds:Signature>") + 15 - at);
}

std::string sha256_base64(std::string_view bytes) {
  Digester digester(Digester::Algorithm::sha256);
  digester.update(bytes);
  return base64(digester.finish());
}

std::string content_digest(const std::string& bytes) {
  const auto made = resigned(bytes);
  const auto at = content_of(made, "DigestValue", 0);
  return made.substr(at, made.find("</", at) - at);
}

std::string element_digest(const std::string& bytes, std::string_view name) {
  const auto document = xml::parse(bytes);
  need(document.has_value(), "not XML");
  const auto found = document->all(name, "");
  need(!found.empty(), "no such element");
  return base64(
      *xml::canonical_digest(*document, found.front(), xml::C14n::exclusive, Digester::Algorithm::sha256));
}

std::string dressed(std::string bytes, const Bytes& der, const std::string& serial) {
  put(bytes, content_of(bytes, "X509Certificate", 0), base64(der));
  put(bytes, content_of(bytes, "DigestValue", content_of(bytes, "CertDigest", 0)),
      sha256_base64(as_text(der)));
  if (!serial.empty()) put(bytes, content_of(bytes, "X509SerialNumber", 0), serial);
  return bytes;
}

std::string key_value(const Identity& identity) {
  using Number = std::unique_ptr<BIGNUM, decltype([](BIGNUM* n) { BN_free(n); })>;
  const auto text = [&](const char* name) {
    BIGNUM* raw = nullptr;
    need(EVP_PKEY_get_bn_param(identity.key.get(), name, &raw) == 1, "key value");
    const Number number(raw);
    Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number.get())));
    BN_bn2bin(number.get(), bytes.data());
    return base64(bytes);
  };
  return "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>" + text(OSSL_PKEY_PARAM_RSA_N) +
         "</ds:Modulus><ds:Exponent>" + text(OSSL_PKEY_PARAM_RSA_E) +
         "</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>";
}

xades::VerifyOptions options(xades::Engine engine) {
  return make_options(engine);
}

std::string codes(const xades::DocumentReport& report) {
  std::string all;
  for (const auto& finding : report.findings().findings)
    all += finding.code + " ";
  return all;
}

std::string difference(const Case& one, const xades::DocumentReport& report) {
  const auto findings = report.findings().findings;
  const auto said =
      std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.code == one.code; });
  const bool has_failed =
      std::any_of(report.signatures.begin(), report.signatures.end(),
                  [](const xades::SignatureReport& s) { return s.indication == xades::Indication::failed; });
  const bool accepted = one.outcome == Outcome::passed || one.outcome == Outcome::warned;
  std::string differs;
  if (report.passed() != accepted) differs += accepted ? "does not pass; " : "passes; ";
  if (one.outcome == Outcome::passed && !findings.empty()) differs += "there is something to say; ";
  if (one.outcome != Outcome::passed && said == findings.end()) differs += "its code is not said; ";
  if (said != findings.end() && (said->severity == Severity::error) == accepted) differs += "severity; ";
  if (one.outcome == Outcome::indeterminate && has_failed) differs += "failed; ";
  if (one.outcome == Outcome::failed && !has_failed && report.document_findings.empty())
    differs += "nothing failed; ";
  return differs.empty() ? differs : differs + codes(report);
}

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const auto& group : {stated_cases(), placing_cases(), writing_cases(), key_cases(), massive_cases()})
    all.insert(all.end(), group.begin(), group.end());
  return all;
}

}  // namespace demat::test::hostile
