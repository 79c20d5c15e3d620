#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/finding.hpp"
#include "protocols/base/result.hpp"
#include "protocols/marche/reader.hpp"

/// Essential data of public purchase (DECP, XML 2.0.2) from PES Marché.
namespace demat::marche {

/// An item that somebody may give beside the PES.
struct DecpItem {
  std::string_view name;  ///< as the format calls it: "offresRecues"
  enum class Kind { date, count, yes_no, siret, choice, choices } kind;
  std::span<const std::string_view> values;  ///< for choice and choices (several, separated by ';')
};
[[nodiscard]] std::span<const DecpItem> decp_items();

/// Values given beside the PES, by name; they win over what it says. Error `decp.item` for a name or a value
/// that the format does not know.
using DecpGiven = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] Status check_given(std::string_view name, std::string_view value);

/// An item of a contract that the PES does not carry, or says in words that the format does not have.
struct DecpGap {
  std::string contrat;  ///< IdContrat
  std::string item;     ///< "offresRecues", "modifications/2/datePublicationDonneesModification"
  Words why;
  std::string given_as;  ///< the name it may be given by; empty when it cannot
};

struct Decp {
  std::string xml;               ///< UTF-8; of use only when nothing is missing
  std::size_t contrats = 0;      ///< in it
  std::vector<DecpGap> missing;  ///< required items
  std::vector<DecpGap> omitted;  ///< optional items that were left out
};

/// Gathers the essential data of the contracts of one flow.
class DecpBuilder final : public ContratSink {
 public:
  /// `id_coll`: SIRET of the sender (EnTetePES), the buyer where the contract names no PA.
  DecpBuilder(std::string id_coll, DecpGiven given);
  void marche(const Marche& contract) override;
  void concession(const Concession& contract) override;
  /// Call once.
  [[nodiscard]] Decp take();

 private:
  std::string id_coll_;
  DecpGiven given_;
  Decp out_;
};

}  // namespace demat::marche
