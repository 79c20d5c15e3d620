#pragma once

#include "gateway/generation.hpp"
#include "gateway/pipeline/recorder.hpp"

namespace demat {

/// Reaches for every signing key and raises `signing.unready` for those that cannot sign now: a token that
/// was pulled, a PIN that was refused. Ends the alarm of what is well again. It never uses a key.
void watch_signers(const Generation& generation, pipeline::Recorder& recorder);

}  // namespace demat
