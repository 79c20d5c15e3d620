#pragma once

#include <memory>
#include <string>

#include "gateway/config/settings.hpp"
#include "protocols/base/result.hpp"

namespace demat {

/// A running gateway: the parts in dependency order, ended in reverse.
class Gateway {
 public:
  /// Opens, recovers, starts everything; returns when the doors are open. `settings` is copied.
  [[nodiscard]] static Result<std::unique_ptr<Gateway>> start(const config::Settings& settings);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// Reads the certificates again and reopens the log; what fails keeps its old value and is logged.
  void reload();
  /// Closes the doors, finishes running requests, lets running work end.
  void stop();

 private:
  struct Parts;
  explicit Gateway(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace demat
