#pragma once

#include "gateway/store/access.hpp"
#include "gateway/store/steering.hpp"

namespace demat::store {

class SqliteSteering final : public Steering {
 public:
  explicit SqliteSteering(const Access& access) : access_(access) {}

  Status pause(const Pause& pause) override;
  Result<bool> resume(const DestinationName& destination, const std::string& actor,
                      const std::string& reason) override;
  Result<std::vector<Pause>> pauses() override;
  Result<std::vector<Pause>> end_pauses(Instant now) override;
  Result<bool> reserve(const SlotUse& use) override;
  Result<std::uint64_t> used(const DestinationName& destination, Instant slot) override;
  Result<std::uint64_t> hasten(const DestinationName& destination,
                               const std::vector<std::string>& codes) override;
  Result<std::vector<ErrorGroup>> error_groups(const std::optional<AuthorityId>& authority) override;
  Result<std::vector<OverdueCount>> overdue(const OverdueLimits& limits) override;
  Result<Backlog> backlog(const DestinationName& destination, Instant before) override;

 private:
  const Access& access_;
};

}  // namespace demat::store
