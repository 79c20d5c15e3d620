#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "gateway/pipeline/dependencies.hpp"

namespace demat::pipeline {

/// Fetches what the State left in one destination's return directory. A file is taken when two listings agree
/// on its size (helios B4), made durable, and only then deleted where that is ours to do (helios 6.2). One
/// bad file never stops the pass (helios B22). Owns its connection: one per thread.
class PollStage {
 public:
  PollStage(const Dependencies& dependencies, const config::Destination& destination);

  struct Outcome {
    bool reached = false;  ///< the directory could be listed
    std::size_t imported = 0;
    bool unstable = false;  ///< something is still growing: look again soon
  };
  Outcome pass(const std::stop_token& stop = {});

 private:
  struct Sighting {
    std::uint64_t size = 0;
    std::uint32_t unreadable = 0;  ///< times it was fetched and was not a whole document
    bool fetched = false;          ///< imported; still listed
  };
  /// A fetched file that could not be made durable, while its peer has no copy any more.
  struct Kept {
    transport::RemoteFile file;
    store::NewReturn item;
    store::StagedPayload payload;
  };
  /// A fetched file that waits to be imported with others; its peer has it still.
  struct Fetched {
    transport::RemoteFile file;
    store::ReturnImport import;
  };
  void retry_kept(Outcome& outcome);
  [[nodiscard]] Status import_copy(const Kept& kept);
  [[nodiscard]] Status make_durable(const transport::RemoteFile& file, store::NewReturn item,
                                    store::StagedPayload payload);
  void imported(const flow::Return& item);
  enum class Growth { stable, changed, empty };
  [[nodiscard]] Growth look_again(const transport::RemoteFile& file);
  void remove(const transport::RemoteFile& file);
  void take(const transport::RemoteFile& file, bool as_ocre, Outcome& outcome);
  [[nodiscard]] Status fetch(const transport::RemoteFile& file, bool as_ocre, Outcome& outcome);
  void gather(Fetched file, Outcome& outcome);
  void import_fetched(Outcome& outcome);
  void forget_others(const std::vector<transport::RemoteFile>& listed);
  void note_failure(const transport::RemoteFile& file, const Error& error);

  Dependencies deps_;
  const config::Destination& destination_;
  std::unique_ptr<transport::Peer> peer_;
  std::map<std::string, Sighting> seen_;
  std::vector<Fetched> fetched_;
  std::uint64_t fetched_bytes_ = 0;
  std::vector<Kept> kept_;
};

}  // namespace demat::pipeline
