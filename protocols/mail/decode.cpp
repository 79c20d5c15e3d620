#include <gmime/gmime.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <new>
#include <span>
#include <utility>

#include "protocols/base/digest.hpp"
#include "protocols/base/file_name.hpp"
#include "protocols/base/utf8.hpp"
#include "protocols/mail/file_name.hpp"
#include "protocols/mail/guard.hpp"
#include "protocols/mail/message.hpp"
#include "protocols/mail/refusal.hpp"
#include "protocols/mail/source_stream.hpp"
#include "protocols/mail/transfer.hpp"

namespace demat::mail {
namespace {

using detail::Reason;
using detail::refusal;
using detail::Remark;
using detail::remark;

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Ref = std::unique_ptr<T, Unref>;
struct Free {
  void operator()(gpointer memory) const { g_free(memory); }
};
struct FreeOptions {
  void operator()(GMimeParserOptions* options) const { g_mime_parser_options_free(options); }
};
using Options = std::unique_ptr<GMimeParserOptions, FreeOptions>;

constexpr std::size_t piece_bytes = 65'536;

/// GMime's tables, once for the process; never shut down, as nobody could know when.
void start_gmime() {
  static std::once_flag once;
  std::call_once(once, [] { g_mime_init(); });
}

std::string text_of(const char* text) {
  return text != nullptr ? utf8_replaced(text) : std::string();
}

/// Header values for people: no control character, bounded.
std::string one_line(const char* text, std::size_t most) {
  std::string line = text_of(text);
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  if (line.size() > most) {
    line.resize(most);
    while (!line.empty() && !is_utf8(line))
      line.pop_back();
  }
  return line;
}

std::string composed(const std::string& name) {
  const std::unique_ptr<char, Free> out(
      g_utf8_normalize(name.data(), static_cast<gssize>(name.size()), G_NORMALIZE_NFC));
  return out ? std::string(out.get()) : name;
}

std::string lower_type(GMimeObject* object) {
  GMimeContentType* type = g_mime_object_get_content_type(object);
  const std::unique_ptr<char, Free> text(g_mime_content_type_get_mime_type(type));
  std::string out = text_of(text.get());
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool disposition_is(GMimeObject* object, const char* wanted) {
  const char* found = g_mime_object_get_disposition(object);
  return found != nullptr && g_ascii_strcasecmp(found, wanted) == 0;
}

/// The bytes of a text in UTF-8. The label of the ministry's texts cannot be trusted (actes 3.5): what is
/// UTF-8 is taken for it, whatever 8-bit set is named.
std::optional<std::string> converted(std::string bytes, const char* charset) {
  const bool escapes =
      charset != nullptr &&
      (g_ascii_strncasecmp(charset, "iso-2022", 8) == 0 || g_ascii_strncasecmp(charset, "utf-7", 5) == 0 ||
       g_ascii_strncasecmp(charset, "utf-16", 6) == 0 || g_ascii_strncasecmp(charset, "utf-32", 6) == 0);
  if (!escapes && is_utf8(bytes)) return bytes;
  gsize written = 0;
  const std::unique_ptr<char, Free> out(g_convert(bytes.data(), static_cast<gssize>(bytes.size()), "UTF-8",
                                                  charset != nullptr ? charset : "windows-1252", nullptr,
                                                  &written, nullptr));
  if (!out) return std::nullopt;
  return std::string(out.get(), written);
}

/// Cut at the ";" outside quoted strings; each without the white space before it.
std::vector<std::string> disposition_parts(std::string_view raw) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    if (c == '"') quoted = !quoted;
    if (c == '\\' && quoted && i + 1 < raw.size()) parts.back() += raw[i++];
    if (c == ';' && !quoted)
      parts.emplace_back();
    else if (!parts.back().empty() || !g_ascii_isspace(c))
      parts.back() += raw[i];
  }
  return parts;
}

/// The name that stands in RFC 2231 form beside a plain one: the better of the two, which GMime drops (RFC
/// 6266 4.3 says so of HTTP, and mailers do the same). Empty when there is none.
std::string extended_name(GMimeObject* object) {
  GMimeHeader* header =
      g_mime_header_list_get_header(g_mime_object_get_header_list(object), "Content-Disposition");
  const char* raw = header != nullptr ? g_mime_header_get_raw_value(header) : nullptr;
  if (raw == nullptr) return {};
  std::string kept = "attachment";
  for (const std::string& part : disposition_parts(raw))
    if (g_ascii_strncasecmp(part.c_str(), "filename*", 9) == 0) kept += "; " + part;
  if (kept.find(';') == kept.npos) return {};
  const Ref<GMimeContentDisposition> parsed(g_mime_content_disposition_parse(nullptr, kept.c_str()));
  return parsed ? text_of(g_mime_content_disposition_get_parameter(parsed.get(), "filename")) : std::string();
}

/// One part while it is being visited.
struct Spot {
  std::string path;
  std::size_t depth = 0;
  bool nested = false;
  bool related = false;

  [[nodiscard]] Spot child(int index) const {
    Spot spot = *this;
    spot.path += (path.empty() ? "" : ".") + std::to_string(index + 1);
    ++spot.depth;
    return spot;
  }
};

/// A letter may come with the disposition "inline", too; only pictures are embedded by that alone.
Role role_of(GMimeObject* object, const Attachment& part, const Spot& spot) {
  if (part.media_type == "application/ms-tnef" || part.media_type == "application/vnd.ms-tnef" ||
      part.safe_name.starts_with("winmail."))
    return Role::tnef;
  const bool shown =
      spot.related && !part.content_id.empty() && !disposition_is(object, GMIME_DISPOSITION_ATTACHMENT);
  const bool picture =
      part.media_type.starts_with("image/") && disposition_is(object, GMIME_DISPOSITION_INLINE);
  return shown || picture ? Role::embedded : Role::attachment;
}

/// Undoes a content transfer encoding, piece by piece.
class Transfer {
 public:
  Transfer(GMimeContentEncoding encoding, PieceSink sink) : encoding_(encoding), sink_(std::move(sink)) {
    g_mime_encoding_init_decode(&state_, encoding);
  }
  Status feed(std::string_view raw) {
    if (encoding_ == GMIME_CONTENT_ENCODING_BASE64) base64_.feed(raw);
    if (encoding_ == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE) quoted_.feed(raw);
    return pass(raw);
  }
  Status finish() { return pass({}); }
  [[nodiscard]] bool base64_whole() const { return base64_.whole(); }
  [[nodiscard]] bool quoted_whole() const { return quoted_.whole(); }

 private:
  Status pass(std::string_view raw) {
    out_.resize(g_mime_encoding_outlen(&state_, raw.size()));
    const std::size_t made = raw.empty() ? g_mime_encoding_flush(&state_, raw.data(), 0, out_.data())
                                         : g_mime_encoding_step(&state_, raw.data(), raw.size(), out_.data());
    return made == 0 ? Status() : sink_({out_.data(), made});
  }

  GMimeContentEncoding encoding_;
  PieceSink sink_;
  GMimeEncoding state_{};
  detail::Base64Check base64_;
  detail::QuotedPrintableCheck quoted_;
  std::string out_;
};

/// Lets the raw bytes of a part pass through its decoder.
Status read_range(const ByteSource& mail, const Encoded& range, Transfer& transfer) {
  std::string piece(static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, range.length)), '\0');
  for (std::uint64_t done = 0; done < range.length;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), range.length - done));
    const auto got = mail.read(static_cast<std::size_t>(range.offset + done), std::span(piece).first(wanted));
    if (!got) return failure(got.error());
    if (*got == 0) return failure(detail::unreadable());
    if (auto status = transfer.feed({piece.data(), *got}); !status) return status;
    done += *got;
  }
  return transfer.finish();
}

/// What a leaf holds, decoded.
struct Content {
  std::string bytes;  ///< all, or the beginning
  std::uint64_t size = 0;
  Sha256 sha256;
  Encoded encoded;
};

class Decoder {
 public:
  Decoder(detail::StreamedSource& source, const Limits& limits)
      : limits_(limits),
        source_(source),
        options_(g_mime_parser_options_new()),
        stream_(detail::make_stream(source)) {
    // What raw 8-bit headers are, independent of the locale of the process.
    std::array<const char*, 3> charsets{"utf-8", "iso-8859-1", nullptr};
    g_mime_parser_options_set_fallback_charsets(options_.get(), charsets.data());
    g_mime_parser_options_set_warning_callback(options_.get(), &Decoder::warned, this);
  }

  [[nodiscard]] Result<Message> run();

 private:
  static void warned(gint64 offset, GMimeParserWarning warning, const gchar* item, gpointer self) noexcept;
  void read_headers(GMimeMessage* message);
  [[nodiscard]] Status visit(GMimeObject* object, const Spot& spot);
  [[nodiscard]] Status visit_multipart(GMimeMultipart* multipart, const Spot& spot);
  [[nodiscard]] Status visit_message(GMimeMessagePart* part, const Spot& spot);
  [[nodiscard]] Status visit_leaf(GMimeObject* object, const Spot& spot);
  [[nodiscard]] Result<Content> content(GMimePart* part, const Spot& spot, std::size_t most);
  void keep_body(GMimeObject* object, std::string type, const std::string& bytes, const Spot& spot);
  void keep_attachment(GMimeObject* object, std::string type, Content content, const Spot& spot);
  void note(Remark what, const std::string& part) { message_.report.add(remark(what, part)); }

  const Limits& limits_;
  detail::StreamedSource& source_;
  Options options_;
  Ref<GMimeStream> stream_;
  bool broken_ = false;  ///< boundaries or parts are not as they should be
  std::size_t parts_ = 0;
  std::uint64_t decoded_ = 0;
  std::size_t kept_ = 0;  ///< bytes of attachments in memory
  Message message_;
};

void Decoder::warned(gint64, GMimeParserWarning warning, const gchar*, gpointer self) noexcept {
  switch (warning) {
    case GMIME_WARN_MALFORMED_MULTIPART:
    case GMIME_WARN_TRUNCATED_MESSAGE:
    case GMIME_WARN_MALFORMED_MESSAGE:
    case GMIME_CRIT_INVALID_HEADER_NAME:
    case GMIME_CRIT_CONFLICTING_HEADER:
    case GMIME_CRIT_MULTIPART_WITHOUT_BOUNDARY:
    case GMIME_CRIT_NESTING_OVERFLOW:
    case GMIME_WARN_PART_WITHOUT_CONTENT:
    case GMIME_CRIT_PART_WITHOUT_HEADERS_OR_CONTENT:
      static_cast<Decoder*>(self)->broken_ = true;
      return;
    default:
      return;  // spelling of headers, which it reads all the same
  }
}

Result<Message> Decoder::run() {
  const Ref<GMimeParser> parser(g_mime_parser_new_with_stream(stream_.get()));
  g_mime_parser_set_persist_stream(parser.get(), TRUE);
  const Ref<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), options_.get()));
  if (source_.failed) return failure(*source_.failed);
  if (!message ||
      g_mime_header_list_get_count(g_mime_object_get_header_list(GMIME_OBJECT(message.get()))) == 0)
    return failure(refusal(Reason::not_a_message));
  read_headers(message.get());
  if (GMimeObject* root = g_mime_message_get_mime_part(message.get())) {
    const bool tree = GMIME_IS_MULTIPART(root);
    if (auto done = visit(root, tree ? Spot{} : Spot{}.child(0)); !done) return failure(done.error());
  } else {
    broken_ = true;
  }
  if (broken_) note(Remark::structure, "");
  return std::move(message_);
}

void Decoder::read_headers(GMimeMessage* message) {
  const std::string id = one_line(g_mime_message_get_message_id(message), max_message_id + 1);
  if (id.empty() || id.size() > max_message_id)
    note(Remark::no_message_id, "");
  else
    message_.message_id = id;
  if (GDateTime* date = g_mime_message_get_date(message))
    message_.date = g_date_time_to_unix(date);
  else
    note(Remark::no_date, "");
  message_.subject = one_line(g_mime_message_get_subject(message), max_subject);
  InternetAddressList* from = g_mime_message_get_from(message);
  if (from == nullptr || internet_address_list_length(from) == 0) return;
  InternetAddress* first = internet_address_list_get_address(from, 0);
  message_.from.name = one_line(internet_address_get_name(first), max_subject);
  if (INTERNET_ADDRESS_IS_MAILBOX(first))
    message_.from.address =
        one_line(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first)), max_message_id);
}

Status Decoder::visit(GMimeObject* object, const Spot& spot) {
  if (spot.depth > limits_.depth) return failure(refusal(Reason::too_deep));
  if (GMIME_IS_MULTIPART(object)) return visit_multipart(GMIME_MULTIPART(object), spot);
  if (GMIME_IS_MESSAGE_PART(object)) return visit_message(GMIME_MESSAGE_PART(object), spot);
  return visit_leaf(object, spot);
}

Status Decoder::visit_multipart(GMimeMultipart* multipart, const Spot& spot) {
  const int count = g_mime_multipart_get_count(multipart);
  if (count <= 0) {
    // Whatever lies in it, no boundary shows it.
    note(Remark::structure, spot.path);
    return {};
  }
  const bool related = lower_type(GMIME_OBJECT(multipart)) == "multipart/related";
  for (int i = 0; i < count; ++i) {
    Spot child = spot.child(i);
    child.related = related;
    if (auto done = visit(g_mime_multipart_get_part(multipart, i), child); !done) return done;
  }
  return {};
}

Status Decoder::visit_message(GMimeMessagePart* part, const Spot& spot) {
  GMimeMessage* inner = g_mime_message_part_get_message(part);
  GMimeObject* root = inner != nullptr ? g_mime_message_get_mime_part(inner) : nullptr;
  if (root == nullptr) {
    note(Remark::structure, spot.path);
    return {};
  }
  Spot child = GMIME_IS_MULTIPART(root) ? spot : spot.child(0);
  child.depth = spot.depth + 1;
  child.nested = true;
  child.related = false;
  return visit(root, child);
}

Status Decoder::visit_leaf(GMimeObject* object, const Spot& spot) {
  if (++parts_ > limits_.parts) return failure(refusal(Reason::too_many_parts));
  std::string type = lower_type(object);
  const char* name = GMIME_IS_PART(object) ? g_mime_part_get_filename(GMIME_PART(object)) : nullptr;
  const bool body = (type == "text/plain" || type == "text/html") && name == nullptr &&
                    !disposition_is(object, GMIME_DISPOSITION_ATTACHMENT);
  const std::size_t room = std::min(limits_.kept, limits_.kept_in_all - std::min(kept_, limits_.kept_in_all));
  Content held;
  if (GMIME_IS_PART(object)) {
    auto found = content(GMIME_PART(object), spot, body ? limits_.body : room);
    if (!found) return failure(found.error());
    held = std::move(*found);
  }
  if (body && held.bytes.size() == held.size)
    keep_body(object, std::move(type), held.bytes, spot);
  else
    keep_attachment(object, std::move(type), std::move(held), spot);
  if (decoded_ > limits_.decoded) return failure(refusal(Reason::decoded_too_large));
  return {};
}

/// All bytes of the part when they are not more than `most`, else their beginning.
Result<Content> Decoder::content(GMimePart* part, const Spot& spot, std::size_t most) {
  Content out;
  GMimeDataWrapper* wrapper = g_mime_part_get_content(part);
  Digester digest(Digester::Algorithm::sha256);
  if (wrapper != nullptr) {
    const GMimeContentEncoding encoding = g_mime_data_wrapper_get_encoding(wrapper);
    if (encoding == GMIME_CONTENT_ENCODING_DEFAULT &&
        g_mime_object_get_header(GMIME_OBJECT(part), "Content-Transfer-Encoding") != nullptr)
      note(Remark::encoding, spot.path);
    GMimeStream* stream = g_mime_data_wrapper_get_stream(wrapper);
    out.encoded = {static_cast<std::uint64_t>(stream->bound_start),
                   static_cast<std::uint64_t>(std::max<gint64>(g_mime_stream_length(stream), 0)), encoding};
    Transfer transfer(encoding, [&](std::string_view piece) -> Status {
      digest.update(piece);
      out.size += piece.size();
      if (decoded_ + out.size > limits_.decoded) return failure(refusal(Reason::decoded_too_large));
      if (out.size <= most)
        out.bytes += piece;
      else if (out.bytes.size() < beginning)
        out.bytes += piece.substr(0, beginning - out.bytes.size());
      return {};
    });
    if (auto done = read_range(source_.bytes, out.encoded, transfer); !done) return failure(done.error());
    if (!transfer.base64_whole()) note(Remark::base64, spot.path);
    if (!transfer.quoted_whole()) note(Remark::quoted_printable, spot.path);
  }
  if (out.bytes.size() < out.size) {
    out.bytes.resize(std::min(out.bytes.size(), beginning));
    out.bytes.shrink_to_fit();
  }
  out.sha256 = Sha256{hex(digest.finish())};
  return out;
}

void Decoder::keep_body(GMimeObject* object, std::string type, const std::string& bytes, const Spot& spot) {
  auto text = converted(bytes, g_mime_object_get_content_type_parameter(object, "charset"));
  if (!text) {
    note(Remark::charset, spot.path);
    text = utf8_from_latin1(bytes);
  }
  decoded_ += text->size();
  message_.bodies.push_back(Body{
      .media_type = std::move(type), .text = std::move(*text), .part = spot.path, .nested = spot.nested});
}

void Decoder::keep_attachment(GMimeObject* object, std::string type, Content content, const Spot& spot) {
  Attachment kept{.media_type = std::move(type),
                  .bytes = std::move(content.bytes),
                  .size = content.size,
                  .sha256 = std::move(content.sha256),
                  .part = spot.path,
                  .nested = spot.nested,
                  .encoded = content.encoded};
  decoded_ += kept.size;
  kept_ += kept.bytes.size();
  kept.content_id = one_line(g_mime_object_get_content_id(object), max_message_id);
  kept.name = extended_name(object);
  if (kept.name.empty() && GMIME_IS_PART(object))
    kept.name = text_of(g_mime_part_get_filename(GMIME_PART(object)));
  kept.name = composed(kept.name);
  std::string fallback = "piece-" + spot.path;
  for (char& c : fallback)
    if (c == '.') c = '-';
  kept.safe_name = safe_file_name(kept.name, fallback + std::string(usual_extension(kept.media_type)));
  kept.role = role_of(object, kept, spot);
  message_.attachments.push_back(std::move(kept));
}

}  // namespace

const Body* Message::body(std::string_view media_type) const {
  for (const Body& body : bodies)
    if (!body.nested && body.media_type == media_type) return &body;
  return nullptr;
}

Result<Message> decode(const ByteSource& source, const Limits& limits) {
  if (auto fine = detail::check_raw(source, limits); !fine) return failure(fine.error());
  start_gmime();
  detail::StreamedSource streamed{source, {}};
  return Decoder(streamed, limits).run();
}

Status pour(const ByteSource& mail, const Attachment& file, const PieceSink& sink) {
  if (file.whole()) return sink(file.bytes);
  start_gmime();
  Transfer transfer(static_cast<GMimeContentEncoding>(file.encoded.transfer), sink);
  return read_range(mail, file.encoded, transfer);
}

}  // namespace demat::mail
