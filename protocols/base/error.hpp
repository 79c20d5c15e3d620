#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace demat {

/// Whether trying again can help. It decides between "refused" and "waiting" (design §1.4), so a wrong value
/// here either loses a flow or retries for ever.
enum class Outlook {
  permanent,  ///< deterministic: the same input gives the same error
  waiting,    ///< a dependency is down or busy: try again later
};

/// Where in a document something was found.
struct Place {
  std::size_t line = 0;  ///< 1-based; 0 when unknown
  std::string path;  ///< element path such as /PES_Aller/PES_DepenseAller/Bordereau[2]; empty when unknown

  friend bool operator==(const Place&, const Place&) = default;
};

/// An expected failure that a caller can act on (stack rule 8, 9).
struct Error {
  std::string code;  ///< stable, lower-case, dotted: "xml.doctype"
  Outlook outlook = Outlook::permanent;
  std::string fr;      ///< for the agent in a town hall: what is wrong and what to do next
  std::string en;      ///< the same in English
  Place place;         ///< empty when the error has no place
  std::string detail;  ///< technical detail for operators; never personal data nor a secret
};

/// The two ways to make an Error without a place.
[[nodiscard]] Error permanent_error(std::string_view code, std::string_view fr, std::string_view en,
                                    std::string_view detail = {});
[[nodiscard]] Error waiting_error(std::string_view code, std::string_view fr, std::string_view en,
                                  std::string_view detail = {});

}  // namespace demat
