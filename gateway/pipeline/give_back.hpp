#pragma once

#include "gateway/pipeline/recorder.hpp"
#include "gateway/store/store.hpp"

namespace demat::pipeline {

/// Ends the lease of a flow that was claimed and not worked on: it keeps its wait and its place in the queue,
/// and whoever asks next may claim it. That somebody else was faster is no fault. Thread-safe.
void give_back(store::Store& store, Recorder& recorder, const flow::Flow& flow, const store::Lease& lease);

}  // namespace demat::pipeline
