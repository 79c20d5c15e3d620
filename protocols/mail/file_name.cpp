#include "protocols/mail/file_name.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace demat::mail {
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
