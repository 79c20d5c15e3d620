#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "protocols/marche/model.hpp"
#include "tools/dematctl/output.hpp"

/// A contract in words and as JSON. Internal to the marche commands.
namespace demat::ctl {

/// "120 000,00 €"; the text as it came when it is no amount, empty when absent.
[[nodiscard]] std::string euros(const marche::Leaf& amount);
/// "12/03/2026"; likewise.
[[nodiscard]] std::string day(const marche::Leaf& date);

void print_sheet(Output& out, const marche::Marche& contract);
void print_sheet(Output& out, const marche::Concession& contract);

[[nodiscard]] boost::json::object json_of(const marche::Marche& contract);
[[nodiscard]] boost::json::object json_of(const marche::Concession& contract);

}  // namespace demat::ctl
