#pragma once

#include <string_view>

#include "tests/support/invented.hpp"
#include "tests/support/pes_samples.hpp"

/// Blocks that several kinds of sample share. Internal to this folder.
namespace demat::samples {

inline constexpr std::string_view aller_ns = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller";
inline constexpr std::string_view retour_ns = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour";
inline constexpr std::string_view acquit_v2_ns = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2";

void write_address(XmlWriter& xml, std::string_view street, std::string_view post_code,
                   std::string_view city);
/// The block CpteBancaire, or `name`, with a right IBAN.
void write_account(XmlWriter& xml, Dice& dice, std::string_view holder,
                   std::string_view name = "CpteBancaire");
void write_header(XmlWriter& xml, const SampleHeader& header);
void write_attachment(XmlWriter& xml, const Attachment& attachment, std::string_view exercice,
                      std::string_view description);

}  // namespace demat::samples
