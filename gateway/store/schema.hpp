#pragma once

#include <string>

#include "gateway/store/connection.hpp"

namespace demat::store {

/// The newest schema version this program knows; each version is one step of the table in schema.cpp.
[[nodiscard]] int newest_schema();
[[nodiscard]] int schema_of(Connection& db);

/// Applies the steps that are missing, each in its own transaction, then notes the version. Throws Refusal
/// `store.newer_schema` when the database is ahead of us.
void migrate(Connection& db, Instant now);

/// The environment the store was made with.
[[nodiscard]] std::string environment_of(Connection& db);

}  // namespace demat::store
