#include "protocols/pes/header.hpp"

#include <algorithm>
#include <array>

#include "protocols/base/limits.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::pes {
namespace {

constexpr std::string_view helios_family = "http://www.minefi.gouv.fr/cp/helios/";

struct KindRow {
  std::string_view root;
  std::string_view ns;
  Kind kind;
};

/// helios 1.2: V1 acquits and returns share a namespace, so the root counts as much as the namespace.
constexpr std::array kinds{
    KindRow{"PES_Aller", "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller", Kind::aller},
    KindRow{"PES_ACQUIT", "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour", Kind::acquit_v1},
    KindRow{"PES_ACQUIT", "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2", Kind::acquit_v2},
    KindRow{"PES_Retour", "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour", Kind::retour},
    KindRow{"PES_ACQUIT_RETOUR", "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller/ack",
            Kind::acquit_retour},
};

/// The document's first bytes only, so that a document without header is not read to its end.
class Beginning final : public xml::ByteSource {
 public:
  explicit Beginning(const xml::ByteSource& whole)
      : whole_(whole), size_(std::min(whole.size(), limits::max_header_bytes)) {}

  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    if (offset >= size_) return std::size_t{0};
    return whole_.read(offset, buffer.first(std::min(buffer.size(), size_ - offset)));
  }
  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] std::string_view view() const override { return whole_.view().substr(0, size_); }
  [[nodiscard]] bool cuts() const { return size_ < whole_.size(); }

 private:
  const xml::ByteSource& whole_;
  std::size_t size_;
};

bool is_answer(Kind kind) {
  return kind == Kind::acquit_v1 || kind == Kind::acquit_v2 || kind == Kind::non_acquit ||
         kind == Kind::retour;
}

Error unknown_kind(const Header& header) {
  auto error =
      permanent_error("pes.header.missing",
                      "Ce document n'est pas un fichier PES V2 connu : sa racine est « " + header.root +
                          " ». Déposez le fichier produit par votre logiciel financier, sans le modifier.",
                      "This document is not a known PES V2 file: its root is '" + header.root +
                          "'. Submit the file made by your financial software, unchanged.",
                      "namespace '" + header.ns + "'");
  error.place.path = "/" + header.root;
  return error;
}

Error missing_header(const Header& header) {
  auto error = permanent_error("pes.header.missing",
                               "L'en-tête du fichier PES (blocs Enveloppe et EnTetePES) est absent ou "
                               "incomplet : le fichier ne peut être "
                               "attribué. Faites produire à nouveau le fichier par votre logiciel financier.",
                               "The header of the PES file (blocks Enveloppe and EnTetePES) is absent or "
                               "incomplete: the file cannot be "
                               "attributed. Have your financial software produce it again.");
  error.place.path = "/" + header.root;
  return error;
}

/// The end of the XML declaration is not there: without it the encoding is only half a name.
Error cut_declaration() {
  auto error = permanent_error(
      "xml.malformed",
      "La première ligne du fichier (déclaration XML) n'est pas terminée : le fichier est "
      "tronqué. Faites-le produire à nouveau.",
      "The first line of the file (XML declaration) does not end: the file is cut short. Have "
      "it produced again.");
  error.place.line = 1;
  return error;
}

Result<std::string> first_bytes(const xml::ByteSource& source) {
  constexpr std::size_t enough_for_a_declaration = 256;
  std::string first(enough_for_a_declaration, '\0');
  std::size_t have = 0;
  while (have < first.size()) {
    const auto got = source.read(have, std::span(first).subspan(have));
    if (!got) return failure(got.error());
    if (*got == 0) break;
    have += *got;
  }
  first.resize(have);
  return first;
}

}  // namespace

Kind kind_of(std::string_view root, std::string_view ns) {
  // No schema of PES_NonAcquit is published: any namespace of the family is taken (helios 1.2).
  if (root == "PES_NonAcquit" && (ns.empty() || ns.starts_with(helios_family))) return Kind::non_acquit;
  const auto* row = std::find_if(kinds.begin(), kinds.end(),
                                 [&](const KindRow& k) { return k.root == root && k.ns == ns; });
  return row == kinds.end() ? Kind::unknown : row->kind;
}

const char* to_string(Kind kind) {
  switch (kind) {
    case Kind::aller:
      return "PES_Aller";
    case Kind::acquit_v1:
      return "PES_ACQUIT V1";
    case Kind::acquit_v2:
      return "PES_ACQUIT V2";
    case Kind::non_acquit:
      return "PES_NonAcquit";
    case Kind::retour:
      return "PES_Retour";
    case Kind::acquit_retour:
      return "PES_ACQUIT_RETOUR";
    case Kind::unknown:
      return "unknown";
  }
  return "unknown";
}

void HeaderCollector::start(const xml::StartElement& element) {
  ++depth_;
  if (depth_ == 1) {
    header_.root = element.name;
    header_.ns = element.ns;
    header_.kind = kind_of(element.name, element.ns);
  } else if (depth_ == 2) {
    if (element.name == "Enveloppe") {
      section_ = Section::enveloppe;
      has_enveloppe_ = true;
    } else if (element.name == "EnTetePES") {
      section_ = Section::en_tete;
      has_en_tete_ = true;
    } else {
      past_header_ = true;
    }
  } else if (section_ != Section::none) {
    take(element);
  }
}

void HeaderCollector::take(const xml::StartElement& element) {
  const auto is = [&](std::string_view name) { return element.name == name; };
  std::string* field = nullptr;
  if (section_ == Section::enveloppe) {
    if (is("Version")) field = &header_.version;
    if (is("TypFic")) field = &header_.typ_fic;
    if (is("NomFic") && header_.nom_fic.empty()) header_.nom_fic = NomFic{element.attribute("V")};
  } else if (depth_ == 3) {
    // Only direct children: a namesake further down must not change who owns the flow.
    if (is("DteStr")) field = &header_.dte_str;
    if (is("IdPost")) field = &header_.id_post;
    if (is("IdColl")) field = &header_.id_coll;
    if (is("FinJur")) field = &header_.fin_jur;
    if (is("CodCol") || is("CodColl")) field = &header_.cod_col;
    if (is("CodBud")) field = &header_.cod_bud;
    if (is("LibelleColBud")) field = &header_.libelle_col_bud;
  }
  // The first one counts: a repeated field is the schema's business, and must not change who owns the flow.
  if (field != nullptr && field->empty()) *field = element.attribute("V");
}

void HeaderCollector::end(std::string_view /*name*/) {
  if (depth_ == 2) {
    if (section_ == Section::enveloppe) enveloppe_ended_ = true;
    if (section_ == Section::en_tete) en_tete_ended_ = true;
    section_ = Section::none;
  }
  if (depth_ > 0) --depth_;
}

Result<std::string> declared_encoding_of(const xml::ByteSource& source) {
  const auto first = first_bytes(source);
  if (!first) return failure(first.error());
  const auto encoding = xml::declared_encoding(*first);
  return encoding.declared ? encoding.name : std::string{};
}

Result<Header> read_header(const xml::ByteSource& source) {
  auto encoding = declared_encoding_of(source);
  if (!encoding) return failure(encoding.error());
  const auto first = first_bytes(source);
  if (!first) return failure(first.error());
  if (first->starts_with("<?xml") && first->find("?>") == std::string::npos)
    return failure(cut_declaration());
  const Beginning beginning(source);
  HeaderVisitor reader;
  const auto status = xml::stream(beginning, reader);
  Header header = reader.collected();
  header.encoding = std::move(*encoding);
  const bool whole = reader.has_enveloppe() && reader.has_en_tete();
  if (!status) {
    const bool cut = beginning.cuts() && status.error().code == "xml.malformed";
    return failure(cut && !header.root.empty() ? missing_header(header) : status.error());
  }
  if (header.kind == Kind::unknown) return failure(unknown_kind(header));
  const bool some = reader.has_enveloppe() || reader.has_en_tete();
  if (!whole && !(some && is_answer(header.kind))) return failure(missing_header(header));
  return header;
}

std::string business_key(const Header& header) {
  constexpr char unit_separator = '\x1f';
  return header.id_post + unit_separator + header.cod_col + unit_separator + header.cod_bud + unit_separator +
         header.nom_fic.str();
}

}  // namespace demat::pes
