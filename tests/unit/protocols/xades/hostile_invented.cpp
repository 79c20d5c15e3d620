#include "hostile_kit.hpp"
namespace demat::test::hostile {
std::vector<Case> placing_cases() {
  return {};
}
std::vector<Case> writing_cases() {
  return {};
}
std::vector<Case> key_cases() {
  return {};
}
}  // namespace demat::test::hostile
