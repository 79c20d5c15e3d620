#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/actes/media.hpp"
#include "protocols/actes/message.hpp"
#include "protocols/actes/naming.hpp"
#include "protocols/base/finding.hpp"

/// The rules of actes 2.3, 4.1 and 4.2 that need neither a database nor the content of the files. Findings
/// carry the field at fault as their place's path: "number", "object", "annexes[2].type".
namespace demat::actes {

/// A file that goes with a message, as the gateway knows it.
struct DossierFile {
  std::string name;  ///< as deposited
  std::uint64_t size = 0;
  Media media = Media::other;  ///< sniff() of its first bytes
  std::string type;            ///< typologie, "99_DE"
  bool has_signature = false;  ///< a detached signature goes with it
  std::string signature{};     ///< its text, for the message; no rule looks at it
};

/// An acte as deposited: the metadata and its files. `nature` and `matieres` are texts: what is not a number
/// is a finding, not a parse error.
struct Dossier {
  AuthorityId authority;
  std::string number;
  std::string date;  ///< "YYYY-MM-DD"; see normal_date() for what an input may tolerate
  std::string nature;
  std::vector<std::string> matieres;
  std::string object;
  std::string previous_id;
  std::string classification_date;     ///< empty: that of the authority's classification
  std::string paper;                   ///< "O", "N"
  std::vector<DossierFile> documents;  ///< the acte: one, or the rule says so
  std::vector<DossierFile> annexes;
  std::vector<std::string> return_addresses;
  /// It came in an envelope made elsewhere: its number need only be one that the ministry takes.
  bool imported = false;
};

/// An answer to a letter: 2-2, 3-3, 3-4, 4-3, 4-4.
struct AnswerDossier {
  Code code = Code::letter_answer;
  int nature = 0;  ///< of the acte, for typologies
  std::string id;
  std::string letter_date;
  std::vector<DossierFile> documents;
};

/// A ready-made envelope: what its archive holds, against who posted it.
struct ImportedForm {
  std::string name;  ///< of the business XML
  Message message;
  std::string encoding = "ISO-8859-1";  ///< Read::encoding
};
struct ImportedFile {
  std::string name;
  std::uint64_t size = 0;
  Media media = Media::other;
};
struct ImportedEnvelope {
  std::string archive_name;
  std::string envelope_name;
  Envelope envelope;
  std::string encoding = "ISO-8859-1";  ///< of the envelope
  std::vector<ImportedForm> forms;
  std::vector<ImportedFile> files;  ///< every member of the archive, envelope and forms included
  AuthorityId authority;            ///< whose certificate it came with
  std::string trigram;              ///< ours
  std::string application;          ///< "EACT" or "TACT"
};

/// Archive limit (actes 2.3): 150 MiB.
inline constexpr std::uint64_t max_archive_bytes = 157'286'400;

struct RuleOptions {
  std::string today;  ///< "YYYY-MM-DD", Europe/Paris
  /// The authority's latest 7-2; null: the built-in one.
  const Classification* classification = nullptr;
  bool allow_image_document = false;     ///< JPEG and PNG as the acte itself
  bool allow_pdf_budget = false;         ///< a PDF as the acte of nature 5 and matière 7.1
  bool xml_needs_budget_matiere = true;  ///< an XML acte only under 7.1
  std::size_t max_annexes = 500;
  std::uint64_t max_bytes = max_archive_bytes;
  /// Severity by code where it is not the table's.
  std::map<std::string, Severity, std::less<>> severities{};
};

/// One row of the table of rules, for documentation and configuration.
struct RuleInfo {
  std::string_view code;    ///< "actes.number.pattern"
  Severity severity;        ///< unless RuleOptions::severities says otherwise
  std::string_view source;  ///< "actes 4.1-1"
  std::string_view fr;      ///< "{value}" where what was found goes
  std::string_view en;
};
[[nodiscard]] std::vector<RuleInfo> rules();

[[nodiscard]] Report check(const Dossier& dossier, const RuleOptions& options);
[[nodiscard]] Report check(const AnswerDossier& answer, const RuleOptions& options);
/// Of an imported envelope: names, IDCL, addresses, files present, Nombre, and the rules of an acte for each
/// 1-1.
[[nodiscard]] Report check(const ImportedEnvelope& imported, const RuleOptions& options);
/// The packaged archive: `actes.archive.too_large`.
[[nodiscard]] Report check_archive_size(std::uint64_t bytes, const RuleOptions& options);

/// Whether an address may stand in AdressesRetour (actes 3.1: TLD of 2 to 6 letters, no '+').
[[nodiscard]] bool is_return_address(std::string_view email);
/// Whether a number may be given to a new acte (actes 4.1-1).
[[nodiscard]] bool is_number(std::string_view number);
/// Whether the ministry takes it: lower-case letters, '-' and blanks inside too (actes 3.5, 4.1-1).
[[nodiscard]] bool is_accepted_number(std::string_view number);

}  // namespace demat::actes
