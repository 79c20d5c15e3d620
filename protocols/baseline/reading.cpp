#include "protocols/baseline/reading.hpp"

#include <algorithm>

#include "protocols/baseline/names.hpp"
#include "protocols/xades/text.hpp"

namespace demat::baseline {
namespace {

std::optional<Digester::Algorithm> digest_named(std::string_view uri) {
  for (const auto one :
       {Digester::Algorithm::sha256, Digester::Algorithm::sha384, Digester::Algorithm::sha512})
    if (names::digest_uri(one) == uri) return one;
  return std::nullopt;
}

}  // namespace

bool is(const Element& element, std::string_view name, std::string_view ns) {
  return element.name() == name && element.ns() == ns;
}

std::optional<Element> only(const Element& from, std::initializer_list<std::string_view> names) {
  std::optional<Element> at = from;
  for (const std::string_view name : names) {
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

std::string text_of(const Element& from, std::initializer_list<std::string_view> names) {
  const auto found = only(from, names);
  return found ? std::string(xades::trimmed(found->text())) : std::string();
}

std::optional<StatedDigest> digest_in(const Element& holder) {
  const auto method = only_ds(holder, "DigestMethod");
  const auto value = only_ds(holder, "DigestValue");
  const auto algorithm = method ? digest_named(method->attribute("Algorithm")) : std::nullopt;
  const auto decoded = decode_base64(value ? value->text() : "");
  if (!algorithm || !decoded.ok || decoded.bytes.empty()) return std::nullopt;
  return StatedDigest{*algorithm, decoded.bytes};
}

bool transforms_are(const Element& reference, std::initializer_list<std::string_view> wanted) {
  const auto list = only_ds(reference, "Transforms");
  if (!list) return false;
  return std::ranges::equal(list->children(), wanted, [](const Element& one, std::string_view algorithm) {
    return is(one, "Transform", names::ds) && one.children().empty() &&
           one.attribute("Algorithm") == algorithm;
  });
}

std::optional<xml::C14n> canonical_form(std::string_view uri) {
  if (uri == names::exc_c14n) return xml::C14n::exclusive;
  if (uri == names::c14n) return xml::C14n::inclusive;
  return std::nullopt;
}

}  // namespace demat::baseline
