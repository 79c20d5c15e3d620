#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "protocols/base/result.hpp"

namespace demat::xml {

/// The values that a simple type of XML Schema admits, as libxml2 understands it. Not thread-safe.
class ValueSpace {
 public:
  /// `simple_type`: an anonymous xs:simpleType in the prefix xs. Errors: `pack.schema` when it does not
  /// compile.
  [[nodiscard]] static Result<ValueSpace> make(std::string_view simple_type);
  ~ValueSpace();
  ValueSpace(ValueSpace&&) noexcept;
  ValueSpace& operator=(ValueSpace&&) noexcept;

  [[nodiscard]] bool admits(const std::string& value) const;

 private:
  struct Impl;
  explicit ValueSpace(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace demat::xml
