#include "gateway/store/schema_fragments.hpp"

namespace demat::store::fragments {

const std::string_view care = R"sql(
)sql";

}  // namespace demat::store::fragments
