#include "gateway/store/schema_fragments.hpp"

namespace demat::store::fragments {

const std::string_view work = R"sql(
ALTER TABLE flow ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
)sql";

}  // namespace demat::store::fragments
