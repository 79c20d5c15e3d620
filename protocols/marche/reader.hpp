#pragma once

#include <functional>
#include <memory>

#include "protocols/base/result.hpp"
#include "protocols/marche/model.hpp"
#include "protocols/xml/source.hpp"
#include "protocols/xml/visitor.hpp"

namespace demat::marche {

/// Parts (operators, sharings, modifications...) and bytes of text kept of one contract; what is beyond is
/// counted in Contrat::dropped.
inline constexpr std::size_t max_parts = 10'000;
inline constexpr std::size_t max_text = 4'000'000;

/// Receives the contracts of a flow, each when it has ended; valid for the call.
class ContratSink {
 public:
  virtual ~ContratSink() = default;
  virtual void marche(const Marche& contract) = 0;
  virtual void concession(const Concession& contract) = 0;
};

/// Builds contracts while a PES_Aller passes, one at a time, in the memory of one. Tolerant: what it does not
/// know is passed over, of what may stand once the first counts. Not thread-safe.
class ContratReader final : public xml::Visitor {
 public:
  /// `sink` must outlive the reader.
  explicit ContratReader(ContratSink& sink);
  ~ContratReader() override;
  void start(const xml::StartElement& element, std::string_view path) override;
  void end(std::string_view name, std::string_view path) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Reads a whole document. Errors: those of xml::stream.
[[nodiscard]] Status read_contrats(const xml::ByteSource& source, ContratSink& sink);

}  // namespace demat::marche
