#include "protocols/xml/schema_pack.hpp"

#include <algorithm>
#include <utility>

#include "protocols/xml/libxml.hpp"
#include "protocols/xml/pack_files.hpp"
#include "protocols/xml/sax_stream.hpp"
#include "protocols/xml/schema_sink.hpp"
#include "protocols/xml/tree_parse.hpp"

namespace demat::xml {
namespace {

struct FreeParserContext {
  void operator()(xmlSchemaParserCtxt* context) const { xmlSchemaFreeParserCtxt(context); }
};

/// Keeps libxml2's first complaint about a schema, for the operator.
void on_schema_problem(void* user_data, xmlErrorPtr error) {
  auto& first = *static_cast<std::string*>(user_data);
  if (error != nullptr && error->level >= XML_ERR_ERROR && first.empty()) first = detail::technical(*error);
}

Result<detail::SchemaPtr> compile(const PackInfo& info, const PackEntry& entry) {
  const detail::PackFiles files(info.folder);
  const detail::ThreadErrors errors;
  const auto url = detail::PackFiles::url(entry.file);
  const std::unique_ptr<xmlSchemaParserCtxt, FreeParserContext> context{xmlSchemaNewParserCtxt(url.c_str())};
  if (!context) throw std::bad_alloc();
  std::string problem;
  xmlSchemaSetParserStructuredErrors(context.get(), on_schema_problem, &problem);
  detail::SchemaPtr schema{xmlSchemaParse(context.get())};
  if (schema && problem.empty()) return schema;
  if (!errors.first().empty()) problem = errors.first();
  return failure(permanent_error("pack.schema", "Le schéma « " + entry.file + " » du lot ne se compile pas.",
                                 "Schema \"" + entry.file + "\" of the pack does not compile.", problem));
}

}  // namespace

struct SchemaPack::Impl {
  PackInfo info;
  std::vector<detail::Grammar> grammars;

  [[nodiscard]] const detail::Grammar* find(std::string_view root, std::string_view ns) const {
    const auto found = std::find_if(grammars.begin(), grammars.end(), [&](const detail::Grammar& grammar) {
      return grammar.entry.root == root && grammar.entry.ns == ns;
    });
    return found == grammars.end() ? nullptr : &*found;
  }
  [[nodiscard]] detail::SchemaSink sink(std::vector<Visitor*> visitors, Report& report) const {
    return {[this](std::string_view root, std::string_view ns) { return find(root, ns); },
            std::move(visitors), report};
  }
};

SchemaPack::SchemaPack(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SchemaPack::~SchemaPack() = default;

Result<std::shared_ptr<const SchemaPack>> SchemaPack::load(const std::filesystem::path& folder) {
  detail::ensure_libxml();
  auto info = read_pack_info(folder);
  if (!info) return failure(std::move(info.error()));
  auto impl = std::make_unique<Impl>();
  impl->info = std::move(*info);
  for (const auto& entry : impl->info.entries) {
    auto schema = compile(impl->info, entry);
    if (!schema) return failure(std::move(schema.error()));
    impl->grammars.push_back({entry, std::move(*schema)});
  }
  return std::shared_ptr<const SchemaPack>{new SchemaPack(std::move(impl))};
}

const PackInfo& SchemaPack::info() const {
  return impl_->info;
}

const PackEntry* SchemaPack::entry(std::string_view root, std::string_view ns) const {
  const auto* grammar = impl_->find(root, ns);
  return grammar == nullptr ? nullptr : &grammar->entry;
}

Report SchemaPack::validate(const Document& document) const {
  Report report;
  auto sink = impl_->sink({}, report);
  detail::walk(document, sink);
  sink.finish();
  return report;
}

Result<Document> SchemaPack::read(std::string_view bytes, std::vector<Visitor*> visitors, Report& report,
                                  const ParseLimits& limits) const {
  auto sink = impl_->sink(std::move(visitors), report);
  auto state = std::make_unique<detail::DocumentState>();
  if (auto status = detail::run_tree(bytes, limits, *state, &sink); !status)
    return failure(std::move(status.error()));
  sink.finish();
  return Document{std::move(state)};
}

Status SchemaPack::check(std::string_view bytes, std::vector<Visitor*> visitors, Report& report,
                         const ParseLimits& limits) const {
  auto sink = impl_->sink(std::move(visitors), report);
  detail::MarkupScanner guard(limits);
  if (auto status = detail::run_sax(bytes, guard, sink, nullptr); !status) return status;
  sink.finish();
  return {};
}

Status SchemaPack::validate_stream(const ByteSource& source, const ParseLimits& limits,
                                   std::vector<Visitor*> visitors, Report& report) const {
  auto sink = impl_->sink(std::move(visitors), report);
  if (auto status = detail::run_sax(source, limits, sink); !status) return status;
  sink.finish();
  return {};
}

}  // namespace demat::xml
