#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <utility>

#include "gateway/transport/peer.hpp"
#include "protocols/base/byte_source.hpp"
#include "tests/support/rig/helios_sim.hpp"

namespace demat::transport {

using config::LinkMode;
using rig::HeliosSim;

/// Bytes of every value, the same for the same size; a block of prime length, repeated.
inline std::string some_bytes(std::size_t size) {
  std::mt19937 engine(static_cast<unsigned>(size));
  std::string block(4099, '\0');
  for (char& byte : block)
    byte = static_cast<char>(engine() & 0xffU);
  std::string bytes;
  bytes.reserve(size);
  while (bytes.size() < size)
    bytes.append(block, 0, size - bytes.size());
  return bytes;
}

inline Parameters some_parameters() {
  return {"MHPCE11", "THELPES2", "PES#123#034000#12"};
}

/// One put of `bytes` under `name`.
inline tl::expected<void, PutFailure> put(Peer& peer, const std::string& name, const std::string& bytes,
                                          Transcript& transcript,
                                          const Parameters& parameters = some_parameters()) {
  const MemorySource source(bytes);
  return peer.put(PutRequest{name, parameters, source}, transcript);
}

inline tl::expected<void, PutFailure> put(Peer& peer, const std::string& name, const std::string& bytes) {
  Transcript transcript;
  return put(peer, name, bytes, transcript);
}

/// A source that has something happen before each block but the first.
class HookedSource final : public ByteSource {
 public:
  HookedSource(std::size_t size, std::function<void()> hook) : size_(size), hook_(std::move(hook)) {}
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    if (offset > 0) hook_();
    const std::size_t size = std::min(buffer.size(), size_ - offset);
    std::fill_n(buffer.begin(), size, 'a');
    return size;
  }
  [[nodiscard]] std::size_t size() const override { return size_; }

 private:
  std::size_t size_;
  std::function<void()> hook_;
};

/// Everything a fetch gives.
inline Result<std::string> fetch_all(Peer& peer, const RemoteFile& file) {
  std::string bytes;
  const Status fetched = peer.fetch(file, [&](std::string_view part) {
    bytes.append(part);
    return Status();
  });
  if (!fetched) return failure(fetched.error());
  return bytes;
}

inline std::string mode_label(LinkMode mode) {
  switch (mode) {
    case LinkMode::ftp_simulator:
      return "simulator";
    case LinkMode::gateway_ftp:
      return "gateway";
    case LinkMode::passtrans_ftps:
      return "ftps";
    case LinkMode::passtrans_sftp:
      return "sftp";
    case LinkMode::prefecture:
      return "prefecture";
  }
  return "unknown";
}

inline const auto every_mode = ::testing::Values(LinkMode::ftp_simulator, LinkMode::gateway_ftp,
                                                 LinkMode::passtrans_ftps, LinkMode::passtrans_sftp);
inline const auto every_ftp_mode =
    ::testing::Values(LinkMode::ftp_simulator, LinkMode::gateway_ftp, LinkMode::passtrans_ftps);

/// A test per mode; skipped where the server cannot run.
class ModeTest : public ::testing::TestWithParam<LinkMode> {
 protected:
  void SetUp() override {
    const std::string missing = rig::missing_for(GetParam());
    if (!missing.empty()) GTEST_SKIP() << missing;
  }
  [[nodiscard]] static HeliosSim sim(std::vector<std::string> arguments = {}) {
    return HeliosSim({GetParam(), std::move(arguments), {}, 0});
  }
};

}  // namespace demat::transport
