#include "gateway/pipeline/recorder.hpp"

namespace demat::pipeline {

void Recorder::changed(const flow::Flow& before, const flow::Flow& after) {
  if (before.state == after.state) return;
  metrics_.transition(before.state, after.state);
  log_.info("flow.state", {{"flow", after.id.str()},
                           {"authority", after.authority.str()},
                           {"from", flow::to_string(before.state)},
                           {"to", flow::to_string(after.state)},
                           {"request", after.request_id}});
}

void Recorder::waits(const flow::Flow& flow, const Error& error) {
  log_.warning("flow.waits", {{"flow", flow.id.str()},
                              {"state", flow::to_string(flow.state)},
                              {"because", error.code},
                              {"detail", error.detail},
                              {"request", flow.request_id}});
}

void Recorder::alarm(std::string_view code, const flow::Flow& flow, std::string_view detail) {
  metrics_.alarm(code);
  log_.alarm(code, {{"flow", flow.id.str()},
                    {"state", flow::to_string(flow.state)},
                    {"detail", detail},
                    {"request", flow.request_id}});
}

void Recorder::alarm(std::string_view code, std::string_view subject, std::string_view detail) {
  metrics_.alarm(code);
  log_.alarm(code, {{"subject", subject}, {"detail", detail}});
}

void Recorder::overtaken(const flow::Flow& flow, const Error& error) {
  log_.debug("flow.overtaken", {{"flow", flow.id.str()}, {"because", error.code}, {"detail", error.detail}});
}

bool is_overtaken(const Error& error) {
  return error.code == "store.stale_lease" || error.code == "store.illegal_transition";
}

}  // namespace demat::pipeline
