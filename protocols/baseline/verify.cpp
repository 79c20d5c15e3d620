#include "protocols/baseline/names.hpp"
#include "protocols/baseline/verification.hpp"

namespace demat::baseline {
namespace {

/// A signature over the whole document that holds it, as last child of the root.
class Enveloped final : public Verification {
 public:
  using Verification::Verification;

 private:
  bool check_place() override {
    if (document_.all("Signature", names::ds).size() > 1) say("xades.two_signatures");
    const auto siblings = document_.root().children();
    const bool last =
        signature_.has_parent() && !signature_.parent().has_parent() && siblings.back() == signature_;
    return last || wrong("xades.position");
  }
  [[nodiscard]] bool is_content(const Element& reference) const override {
    return reference.has_attribute("URI") && reference.attribute("URI").empty();
  }
  bool check_content_form(const Element& reference) override {
    return transforms_are(reference, {names::enveloped, names::exc_c14n}) || wrong("xades.transform");
  }
  [[nodiscard]] Result<Bytes> digest_content(Digester::Algorithm algorithm) const override {
    return xml::canonical_digest(document_, document_.root(), xml::C14n::exclusive, algorithm, &signature_);
  }
  [[nodiscard]] const Kind& kind() const override {
    static constexpr Kind enveloped{.more_algorithms = false,
                                    .inclusive = false,
                                    .typed_properties = false,
                                    .judges_circumstances = true,
                                    .content = "/",
                                    .reference_code = "xades.reference",
                                    .digest_code = "xades.digest_content",
                                    .method_code = "xades.algorithm"};
    return enveloped;
  }
};

}  // namespace

bool has_baseline(const xml::Document& document) {
  return !document.all("Signature", names::ds).empty() &&
         !document.all("QualifyingProperties", names::xades_1_3_2).empty();
}

Result<BaselineReport> verify_baseline(const xml::Document& document, std::optional<xades::Instant> now) {
  return Enveloped(document, document.all("Signature", names::ds).front(), now).run();
}

}  // namespace demat::baseline
