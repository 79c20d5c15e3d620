#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/store/payload.hpp"
#include "protocols/actes/media.hpp"

namespace demat::actes_road {

/// A file of a ready-made envelope.
struct Member {
  std::string name;
  std::uint64_t size = 0;
  actes::Media media = actes::Media::other;  ///< by its first bytes
  Sha256 sha256;
};

/// A ready-made envelope, taken apart: members and their bytes, in the order of the archive.
struct Unpacked {
  std::vector<Member> members;
  std::vector<store::StagedPayload> payloads;
};

/// Makes a place for the bytes of a file (Store::new_payload).
using NewPayload = std::function<Result<std::unique_ptr<store::PayloadWriter>>()>;

/// Files of one envelope: a metadata deposit takes as many parts.
inline constexpr std::size_t max_members = 1'002;

/// Takes a flat tar.gz of unknown origin apart, within the limits of archive::Limits; memory does not depend
/// on its size. Errors: `archive.*`, and the store's.
[[nodiscard]] Result<Unpacked> unpack(const ByteSource& archive, const NewPayload& new_payload);

}  // namespace demat::actes_road
