#include <fmt/format.h>

#include "gateway/store/journal_reading.hpp"
#include "protocols/base/digest.hpp"
#include "protocols/base/utf8.hpp"

namespace demat::store {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : utf8_replaced(text)) {
    if (c == '"' || c == '\\')
      out += fmt::format("\\{}", c);
    else if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      out += c;
  }
  return out + '"';
}

std::string hexed(const std::string& bytes) {
  return hex(as_bytes(bytes));
}

}  // namespace

std::string json_line(const JournalLine& line) {
  const auto& e = line.event;
  return fmt::format(
      "{{\"sequence\":{},\"flow\":{},\"at\":\"{}\",\"code\":{},\"from\":\"{}\",\"to\":\"{}\",\"actor\":{},"
      "\"reason\":{},\"detail\":{},\"payloads\":{},\"chain\":\"{}\"}}\n",
      e.sequence, quoted(e.flow.str()), to_iso8601(e.at), quoted(e.code), to_string(e.from), to_string(e.to),
      quoted(e.actor), quoted(e.reason), quoted(e.detail), quoted(line.payloads), hexed(line.chain));
}

std::string json_line(const Anchor& anchor) {
  return fmt::format("{{\"anchor\":{},\"at\":\"{}\",\"chain\":\"{}\",\"mac\":\"{}\"}}\n", anchor.sequence,
                     to_iso8601(anchor.at), hexed(anchor.chain), hexed(anchor.mac));
}

std::string json_line(const Checkpoint& c) {
  return fmt::format(
      "{{\"checkpoint\":{},\"at\":\"{}\",\"actor\":{},\"reason\":{},\"chain\":\"{}\",\"mac\":\"{}\"}}\n",
      c.sequence, to_iso8601(c.at), quoted(c.actor), quoted(c.reason), hexed(c.chain), hexed(c.mac));
}

std::string head_line(Connection& db) {
  auto row = db.prepare("SELECT sequence,mac FROM journal_head");
  if (!row.step()) return {};
  const auto sequence = row.next<std::uint64_t>();
  return fmt::format("{{\"head\":{},\"mac\":\"{}\"}}\n", sequence, hexed(row.next<std::string>()));
}

}  // namespace demat::store
