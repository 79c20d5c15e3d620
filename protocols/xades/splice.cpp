#include "protocols/xades/splice.hpp"

#include <algorithm>
#include <cstring>

#include "protocols/xades/splice_texts.hpp"

namespace demat::xades {

std::string_view tag_name(std::string_view bytes, std::size_t begin) {
  const auto end = bytes.find_first_of(" \t\r\n/>", begin);
  return bytes.substr(begin + 1, end - begin - 1);
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  constexpr std::size_t block_bytes = 4096;
  const auto size = std::min(a.size(), b.size());
  std::size_t at = 0;
  while (at + block_bytes <= size && std::memcmp(a.data() + at, b.data() + at, block_bytes) == 0)
    at += block_bytes;
  while (at < size && a[at] == b[at])
    ++at;
  return at;
}

Error bytes_changed(std::string_view detail) {
  return waiting_error("xades.bytes_changed",
                       "La signature a modifié autre chose qu'elle-même : le fichier signé n'est pas émis.",
                       "Signing changed something besides the signature: the signed file is not sent.",
                       detail);
}

std::string splice(std::string_view bytes, const std::vector<Insertion>& insertions) {
  std::size_t size = bytes.size();
  for (const auto& insertion : insertions)
    size += insertion.text.size() + insertion.span.start_end - insertion.span.begin;
  std::string out;
  out.reserve(size);
  std::size_t done = 0;
  for (const auto& [span, text, element] : insertions) {
    if (span.self_closing) {
      out.append(bytes, done, span.end - 2 - done).append(">").append(text);
      out.append("</").append(tag_name(bytes, span.begin)).append(">");
      done = span.end;
    } else {
      out.append(bytes, done, span.end_begin - done).append(text);
      done = span.end_begin;
    }
  }
  return out.append(bytes, done);
}

Status only_signatures_added(std::string_view original, std::string_view signed_bytes) {
  while (true) {
    const auto common = common_prefix(original, signed_bytes);
    if (common == original.size() && common == signed_bytes.size()) return {};
    // The first difference lies just behind the '<' that both have: of the signature here, of the end tag
    // there.
    const auto inserted = signed_bytes.rfind('<', common);
    const bool opened =
        original.substr(common).starts_with("/>") && signed_bytes.substr(common).starts_with('>');
    const auto begin = opened ? common + 1 : inserted;
    if (begin == std::string_view::npos || !signed_bytes.substr(begin).starts_with(signature_begin))
      return failure(bytes_changed("before a signature"));
    auto end = signed_bytes.find(signature_end, begin);
    if (end == std::string_view::npos) return failure(bytes_changed("a signature without end"));
    end += signature_end.size();
    if (opened) {  // `<B>` + signature + `</B>` stands for `<B/>`
      const auto end_tag = signed_bytes.find('>', end);
      if (end_tag == std::string_view::npos || !signed_bytes.substr(end).starts_with("</"))
        return failure(bytes_changed("after a signature"));
      end = end_tag + 1;
    }
    original.remove_prefix(opened ? common + 2 : begin);
    signed_bytes.remove_prefix(end);
  }
}

}  // namespace demat::xades
