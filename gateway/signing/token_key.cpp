#include "gateway/signing/token_key.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "gateway/signing/token_errors.hpp"

namespace demat::signing {
namespace {

using Session = TokenLink::Session;

/// SEQUENCE { AlgorithmIdentifier sha256, OCTET STRING of 32 bytes }: what PKCS#1 puts before the digest.
constexpr std::array<std::uint8_t, 19> sha256_prefix{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
                                                     0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                                     0x01, 0x05, 0x00, 0x04, 0x20};
/// namedCurve prime256v1, as CKA_EC_PARAMS holds it.
constexpr std::array<std::uint8_t, 10> p256{0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
constexpr CK_ULONG most_found = 16;

Error call_failed(std::string_view token, std::string_view call, CK_RV result) {
  if (result == CKR_TOKEN_NOT_PRESENT || result == CKR_DEVICE_REMOVED) return token_absent(token);
  return token_failed(token, std::string(call) + ": " + name_of(result));
}

template <class T>
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, T& value) {
  return {type, &value, sizeof value};
}

CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, Bytes& value) {
  return {type, value.data(), static_cast<CK_ULONG>(value.size())};
}

/// Nothing when the object has no such attribute or does not show it.
std::optional<Bytes> value_of(const Session& session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE wanted{type, nullptr, 0};
  if (session.call().C_GetAttributeValue(session.handle(), object, &wanted, 1) != CKR_OK ||
      wanted.ulValueLen == CK_UNAVAILABLE_INFORMATION)
    return std::nullopt;
  Bytes value(wanted.ulValueLen);
  wanted.pValue = value.data();
  if (session.call().C_GetAttributeValue(session.handle(), object, &wanted, 1) != CKR_OK) return std::nullopt;
  value.resize(std::min<std::size_t>(value.size(), wanted.ulValueLen));
  return value;
}

/// False when it is not told.
bool is_set(const Session& session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  const auto value = value_of(session, object, type);
  return value && !value->empty() && value->front() != CK_FALSE;
}

/// Extractable is what is not said to be otherwise.
bool is_clear(const Session& session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  const auto value = value_of(session, object, type);
  return value && !value->empty() && value->front() == CK_FALSE;
}

Result<std::vector<CK_OBJECT_HANDLE>> find_all(const Session& session, std::vector<CK_ATTRIBUTE> wanted,
                                               std::string_view token) {
  auto& call = session.call();
  CK_RV result =
      call.C_FindObjectsInit(session.handle(), wanted.data(), static_cast<CK_ULONG>(wanted.size()));
  if (result != CKR_OK) return failure(call_failed(token, "C_FindObjectsInit", result));
  std::vector<CK_OBJECT_HANDLE> found(most_found);
  CK_ULONG count = 0;
  result = call.C_FindObjects(session.handle(), found.data(), most_found, &count);
  call.C_FindObjectsFinal(session.handle());
  if (result != CKR_OK) return failure(call_failed(token, "C_FindObjects", result));
  found.resize(count);
  return found;
}

bool offers(const Session& session, CK_MECHANISM_TYPE mechanism) {
  CK_MECHANISM_INFO info{};
  return session.call().C_GetMechanismInfo(session.slot(), mechanism, &info) == CKR_OK &&
         (info.flags & CKF_SIGN) != 0;
}

Result<CK_MECHANISM_TYPE> mechanism_for(const Session& session, CK_OBJECT_HANDLE key, const KeyQuery& query) {
  const auto raw = value_of(session, key, CKA_KEY_TYPE);
  CK_KEY_TYPE type = 0;
  if (!raw || raw->size() != sizeof type) return failure(token_mechanism(query.text(), "CKA_KEY_TYPE"));
  std::copy(raw->begin(), raw->end(), reinterpret_cast<std::uint8_t*>(&type));
  if (type == CKK_RSA) {
    if (query.combined_mechanism && offers(session, CKM_SHA256_RSA_PKCS)) return CKM_SHA256_RSA_PKCS;
    if (offers(session, CKM_RSA_PKCS)) return CKM_RSA_PKCS;
    return failure(token_mechanism(query.text(), "RSA"));
  }
  const auto curve = value_of(session, key, CKA_EC_PARAMS);
  const bool on_p256 = curve && std::ranges::equal(*curve, p256);
  if (type == CKK_EC && query.allow_p256 && on_p256 && offers(session, CKM_ECDSA)) return CKM_ECDSA;
  return failure(token_mechanism(query.text(), type == CKK_EC ? "EC" : "neither RSA nor EC"));
}

void read_attributes(const Session& session, KeyInToken& key) {
  const bool sensitive = is_set(session, key.handle, CKA_SENSITIVE);
  const bool stays = is_clear(session, key.handle, CKA_EXTRACTABLE);
  const bool always = is_set(session, key.handle, CKA_ALWAYS_SENSITIVE);
  const bool never = is_set(session, key.handle, CKA_NEVER_EXTRACTABLE);
  key.never_left = sensitive && stays && always && never;
  const auto word = [](bool holds, const char* name) { return std::string(holds ? "" : "not ") + name; };
  key.attributes = word(sensitive, "sensitive") + ", " + word(!stays, "extractable") + ", " +
                   word(always, "always sensitive") + ", " + word(never, "never extractable");
  key.asks_each_time = is_set(session, key.handle, CKA_ALWAYS_AUTHENTICATE);
}

/// What the mechanism is to be given for `data`.
Bytes input_for(CK_MECHANISM_TYPE mechanism, std::string_view data) {
  if (mechanism == CKM_SHA256_RSA_PKCS) return {data.begin(), data.end()};
  Bytes input;
  if (mechanism == CKM_RSA_PKCS) input.assign(sha256_prefix.begin(), sha256_prefix.end());
  Digester digester(Digester::Algorithm::sha256);
  digester.update(data);
  const Bytes digest = digester.finish();
  input.insert(input.end(), digest.begin(), digest.end());
  return input;
}

}  // namespace

std::string KeyQuery::text() const {
  if (!label.empty()) return label;
  return id.empty() ? "*" : hex(id);
}

Result<KeyInToken> find_key(const Session& session, const KeyQuery& query, std::string_view token) {
  CK_OBJECT_CLASS kind = CKO_PRIVATE_KEY;
  Bytes label(query.label.begin(), query.label.end());
  Bytes id = query.id;
  std::vector<CK_ATTRIBUTE> wanted{attribute(CKA_CLASS, kind)};
  if (!label.empty()) wanted.push_back(attribute(CKA_LABEL, label));
  if (!id.empty()) wanted.push_back(attribute(CKA_ID, id));
  auto found = find_all(session, std::move(wanted), token);
  if (!found) return failure(std::move(found.error()));
  std::erase_if(*found, [&](CK_OBJECT_HANDLE key) { return !is_set(session, key, CKA_SIGN); });
  if (found->size() != 1)
    return failure(token_no_key(query.text(), std::to_string(found->size()) + " signing keys"));
  KeyInToken key;
  key.generation = session.generation();
  key.handle = found->front();
  const Bytes name = value_of(session, key.handle, CKA_LABEL).value_or(Bytes());
  key.label = as_text(name);
  key.id = value_of(session, key.handle, CKA_ID).value_or(Bytes());
  const auto mechanism = mechanism_for(session, key.handle, query);
  if (!mechanism) return failure(mechanism.error());
  key.mechanism = *mechanism;
  read_attributes(session, key);
  return key;
}

Result<Bytes> find_certificate(const Session& session, const KeyInToken& key, std::string_view token) {
  CK_OBJECT_CLASS kind = CKO_CERTIFICATE;
  CK_CERTIFICATE_TYPE type = CKC_X_509;
  Bytes label(key.label.begin(), key.label.end());
  Bytes id = key.id;
  const std::array<CK_ATTRIBUTE, 2> clues{attribute(CKA_ID, id), attribute(CKA_LABEL, label)};
  for (const CK_ATTRIBUTE& clue : clues) {
    if (clue.ulValueLen == 0) continue;
    auto found =
        find_all(session, {attribute(CKA_CLASS, kind), attribute(CKA_CERTIFICATE_TYPE, type), clue}, token);
    if (!found) return failure(std::move(found.error()));
    if (found->size() != 1) continue;
    auto der = value_of(session, found->front(), CKA_VALUE);
    if (der && !der->empty()) return std::move(*der);
  }
  return failure(token_no_certificate(key.label.empty() ? hex(key.id) : key.label));
}

Result<Bytes> sign_in_token(TokenLink& link, const Session& session, KeyInToken& key, std::string_view data) {
  auto& call = session.call();
  const std::string token = link.name().text();
  CK_MECHANISM how{key.mechanism, nullptr, 0};
  CK_RV result = call.C_SignInit(session.handle(), &how, key.handle);
  if (result == CKR_MECHANISM_INVALID && key.mechanism == CKM_SHA256_RSA_PKCS) {
    how.mechanism = key.mechanism = CKM_RSA_PKCS;
    result = call.C_SignInit(session.handle(), &how, key.handle);
  }
  if (result != CKR_OK) return failure(call_failed(token, "C_SignInit", result));
  if (key.asks_each_time) {
    if (auto status = link.authenticate(session); !status) return failure(std::move(status.error()));
  }
  Bytes input = input_for(key.mechanism, data);
  Bytes value(1024);  // RSA-8192
  CK_ULONG size = value.size();
  result =
      call.C_Sign(session.handle(), input.data(), static_cast<CK_ULONG>(input.size()), value.data(), &size);
  if (result != CKR_OK) return failure(call_failed(token, "C_Sign", result));
  value.resize(size);
  return value;
}

}  // namespace demat::signing
