#include "protocols/actes/media.hpp"

#include <array>

namespace demat::actes {
namespace {

using namespace std::string_view_literals;

struct Row {
  Media media;
  std::string_view mime;
  std::string_view extension;
};
constexpr std::array rows{
    Row{Media::other, "application/octet-stream", "bin"},
    Row{Media::pdf, "application/pdf", "pdf"},
    Row{Media::jpeg, "image/jpeg", "jpg"},
    Row{Media::png, "image/png", "png"},
    Row{Media::xml, "application/xml", "xml"},
};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// A declaration, a comment or a root element other than HTML's.
bool is_xml(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF"sv)) text.remove_prefix(3);
  if (text.starts_with("<?xml"sv) && text.size() > 5 && is_blank(text[5])) return true;
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  if (text.size() < 2 || text[0] != '<') return false;
  if (text.starts_with("<!--"sv)) return true;
  if (text.starts_with("<html"sv) || text.starts_with("<HTML"sv)) return false;
  return begins_name(text[1]);
}

}  // namespace

Media sniff(std::string_view first_bytes) {
  if (first_bytes.starts_with("%PDF-"sv)) return Media::pdf;
  if (first_bytes.starts_with("\xFF\xD8\xFF"sv)) return Media::jpeg;
  if (first_bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) return Media::png;
  return is_xml(first_bytes) ? Media::xml : Media::other;
}

std::string_view mime_type(Media media) {
  return rows.at(static_cast<std::size_t>(media)).mime;
}

std::string_view extension(Media media) {
  return rows.at(static_cast<std::size_t>(media)).extension;
}

std::optional<Media> media_of_mime(std::string_view mime) {
  mime = mime.substr(0, mime.find(';'));
  if (mime == "text/xml"sv) return Media::xml;
  if (mime == "image/jpg"sv) return Media::jpeg;
  for (const auto& row : rows)
    if (row.mime == mime) return row.media;
  return std::nullopt;
}

}  // namespace demat::actes
