#pragma once

#include <optional>

#include "protocols/base/byte_source.hpp"
#include "protocols/base/result.hpp"

struct _GMimeStream;

namespace demat::mail::detail {

/// The source that a stream of GMime reads from, and what went wrong with it: GMime takes a failed read for
/// the end of the mail. Outlives its streams.
struct StreamedSource {
  const ByteSource& bytes;
  std::optional<Error> failed;
};

/// A new stream over the source, with one reference; GMime makes substreams of it and holds no bytes. Used by
/// one thread.
[[nodiscard]] _GMimeStream* make_stream(StreamedSource& source);

}  // namespace demat::mail::detail
