#include "protocols/xml/schema_sink.hpp"

#include <algorithm>
#include <new>

#include "protocols/xml/libxml.hpp"

namespace demat::xml::detail {

struct SchemaSink::Validation {
  struct FreeContext {
    void operator()(xmlSchemaValidCtxt* freed) const { xmlSchemaFreeValidCtxt(freed); }
  };

  explicit Validation(xmlSchema* schema) : context(xmlSchemaNewValidCtxt(schema)) {
    if (!context) throw std::bad_alloc();
  }
  ~Validation() {
    if (plug != nullptr) xmlSchemaSAXUnplug(plug);
  }
  Validation(const Validation&) = delete;
  Validation& operator=(const Validation&) = delete;

  void connect() {
    plug = xmlSchemaSAXPlug(context.get(), &sax, &user_data);
    if (plug == nullptr) throw std::bad_alloc();
  }

  std::unique_ptr<xmlSchemaValidCtxt, FreeContext> context;
  xmlSAXHandler* sax = nullptr;  ///< the validator's own handler once connected; we call it ourselves
  void* user_data = nullptr;
  xmlSchemaSAXPlugStruct* plug = nullptr;
};

SchemaSink::SchemaSink(FindGrammar find, std::vector<Visitor*> visitors, Report& report)
    : VisitorSink(std::move(visitors)), find_(std::move(find)), report_(report) {}

SchemaSink::~SchemaSink() = default;

Place SchemaSink::here() const {
  return {open_.empty() ? 0 : open_.back().line, std::string{tracker().path()}};
}

void SchemaSink::add(Finding finding) {
  if (kept_ > limits::max_findings) return;
  if (kept_ == limits::max_findings) {
    finding = {
        "xsd.more", finding.severity, std::move(finding.place),
        "D'autres erreurs existent au-delà des " + std::to_string(limits::max_findings) + " premières.",
        "More errors exist beyond the first " + std::to_string(limits::max_findings) + "."};
  }
  ++kept_;
  report_.add(std::move(finding));
}

void SchemaSink::begin_validation(const RawElement& root) {
  grammar_ = find_(view(root.name), view(root.ns));
  if (grammar_ == nullptr) {
    add({"xsd.unknown_root", Severity::error, here(),
         "Type de document inconnu : aucun schéma pour la racine « " + std::string{view(root.name)} +
             " » dans cet espace de noms.",
         "Unknown kind of document: no schema for root \"" + std::string{view(root.name)} +
             "\" in this namespace."});
    return;
  }
  validation_ = std::make_unique<Validation>(grammar_->schema.get());
  xmlSchemaSetValidStructuredErrors(validation_->context.get(), on_error, this);
  validation_->connect();
}

void SchemaSink::check_supported(const RawElement& element) {
  if (skipped_from_ != 0 || tracker().depth() != 2 || grammar_ == nullptr) return;
  const auto& names = grammar_->entry.unsupported;
  const std::string name{view(element.name)};
  if (std::find(names.begin(), names.end(), name) == names.end()) return;
  skipped_from_ = 2;
  unsupported_ = true;
  add({"xsd.unsupported_domain", Severity::error, here(),
       "Le domaine « " + name + " » n'est pas pris en charge par cette version de la passerelle.",
       "Domain \"" + name + "\" is not supported by this version of the gateway."});
}

void SchemaSink::check_ids(const RawElement& element) {
  if (grammar_ == nullptr) return;
  for (std::size_t i = 0; i < static_cast<std::size_t>(element.attribute_count); ++i) {
    const xmlChar** fields = element.attributes + i * 5;
    if (fields[2] != nullptr || view(fields[0]) != "Id") continue;
    std::string id{view(fields[3], fields[4])};
    if (ids_.insert(id).second) continue;
    const auto shown = id.substr(0, 60);
    add({"xsd.duplicate_id",
         Severity::error,
         here(),
         "L'identifiant Id=\"" + shown +
             "\" est employé deux fois : une signature ne saurait lequel elle couvre.",
         "Identifier Id=\"" + shown + "\" is used twice: a signature would not know which one it covers.",
         {},
         shown,
         {"un Id différent pour chaque élément", "another Id for each element"},
         {"Si le même bordereau est deux fois dans le fichier, en retirer un ; sinon le logiciel écrit mal "
          "le "
          "fichier : prévenir son éditeur.",
          "If the same bordereau is twice in the file, take one out; else the software writes the file "
          "wrongly: "
          "tell its publisher."}});
  }
}

void SchemaSink::push_text(bool before_child) {
  // Blanks between elements mean nothing. Of the other texts of an element that has children the first is
  // enough to get the validator's opinion, and pushing all would be quadratic.
  auto& open = open_.back();
  const bool pointless = gate_.blank() ? before_child || open.has_child : open.text_pushed;
  if (pointless) {
    gate_.clear();
    return;
  }
  const auto text = gate_.take();
  if (text.empty()) return;
  open.text_pushed = true;
  validation_->sax->characters(validation_->user_data, xstr(text.c_str()), static_cast<int>(text.size()));
}

void SchemaSink::start(const RawElement& element) {
  if (active() && !open_.empty()) push_text(true);
  if (!open_.empty()) open_.back().has_child = true;
  VisitorSink::start(element);
  open_.push_back({element.name, element.ns, element.line, false, false});
  if (open_.size() == 1) begin_validation(element);
  check_ids(element);
  check_supported(element);
  if (!active()) return;
  validation_->sax->startElementNs(validation_->user_data, element.name, element.prefix, element.ns,
                                   element.namespace_count, element.namespaces, element.attribute_count, 0,
                                   element.attributes);
}

void SchemaSink::end() {
  if (active()) {
    push_text(false);
    validation_->sax->endElementNs(validation_->user_data, open_.back().name, nullptr, open_.back().ns);
  } else if (skipped_from_ == tracker().depth()) {
    skipped_from_ = 0;
  }
  open_.pop_back();
  VisitorSink::end();
}

void SchemaSink::text(std::string_view piece) {
  if (active()) gate_.add(piece);
  VisitorSink::text(piece);
}

void SchemaSink::on_error(void* sink, xmlErrorPtr error) {
  if (error != nullptr) static_cast<SchemaSink*>(sink)->on_schema_error(*error);
}

void SchemaSink::on_schema_error(const xmlError& error) {
  if (error.level < XML_ERR_ERROR) return;
  ++schema_errors_;
  auto message = describe(error, here());
  // Without the unsupported part the root's content cannot be judged: never call that invalid.
  if (unsupported_ && message.about_content && tracker().depth() <= 2) return;
  if (message.about_value) {
    auto subject = std::string{tracker().path()} + ' ' + std::to_string(open_.size()) + message.subject;
    if (subject == last_value_) return;  // libxml2 says it twice: by facet, then by type
    last_value_ = std::move(subject);
  } else {
    last_value_.clear();
  }
  add(std::move(message.finding));
}

void SchemaSink::finish() {
  if (validation_ == nullptr) return;
  if (schema_errors_ == 0 && xmlSchemaIsValid(validation_->context.get()) != 1)
    add({"xsd.invalid",
         Severity::error,
         {},
         "Le document n'est pas conforme au schéma.",
         "The document does not conform to the schema."});
  validation_.reset();
}

}  // namespace demat::xml::detail
