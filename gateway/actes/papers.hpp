#pragma once

#include <memory>
#include <optional>
#include <string>

#include "gateway/actes/classifications.hpp"
#include "gateway/base/paris.hpp"
#include "gateway/store/store.hpp"

namespace demat::actes_road {

/// Something to hand to people.
struct Paper {
  std::shared_ptr<const ByteSource> bytes;
  Sha256 sha256;
  std::string name;
  std::string media_type;
  std::string separate_because;  ///< of a stamp on a page of its own: why; empty when the act was stamped
};

/// What people hold in their hands (actes 7.2, 7.3): made on demand from what the store has. Thread-safe;
/// blocks.
class ActesPapers {
 public:
  /// `operator_name` is the operator of transmission (actes B8).
  ActesPapers(store::Store& store, Classifications& classifications, const Clock& clock,
              std::string environment, std::string operator_name)
      : store_(store),
        classifications_(classifications),
        clock_(clock),
        environment_(std::move(environment)),
        operator_name_(std::move(operator_name)) {}

  /// A document of the flow with the stamp on each page; a page of its own where the act must not be touched.
  /// Error: `store.not_found` when the document is no file of the acte.
  [[nodiscard]] Result<Paper> stamped(const flow::Flow& flow, std::uint32_t document,
                                      std::optional<ParisDay> published) const;
  /// The number of the document that is the `place`-th acte itself. Error: `store.not_found`.
  [[nodiscard]] Result<std::uint32_t> main_document(const flow::Flow& flow, std::uint32_t place) const;
  /// Of the `place`-th message of the flow. Error: `store.not_found` when there is none.
  [[nodiscard]] Result<Paper> bordereau(const flow::Flow& flow, std::uint32_t place = 1) const;
  /// Zip of everything that there is of the transmission, with the extract of its journal.
  [[nodiscard]] Result<Paper> evidence(const flow::Flow& flow) const;
  /// CSV of what the filter lets through, newest first (actes B1).
  [[nodiscard]] Result<Paper> csv(const store::ActeFilter& filter) const;

 private:
  [[nodiscard]] Result<Paper> keep(std::string_view bytes, std::string name, std::string media_type) const;
  [[nodiscard]] std::string mark() const;

  store::Store& store_;
  Classifications& classifications_;
  const Clock& clock_;
  std::string environment_;
  std::string operator_name_;
};

}  // namespace demat::actes_road
