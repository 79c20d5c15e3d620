#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "protocols/rules/unit_reader.hpp"
#include "protocols/xml/schema_pack.hpp"

/// Attachments, what refers to them and what they refer to (helios P7, P10 to P13). Internal to this folder.
namespace demat::preflight {

/// Kept in Verdicts::memory for the family: whether the content of attachments is looked at.
struct PjOptions {
  bool open = true;
  /// Unpacked bytes of all attachments of a flow together; beyond, they are left alone. Ours: 100 MB of flow
  /// hold 75 MB of gzip, and XML, the best case that is real, reaches about 30 times its gzip.
  std::size_t unpacked = 4'294'967'296;
  /// Attachments, and references to them, that are matched.
  std::size_t matched = 200'000;
  /// Bytes of gzip kept of one attachment that begins like an XML document of a kind that is looked into
  /// (EnclosedXml): some hundred thousand invoices.
  std::size_t enclosed_gzip = 8'388'608;
  /// Bytes of XML read of all attachments of a flow together.
  std::size_t enclosed_xml = 268'435'456;
  /// What these documents are held against; null: nothing.
  std::shared_ptr<const xml::SchemaPack> pack{};
};

/// Where the document of an attachment begins, for findings inside it.
[[nodiscard]] inline std::string enclosed_in(const rules::Unit& pj) {
  return pj.place.path + "/Contenu/Fichier!";
}

/// What our own limits kept from being looked at.
inline constexpr rules::RuleInfo not_checked_rule{
    .code = "pes.pj.non_verifie",
    .name = "pes.pj.non_verifie",
    .level = rules::Level::pj,
    .severity = Severity::info,
    .source =
        "limites de la passerelle (helios P8, P10, P11 et le schéma des documents joints n'ont pas pu être "
        "jugés)",
    .title_fr = "Au-delà de ses limites, la passerelle dit ce qu'elle n'a pas contrôlé",
    .title_en = "Beyond its limits the gateway says what it did not check",
    .fr = "Non contrôlé par la passerelle : {value} (limite : {expected}).",
    .en = "Not checked by the gateway: {value} (limit: {expected}).",
    .remedy_fr = "Vérifier le document joint ; le répartir sur plusieurs s'il est vraiment de cette taille.",
    .remedy_en = "Check the document; spread it over several if it really is of that size."};

[[nodiscard]] std::span<const rules::RuleInfo* const> pj_rules();
[[nodiscard]] std::unique_ptr<rules::Family> pj_family();

}  // namespace demat::preflight
