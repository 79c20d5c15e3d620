#include "protocols/base/error.hpp"

namespace demat {

Error permanent_error(std::string_view code, std::string_view fr, std::string_view en,
                      std::string_view detail) {
  return Error{std::string(code),  Outlook::permanent, std::string(fr), std::string(en), {},
               std::string(detail)};
}

Error waiting_error(std::string_view code, std::string_view fr, std::string_view en,
                    std::string_view detail) {
  return Error{std::string(code),  Outlook::waiting, std::string(fr), std::string(en), {},
               std::string(detail)};
}

}  // namespace demat
