#pragma once

#include <memory>
#include <vector>

#include "protocols/rules/unit.hpp"
#include "protocols/rules/verdicts.hpp"
#include "protocols/xml/visitor.hpp"

namespace demat::rules {

/// Where units are: an element of that name directly in a unit of that kind opens one of its own kind.
struct Boundary {
  UnitKind inside;
  std::string_view element;  ///< local name
  UnitKind opens;
};

/// Looks at units as they close, innermost first: a ligne before its pièce before its bordereau.
class Family {
 public:
  virtual ~Family() = default;
  virtual void close(const Unit& unit, Verdicts& out) = 0;
  /// Text of an element inside `unit`, piece by piece; `field` is its name below the unit. Only for families
  /// that say reads_text().
  virtual void text(const Unit& /*unit*/, FieldName /*field*/, std::string_view /*piece*/) {}
  [[nodiscard]] virtual bool reads_text() const { return false; }
  /// After the last unit.
  virtual void finish(Verdicts& /*out*/) {}
};

/// Cuts a PES into units while it passes and shows each to the families. One pass; memory is that of the
/// open units (Unit::max_fields bounds each). What signatures hold, and domains without boundaries
/// (PES_Marche has rules of its own), are passed over. Not thread-safe.
class UnitReader final : public xml::Visitor {
 public:
  /// `inside`: for a document found in another one, the unit that holds it; it outlives the pass.
  UnitReader(std::vector<Family*> families, Verdicts& out, const Unit* inside = nullptr);
  ~UnitReader() override;
  void start(const xml::StartElement& element, std::string_view path) override;
  void end(std::string_view name, std::string_view path) override;
  void text(std::string_view piece) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace demat::rules
