#include "protocols/xades/splice.hpp"

#include <algorithm>

namespace demat::xades {
namespace {

constexpr std::size_t root_signature_depth = 2;       // PES_Aller/Signature
constexpr std::size_t bordereau_signature_depth = 4;  // PES_Aller/PES_DepenseAller/Bordereau/Signature

/// The qualified name of the tag whose '<' is at `begin`.
std::string_view tag_name(std::string_view bytes, std::size_t begin) {
  const auto end = bytes.find_first_of(" \t\r\n/>", begin);
  return bytes.substr(begin + 1, end - begin - 1);
}

Error changed(std::string_view detail) {
  return permanent_error("xades.bytes_changed",
                         "La signature a modifié autre chose qu'elle-même : le fichier signé n'est pas émis.",
                         "Signing changed something besides the signature: the signed file is not sent.",
                         detail);
}

}  // namespace

std::string splice(std::string_view bytes, const std::vector<Insertion>& insertions) {
  std::size_t size = bytes.size();
  for (const auto& insertion : insertions)
    size += insertion.text.size() + insertion.span.start_end - insertion.span.begin;
  std::string out;
  out.reserve(size);
  std::size_t done = 0;
  for (const auto& [span, text] : insertions) {
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
  std::vector<xml::ElementSpan> spans;
  for (const auto depth : {root_signature_depth, bordereau_signature_depth}) {
    auto found = xml::find_elements(signed_bytes, "Signature", depth);
    if (!found) return failure(std::move(found.error()));
    spans.insert(spans.end(), found->begin(), found->end());
  }
  std::sort(spans.begin(), spans.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });

  std::size_t at = 0;    // in original
  std::size_t done = 0;  // in signed_bytes
  for (const auto& span : spans) {
    const auto piece = signed_bytes.substr(done, span.begin - done);
    done = span.end;
    if (original.substr(at).starts_with(piece)) {
      at += piece.size();
      continue;
    }
    // An empty element tag was opened: `<B>` + signature + `</B>` stands for `<B/>`.
    const auto opened = piece.substr(0, piece.empty() ? 0 : piece.size() - 1);
    const auto end_tag = signed_bytes.find('>', span.end);
    if (!piece.ends_with('>') || !original.substr(at).starts_with(opened) ||
        original.substr(at + opened.size(), 2) != "/>" || end_tag == std::string_view::npos)
      return failure(changed("before a signature"));
    at += opened.size() + 2;
    done = end_tag + 1;
  }
  if (original.substr(at) != signed_bytes.substr(done)) return failure(changed("after the last signature"));
  return {};
}

}  // namespace demat::xades
