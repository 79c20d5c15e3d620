#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/result.hpp"
#include "protocols/xml/source.hpp"
#include "protocols/xml/visitor.hpp"

namespace demat::marche {

/// What orders the sendings of one contract (helios 9.2, 9.3 no. 1-3).
struct Key {
  std::string id_contrat;    ///< IdContrat, without blanks around it; empty when the document has none
  std::string numero_ordre;  ///< NumeroOrdreModification: "00" for the initial contract
  unsigned sequence = 0;     ///< SequenceEnvoi; 0 when it is no number from 1 to 999
  bool correctif = false;    ///< CaractereCorrectifEnregistrement
  std::string nature;        ///< NatureMarche or NatureConcession, as it came
  bool concession = false;
  std::size_t line = 0;  ///< of Marche or Concession

  friend bool operator==(const Key&, const Key&) = default;
};

/// The contracts of a flow, in order.
struct Keys {
  std::vector<Key> contrats;
  std::size_t left_out = 0;  ///< contracts beyond max_contrats
};

/// Contracts kept of one flow.
inline constexpr std::size_t max_contrats = 10'000;

/// Collects the keys while a PES_Aller passes; wants no more once PES_Marche has ended. Memory depends on the
/// number of contracts alone. Not thread-safe.
class KeysVisitor final : public xml::Visitor {
 public:
  void start(const xml::StartElement& element, std::string_view path) override;
  void end(std::string_view name, std::string_view path) override;
  [[nodiscard]] bool wants_more() const override { return !ended_; }

  [[nodiscard]] const Keys& keys() const { return keys_; }
  [[nodiscard]] Keys take() { return std::move(keys_); }

 private:
  void leaf(const xml::StartElement& element);

  Keys keys_;
  Key overflow_;  ///< stands for contracts beyond max_contrats
  std::size_t depth_ = 0;
  bool in_marche_ = false;       ///< within PES_Marche
  bool in_contrat_ = false;      ///< within Marche or Concession
  bool in_identifiant_ = false;  ///< within IdentifiantMarche or IdentifiantConcession
  bool ended_ = false;
};

/// The keys of a whole document; empty when it holds no PES_Marche. Errors: those of xml::stream.
[[nodiscard]] Result<Keys> read_keys(const xml::ByteSource& source);

}  // namespace demat::marche
