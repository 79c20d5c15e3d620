#pragma once

#include <filesystem>
#include <string>

#include "tools/dematctl/commands.hpp"

/// Reading a PES as people do, and taking its attachments out.
namespace demat::ctl {

struct ShowOptions {
  std::string what;          ///< a file, or the id of a flow or of a return
  bool lignes = false;       ///< down to the lines
  bool signed_file = false;  ///< of a flow: what left, not what came
  bool acquit = false;       ///< of a flow: its last acquit alone
};
/// Any document of the PES road as a tree; of an answered flow, what was rejected first.
[[nodiscard]] Exit show(Session& session, const ShowOptions& options);

struct ExtractOptions {
  std::string what;
  std::filesystem::path to = ".";
  bool list = false;  ///< only what there is
};
/// Takes the attachments out into a folder; one that cannot be unpacked does not keep the others from it.
[[nodiscard]] Exit extract(Session& session, const ExtractOptions& options);

/// Whether `what` names a file of the disk rather than something of the gateway's.
[[nodiscard]] bool is_local(const std::string& what);

}  // namespace demat::ctl
