#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "protocols/base/result.hpp"
#include "protocols/pes/header.hpp"
#include "protocols/xml/source.hpp"
#include "tests/support/xml_writer.hpp"

/// The project's own sample flows, valid under pack 5.30, with invented values. The same options give the
/// same bytes.
namespace demat::samples {

/// Enveloppe and EnTetePES of a sample. Texts are UTF-8; `id_coll` is sample_siret(0) when empty.
struct SampleHeader {
  std::string nom_fic = "EXEMPLE-0001";
  std::string typ_fic = "PESALR1";
  std::string date = "2026-01-15";
  std::string id_post = "034000";
  std::string id_coll{};
  std::string cod_col = "123";
  std::string cod_bud = "00";
  std::string libelle = "Commune d'Exempleville-lès-Hêtres";
  SampleEncoding encoding = SampleEncoding::latin1;
};

/// How many bordereaux, pieces in each, lines in each, and what a signature needs.
struct FlowShape {
  std::size_t bordereaux = 1;
  std::size_t pieces = 3;
  std::size_t lignes = 1;
  std::size_t first_bordereau = 1;
  std::size_t first_piece = 1;
  bool bordereau_ids = true;
  bool root_id = true;
  bool dematerialisee = true;
  std::string exercice = "2026";
  std::uint64_t seed = 1;
};

/// A file that travels as a PJ: compressed with gzip, in base64 (helios 2.5).
struct Attachment {
  std::string id_unique;
  std::string nom = "facture.pdf";
  std::string mime = "application/pdf";
  std::string content;
  std::string type = "002";
  std::string domaine = "02";     ///< of RefCompta
  std::string identifiant = "1";  ///< of RefCompta: bordereau, or contract
};
/// `count` small invented attachments.
[[nodiscard]] std::vector<Attachment> sample_attachments(std::size_t count, std::size_t bytes,
                                                         std::uint64_t seed);
/// gzip stream of `content`. Throws std::runtime_error when zlib fails.
[[nodiscard]] std::string gzip(std::string_view content);

void write_depense(std::ostream& out, const SampleHeader& header, const FlowShape& shape);
void write_recette(std::ostream& out, const SampleHeader& header, const FlowShape& shape,
                   const std::vector<Attachment>& attachments = {});
/// A flow of attachments only, a little less than `bytes` long (from 4 KB on), in attachments of about `each`
/// bytes of base64.
void write_pj(std::ostream& out, const SampleHeader& header, std::size_t bytes, std::size_t each = 2'400'000,
              std::uint64_t seed = 1);

[[nodiscard]] std::string depense(const SampleHeader& header = {}, const FlowShape& shape = {});
[[nodiscard]] std::string recette(const SampleHeader& header = {}, const FlowShape& shape = {},
                                  const std::vector<Attachment>& attachments = {});
[[nodiscard]] std::string pj(const SampleHeader& header, std::size_t bytes, std::size_t each = 2'400'000);
/// The shape whose dépense flow is about `bytes` long (5 KB: 2 pieces; 1 MB: some 500).
[[nodiscard]] FlowShape shape_of_size(std::size_t bytes);

/// What an answer has to name of a flow.
struct OutlineBordereau {
  bool depense = true;
  std::string exercice;
  std::string numero;
  std::vector<std::string> pieces;
};
struct FlowOutline {
  pes::Header header;
  std::vector<OutlineBordereau> bordereaux;
  std::vector<std::string> pj;
  std::vector<std::string> contracts;  ///< IdContrat of marchés and concessions
};
[[nodiscard]] Result<FlowOutline> outline_of(const xml::ByteSource& flow);

enum class Verdict { positive, mixed, negative, box1 };
/// The acquit that Hélios might give to a flow; `box1` is schema-invalid on purpose (helios 1.4). `version`
/// is 1 or 2.
[[nodiscard]] std::string acquit(const FlowOutline& flow, Verdict verdict, int version = 2);
[[nodiscard]] std::string non_acquit(const FlowOutline& flow);

/// A PES_Retour about the pieces of a flow; every fifth is rejected, every fifth pending, the others taken in
/// charge. It speaks of the flow's dépense bordereaux, or of its recette ones. `nom_fic` is made up when
/// empty.
[[nodiscard]] std::string retour(const FlowOutline& flow, bool depense, std::string nom_fic = {});

}  // namespace demat::samples
