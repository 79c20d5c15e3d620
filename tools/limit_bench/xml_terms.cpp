#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <cstring>

#include "tools/limit_bench/terms.hpp"

namespace limit_bench {
namespace {

using Doc = demat::Owned<xmlDoc, xmlFreeDoc>;
using Schema = demat::Owned<xmlSchema, xmlSchemaFree>;
using SchemaParser = demat::Owned<xmlSchemaParserCtxt, xmlSchemaFreeParserCtxt>;
using SchemaValid = demat::Owned<xmlSchemaValidCtxt, xmlSchemaFreeValidCtxt>;

Doc parse(const std::string& bytes) {
  Doc doc(xmlReadMemory(bytes.data(), static_cast<int>(bytes.size()), nullptr, nullptr,
                        XML_PARSE_NONET | XML_PARSE_HUGE));
  require(doc != nullptr, "parse");
  return doc;
}

int into_digest(void* context, const char* bytes, int count) {
  require(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context), bytes, static_cast<std::size_t>(count)) == 1,
          "digest");
  return count;
}

void digest(xmlDoc* doc) {
  const demat::Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  require(EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1, "digest");
  xmlOutputBuffer* out = xmlOutputBufferCreateIO(into_digest, nullptr, context.get(), nullptr);
  require(xmlC14NExecute(doc, nullptr, nullptr, XML_C14N_EXCLUSIVE_1_0, nullptr, 0, out) >= 0, "c14n");
  require(xmlOutputBufferClose(out) >= 0, "c14n");
  std::uint8_t value[EVP_MAX_MD_SIZE];
  require(EVP_DigestFinal_ex(context.get(), value, nullptr) == 1, "digest");
}

}  // namespace

XmlTerms xml_terms(const Effort& effort, const std::string& bytes, const std::string& schema) {
  XmlTerms terms;
  terms.parse = parse_term(effort, bytes);
  // Making the signed sample has installed the project's loader, which opens no file by itself.
  xmlSetExternalEntityLoader(xmlNoNetExternalEntityLoader);
  const SchemaParser parser(xmlSchemaNewParserCtxt(schema.c_str()));
  const Schema grammar(xmlSchemaParse(parser.get()));
  require(grammar != nullptr, "schema");
  const Doc doc = parse(bytes);
  terms.validate = micros(effort, CLOCK_THREAD_CPUTIME_ID, [&] {
    const SchemaValid valid(xmlSchemaNewValidCtxt(grammar.get()));
    require(xmlSchemaValidateDoc(valid.get(), doc.get()) == 0, "validation");
  });
  terms.c14n = micros(effort, CLOCK_THREAD_CPUTIME_ID, [&] { digest(doc.get()); });
  return terms;
}

double parse_term(const Effort& effort, const std::string& bytes) {
  return micros(effort, CLOCK_THREAD_CPUTIME_ID, [&] { static_cast<void>(parse(bytes)); });
}

double c14n_term(const Effort& effort, const std::string& bytes) {
  const Doc doc = parse(bytes);
  return micros(effort, CLOCK_THREAD_CPUTIME_ID, [&] { digest(doc.get()); });
}

double reverify_term(const Effort& effort, const std::string& signed_bytes, const Identity& identity) {
  const std::string signed_info(1'200, 'i');
  const auto signature = rsa_sign(identity.key.get(), signed_info);
  const std::string twin = signed_bytes;
  return micros(effort, CLOCK_THREAD_CPUTIME_ID, [&] {
    require(std::memcmp(twin.data(), signed_bytes.data(), twin.size()) == 0, "comparison");
    digest(parse(signed_bytes).get());
    require(rsa_verify(identity.key.get(), signed_info, signature), "verification");
  });
}

}  // namespace limit_bench
