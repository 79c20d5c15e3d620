#include "gateway/config/complaints.hpp"

namespace demat::config {

void Complaints::add(std::string_view code, const KeyPlace& place, std::string_view fr, std::string_view en) {
  Error error =
      permanent_error(code, place.key + " : " + std::string(fr), place.key + ": " + std::string(en));
  error.place.line = place.line;
  error.place.path = place.key;
  errors_.push_back(std::move(error));
}

}  // namespace demat::config
