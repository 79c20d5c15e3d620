#pragma once

#include <memory>
#include <string>

#include "protocols/xml/schema_pack.hpp"

/// Documents that attachments hold, for the rules about them.
namespace demat::preflight::test {

/// The pack they are held against.
std::shared_ptr<const xml::SchemaPack> pack();

/// A valid document budgétaire.
std::string budget();

/// A valid PES_Aller with one PES_Facture.
std::string invoices();

}  // namespace demat::preflight::test
