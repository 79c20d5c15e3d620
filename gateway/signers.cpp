#include "gateway/signers.hpp"

namespace demat {

void watch_signers(const Generation& generation, pipeline::Recorder& recorder) {
  std::vector<std::string> ill;
  for (const auto& [name, profile] : generation.keys.profiles()) {
    const auto status = profile.signer->ready();
    if (status) continue;
    const Error& error = status.error();
    ill.push_back(name);
    recorder.alarm("signing.unready", name,
                   error.code + ": " + error.en + (error.detail.empty() ? "" : " (" + error.detail + ")"));
  }
  recorder.resolved_others("signing.unready", ill);
}

}  // namespace demat
