#include "protocols/mail/file_name.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "protocols/base/utf8.hpp"
#include "protocols/mail/limits.hpp"

namespace demat::mail {
namespace {

std::string without_invisible(std::string_view name) {
  constexpr std::string_view reserved = "\"*:<>?|";  // names that people save on their own machines
  std::string out;
  while (!name.empty()) {
    const std::size_t length = std::max<std::size_t>(utf8_length(name), 1);
    const std::string_view sequence = name.substr(0, length);
    if (!is_invisible(utf8_point(sequence))) out += reserved.find(sequence) == reserved.npos ? sequence : "_";
    name.remove_prefix(length);
  }
  return out;
}

/// `text` cut to `bytes` at most, between characters.
std::string_view cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U)
    --bytes;
  return text.substr(0, bytes);
}

std::string shortened(const std::string& name) {
  constexpr std::size_t longest_extension = 16;
  const std::size_t dot = name.rfind('.');
  const bool extended = dot != name.npos && name.size() - dot <= longest_extension;
  const std::string extension = extended ? name.substr(dot) : std::string();
  const std::string_view stem = std::string_view(name).substr(0, name.size() - extension.size());
  return std::string(cut(stem, max_safe_name - extension.size())) + extension;
}

}  // namespace

std::string safe_file_name(std::string_view name, std::string_view fallback) {
  const std::string valid = utf8_replaced(std::string(name));
  std::string_view last = valid;
  if (const std::size_t slash = last.find_last_of("/\\"); slash != last.npos) last.remove_prefix(slash + 1);
  std::string clean = without_invisible(last);
  const std::size_t start = clean.find_first_not_of(" .");
  if (start == clean.npos) return std::string(fallback);
  const std::size_t end = clean.find_last_not_of(" .");
  clean = clean.substr(start, end - start + 1);
  return clean.size() > max_safe_name ? shortened(clean) : clean;
}

std::string_view usual_extension(std::string_view media_type) {
  using Row = std::pair<std::string_view, std::string_view>;
  constexpr std::array rows{
      Row{"application/pdf", ".pdf"}, Row{"application/xml", ".xml"}, Row{"text/xml", ".xml"},
      Row{"text/html", ".html"},      Row{"text/plain", ".txt"},      Row{"image/jpeg", ".jpg"},
      Row{"image/png", ".png"},       Row{"image/gif", ".gif"},       Row{"message/rfc822", ".eml"},
      Row{"application/zip", ".zip"}, Row{"application/gzip", ".gz"}, Row{"application/ms-tnef", ".dat"},
  };
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.first == media_type; });
  return row == rows.end() ? ".bin" : row->second;
}

}  // namespace demat::mail
