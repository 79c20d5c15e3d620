#include "protocols/baseline/detached.hpp"

#include <array>

#include "protocols/baseline/names.hpp"
#include "protocols/baseline/verification.hpp"

namespace demat::baseline {
namespace {

constexpr std::size_t window = 65'536;

/// Whether the first sign, after the mark of UTF-8 and blanks, opens an element.
bool is_xml(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != text.npos && text[first] == '<';
}

class Detached final : public Verification {
 public:
  Detached(const xml::Document& document, const ByteSource& content)
      : Verification(document, document.root(), std::nullopt), source_(content) {}

 private:
  bool check_place() override {
    if (!is(signature_, "Signature", names::ds)) return wrong("xades.structure", "ds:Signature");
    // A counter-signature (H8), or a decoy.
    if (document_.all("Signature", names::ds).size() > 1) return wrong("xades.structure", "ds:Signature × 2");
    const auto odd = document_.oddities();
    if (odd.instruction) return wrong("xades.instruction");
    return !odd.relative_namespace || wrong("xades.relative_namespace");
  }
  [[nodiscard]] bool is_content(const Element& reference) const override {
    return !reference.has_attribute("URI");
  }
  bool check_content_form(const Element& reference) override {
    if (reference.has_attribute("Type"))
      return wrong("xades.detached_reference", reference.attribute("Type"));
    return reference.children("Transforms", names::ds).empty() || wrong("xades.transform");
  }
  [[nodiscard]] Result<Bytes> digest_content(Digester::Algorithm algorithm) const override {
    Digester digester(algorithm);
    std::array<char, window> buffer{};
    for (std::size_t at = 0;;) {
      const auto got = source_.read(at, buffer);
      if (!got) return failure(got.error());
      if (*got == 0) return digester.finish();
      digester.update({buffer.data(), *got});
      at += *got;
    }
  }
  [[nodiscard]] const Kind& kind() const override {
    static constexpr Kind detached{.more_algorithms = true,
                                   .inclusive = true,
                                   .typed_properties = true,
                                   .judges_circumstances = false,
                                   .content = "",
                                   .reference_code = "xades.detached_reference",
                                   .digest_code = "xades.detached_content",
                                   .method_code = "xades.detached_algorithm"};
    return detached;
  }

  const ByteSource& source_;
};

}  // namespace

std::optional<std::string> detached_xml(std::string_view given) {
  if (is_xml(given)) return std::string(given);
  if (given.empty() || given.front() == '\x30' || given.find("-----BEGIN ") != given.npos)
    return std::nullopt;
  const auto decoded = decode_base64(given);
  if (!decoded.ok || !is_xml(as_text(decoded.bytes))) return std::nullopt;
  return std::string(as_text(decoded.bytes));
}

Result<BaselineReport> verify_detached(const xml::Document& signature, const ByteSource& content) {
  return Detached(signature, content).run();
}

}  // namespace demat::baseline
