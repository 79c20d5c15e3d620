#include "gateway/pipeline/give_back.hpp"

namespace demat::pipeline {

void give_back(store::Store& store, Recorder& recorder, const flow::Flow& flow, const store::Lease& lease) {
  store::Change change{.flow = flow.id, .lease = lease};
  change.keep_wait = true;
  if (const auto done = store.apply(std::move(change)); !done) recorder.overtaken(flow, done.error());
}

}  // namespace demat::pipeline
