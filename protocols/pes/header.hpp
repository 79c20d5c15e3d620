#pragma once

#include <string>

#include "protocols/base/identifiers.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xml/source.hpp"

namespace demat::pes {

/// The kinds of document that travel on the PES road, told apart by root name and namespace together (helios 1.2).
enum class Kind { aller, acquit_v1, acquit_v2, non_acquit, retour, acquit_retour, unknown };

[[nodiscard]] Kind kind_of(std::string_view root, std::string_view ns);
[[nodiscard]] const char* to_string(Kind kind);

/// Enveloppe and EnTetePES, as text: values are checked by the rules, not by the reader. A field that is absent is
/// empty.
struct Header {
  Kind kind = Kind::unknown;
  std::string root;
  std::string ns;
  std::string encoding;      ///< as declared, upper case
  std::string version;       ///< Enveloppe/Parametres/Version
  std::string typ_fic;       ///< PESALR1, PESORMC, PES2R_DEP...
  NomFic nom_fic;
  std::string dte_str;
  std::string id_post;
  std::string id_coll;       ///< SIRET of the budget, as posted
  std::string fin_jur;
  std::string cod_col;       ///< CodCol, or CodColl in returns
  std::string cod_bud;
  std::string libelle_col_bud;
};

/// Reads the header with the streaming parser and stops after EnTetePES. Errors: those of xml::stream, and
/// `pes.header.missing` when the document has no Enveloppe/EnTetePES or is of unknown kind.
[[nodiscard]] Result<Header> read_header(const xml::ByteSource& source);

/// The business key per authority: IdPost+CodCol+CodBud+NomFic (decisions, Duplicates).
[[nodiscard]] std::string business_key(const Header& header);

}  // namespace demat::pes
