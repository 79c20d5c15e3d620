#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/flow/numbers.hpp"
#include "protocols/marche/keys.hpp"
#include "protocols/xades/verify.hpp"
#include "protocols/xml/visitor.hpp"

namespace demat::pipeline {

/// What a PES numbers, as it stands in the document.
struct NumbersRead {
  struct Bordereau {
    flow::BordereauNumber number;
    Place place;
  };
  struct Pj {
    std::string id_unique;
    Place place;
  };
  std::vector<Bordereau> bordereaux;
  std::vector<Pj> pj;
  marche::Keys marches;
  std::vector<flow::AcquittedReturn> returns;  ///< of a PES_ACQUIT_RETOUR
  std::size_t left_out = 0;                    ///< beyond flow::max_numbers
};

/// Collects them while a PES_Aller or a PES_ACQUIT_RETOUR passes. Memory depends on their number alone, which
/// is bounded. Not thread-safe.
class NumbersReader final : public xml::Visitor {
 public:
  void start(const xml::StartElement& element, std::string_view path) override;
  void end(std::string_view name, std::string_view path) override;
  [[nodiscard]] NumbersRead take();

 private:
  enum class Domain { none, depense, recette, pj, marche, retour };
  void open_domain(const xml::StartElement& element, std::string_view path);
  void third(const xml::StartElement& element, std::string_view path);
  void fourth(const xml::StartElement& element);
  [[nodiscard]] bool full() const {
    return read_.bordereaux.size() + read_.pj.size() + read_.returns.size() >= flow::max_numbers;
  }

  NumbersRead read_;
  marche::KeysVisitor keys_;
  Domain domain_ = Domain::none;
  std::size_t depth_ = 0;
  bool kept_ = false;     ///< the open bordereau, PJ or acquit is the last of read_
  bool in_bloc_ = false;  ///< within BlocBordereau
};

/// The same as the store keeps it; `signatures`: of the document, where it has any (signature T50).
[[nodiscard]] flow::Numbers numbers_of(const NumbersRead& read, const xades::DocumentReport* signatures,
                                       const flow::Flow& flow);

}  // namespace demat::pipeline
