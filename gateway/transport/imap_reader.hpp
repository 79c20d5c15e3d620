#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.hpp"
#include "gateway/transport/peer.hpp"

/// The reading half of IMAP (RFC 3501 §7, §9): responses with their literals, out of any stream of bytes.
/// Pure but for the stream; everything a server may send is bounded.
namespace demat::transport {

/// One message's facts, as far as a FETCH response told them.
struct FetchedItem {
  std::optional<std::uint32_t> uid;
  std::optional<std::uint64_t> size;  ///< RFC822.SIZE
  std::optional<Instant> time;        ///< INTERNALDATE
  bool has_body = false;              ///< BODY[] was among them
  std::string short_body;             ///< when it came as a quoted string
};

/// A whole response. `text` has no line end; each literal stands in it as "{n}" and in `literals`.
struct ImapResponse {
  std::string text;
  std::vector<std::string> literals;
  std::uint64_t streamed = 0;  ///< bytes of a BODY[] literal that went to the sink instead
};

/// Where BODY[] literals of one FETCH go. `uid` and `size` are what they must be; another message's body, or
/// one of another size, ends the reading.
struct BodyTarget {
  std::uint32_t uid = 0;
  std::uint64_t size = 0;
  const Sink* sink = nullptr;
};

class ImapReader {
 public:
  /// Fills the buffer with at least one byte, or fails.
  using Source = std::function<Result<std::size_t>(std::span<char>)>;

  static constexpr std::size_t longest_line = 65'536;
  static constexpr std::size_t longest_literal = 65'536;  ///< but for a body with a target

  /// `destination`: for the errors.
  ImapReader(std::string destination, Source source)
      : destination_(std::move(destination)), source_(std::move(source)) {}

  /// The next response. Errors: the source's, the sink's, and `transport.refused` for what is no IMAP or
  /// breaks a bound; after any of them the stream is out of step and of no more use.
  [[nodiscard]] Result<ImapResponse> next(const BodyTarget* body = nullptr);

 private:
  [[nodiscard]] Status fill();
  [[nodiscard]] Status append_line(std::string& text);
  [[nodiscard]] Status take_literal(std::uint64_t size, ImapResponse& response, const BodyTarget* body);
  [[nodiscard]] Status stream_body(std::uint64_t size, ImapResponse& response, const BodyTarget& body);
  [[nodiscard]] Error nonsense(std::string_view what) const;

  std::string destination_;
  Source source_;
  std::string buffer_;
  std::size_t begin_ = 0;  ///< of what is still unread in buffer_
};

/// The item of "* 3 FETCH (…)"; nothing for any other response, and for one that cannot be read.
[[nodiscard]] std::optional<FetchedItem> parse_fetch(const ImapResponse& response);

/// "17-Jul-2026 02:44:25 +0200" (RFC 3501 date-time).
[[nodiscard]] std::optional<Instant> parse_internal_date(std::string_view text);

/// The number after "[KEY " in the response's code, as in "* OK [UIDVALIDITY 5] …".
[[nodiscard]] std::optional<std::uint64_t> response_code_number(std::string_view text, std::string_view key);

/// `text` as an IMAP quoted string. Nothing when it holds what none can: CR, LF, NUL, 8-bit.
[[nodiscard]] std::optional<std::string> imap_quoted(std::string_view text);

/// Equal but for the case of letters.
[[nodiscard]] bool same_word(std::string_view a, std::string_view b);

}  // namespace demat::transport
