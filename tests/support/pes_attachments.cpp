#include <zlib.h>

#include <memory>
#include <sstream>
#include <stdexcept>

#include "protocols/base/digest.hpp"
#include "tests/support/invented.hpp"
#include "tests/support/pes_blocks.hpp"

namespace demat::samples {
namespace {

/// Bytes that do not compress, as the inside of a PDF.
std::string noise(Dice& dice, std::size_t bytes) {
  std::string out;
  out.reserve(bytes + 8);
  while (out.size() < bytes) {
    auto word = dice.next();
    for (int i = 0; i < 8; ++i, word >>= 8U)
      out.push_back(static_cast<char>(word & 0xFFU));
  }
  out.resize(bytes);
  return out;
}

/// deflateEnd at the end of the scope.
struct DeflateEnd {
  void operator()(z_stream* stream) const { deflateEnd(stream); }
};

}  // namespace

std::string gzip(std::string_view content) {
  z_stream stream{};
  constexpr int gzip_window = 15 + 16;
  constexpr int default_memory = 8;
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window, default_memory, Z_DEFAULT_STRATEGY) !=
      Z_OK)
    throw std::runtime_error("zlib does not start");
  const std::unique_ptr<z_stream, DeflateEnd> guard(&stream);
  std::string out(deflateBound(&stream, static_cast<uLong>(content.size())), '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("zlib does not end");
  out.resize(out.size() - stream.avail_out);
  return out;
}

std::vector<Attachment> sample_attachments(std::size_t count, std::size_t bytes, std::uint64_t seed) {
  Dice dice(seed);
  std::vector<Attachment> out;
  for (std::size_t i = 0; i < count; ++i) {
    Attachment attachment;
    attachment.id_unique = "EX2026PJ" + dice.digits(10) + std::to_string(i + 1);
    attachment.nom = "justificatif-" + std::to_string(i + 1) + ".pdf";
    attachment.content = noise(dice, bytes);
    out.push_back(std::move(attachment));
  }
  return out;
}

void write_attachment(XmlWriter& xml, const Attachment& attachment, std::string_view exercice,
                      std::string_view description) {
  xml.open("PJ");
  xml.open("Contenu");
  xml.open("Fichier", {{"MIMEType", attachment.mime}});
  xml.raw(base64(as_bytes(gzip(attachment.content))));
  xml.raw("\n");
  xml.close();
  xml.close();
  xml.leaf("IdUnique", attachment.id_unique);
  xml.leaf("NomPJ", attachment.nom);
  xml.leaf("TypePJ", attachment.type);
  xml.leaf("Description", description);
  xml.open("RefCompta");
  xml.leaf("Domaine", attachment.domaine);
  xml.leaf("Exercice", exercice);
  xml.leaf("TypeObjet", "01");
  xml.leaf("Identifiant", attachment.identifiant);
  xml.close();
  xml.close();
}

void write_pj(std::ostream& out, const SampleHeader& header, std::size_t bytes, std::size_t each,
              std::uint64_t seed) {
  XmlWriter xml(out, header.encoding);
  Dice dice(seed);
  xml.open("n:PES_Aller", {{"xmlns:n", aller_ns}});
  write_header(xml, header);
  xml.open("PES_PJ");
  xml.open("EnTetePES_PJ");
  xml.leaf("IdVer", "1");
  xml.close();
  constexpr std::size_t around = 2'000;       // header and end of the document
  constexpr std::size_t markup_of_one = 800;  // and the loss of gzip on what does not compress
  std::size_t left = bytes > around ? bytes - around : 0;
  for (std::size_t number = 1; left > markup_of_one || number == 1; ++number) {
    const auto wanted = std::min(each, left > markup_of_one ? left - markup_of_one : 0);
    const auto raw = wanted / 4 * 3;
    Attachment attachment;
    attachment.id_unique = "EX2026PJ" + dice.digits(10) + std::to_string(number);
    attachment.nom = "piece-" + std::to_string(number) + ".pdf";
    attachment.content = noise(dice, std::max<std::size_t>(raw - raw / 2'000, 16));
    write_attachment(xml, attachment, "2026", "Pièce jointe n° " + std::to_string(number));
    left -= std::min(left, wanted + markup_of_one);
  }
  xml.close();
  xml.close();
}

std::string pj(const SampleHeader& header, std::size_t bytes, std::size_t each) {
  std::ostringstream out;
  write_pj(out, header, bytes, each);
  return std::move(out).str();
}

}  // namespace demat::samples
