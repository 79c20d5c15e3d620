#include "gateway/store/schema_fragments.hpp"

namespace demat::store::fragments {

const std::string_view uploads = R"sql(
)sql";

}  // namespace demat::store::fragments
