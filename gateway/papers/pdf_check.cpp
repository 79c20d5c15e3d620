#include "gateway/papers/pdf_check.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "gateway/papers/pdf_document.hpp"

namespace demat::papers {

namespace {

struct Words {
  const char* code;
  Severity severity;
  const char* fr;
  const char* en;
};

constexpr Words corrupt{
    "actes.pdf.corrupt", Severity::error,
    "Ce fichier PDF est corrompu ou incomplet : aucun lecteur ne peut l'ouvrir. Produisez-le "
    "de nouveau, vérifiez qu'il s'ouvre, puis déposez-le.",
    "This PDF file is corrupt or incomplete: no reader can open it. Produce it again, check "
    "that it opens, then post it."};
constexpr Words encrypted{
    "actes.pdf.encrypted", Severity::error,
    "Ce fichier PDF demande un mot de passe ou un certificat pour être lu : la préfecture "
    "ne pourrait pas l'ouvrir. Enregistrez-le sans protection.",
    "This PDF file needs a password or a certificate to be read: the préfecture could not "
    "open it. Save it without protection."};
constexpr Words locked{
    "actes.pdf.locked", Severity::error,
    "Ce fichier PDF est verrouillé (droits d'impression, de copie ou de modification "
    "restreints), ce que la norme d'échange interdit. Enregistrez-le sans restriction.",
    "This PDF file is locked (printing, copying or editing restricted), which the exchange "
    "standard forbids. Save it without restrictions."};
constexpr Words no_page{"actes.pdf.no_page", Severity::error,
                        "Ce fichier PDF ne contient aucune page. Produisez-le de nouveau.",
                        "This PDF file holds no page. Produce it again."};
constexpr Words too_complex{
    "actes.pdf.too_complex", Severity::error,
    "Ce fichier PDF demande des moyens démesurés pour être lu : il est anormal ou "
    "piégé. Imprimez-le vers un nouveau PDF, puis déposez celui-ci.",
    "This PDF file needs unreasonable means to be read: it is abnormal or a trap. Print "
    "it to a new PDF, then post that one."};
constexpr Words damaged{
    "actes.pdf.damaged", Severity::warning,
    "Ce fichier PDF est abîmé mais lisible : un lecteur doit le réparer pour l'ouvrir. "
    "Mieux vaut le produire de nouveau.",
    "This PDF file is damaged yet readable: a reader has to repair it in order to open it. "
    "Better produce it again."};
constexpr Words javascript{
    "actes.pdf.javascript", Severity::warning,
    "Ce fichier PDF contient des scripts (JavaScript) : son contenu peut changer à "
    "l'affichage. Mieux vaut l'imprimer vers un nouveau PDF.",
    "This PDF file holds scripts (JavaScript): what it shows may change. Better print it "
    "to a new PDF."};
constexpr Words launch{
    "actes.pdf.launch", Severity::warning,
    "Ce fichier PDF peut lancer un programme ou ouvrir un autre fichier. Mieux vaut "
    "l'imprimer vers un nouveau PDF.",
    "This PDF file can launch a program or open another file. Better print it to a new PDF."};
constexpr Words xfa{
    "actes.pdf.xfa", Severity::warning,
    "Ce fichier PDF est un formulaire dynamique (XFA), que beaucoup de lecteurs affichent vide. "
    "Imprimez-le vers un nouveau PDF.",
    "This PDF file is a dynamic form (XFA), which many readers show empty. Print it to a new "
    "PDF."};

void add(PdfCheck& check, const Words& words, std::string_view name) {
  check.report.add({words.code, words.severity, {0, std::string(name)}, words.fr, words.en});
}

const Words& words_for(Trouble trouble) {
  if (trouble == Trouble::password) return encrypted;
  return trouble == Trouble::too_complex ? too_complex : corrupt;
}

/// Readers look for the mark in the first kilobyte; bytes without it are something else.
Result<bool> has_header(const ByteSource& pdf) {
  std::array<char, 1'024> start{};
  std::size_t filled = 0;
  while (filled < start.size()) {
    const auto part = pdf.read(filled, std::span(start).subspan(filled));
    if (!part) return failure(part.error());
    if (*part == 0) break;
    filled += *part;
  }
  return std::string_view(start.data(), filled).find("%PDF-") != std::string_view::npos;
}

void inspect(PdfDocument& document, PdfCheck& check, std::string_view name) {
  if (document.locked()) add(check, locked, name);
  check.pages = document.visit_pages([](QPDFObjectHandle&, const VisiblePage&) {});
  if (!document.exhausted()) check.signature = !document.signatures().empty();
  if (!document.exhausted() && document.has_javascript()) add(check, javascript, name);
  if (!document.exhausted() && document.has_launch()) add(check, launch, name);
  if (!document.exhausted() && document.has_xfa()) add(check, xfa, name);
  if (document.exhausted())
    add(check, too_complex, name);
  else if (check.pages == 0)
    add(check, document.complained() ? corrupt : no_page, name);
  else if (document.complained())
    add(check, damaged, name);
}

}  // namespace

Result<PdfCheck> check_pdf(const ByteSource& pdf, std::string_view name) {
  PdfCheck check;
  const auto header = has_header(pdf);
  if (!header) return failure(header.error());
  if (!*header) {
    add(check, corrupt, name);
    return check;
  }
  auto document = PdfDocument::open(pdf);
  if (!document) {
    if (document.error().trouble == Trouble::source) return failure(document.error().source_error);
    add(check, words_for(document.error().trouble), name);
    return check;
  }
  inspect(*document, check, name);
  if (document->exhausted())
    if (auto obstacle = document->obstacle({}); obstacle.trouble == Trouble::source)
      return failure(obstacle.source_error);
  return check;
}

}  // namespace demat::papers
