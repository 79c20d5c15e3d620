#pragma once

#include <string>

#include "gateway/store/blobs.hpp"
#include "gateway/store/connection.hpp"
#include "gateway/store/journal.hpp"

namespace demat::store {

/// What every writing operation works with, inside its savepoint on the writer's thread. The operations are
/// plain functions over it; they fail by throwing Refusal.
struct Transaction {
  Connection& db;
  Journal& journal;
  Blobs& blobs;
  Instant now;
  const std::string& environment;
};

}  // namespace demat::store
