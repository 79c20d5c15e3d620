#pragma once

#include <string>

#include "protocols/base/identifiers.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xml/source.hpp"
#include "protocols/xml/visitor.hpp"

namespace demat::pes {

/// The kinds of document that travel on the PES road, told apart by root name and namespace together
/// (helios 1.2).
enum class Kind { aller, acquit_v1, acquit_v2, non_acquit, retour, acquit_retour, unknown };

[[nodiscard]] Kind kind_of(std::string_view root, std::string_view ns);
[[nodiscard]] const char* to_string(Kind kind);

/// Enveloppe and EnTetePES, as text: values are checked by the rules, not by the reader. A field that is
/// absent is empty.
struct Header {
  Kind kind = Kind::unknown;
  std::string root;
  std::string ns;
  std::string encoding;  ///< as declared, upper case; empty when the document declares none
  std::string version;   ///< Enveloppe/Parametres/Version
  std::string typ_fic;   ///< PESALR1, PESORMC, PES2R_DEP...
  NomFic nom_fic;
  std::string dte_str;
  std::string id_post;
  std::string id_coll;  ///< SIRET of the budget, as posted
  std::string fin_jur;
  std::string cod_col;  ///< CodCol, or CodColl in returns
  std::string cod_bud;
  std::string libelle_col_bud;
};

/// Collects a Header from a visit of the document; other visitors delegate to it so that one pass is enough.
class HeaderCollector {
 public:
  /// Feed every start and end of the document, root included.
  void start(const xml::StartElement& element);
  void end(std::string_view name);

  [[nodiscard]] const Header& header() const { return header_; }
  [[nodiscard]] bool has_enveloppe() const { return has_enveloppe_; }
  [[nodiscard]] bool has_en_tete() const { return has_en_tete_; }
  /// Nothing more to learn: both blocks have ended, or something else of the document has begun.
  [[nodiscard]] bool complete() const { return past_header_ || (enveloppe_ended_ && en_tete_ended_); }

 private:
  enum class Section { none, enveloppe, en_tete };
  void take(const xml::StartElement& element);

  Header header_;
  Section section_ = Section::none;
  std::size_t depth_ = 0;
  bool has_enveloppe_ = false;
  bool has_en_tete_ = false;
  bool enveloppe_ended_ = false;
  bool en_tete_ended_ = false;
  bool past_header_ = false;
};

/// Reads the header in somebody else's pass over the whole document; stops looking where read_header() stops.
class HeaderVisitor final : public xml::Visitor {
 public:
  void start(const xml::StartElement& element, std::string_view /*path*/) override {
    collector_.start(element);
  }
  void end(std::string_view name, std::string_view /*path*/) override { collector_.end(name); }
  [[nodiscard]] bool wants_more() const override {
    return !collector_.complete() && (collected().root.empty() || collected().kind != Kind::unknown);
  }
  [[nodiscard]] const Header& collected() const { return collector_.header(); }
  [[nodiscard]] bool has_enveloppe() const { return collector_.has_enveloppe(); }
  [[nodiscard]] bool has_en_tete() const { return collector_.has_en_tete(); }
  /// Of a known kind with both blocks: collected() is all that read_header() gives, but for the encoding.
  [[nodiscard]] bool whole() const {
    return collected().kind != Kind::unknown && has_enveloppe() && has_en_tete();
  }

 private:
  HeaderCollector collector_;
};

/// The encoding that the first bytes of `source` declare, upper case; empty when none is declared.
[[nodiscard]] Result<std::string> declared_encoding_of(const xml::ByteSource& source);

/// Reads the header with the streaming parser and stops after EnTetePES. Errors: those of xml::stream, and
/// `pes.header.missing` when the document is of unknown kind, has no Enveloppe/EnTetePES (an answer of the
/// State may lack one of the two, helios 1.4) or does not show them before limits::max_header_bytes.
[[nodiscard]] Result<Header> read_header(const xml::ByteSource& source);

/// The business key per authority: IdPost+CodCol+CodBud+NomFic (decisions, Duplicates), joined by U+001F,
/// which no XML 1.0 document can hold: two different quadruples never give one key.
[[nodiscard]] std::string business_key(const Header& header);

}  // namespace demat::pes
