#pragma once

#include <vector>

#include "protocols/pes/outline.hpp"
#include "tools/dematctl/output.hpp"

namespace demat::ctl {

/// Writes a document as one JSON object while it passes: fields of a part, its "parts" in document order,
/// what only its end tells. Codes have their meaning beside: "type", "type_fr", "type_en".
class OutlineJson final : public pes::OutlineSink {
 public:
  OutlineJson(Output& out, bool lignes) : out_(out), lignes_(lignes) {}
  void open(const pes::Part& part) override;
  void close(const pes::Part& part) override;
  /// Closes what an unreadable document left open, and gives out what is still held back. `why`: of the
  /// document that could not be read to its end; null: it was. One that broke off before anything could be
  /// said of it is a null.
  void finish(const Error* why);

 private:
  void hold(std::string_view text);

  Output& out_;
  bool lignes_;
  std::string held_;
  bool begun_ = false;
  struct Level {
    std::size_t fields = 0;  ///< told at open()
    bool parts = false;      ///< the list of parts has begun
  };
  std::vector<Level> levels_;
};

}  // namespace demat::ctl
