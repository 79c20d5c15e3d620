#include "protocols/xml/value_space.hpp"

#include <libxml/xmlschemas.h>

#include <new>

#include "protocols/base/owned.hpp"
#include "protocols/xml/libxml.hpp"

namespace demat::xml {

struct ValueSpace::Impl {
  Owned<xmlSchema, xmlSchemaFree> schema;
};

ValueSpace::ValueSpace(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ValueSpace::~ValueSpace() = default;
ValueSpace::ValueSpace(ValueSpace&&) noexcept = default;
ValueSpace& ValueSpace::operator=(ValueSpace&&) noexcept = default;

Result<ValueSpace> ValueSpace::make(std::string_view simple_type) {
  detail::ensure_libxml();
  const detail::ThreadErrors errors;
  const std::string text =
      R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="v"><xs:complexType><xs:attribute name="V" use="required">)" +
      std::string(simple_type) + "</xs:attribute></xs:complexType></xs:element></xs:schema>";
  const Owned<xmlSchemaParserCtxt, xmlSchemaFreeParserCtxt> parser(
      xmlSchemaNewMemParserCtxt(text.data(), static_cast<int>(text.size())));
  if (!parser) throw std::bad_alloc();
  auto impl = std::make_unique<Impl>();
  impl->schema.reset(xmlSchemaParse(parser.get()));
  if (impl->schema) return ValueSpace(std::move(impl));
  return failure(permanent_error("pack.schema", "Un type de valeur du lot ne se compile pas.",
                                 "A type of value of the pack does not compile.", errors.first()));
}

bool ValueSpace::admits(const std::string& value) const {
  const detail::ThreadErrors errors;
  const detail::DocPtr document(xmlNewDoc(detail::xstr("1.0")));
  const Owned<xmlSchemaValidCtxt, xmlSchemaFreeValidCtxt> context(xmlSchemaNewValidCtxt(impl_->schema.get()));
  if (!document || !context) throw std::bad_alloc();
  auto* root = xmlNewDocNode(document.get(), nullptr, detail::xstr("v"), nullptr);
  if (root == nullptr) throw std::bad_alloc();
  xmlDocSetRootElement(document.get(), root);
  if (xmlNewProp(root, detail::xstr("V"), detail::xstr(value.c_str())) == nullptr) throw std::bad_alloc();
  return xmlSchemaValidateDoc(context.get(), document.get()) == 0;
}

}  // namespace demat::xml
