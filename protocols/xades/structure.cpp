#include "protocols/xades/structure.hpp"

#include <algorithm>
#include <array>

#include "protocols/xades/names.hpp"
#include "protocols/xades/places.hpp"
#include "protocols/xades/remarks.hpp"
#include "protocols/xades/text.hpp"

namespace demat::xades {
namespace {

using xml::Element;

constexpr std::size_t sha256_bytes = 32;
constexpr std::size_t most_certificates = 32;
/// Characters of base64: longer ones are no certificate of a person, and parse_lean() leaves them in the
/// file.
constexpr std::size_t longest_certificate = xml::long_text_bytes - 1;
constexpr std::size_t longest_value = 16'384;
/// Of one signature: who fills it with rubbish is not told of each piece (a place costs a walk to find).
constexpr std::size_t most_findings = 20;

/// Prefixes that a PrefixList may name: those a PES declares on its root. Any other would make the digest
/// depend on namespaces that an attacker can add there (signature T43).
constexpr std::array<std::string_view, 12> known_prefixes = {
    "#default", "n", "ds", "xad", "xades", "xsi", "cm", "depa", "reca", "mara", "xenc", "acta"};

bool is(const Element& element, std::string_view name, std::string_view ns) {
  return element.name() == name && element.ns() == ns;
}

class StructureReader {
 public:
  StructureReader(const Element& signature, std::vector<Finding>& findings)
      : signature_(signature), findings_(findings) {}

  std::optional<SignatureParts> read() {
    if (!check_position()) return std::nullopt;
    const auto children = signature_.children();
    if (!check_children(children)) return std::nullopt;
    const auto properties = find_properties(children);
    if (!properties) return std::nullopt;
    const Element parent = signature_.parent();
    SignatureParts parts{signature_,
                         parent,
                         children[0],
                         *properties,
                         signature_.attribute("Id"),
                         std::string(properties->ns()),
                         {},
                         {},
                         {},
                         {}};
    read_signed_info(parts);
    read_value(children[1], parts);
    read_key_info(children[2], parts);
    if (bad_) return std::nullopt;
    return parts;
  }

 private:
  void say(std::string_view code, const Element& where, std::string_view value = {}) {
    auto remark = make_remark(code, {}, value);
    const bool is_error = remark.severity == Severity::error;
    bad_ = bad_ || is_error;
    // Warnings leave room for the error that may follow.
    if (findings_.size() >= (is_error ? most_findings : most_findings / 2)) return;
    remark.place = {where.line(), where.path()};
    findings_.push_back(std::move(remark));
  }

  /// helios 5.2: last child of a bordereau or of PES_Aller, alone there (H8).
  bool check_position() {
    if (!signature_.has_parent()) return say("xades.position", signature_), false;
    const Element parent = signature_.parent();
    const bool at_root = !parent.has_parent() && is_pes_aller(parent);
    const auto siblings = parent.children();
    if ((!at_root && !is_bordereau(parent)) || !(siblings.back() == signature_))
      return say("xades.position", signature_), false;
    const auto count = std::count_if(siblings.begin(), siblings.end(),
                                     [](const Element& e) { return is(e, "Signature", names::ds); });
    if (count > 1) return say("xades.two_signatures", signature_), false;
    return true;
  }

  bool check_children(const std::vector<Element>& children) {
    constexpr std::array<std::string_view, 3> expected = {"SignedInfo", "SignatureValue", "KeyInfo"};
    if (!is_ncname(signature_.attribute("Id"))) return say("xades.structure", signature_, "Id"), false;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (i < children.size() && is(children[i], expected[i], names::ds)) continue;
      // A signature without KeyInfo has no certificate: say that, it is what the signer must mend.
      say(i == 2 ? "xades.no_certificate" : "xades.structure", signature_, expected[i]);
      return false;
    }
    for (std::size_t i = expected.size(); i < children.size(); ++i)
      if (!is(children[i], "Object", names::ds)) say("xades.structure", children[i], children[i].name());
    return !bad_;
  }

  /// Exactly one QualifyingProperties in all: a second one is a decoy (signature T08).
  std::optional<Element> find_properties(const std::vector<Element>& children) {
    std::vector<Element> found;
    for (std::size_t i = 3; i < children.size(); ++i) {
      std::size_t used = 0;
      const auto contents = children[i].children();
      for (const auto& content : contents) {
        if (content.name() != "QualifyingProperties") continue;
        found.push_back(content);
        ++used;
      }
      if (used == 0 || used < contents.size()) say("xades.extra_object", children[i]);
    }
    if (found.size() != 1) return say("xades.qualifying_properties", signature_), std::nullopt;
    const Element& qualifying = found.front();
    if (qualifying.ns() == names::xades_1_1_1) {
      say("xades.namespace", qualifying);
    } else if (qualifying.ns() != names::xades_1_2_2) {
      return say("xades.structure", qualifying, qualifying.ns()), std::nullopt;
    }
    std::string target = qualifying.attribute("Target");
    if (target.starts_with('#')) target.erase(0, 1);  // family D writes none (signature 1.9)
    if (target != signature_.attribute("Id")) say("xades.target", qualifying, target);
    const auto signed_properties = qualifying.children("SignedProperties", qualifying.ns());
    if (signed_properties.size() != 1 || !is_ncname(signed_properties.front().attribute("Id")))
      return say("xades.qualifying_properties", qualifying), std::nullopt;
    return signed_properties.front();
  }

  void read_signed_info(SignatureParts& parts) {
    const auto children = parts.signed_info.children();
    if (children.size() < 2 || !is(children[0], "CanonicalizationMethod", names::ds) ||
        !is(children[1], "SignatureMethod", names::ds))
      return say("xades.structure", parts.signed_info, "SignedInfo");
    const auto c14n = children[0].attribute("Algorithm");
    if (c14n != names::exc_c14n || !children[0].children().empty())  // H6
      say("xades.canonicalization", children[0], c14n);
    const auto method = children[1].attribute("Algorithm");
    if (method != names::rsa_sha256 || !children[1].children().empty())  // H5
      say("xades.algorithm", children[1], method);

    bool content = false;
    bool properties = false;
    for (std::size_t i = 2; i < children.size(); ++i) {
      if (!is(children[i], "Reference", names::ds)) {
        say("xades.structure", children[i], children[i].name());
        continue;
      }
      read_reference(children[i], parts, content, properties);
    }
    if (!content) say("xades.reference", parts.signed_info, "");
    if (!properties) say("xades.unsigned_properties", parts.signed_info);
  }

  /// The two references are told apart by what they resolve to, never by Type (family D has none).
  void read_reference(const Element& reference, SignatureParts& parts, bool& content, bool& properties) {
    const auto uri = reference.attribute("URI");
    const bool fragment = uri.size() > 1 && uri.front() == '#' && is_ncname(std::string_view(uri).substr(1));
    const std::string_view id = fragment ? std::string_view(uri).substr(1) : std::string_view{};
    if (fragment && !properties && id == parts.signed_properties.attribute("Id")) {
      properties = true;
      const auto type = reference.attribute("Type");
      if (!type.empty() && !type.ends_with("#SignedProperties")) say("xades.reference", reference, type);
      parts.properties = read_recipe(reference);
      if (parts.properties.declares_enveloped) say("xades.enveloped_properties", reference);  // T28
      return;
    }
    const bool whole = uri.empty() && reference.has_attribute("URI") && !parts.parent.has_parent();  // T23
    const bool is_parent = fragment && id == parts.parent.attribute("Id");
    const auto type = reference.attribute("Type");
    const bool misleading = type.ends_with("#Manifest") || type.ends_with("#SignedProperties");
    if (content || (!whole && !is_parent) || misleading) return say("xades.reference", reference, uri);
    content = true;
    if (whole) say("xades.empty_uri", reference);
    parts.content = read_recipe(reference);
    if (!parts.content.declares_enveloped) say("xades.transform", reference, "enveloped-signature");
  }

  ReferenceParts read_recipe(const Element& reference) {
    ReferenceParts recipe;
    const auto children = reference.children();
    if (children.size() != 3 || !is(children[0], "Transforms", names::ds) ||
        !is(children[1], "DigestMethod", names::ds) || !is(children[2], "DigestValue", names::ds)) {
      say("xades.structure", reference, "Reference");
      return recipe;
    }
    recipe.uri = reference.attribute("URI");
    read_transforms(children[0], recipe);
    const auto method = children[1].attribute("Algorithm");
    if (method != names::sha256) say("xades.algorithm", children[1], method);  // H4
    auto digest = read_base64(children[2]);
    if (!digest.ok || (method == names::sha256 && digest.bytes.size() != sha256_bytes))
      say("xades.structure", children[2], "DigestValue");
    recipe.digest = std::move(digest.bytes);
    return recipe;
  }

  void read_transforms(const Element& transforms, ReferenceParts& recipe) {
    bool canonical = false;
    for (const auto& transform : transforms.children()) {
      const auto algorithm = transform.attribute("Algorithm");
      if (!is(transform, "Transform", names::ds) ||
          canonical) {  // nothing may come after the canonicalisation
        return say("xades.transform", transform, algorithm);
      } else if (algorithm == names::enveloped && !recipe.declares_enveloped &&
                 transform.children().empty()) {
        recipe.declares_enveloped = true;
      } else if (algorithm == names::exc_c14n || algorithm == names::exc_c14n_comments) {
        canonical = true;
        // A same-document reference drops comments by itself (XML-DSig 4.4.3.3), so both give the same bytes.
        if (algorithm == names::exc_c14n_comments) say("xades.transform_comments", transform);
        read_prefixes(transform, recipe);
      } else {
        return say("xades.transform", transform, algorithm);
      }
    }
    if (!canonical) say("xades.transform", transforms, "exc-c14n");
  }

  void read_prefixes(const Element& transform, ReferenceParts& recipe) {
    const auto children = transform.children();
    if (children.empty()) return;
    if (children.size() != 1 || !is(children[0], "InclusiveNamespaces", names::exc_c14n))
      return say("xades.transform", transform, children[0].name());
    recipe.prefixes = children[0].attribute("PrefixList");
    for (const auto& prefix : words(recipe.prefixes))
      if (std::find(known_prefixes.begin(), known_prefixes.end(), prefix) == known_prefixes.end())
        return say("xades.prefix_list", children[0], prefix);
  }

  /// Text alone, padded as the standard asks: XML-DSig lets nothing else stand there, and who reads less
  /// strictly must not read another value.
  static Decoded read_base64(const Element& element) {
    if (!element.children().empty()) return {};
    const auto text = element.text();
    if (text.size() > longest_value) return {};
    const auto digits = std::count_if(text.begin(), text.end(), [](char c) {
      return std::string_view(" \t\r\n").find(c) == std::string_view::npos;
    });
    return digits % 4 == 0 ? decode_base64(text) : Decoded{};
  }

  void read_value(const Element& value, SignatureParts& parts) {
    auto decoded = read_base64(value);
    if (!decoded.ok || decoded.bytes.empty()) say("xades.structure", value, "SignatureValue");
    parts.signature_value = std::move(decoded.bytes);
  }

  /// Keys outside the certificates are never used (signature S3), so their presence only earns a remark.
  void read_key_info(const Element& key_info, SignatureParts& parts) {
    std::size_t blocks = 0;
    for (const auto& child : key_info.children()) {
      if (!is(child, "X509Data", names::ds)) {
        say("xades.key_info_extra", child, child.name());
        continue;
      }
      ++blocks;
      for (const auto& item : child.children()) {
        if (is(item, "X509CRL", names::ds)) say("xades.key_info_extra", item, item.name());  // T45
        if (!is(item, "X509Certificate", names::ds)) continue;
        if (parts.certificates.size() == most_certificates) return say("xades.structure", item, item.name());
        const auto text = item.text();
        auto der = text.size() > longest_certificate ? Decoded{} : decode_base64(text);
        if (!der.ok || der.bytes.empty()) say("xades.certificate_unreadable", item);
        parts.certificates.push_back(std::move(der.bytes));
      }
    }
    if (blocks > 1) say("xades.structure", key_info, "X509Data");
    if (parts.certificates.empty()) say("xades.no_certificate", key_info);
  }

  const Element& signature_;
  std::vector<Finding>& findings_;
  bool bad_ = false;
};

}  // namespace

std::optional<SignatureParts> read_structure(const xml::Element& signature, std::vector<Finding>& findings) {
  return StructureReader(signature, findings).read();
}

}  // namespace demat::xades
