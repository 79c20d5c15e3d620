#pragma once

#include <string>
#include <string_view>

#include "gateway/flow/answers.hpp"
#include "gateway/store/connection.hpp"

namespace demat::store {

/// "SELECT … FROM answer " and the rest; its rows are for read_answer().
[[nodiscard]] std::string select_answers(std::string_view rest);
[[nodiscard]] flow::Return read_answer(Statement& row);

/// The words of `domaines` as the column has them, and back.
[[nodiscard]] std::string domaines_in_row(const std::vector<std::string>& domaines);

}  // namespace demat::store
