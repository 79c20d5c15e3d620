#pragma once

#include <functional>
#include <memory>

#include "gateway/config/settings.hpp"
#include "gateway/pipeline/in_hand.hpp"
#include "gateway/pipeline/inspection.hpp"
#include "gateway/pipeline/recorder.hpp"
#include "gateway/pipeline/road.hpp"
#include "gateway/signing/key_ring.hpp"
#include "gateway/steering/gate.hpp"
#include "gateway/store/store.hpp"
#include "gateway/transport/peer.hpp"

namespace demat::pipeline {

/// Says whether bytes are clean: nothing found, a threat's name, or an error (waiting) when the scanner is
/// down.
using Scanner = std::function<Result<std::string>(const ByteSource&)>;

/// What every stage works with. References outlive the pipeline.
struct Dependencies {
  store::Store& store;
  const Clock& clock;
  Recorder& recorder;
  const config::Settings& settings;
  const signing::KeyRing& keys;
  std::function<std::shared_ptr<const InspectionContext>()> inspection;
  Scanner scanner;  ///< empty: no antivirus
  std::function<std::unique_ptr<transport::Peer>(const config::Destination&)> make_peer;
  std::shared_ptr<steering::Gate> gate{};  ///< null: nothing holds sending back
  Roads roads{};                           ///< of the protocols beside PES
  std::shared_ptr<InHand> sends{};         ///< of all pipelines over this store; null: its own
};

}  // namespace demat::pipeline
