#include "protocols/xades/issuer_name.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/objects.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <vector>

#include "protocols/base/owned.hpp"

namespace demat::xades {
namespace {

struct Keyword {
  std::string_view word;
  int nid;
};

/// The table of RFC 2253 §2.3: what we write.
constexpr std::array<Keyword, 9> written = {{{"CN", NID_commonName},
                                             {"L", NID_localityName},
                                             {"ST", NID_stateOrProvinceName},
                                             {"O", NID_organizationName},
                                             {"OU", NID_organizationalUnitName},
                                             {"C", NID_countryName},
                                             {"STREET", NID_streetAddress},
                                             {"DC", NID_domainComponent},
                                             {"UID", NID_userId}}};

/// Spellings that other products write (signature 1.5); compared in upper case.
constexpr std::array<Keyword, 12> understood = {{{"S", NID_stateOrProvinceName},
                                                 {"E", NID_pkcs9_emailAddress},
                                                 {"EMAIL", NID_pkcs9_emailAddress},
                                                 {"EMAILADDRESS", NID_pkcs9_emailAddress},
                                                 {"SERIALNUMBER", NID_serialNumber},
                                                 {"SN", NID_surname},
                                                 {"SURNAME", NID_surname},
                                                 {"GN", NID_givenName},
                                                 {"GIVENNAME", NID_givenName},
                                                 {"T", NID_title},
                                                 {"TITLE", NID_title},
                                                 {"ORGANIZATIONIDENTIFIER", NID_undef}}};
constexpr const char* organization_identifier_oid = "2.5.4.97";

struct ObjectFree {
  void operator()(ASN1_OBJECT* object) const { ASN1_OBJECT_free(object); }
};
struct TypeFree {
  void operator()(ASN1_TYPE* type) const { ASN1_TYPE_free(type); }
};
using ObjectPtr = std::unique_ptr<ASN1_OBJECT, ObjectFree>;

std::string dotted(const ASN1_OBJECT* object) {
  std::array<char, 128> text{};
  const int size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  return {text.data(), static_cast<std::size_t>(std::clamp(size, 0, static_cast<int>(text.size()) - 1))};
}

void append_entry(std::string& out, const X509_NAME_ENTRY* entry) {
  const ASN1_OBJECT* const object = X509_NAME_ENTRY_get_object(entry);
  const int nid = OBJ_obj2nid(object);
  const auto keyword =
      std::find_if(written.begin(), written.end(), [&](const Keyword& k) { return k.nid == nid; });
  const bool known = keyword != written.end();
  unsigned long flags = ASN1_STRFLGS_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (!known) flags |= ASN1_STRFLGS_DUMP_ALL | ASN1_STRFLGS_DUMP_DER;
  out += known ? std::string(keyword->word) : dotted(object);
  out += '=';
  const Owned<BIO, BIO_free> bio(BIO_new(BIO_s_mem()));
  ASN1_STRING_print_ex(bio.get(), X509_NAME_ENTRY_get_data(entry), flags);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  if (size > 0) out.append(text, static_cast<std::size_t>(size));
}

struct Ava {
  std::string type;
  std::string value;  ///< unescaped, or raw DER when `is_der`
  bool is_der = false;
  bool joined = false;  ///< belongs to the RDN of the one before
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// A cursor over the text of a name.
class NameReader {
 public:
  explicit NameReader(std::string_view text) : text_(text) {}

  std::optional<std::vector<Ava>> read() {
    std::vector<Ava> all;
    bool joined = false;
    while (true) {
      auto ava = one();
      if (!ava) return std::nullopt;
      ava->joined = joined;
      all.push_back(std::move(*ava));
      if (at_ == text_.size()) return all;
      joined = text_[at_++] == '+';
    }
  }

 private:
  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_]))
      ++at_;
  }
  [[nodiscard]] bool at_separator() const {
    return at_ == text_.size() || text_[at_] == ',' || text_[at_] == ';' || text_[at_] == '+';
  }

  std::optional<Ava> one() {
    skip_spaces();
    const auto equal = text_.find('=', at_);
    if (equal == std::string_view::npos) return std::nullopt;
    Ava ava;
    ava.type = std::string(text_.substr(at_, equal - at_));
    while (!ava.type.empty() && is_space(ava.type.back()))
      ava.type.pop_back();
    at_ = equal + 1;
    skip_spaces();
    bool ok = false;
    if (at_ < text_.size() && text_[at_] == '#') {
      ok = read_der(ava);
    } else if (at_ < text_.size() && text_[at_] == '"') {
      ok = read_quoted(ava);
    } else {
      ok = read_plain(ava);
    }
    skip_spaces();
    if (!ok || ava.type.empty() || !at_separator()) return std::nullopt;
    return ava;
  }

  bool read_der(Ava& ava) {
    ava.is_der = true;
    ++at_;
    while (at_ + 1 < text_.size() && hex_digit(text_[at_]) >= 0 && hex_digit(text_[at_ + 1]) >= 0) {
      ava.value += static_cast<char>(hex_digit(text_[at_]) * 16 + hex_digit(text_[at_ + 1]));
      at_ += 2;
    }
    return !ava.value.empty();
  }

  bool read_escape(std::string& value) {
    if (++at_ >= text_.size()) return false;
    if (at_ + 1 < text_.size() && hex_digit(text_[at_]) >= 0 && hex_digit(text_[at_ + 1]) >= 0) {
      value += static_cast<char>(hex_digit(text_[at_]) * 16 + hex_digit(text_[at_ + 1]));
      at_ += 2;
    } else {
      value += text_[at_++];
    }
    return true;
  }

  bool read_quoted(Ava& ava) {
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\') {
        if (!read_escape(ava.value)) return false;
      } else {
        ava.value += text_[at_++];
      }
    }
    return at_++ < text_.size();
  }

  bool read_plain(Ava& ava) {
    std::size_t kept = 0;  // spaces at the end count only when escaped
    while (!at_separator()) {
      if (text_[at_] == '\\') {
        if (!read_escape(ava.value)) return false;
        kept = ava.value.size();
      } else {
        if (!is_space(text_[at_])) kept = ava.value.size() + 1;
        ava.value += text_[at_++];
      }
    }
    ava.value.resize(kept);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

ObjectPtr object_of(std::string type) {
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (type.starts_with("OID.")) type.erase(0, 4);
  for (const auto& k : written)
    if (k.word == type) return ObjectPtr(OBJ_dup(OBJ_nid2obj(k.nid)));
  for (const auto& k : understood)
    if (k.word == type && k.nid != NID_undef) return ObjectPtr(OBJ_dup(OBJ_nid2obj(k.nid)));
  if (type == "ORGANIZATIONIDENTIFIER") type = organization_identifier_oid;
  return ObjectPtr(OBJ_txt2obj(type.c_str(), 1));
}

/// The types for which ASN1_TYPE holds a string pointer.
bool is_string(int type) {
  constexpr std::array<int, 8> types = {V_ASN1_UTF8STRING,    V_ASN1_PRINTABLESTRING, V_ASN1_T61STRING,
                                        V_ASN1_IA5STRING,     V_ASN1_BMPSTRING,       V_ASN1_UNIVERSALSTRING,
                                        V_ASN1_VISIBLESTRING, V_ASN1_NUMERICSTRING};
  return std::find(types.begin(), types.end(), type) != types.end();
}

bool add(X509_NAME* name, const Ava& ava, bool join) {
  const ObjectPtr object = object_of(ava.type);
  if (!object) return false;
  const int set = join ? -1 : 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(ava.value.data());
  const auto size = static_cast<long>(ava.value.size());
  if (!ava.is_der)
    return X509_NAME_add_entry_by_OBJ(name, object.get(), MBSTRING_UTF8, bytes, static_cast<int>(size), -1,
                                      set) == 1;
  const std::unique_ptr<ASN1_TYPE, TypeFree> value(d2i_ASN1_TYPE(nullptr, &bytes, size));
  if (!value || !is_string(value->type)) return false;
  const ASN1_STRING* const string = value->value.asn1_string;
  return X509_NAME_add_entry_by_OBJ(name, object.get(), value->type, ASN1_STRING_get0_data(string),
                                    ASN1_STRING_length(string), -1, set) == 1;
}

}  // namespace

std::string to_rfc2253(const X509_NAME* name) {
  std::string out;
  int last_set = -1;
  for (int i = X509_NAME_entry_count(name) - 1; i >= 0; --i) {
    const X509_NAME_ENTRY* const entry = X509_NAME_get_entry(name, i);
    const int set = X509_NAME_ENTRY_set(entry);
    if (!out.empty()) out += set == last_set ? '+' : ',';
    last_set = set;
    append_entry(out, entry);
  }
  return out;
}

NamePtr from_rfc2253(std::string_view text, bool reversed) {
  auto avas = NameReader(text).read();
  if (!avas) return nullptr;
  // RDNs are turned round, the parts of one RDN keep together.
  std::vector<std::vector<Ava>> rdns;
  for (auto& ava : *avas) {
    if (!ava.joined) rdns.emplace_back();
    rdns.back().push_back(std::move(ava));
  }
  if (reversed) std::reverse(rdns.begin(), rdns.end());
  NamePtr name(X509_NAME_new());
  for (const auto& rdn : rdns)
    for (std::size_t i = 0; i < rdn.size(); ++i)
      if (!add(name.get(), rdn[i], i > 0)) return nullptr;
  return name;
}

}  // namespace demat::xades
