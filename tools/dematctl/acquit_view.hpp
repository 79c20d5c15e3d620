#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "protocols/pes/acquit.hpp"
#include "protocols/pes/outline.hpp"
#include "tools/dematctl/output.hpp"

namespace demat::ctl {

/// One thing that Hélios turned down: a whole element of the acquit, a pièce of it or a ligne.
struct Rejection {
  const pes::AcquitElement* element = nullptr;  ///< of the acquit, which outlives this
  std::string piece;
  std::string ligne;
  const std::vector<pes::Anomaly>* anomalies = nullptr;
};
/// What is rejected, in the order of the acquit, pièces by name where it names them.
[[nodiscard]] std::vector<Rejection> rejections_of(const pes::Acquit& acquit);

/// What the sent flow says of the rejected things.
class SentParts final : public pes::OutlineSink {
 public:
  struct Seen {
    std::string domaine;
    std::string objet;
    std::string tiers;
    std::string others;  ///< how many other tiers
    pes::PartSums sums;
  };
  /// Looks for these alone; memory is theirs.
  explicit SentParts(const std::vector<Rejection>& wanted);
  void open(const pes::Part& part) override;
  void close(const pes::Part& part) override;
  /// Null when the flow has no such part.
  [[nodiscard]] const Seen* of(const Rejection& rejection) const;

 private:
  void see(const std::string& wanted, const pes::Part& part);

  std::unordered_map<std::string, Seen> wanted_;
  std::string domaine_;
  std::string exercice_;
  std::string bordereau_;
};

/// Prints the verdict, what was rejected with its explanation, then what was accepted. `sent` is null when
/// the flow is not at hand.
void print_acquit(Output& out, const pes::Acquit& acquit, const SentParts* sent);
/// The same for programs.
[[nodiscard]] boost::json::object acquit_json(const pes::Acquit& acquit, const SentParts* sent);

}  // namespace demat::ctl
