#include "protocols/mail/source_stream.hpp"

#include <gmime/gmime.h>

#include <algorithm>
#include <span>

#include "protocols/mail/refusal.hpp"

namespace demat::mail::detail {
namespace {

/// GObject's way to derive: the parent first, and a class of the same shape as the parent's.
struct SourceStream {
  GMimeStream parent;
  StreamedSource* source;
};
struct SourceStreamClass {
  GMimeStreamClass parent;
};

SourceStream* self_of(GMimeStream* stream) {
  return reinterpret_cast<SourceStream*>(stream);
}

gint64 end_of(GMimeStream* stream) {
  const auto size = static_cast<gint64>(self_of(stream)->source->bytes.size());
  return stream->bound_end < 0 ? size : std::min(stream->bound_end, size);
}

gssize on_read(GMimeStream* stream, char* buffer, std::size_t most) noexcept {
  StreamedSource& source = *self_of(stream)->source;
  const gint64 left = end_of(stream) - stream->position;
  if (source.failed || left < 0) return -1;
  const std::span wanted(buffer, std::min(most, static_cast<std::size_t>(left)));
  std::size_t filled = 0;
  while (filled < wanted.size()) {
    const auto got =
        source.bytes.read(static_cast<std::size_t>(stream->position) + filled, wanted.subspan(filled));
    if (!got || *got == 0) {
      source.failed = got ? unreadable() : got.error();
      return -1;
    }
    filled += *got;
  }
  stream->position += static_cast<gint64>(filled);
  return static_cast<gssize>(filled);
}

gssize on_write(GMimeStream*, const char*, std::size_t) noexcept {
  return -1;  // nobody writes into a mail that came
}

int on_nothing(GMimeStream*) noexcept {
  return 0;
}

gboolean on_eos(GMimeStream* stream) noexcept {
  return stream->position >= end_of(stream) ? TRUE : FALSE;
}

int on_reset(GMimeStream* stream) noexcept {
  stream->position = stream->bound_start;
  return 0;
}

gint64 on_seek(GMimeStream* stream, gint64 offset, GMimeSeekWhence whence) noexcept {
  gint64 place = offset;
  if (whence == GMIME_STREAM_SEEK_CUR) place += stream->position;
  if (whence == GMIME_STREAM_SEEK_END) place += end_of(stream);
  if (place < stream->bound_start || place > end_of(stream)) return -1;
  stream->position = place;
  return place;
}

gint64 on_tell(GMimeStream* stream) noexcept {
  return stream->position;
}

gint64 on_length(GMimeStream* stream) noexcept {
  return std::max<gint64>(end_of(stream) - stream->bound_start, 0);
}

GMimeStream* new_stream(StreamedSource& source, gint64 start, gint64 end);

GMimeStream* on_substream(GMimeStream* stream, gint64 start, gint64 end) noexcept {
  GMimeStream* part = new_stream(*self_of(stream)->source, start, end < 0 ? end_of(stream) : end);
  return part;  // GMime notes which stream it is a part of
}

void begin_class(gpointer made, gpointer) noexcept {
  auto& methods = static_cast<SourceStreamClass*>(made)->parent;
  methods.read = &on_read;
  methods.write = &on_write;
  methods.flush = &on_nothing;
  methods.close = &on_nothing;
  methods.eos = &on_eos;
  methods.reset = &on_reset;
  methods.seek = &on_seek;
  methods.tell = &on_tell;
  methods.length = &on_length;
  methods.substream = &on_substream;
}

/// Registered once for the process, after GMime has started.
GType stream_type() {
  static const GType type =
      g_type_register_static_simple(g_mime_stream_get_type(), "DematSourceStream", sizeof(SourceStreamClass),
                                    &begin_class, sizeof(SourceStream), nullptr, GTypeFlags{});
  return type;
}

GMimeStream* new_stream(StreamedSource& source, gint64 start, gint64 end) {
  auto* stream = static_cast<GMimeStream*>(g_object_new(stream_type(), nullptr));
  g_mime_stream_construct(stream, start, end);
  self_of(stream)->source = &source;
  return stream;
}

}  // namespace

_GMimeStream* make_stream(StreamedSource& source) {
  return new_stream(source, 0, static_cast<gint64>(source.bytes.size()));
}

}  // namespace demat::mail::detail
