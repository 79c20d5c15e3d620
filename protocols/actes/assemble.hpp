#pragma once

#include <string>
#include <vector>

#include "protocols/actes/message.hpp"
#include "protocols/actes/rules.hpp"

/// From what was deposited to what leaves: the message, and the names that its files get (actes 2.2, 3).
namespace demat::actes {

struct Assembled {
  Message message;
  std::string form_name;                ///< of the business XML
  std::vector<std::string> file_names;  ///< of the documents, then of the annexes, in their order
};

/// A 1-1. Precondition: check() refuses nothing. `classification_date` is used when the dossier has none.
[[nodiscard]] Assembled assemble(const Dossier& dossier, const std::string& classification_date);

/// A 2-2, 3-3, 3-4, 4-3 or 4-4. Precondition: check() refuses nothing. Names hold the date, number and nature
/// of the acte, as its IDActe says them.
[[nodiscard]] Assembled assemble(const AnswerDossier& answer, const AuthorityId& authority);

/// A 3-2 or 4-2, for a letter received (see automatic_receipt()).
[[nodiscard]] Assembled assemble_receipt(Code code, const Letter& letter, const AuthorityId& authority);

/// A 6-1. Precondition: `id` parses.
[[nodiscard]] Assembled assemble_cancellation(const std::string& id, const AuthorityId& authority);

/// A 7-1; an empty date asks for the whole classification.
[[nodiscard]] Assembled assemble_classification_request(const std::string& owned_date,
                                                        const AuthorityId& authority);

/// The envelope around messages: return addresses in their order, each once whatever its case.
[[nodiscard]] Envelope assemble_envelope(const AuthorityId& authority, const std::optional<Contact>& contact,
                                         const std::vector<std::string>& return_addresses,
                                         const std::vector<std::string>& form_names);

}  // namespace demat::actes
