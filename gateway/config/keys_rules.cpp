#include "gateway/config/keys.hpp"

namespace demat::config {

std::span<const Key<PackSetting>> pack_keys() {
  using P = PackSetting;
  static const std::vector<Key<P>> keys{
      text("version", &P::name),
      texts("authorities", &P::authorities),
      text("from", &P::from),
      text("until", &P::until),
  };
  return keys;
}

std::span<const Key<RuleSetting>> rule_keys() {
  using R = RuleSetting;
  static const std::vector<Key<R>> keys{
      text("rule", &R::name),
      choice("severity", &R::severity,
             {{"error", RuleWeight::error},
              {"warning", RuleWeight::warning},
              {"info", RuleWeight::info},
              {"off", RuleWeight::off}}),
      texts("authorities", &R::authorities),
      text("from", &R::from),
      text("until", &R::until),
  };
  return keys;
}

}  // namespace demat::config
