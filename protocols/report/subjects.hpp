#pragma once

#include "protocols/base/byte_source.hpp"
#include "protocols/base/finding.hpp"

namespace demat::report {

/// Tells what findings are about that have a path but no subject (those of the schema): the domaine, and the
/// numbers of the bordereau, pièce, ligne, PJ or facture around that path. Of a fault of the XML itself
/// (`xml.*`): where the reading breaks off; what follows is not reached. One more pass over the document,
/// only when there is such a finding.
void name_subjects(Report& report, const ByteSource& document);

}  // namespace demat::report
