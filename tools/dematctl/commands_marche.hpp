#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/dematctl/commands.hpp"

/// Contracts of a PES Marché file, without any gateway: what the commands do (marche.cpp).
namespace demat::ctl {

struct MarcheOptions {
  Files files;
  std::string contract;            ///< IdContrat; empty: all of the file
  std::vector<std::string> given;  ///< item=value, for decp
};

/// A contract sheet for people; one JSON object per contract with --json.
[[nodiscard]] Exit marche_show(Output& out, const MarcheOptions& options);

/// The essential data (DECP XML 2.0.2) of the file's contracts, or the required items that the PES does not
/// carry: Exit::refused then.
[[nodiscard]] Exit marche_decp(Output& out, const MarcheOptions& options);

}  // namespace demat::ctl
