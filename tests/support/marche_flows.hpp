#pragma once

#include <string>
#include <string_view>

/// The project's own PES Marché flows: valid under pack 5.30, every rule of helios §9 kept, one element per
/// line so that tests replace one. Invented parties.
namespace demat::samples {

/// A contract for two buyers with a grouping, a sub-contractor, attachments and all that 5.30 adds: its first
/// sending.
[[nodiscard]] std::string marche_flow();
/// The second sending of the same contract, with a modification of each kind.
[[nodiscard]] std::string marche_modification_flow();
/// A concession with data of execution, sent a second time with a modification.
[[nodiscard]] std::string concession_flow();

/// `text` with the first `from` replaced. Throws std::invalid_argument when it is not there.
[[nodiscard]] std::string edited(std::string text, std::string_view from, std::string_view to);

/// SIRETs of the flows: buyers, titulaires, sub-contractor.
inline constexpr std::string_view marche_buyer = "21340000500012";
inline constexpr std::string_view marche_second_buyer = "20006910200016";
inline constexpr std::string_view marche_holder = "80000001000010";
inline constexpr std::string_view marche_second_holder = "80000002800020";
inline constexpr std::string_view marche_subcontractor = "80000003600015";

}  // namespace demat::samples
