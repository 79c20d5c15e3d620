#pragma once

#include <memory>
#include <vector>

#include "gateway/base/clock.hpp"
#include "gateway/config/settings.hpp"
#include "gateway/flow/ids.hpp"
#include "protocols/xml/schema_pack.hpp"

namespace demat::pipeline {

using PackPtr = std::shared_ptr<const xml::SchemaPack>;

/// Which PES pack judges whose flows, and when: that of [schemas], or of a row of [[pack]] (decisions,
/// Checks). Immutable; thread-safe.
class PackPolicy {
 public:
  struct Row {
    config::PackSetting setting;
    PackPtr pack;
  };
  PackPolicy(PackPtr usual, std::vector<Row> rows);

  /// The pack for that authority, that moment; never null. An empty authority: what holds for all.
  [[nodiscard]] const PackPtr& at(const AuthorityId& authority, Instant now) const;
  [[nodiscard]] const PackPtr& usual() const { return usual_; }
  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }

 private:
  PackPtr usual_;
  std::vector<Row> rows_;  ///< those that prevail last
};

}  // namespace demat::pipeline
