#include "gateway/store/readers.hpp"

namespace demat::store {

Readers::Snapshot::~Snapshot() {
  try {
    if (db_.in_transaction()) db_.run("ROLLBACK");
  } catch (const std::exception&) {
    // The values read are complete; a connection that cannot end its snapshot reports it at its next BEGIN.
    return;
  }
}

std::unique_ptr<Connection> Readers::take() {
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return !free_.empty() || open_ < max_connections; });
    if (!free_.empty()) {
      auto connection = std::move(free_.back());
      free_.pop_back();
      return connection;
    }
    ++open_;
  }
  try {
    return std::make_unique<Connection>(file_, Connection::Mode::read);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    --open_;
    returned_.notify_one();
    throw;
  }
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(connection));
  returned_.notify_one();
}

}  // namespace demat::store
