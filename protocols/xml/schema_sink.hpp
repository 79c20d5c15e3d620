#pragma once

#include <libxml/xmlschemas.h>

#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "protocols/base/limits.hpp"
#include "protocols/xml/events.hpp"
#include "protocols/xml/schema_messages.hpp"
#include "protocols/xml/schema_pack.hpp"
#include "protocols/xml/text_gate.hpp"

namespace demat::xml::detail {

struct FreeSchema {
  void operator()(xmlSchema* schema) const { xmlSchemaFree(schema); }
};
using SchemaPtr = std::unique_ptr<xmlSchema, FreeSchema>;

/// One entry of a pack and its compiled grammar, shared read-only (stack X8).
struct Grammar {
  PackEntry entry;
  SchemaPtr schema;
};

/// Validates the events of one document, from either road, and passes them on to visitors. It stands before
/// libxml2's own streaming validator, which would be quadratic in long texts (stack X6) and blind to
/// duplicate Ids (X7). Findings go to `report`, at most limits::max_findings of them.
class SchemaSink final : public VisitorSink {
 public:
  using FindGrammar = std::function<const Grammar*(std::string_view root, std::string_view ns)>;

  SchemaSink(FindGrammar find, std::vector<Visitor*> visitors, Report& report);
  ~SchemaSink() override;

  void start(const RawElement& element) override;
  void end() override;
  void text(std::string_view piece) override;
  [[nodiscard]] bool wants_more() const override { return true; }

  /// Call once, after the last event.
  void finish();

 private:
  struct Validation;  ///< libxml2's context and plug
  struct Open {
    const xmlChar* name = nullptr;
    const xmlChar* ns = nullptr;
    std::size_t line = 0;
    bool has_child = false;
    bool text_pushed = false;
  };

  void begin_validation(const RawElement& root);
  void check_supported(const RawElement& element);
  void check_ids(const RawElement& element);
  void push_text(bool before_child);
  void add(Finding finding);
  void on_schema_error(const xmlError& error);
  static void on_error(void* sink, xmlErrorPtr error);
  [[nodiscard]] Place here() const;
  /// Not before a known root, not inside an unsupported part, and no more once enough was said: a document
  /// made of errors must not cost more than another.
  [[nodiscard]] bool active() const {
    return validation_ != nullptr && skipped_from_ == 0 && kept_ <= limits::max_findings;
  }

  FindGrammar find_;
  Report& report_;
  std::unique_ptr<Validation> validation_;
  const Grammar* grammar_ = nullptr;
  std::vector<Open> open_;
  TextGate gate_;
  std::unordered_set<std::string> ids_;
  std::size_t skipped_from_ = 0;  ///< depth of the unsupported element we are in; 0 outside
  bool unsupported_ = false;
  std::size_t schema_errors_ = 0;
  std::size_t kept_ = 0;
  std::string last_value_;  ///< place and subject of the last finding about a value
};

}  // namespace demat::xml::detail
