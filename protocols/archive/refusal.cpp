#include "protocols/archive/refusal.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace demat::archive::detail {
namespace {

struct Text {
  Reason reason;
  const char* code;
  const char* fr;
  const char* en;
};

constexpr std::array texts{
    Text{Reason::absolute_path, "archive.absolute_path",
         "Un fichier de l'archive porte un chemin absolu ; n'y mettre que des noms de fichiers.",
         "A file of the archive has an absolute path; put plain file names only."},
    Text{Reason::checksum, "archive.checksum",
         "Un en-tête de l'archive est altéré (somme de contrôle fausse) ; la produire de nouveau.",
         "A header of the archive is damaged (wrong checksum); produce it again."},
    Text{Reason::control_in_name, "archive.name_control",
         "Un nom de fichier de l'archive contient un caractère de contrôle ; renommer le fichier.",
         "A file name of the archive holds a control character; rename the file."},
    Text{Reason::damaged, "archive.damaged",
         "L'archive est altérée (compression gzip invalide) ; la produire ou la déposer de nouveau.",
         "The archive is damaged (invalid gzip data); produce it or post it again."},
    Text{Reason::directory, "archive.directory",
         "L'archive doit être plate : aucun dossier, ni dans les noms, ni comme entrée.",
         "The archive must be flat: no folder, neither in the names nor as an entry."},
    Text{Reason::duplicate, "archive.duplicate",
         "Deux fichiers de l'archive ont le même nom, ou ne diffèrent que par la casse ou les accents ; en "
         "renommer un.",
         "Two files of the archive have the same name, or differ by case or accents only; rename one."},
    Text{Reason::empty, "archive.empty", "L'archive ne contient aucun fichier.",
         "The archive holds no file."},
    Text{Reason::extension_too_long, "archive.extension_too_long",
         "Un en-tête d'extension de l'archive est trop long ; la produire avec un outil tar courant.",
         "An extension header of the archive is too long; produce it with a usual tar tool."},
    Text{Reason::header, "archive.header",
         "Un en-tête de l'archive est mal formé ; la produire avec un outil tar courant.",
         "A header of the archive is malformed; produce it with a usual tar tool."},
    Text{Reason::link, "archive.link", "L'archive contient un lien ; y mettre les fichiers eux-mêmes.",
         "The archive holds a link; put the files themselves."},
    Text{Reason::name_encoding, "archive.name_encoding",
         "Un nom de fichier n'est ni en UTF-8 ni en ISO-8859-1 ; renommer le fichier.",
         "A file name is neither UTF-8 nor ISO-8859-1; rename the file."},
    Text{Reason::name_too_long, "archive.name_too_long", "Un nom de fichier est trop long ; le raccourcir.",
         "A file name is too long; shorten it."},
    Text{Reason::name_unsafe, "archive.name_unsafe",
         "Un nom de fichier est vide ou n'en est pas un ; renommer le fichier.",
         "A file name is empty or is none; rename the file."},
    Text{Reason::nested_gzip, "archive.nested_gzip",
         "L'archive a été compressée deux fois ; la compresser une seule fois.",
         "The archive was compressed twice; compress it once."},
    Text{Reason::not_gzip, "archive.not_gzip",
         "Le fichier n'est pas une archive .tar.gz (compression gzip absente).",
         "The file is not a .tar.gz archive (no gzip compression)."},
    Text{Reason::not_tar, "archive.not_tar",
         "Le fichier compressé n'est pas une archive tar ; produire un .tar.gz.",
         "The compressed file is not a tar archive; produce a .tar.gz."},
    Text{Reason::parent_path, "archive.parent_path",
         "Un nom de fichier de l'archive contient « .. » ; n'y mettre que des noms de fichiers.",
         "A file name of the archive holds \"..\"; put plain file names only."},
    Text{Reason::ratio, "archive.ratio",
         "Le contenu de l'archive est anormalement plus grand qu'elle (bombe de décompression).",
         "The contents of the archive are abnormally larger than it (decompression bomb)."},
    Text{Reason::sparse, "archive.sparse",
         "L'archive contient un fichier creux (sparse) ; y mettre un fichier ordinaire.",
         "The archive holds a sparse file; put an ordinary file."},
    Text{Reason::special_file, "archive.special_file",
         "L'archive contient un fichier spécial (périphérique, tube) ; n'y mettre que des fichiers "
         "ordinaires.",
         "The archive holds a special file (device, pipe); put ordinary files only."},
    Text{Reason::too_large, "archive.too_large",
         "L'archive dépasse la taille admise ; réduire ou répartir les fichiers.",
         "The archive is larger than allowed; shrink or split the files."},
    Text{Reason::too_many_entries, "archive.too_many_entries", "L'archive contient trop de fichiers.",
         "The archive holds too many files."},
    Text{Reason::total, "archive.total", "Le contenu décompressé de l'archive dépasse la taille admise.",
         "The unpacked contents of the archive are larger than allowed."},
    Text{Reason::trailing, "archive.trailing",
         "Des données étrangères suivent la fin de l'archive ; la produire de nouveau.",
         "Foreign data follow the end of the archive; produce it again."},
    Text{Reason::truncated, "archive.truncated",
         "L'archive est tronquée ; la produire ou la déposer de nouveau.",
         "The archive is truncated; produce it or post it again."},
    Text{Reason::unsupported, "archive.unsupported",
         "L'archive contient une entrée d'un type inconnu ; la produire avec un outil tar courant.",
         "The archive holds an entry of an unknown type; produce it with a usual tar tool."},
};

// refusal() indexes by reason.
constexpr bool in_order() {
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (static_cast<std::size_t>(texts[i].reason) != i) return false;
  return true;
}
static_assert(in_order());

}  // namespace

Error refusal(Reason reason, std::string_view name) {
  const Text& text = texts.at(static_cast<std::size_t>(reason));
  if (name.empty()) return permanent_error(text.code, text.fr, text.en);
  return permanent_error(text.code, fmt::format("{} (« {} »)", text.fr, name),
                         fmt::format("{} (\"{}\")", text.en, name));
}

Error unreadable() {
  return waiting_error("archive.source", "Le fichier n'a pu être relu en entier.",
                       "The file could not be read again as a whole.");
}

}  // namespace demat::archive::detail
