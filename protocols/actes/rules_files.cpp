#include <algorithm>
#include <array>

#include "protocols/actes/latin1.hpp"
#include "protocols/actes/rule_table.hpp"

/// The files of an acte or of an answer: kinds by content, typologies (actes 2.3, 4.1-6, 4.1-9, 4.1-10, 4.2).
namespace demat::actes {
namespace {

constexpr int budget_nature = 5;

/// Calls `judge(file, field)` for the documents, then the annexes.
template <class Judge>
void each(const FileSet& files, Judge judge) {
  for (std::size_t i = 0; i < files.documents->size(); ++i)
    judge((*files.documents)[i], field_of("documents", i));
  for (std::size_t i = 0; i < files.annexes->size(); ++i)
    judge((*files.annexes)[i], field_of("annexes", i));
}

/// Hits for each file of which `broken` holds.
template <class Broken>
Hits where(const FileSet& files, std::string_view field, Broken broken) {
  Hits hits;
  each(files, [&](const DossierFile& file, std::string place) {
    if (!broken(file)) return;
    if (!field.empty()) place += "." + std::string{field};
    hits.push_back({std::move(place), shown(file.name)});
  });
  return hits;
}

/// Hits for each document proper.
template <class Broken>
Hits where_document(const FileSet& files, Broken broken) {
  Hits hits;
  if (files.answer) return hits;
  for (std::size_t i = 0; i < files.documents->size(); ++i) {
    const auto& file = (*files.documents)[i];
    if (broken(file)) hits.push_back({field_of("documents", i), shown(file.name)});
  }
  return hits;
}

Hits document_missing(const FileSet& files, const RuleOptions&) {
  if (!files.documents->empty()) return {};
  return {{"documents"}};
}

Hits document_several(const FileSet& files, const RuleOptions&) {
  if (!files.one_document || files.documents->size() <= 1) return {};
  return {{"documents", std::to_string(files.documents->size())}};
}

Hits empty(const FileSet& files, const RuleOptions&) {
  return where(files, "", [](const DossierFile& f) { return f.size == 0; });
}

Hits unknown_media(const FileSet& files, const RuleOptions&) {
  return where(files, "", [](const DossierFile& f) { return f.size != 0 && f.media == Media::other; });
}

Hits image_document(const FileSet& files, const RuleOptions& options) {
  return where_document(files, [&](const DossierFile& f) {
    return !options.allow_image_document && (f.media == Media::jpeg || f.media == Media::png);
  });
}

/// Nature 5 holds other financial documents too: those of matière 7.1 are budgets.
bool is_budget(const FileSet& files) {
  return files.nature == budget_nature && files.matieres.size() >= 2 && files.matieres[0] == 7 &&
         files.matieres[1] == 1;
}

Hits xml_document(const FileSet& files, const RuleOptions& options) {
  const bool allowed =
      is_budget(files) || (files.nature == budget_nature && !options.xml_needs_budget_matiere);
  return where_document(files, [&](const DossierFile& f) { return f.media == Media::xml && !allowed; });
}

Hits pdf_budget(const FileSet& files, const RuleOptions& options) {
  return where_document(files, [&](const DossierFile& f) {
    return !options.allow_pdf_budget && is_budget(files) && f.media == Media::pdf;
  });
}

Hits annex_of_xml(const FileSet& files, const RuleOptions&) {
  const bool xml_acte = std::any_of(files.documents->begin(), files.documents->end(),
                                    [](const DossierFile& f) { return f.media == Media::xml; });
  Hits hits;
  if (!xml_acte || files.answer) return hits;
  for (std::size_t i = 0; i < files.annexes->size(); ++i) {
    const auto& file = (*files.annexes)[i];
    if (file.media != Media::pdf && file.media != Media::other)
      hits.push_back({field_of("annexes", i), shown(file.name)});
  }
  return hits;
}

Hits too_many(const FileSet& files, const RuleOptions& options) {
  if (files.annexes->size() <= options.max_annexes) return {};
  return {{"annexes", std::to_string(files.annexes->size())}};
}

bool is_type(std::string_view type) {
  return type.size() == 5 && std::all_of(type.begin(), type.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

Hits type_missing(const FileSet& files, const RuleOptions&) {
  return where(files, "type", [](const DossierFile& f) { return f.type.empty(); });
}

Hits type_not_allowed(const FileSet& files, const RuleOptions& options) {
  const auto allowed = classification_of(options).types(files.nature);
  Hits hits;
  if (allowed.empty()) return hits;  // the nature is unknown: another rule says so
  std::string list;
  for (const auto& type : allowed)
    list += (list.empty() ? "" : ", ") + type.code;
  each(files, [&](const DossierFile& file, const std::string& place) {
    const bool known =
        is_type(file.type) &&
        std::any_of(allowed.begin(), allowed.end(), [&](const PieceType& t) { return t.code == file.type; });
    if (!file.type.empty() && !known)
      hits.push_back(
          {place + ".type", shown(file.type) + " (" + shown(file.name) + ") ; admises / allowed: " + list});
  });
  return hits;
}

/// Lower case without accents: how an archive system may fold two names into one (actes 8-23).
std::string folded(std::string_view name) {
  // Of the letters À to ÿ of ISO-8859-1.
  constexpr std::string_view plain = "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo/ouuuuyty";
  constexpr unsigned first = 0xC0;
  std::string out;
  for (char c : to_latin1(latin1_proposal(name))) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const auto byte = static_cast<unsigned char>(c);
    out.push_back(byte >= first ? plain[byte - first] : c);
  }
  return out;
}

Hits same_name(const FileSet& files, const RuleOptions&) {
  std::vector<std::string> seen;
  return where(files, "name", [&](const DossierFile& f) {
    if (f.name.empty()) return false;
    auto name = folded(f.name);
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) return true;
    seen.push_back(std::move(name));
    return false;
  });
}

constexpr auto error = Severity::error;
constexpr auto warning = Severity::warning;

const std::array table{
    Rule<FileSet>{{"actes.document.missing", error, "actes 3.3", "Joignez le document de l'acte.",
                   "Attach the document of the acte."},
                  document_missing},
    Rule<FileSet>{
        {"actes.document.several", error, "actes 4.1-9",
         "Un seul document principal est admis ; {value} ont été donnés. Mettez les autres en annexe.",
         "One main document only is accepted; {value} were given. Make the others annexes."},
        document_several},
    Rule<FileSet>{{"actes.file.empty", error, "actes 4.2", "Le fichier « {value} » est vide (0 octet).",
                   "The file '{value}' is empty (0 byte)."},
                  empty},
    Rule<FileSet>{
        {"actes.file.media", error, "actes 2.3, 4.2",
         "Le fichier « {value} » n'est ni un PDF, ni une image JPEG ou PNG, ni un XML : son contenu le "
         "dit, quel que soit son nom. Convertissez-le en PDF.",
         "The file '{value}' is neither a PDF, nor a JPEG or PNG picture, nor XML: its content says so, "
         "whatever its name. Convert it to PDF."},
        unknown_media},
    Rule<FileSet>{{"actes.document.image", error, "actes 2.3",
                   "Le document de l'acte, « {value} », est une image : envoyez-le en PDF.",
                   "The document of the acte, '{value}', is a picture: send it as PDF."},
                  image_document},
    Rule<FileSet>{
        {"actes.document.xml", error, "actes 2.3, 4.1-10",
         "Le document « {value} » est un XML : seul un budget (nature 5, matière 7.1) peut en être un.",
         "The document '{value}' is XML: only a budget (nature 5, matière 7.1) may be."},
        xml_document},
    Rule<FileSet>{
        {"actes.document.pdf_budget", error, "actes 2.3",
         "Un budget (nature 5, matière 7.1) se transmet en XML (TotEM) ; « {value} » est un PDF. "
         "L'exploitant peut l'admettre pour votre collectivité.",
         "A budget (nature 5, matière 7.1) is sent as XML (TotEM); '{value}' is a PDF. The operator may "
         "accept it for your authority."},
        pdf_budget},
    Rule<FileSet>{{"actes.annex.media", error, "actes 2.3",
                   "L'acte est un XML : ses annexes doivent être des PDF, ce que « {value} » n'est pas.",
                   "The acte is XML: its annexes must be PDFs, which '{value}' is not."},
                  annex_of_xml},
    Rule<FileSet>{{"actes.annexes.too_many", error, "actes 2.3",
                   "L'acte porte {value} annexes, plus que la passerelle n'en admet. Réunissez-en.",
                   "The acte has {value} annexes, more than the gateway accepts. Merge some."},
                  too_many},
    Rule<FileSet>{
        {"actes.type.missing", error, "actes 4.1-6", "Choisissez la typologie du fichier « {value} ».",
         "Choose the typologie of the file '{value}'."},
        type_missing},
    Rule<FileSet>{{"actes.type.not_allowed", error, "actes 3.6, 4.1-6",
                   "Cette typologie n'est pas permise pour la nature de l'acte : {value}.",
                   "This typologie is not allowed for the nature of the acte: {value}."},
                  type_not_allowed},
    Rule<FileSet>{
        {"actes.file.same_name", warning, "actes 8-23",
         "Un autre fichier s'appelle aussi « {value} », aux accents et majuscules près : l'archivage "
         "pourrait les confondre.",
         "Another file is called '{value}' too, accents and capitals apart: archiving could confuse "
         "them."},
        same_name},
};

}  // namespace

std::span<const Rule<FileSet>> file_rules() {
  return table;
}

}  // namespace demat::actes
