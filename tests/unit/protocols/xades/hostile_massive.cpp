// What is long or many: each has its outcome, and the test a limit of time.

#include <fmt/format.h>

#include "hostile_kit.hpp"

namespace demat::test::hostile {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i)
    out += text;
  return out;
}

/// A signed file whose bordereau also holds `content`.
std::string holding(const std::string& content) {
  return sign_with(replaced(make_pes(), "<Piece><BlocPiece>", content + "<Piece><BlocPiece>"),
                   make_request(ordinary_identity()));
}

}  // namespace

std::vector<Case> massive_cases() {
  return {
      {"T52", "HundredSignatures", Outcome::passed, "", Stock::unasked,
       [](auto&) {
         PesWish wish;
         wish.depense_ids.clear();
         for (int i = 0; i < 100; ++i)
           wish.depense_ids.push_back(fmt::format("B{}", i));
         return sign_with(make_pes(wish), make_request(ordinary_identity()));
       }},
      {"T53", "TextOf50Megabytes", Outcome::passed, "", Stock::unasked,
       [](auto&) { return holding("<Note>" + std::string(50'000'000, 'A') + "</Note>"); }},
      {"T54", "HundredThousandElements", Outcome::passed, "", Stock::unasked,
       [](auto&) { return holding(repeated("<e/>", 100'000)); }},
  };
}

}  // namespace demat::test::hostile
