#include "protocols/actes/read.hpp"

#include <algorithm>
#include <charconv>
#include <list>

#include "protocols/actes/naming.hpp"
#include "protocols/actes/tree.hpp"
#include "protocols/base/limits.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::actes {
namespace {

constexpr std::string_view any_actes_ns = "http://www.interieur.gouv.fr/ACTES#";
constexpr std::size_t levels = 5;

/// Takes values out of a tree and notes what deviates from the schema.
class Reader {
 public:
  explicit Reader(Report& remarks) : remarks_(remarks) {}

  /// The text of the first child of that name that says something.
  std::string text(const TreeNode& node, std::string_view name, bool wanted = true);
  std::string date(const TreeNode& node, std::string_view name, bool wanted = true) {
    return checked_date(text(node, name, wanted), node, name);
  }
  std::string attribute(const TreeNode& node, std::string_view name);
  std::string date_attribute(const TreeNode& node, std::string_view name) {
    return checked_date(attribute(node, name), node, name);
  }
  std::string acte_id(const TreeNode& node);
  int integer_attribute(const TreeNode& node, std::string_view name);
  /// The only child of that name, or the first of several, or an empty node with a remark.
  const TreeNode& only(const TreeNode& node, std::string_view name);

  SignedFile file(const TreeNode& node);
  std::vector<SignedFile> files(const TreeNode& node, std::string_view name);
  ActeData acte(const TreeNode& node);
  Letter letter(const TreeNode& node, Code code);
  Classification classification(const TreeNode& node);
  std::optional<Contact> contact(const TreeNode& node);
  Envelope envelope(const TreeNode& node);
  PrefectureEnvelope prefecture_envelope(const TreeNode& node);
  EnvelopeAnomaly envelope_anomaly(const TreeNode& node);
  Message message(const TreeNode& node, Code code);
  ActeAnomaly anomaly(const TreeNode& node);
  std::vector<Matiere> matieres(const TreeNode& node, std::size_t level);

  void missing(const TreeNode& node, std::string_view name) {
    const std::string shown{name};
    add("actes.read.missing", node, "« " + shown + " » est absent ou vide.",
        "'" + shown + "' is absent or empty.");
  }
  void value(const TreeNode& node, std::string_view name, std::string_view what) {
    const std::string shown{name}, found{what.substr(0, 60)};
    add("actes.read.value", node,
        "La valeur « " + found + " » de « " + shown +
            " » n'est pas celle du schéma ; elle a été gardée telle quelle.",
        "The value '" + found + "' of '" + shown + "' is not one of the schema's; it was kept as it is.");
  }
  void repeated(const TreeNode& node, std::string_view name) {
    const std::string shown{name};
    add("actes.read.repeated", node, "« " + shown + " » figure plusieurs fois ; seul le premier compte.",
        "'" + shown + "' stands several times; only the first counts.");
  }
  void add(std::string_view code, const TreeNode& node, std::string fr, std::string en) {
    if (remarks_.findings.size() < limits::max_findings)
      remarks_.add({std::string{code}, Severity::warning, node.place(), std::move(fr), std::move(en)});
  }

 private:
  std::string checked_date(std::string text, const TreeNode& node, std::string_view name);

  Report& remarks_;
  std::list<TreeNode> nothing_;  ///< what stands for absent children; references to them last
};

std::string Reader::text(const TreeNode& node, std::string_view name, bool wanted) {
  const auto found = node.all(name);
  if (found.size() > 1) repeated(*found[1], name);
  for (const auto* child : found)
    if (const auto value = trimmed(child->text); !value.empty()) return std::string{value};
  if (wanted) missing(node, name);
  return {};
}

std::string Reader::attribute(const TreeNode& node, std::string_view name) {
  auto value = node.attribute(name);
  if (value.empty()) missing(node, name);
  return value;
}

std::string Reader::checked_date(std::string text, const TreeNode& node, std::string_view name) {
  if (text.empty()) return text;
  // A time zone, or a time, after the day says nothing more.
  const auto day = normal_date(std::string_view{text}.substr(0, std::min<std::size_t>(text.size(), 10)));
  if (!day || text != *day) value(node, name, text);
  return day ? *day : text;
}

std::string Reader::acte_id(const TreeNode& node) {
  auto id = attribute(node, "IDActe");
  if (!id.empty() && !parse_acte_id(id)) value(node, "IDActe", id);
  return id;
}

int Reader::integer_attribute(const TreeNode& node, std::string_view name) {
  const auto text = attribute(node, name);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (!text.empty() && (error != std::errc{} || end != text.data() + text.size())) {
    value(node, name, text);
    return 0;
  }
  return number;
}

const TreeNode& Reader::only(const TreeNode& node, std::string_view name) {
  const auto found = node.all(name);
  if (found.size() > 1) repeated(*found[1], name);
  if (!found.empty()) return *found.front();
  missing(node, name);
  return nothing_.emplace_back(
      TreeNode{std::string{name}, node.ns, {}, node.path + "/" + std::string{name}, node.line, {}, {}});
}

/// Text of a whole subtree: a Signature may hold elements of any kind.
void append_text(const TreeNode& node, std::string& out) {
  out += node.text;
  for (const auto& child : node.children)
    append_text(child, out);
}

SignedFile Reader::file(const TreeNode& node) {
  SignedFile found{text(node, "NomFichier"), {}};
  if (const auto* signature = node.child("Signature")) {
    std::string all;
    append_text(*signature, all);
    const bool xades = signature->children.size() == 1 && !signature->children.front().written.empty();
    found.signature = xades ? signature->children.front().written : trimmed(all);
  }
  return found;
}

std::vector<SignedFile> Reader::files(const TreeNode& node, std::string_view name) {
  std::vector<SignedFile> found;
  for (const auto* child : node.all(name))
    found.push_back(file(*child));
  return found;
}

ActeData Reader::acte(const TreeNode& node) {
  ActeData data;
  data.date = date_attribute(node, "Date");
  data.number = attribute(node, "NumeroInterne");
  data.nature = attribute(node, "CodeNatureActe");
  for (std::size_t level = 1; level <= levels; ++level) {
    const auto name = "CodeMatiere" + std::to_string(level);
    if (node.child(name) == nullptr) break;
    data.matieres.push_back(attribute(only(node, name), "CodeMatiere"));
  }
  if (data.matieres.size() < 2) missing(node, "CodeMatiere2");
  data.object = text(node, "Objet");
  if (node.child("PrecedentIdentifiantActe") != nullptr)
    data.previous_id = acte_id(only(node, "PrecedentIdentifiantActe"));
  data.classification_date = date(node, "ClassificationDateVersion");
  data.document = file(only(node, "Document"));
  const auto& annexes = only(node, "Annexes");
  data.announced = annexes.attribute("Nombre");
  data.annexes = files(annexes, "Annexe");
  data.paper = text(node, "DocumentPapier", false);
  if (node.child("DocumentPapier") == nullptr)
    missing(node, "DocumentPapier");
  else if (data.paper != "O" && data.paper != "N")
    value(node, "DocumentPapier", data.paper);
  return data;
}

Letter Reader::letter(const TreeNode& node, Code code) {
  Letter found;
  found.id = acte_id(node);
  found.letter_date = date_attribute(node, "DateCourrierPref");
  if (code == Code::pieces_request) found.text = text(node, "DescriptionPieces", false);
  if (code == Code::observations) found.text = text(node, "Motif", false);
  found.documents = files(code == Code::pieces ? only(node, "Documents") : node, "Document");
  if (info(code).carries != Carries::nothing && found.documents.empty()) missing(node, "Document");
  return found;
}

std::vector<Matiere> Reader::matieres(const TreeNode& node, std::size_t level) {
  std::vector<Matiere> found;
  if (level > levels) return found;
  for (const auto* child : node.all("Matiere" + std::to_string(level)))
    found.push_back(
        {integer_attribute(*child, "CodeMatiere"), child->attribute("Libelle"), matieres(*child, level + 1)});
  return found;
}

Classification Reader::classification(const TreeNode& node) {
  Classification found;
  found.date = date(node, "DateClassification");
  for (const auto* child : only(node, "NaturesActes").all("NatureActe")) {
    auto& nature = found.natures.emplace_back();
    nature.code = integer_attribute(*child, "CodeNatureActe");
    nature.label = attribute(*child, "Libelle");
    nature.abbreviation = attribute(*child, "TypeAbrege");
    for (const auto* type : child->all("TypePJNatureActe"))
      nature.types.push_back({attribute(*type, "CodeTypePJ"), type->attribute("Libelle")});
    if (nature.types.empty()) missing(*child, "TypePJNatureActe");
    if (nature.code == 0) nature.code = nature_of_abbreviation(nature.abbreviation);
    if (nature.abbreviation.empty()) nature.abbreviation = nature_abbreviation(nature.code);
  }
  found.matieres = matieres(only(node, "Matieres"), 1);
  return found;
}

std::optional<Contact> Reader::contact(const TreeNode& node) {
  if (node.child("Referent") == nullptr) return std::nullopt;
  const auto& found = only(node, "Referent");
  return Contact{text(found, "Nom", false), text(found, "Telephone", false), text(found, "Email", false)};
}

Envelope Reader::envelope(const TreeNode& node) {
  Envelope found;
  const auto& emitter = only(node, "Emetteur");
  const auto& id = only(emitter, "IDCL");
  found.emitter = {attribute(id, "SIREN"), attribute(id, "Departement"), attribute(id, "Arrondissement"),
                   attribute(id, "Nature")};
  found.contact = contact(emitter);
  for (const auto* address : only(node, "AdressesRetour").all("Email"))
    if (const auto email = trimmed(address->text); !email.empty()) found.return_addresses.emplace_back(email);
  found.forms = files(only(node, "FormulairesEnvoyes"), "Formulaire");
  return found;
}

PrefectureEnvelope Reader::prefecture_envelope(const TreeNode& node) {
  using Office = PrefectureEnvelope::Office;
  PrefectureEnvelope found;
  const auto& emitter = only(node, "Emetteur");
  if (const auto* sgar = emitter.child("IDSGAR")) {
    found.office = Office::sgar;
    found.department = attribute(*sgar, "Departement");
  } else if (const auto* sub = emitter.child("IDSousPref")) {
    found.office = Office::sous_prefecture;
    found.department = attribute(*sub, "Departement");
    found.arrondissement = attribute(*sub, "Arrondissement");
  } else {
    found.department = attribute(only(emitter, "IDPref"), "Departement");
  }
  found.contact = contact(emitter);
  found.forms = files(only(node, "FormulairesEnvoyes"), "Formulaire");
  found.recipient = attribute(only(node, "Destinataire"), "SIREN");
  return found;
}

bool is_number_up_to(std::string_view text, std::size_t length) {
  return !text.empty() && text.size() <= length &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

EnvelopeAnomaly Reader::envelope_anomaly(const TreeNode& node) {
  EnvelopeAnomaly found;
  found.date = date(node, "Date");
  found.nature = text(node, "Nature");
  constexpr std::string_view known[] = {"1", "2", "3", "4", "5", "001", "002", "003", "004", "005", "100"};
  if (std::find(std::begin(known), std::end(known), found.nature) == std::end(known))
    value(node, "Nature", found.nature);
  found.detail = text(node, "Detail", false);
  found.received = envelope(only(node, "EnveloppeRecue"));
  return found;
}

ActeAnomaly Reader::anomaly(const TreeNode& node) {
  ActeAnomaly found;
  found.date = date(node, "Date");
  found.nature = text(node, "Nature");
  if (found.nature.size() != 3 || !is_number_up_to(found.nature, 3)) value(node, "Nature", found.nature);
  found.detail = text(node, "Detail", false);
  found.received = acte(only(node, "ActeRecu"));
  found.classification_date = date(node, "ClassificationDateVersionEnCours");
  return found;
}

Message Reader::message(const TreeNode& node, Code code) {
  switch (code) {
    case Code::acte:
      return {code, ActeMessage{acte(node)}};
    case Code::acte_receipt:
      return {code,
              ActeReceipt{acte_id(node), date_attribute(node, "DateReception"), acte(only(node, "ActeRecu")),
                          date(node, "ClassificationDateVersionEnCours")}};
    case Code::acte_anomaly:
      return {code, anomaly(node)};
    case Code::pieces_answer_receipt:
    case Code::observations_answer_receipt: {
      const auto& letter = only(node, "InfosCourrierPref");
      return {code, AnswerReceipt{acte_id(letter), date_attribute(letter, "DateCourrierPref"),
                                  date_attribute(node, "DateReception")}};
    }
    case Code::referral:
      return {code, Referral{acte_id(node), date(node, "DateDepot"), text(node, "NatureIllegalite", false),
                             files(only(node, "PiecesJointes"), "PieceJointe")}};
    case Code::cancellation:
      return {code, Cancellation{acte_id(node), {}}};
    case Code::cancellation_receipt:
      return {code, Cancellation{acte_id(node), date_attribute(node, "DateReception")}};
    case Code::classification_request:
      return {code, ClassificationDate{date(node, "DateClassification", false)}};
    case Code::classification_unchanged:
      return {code, ClassificationDate{date(node, "DateClassification")}};
    case Code::classification:
      return {code, classification(node)};
    default:
      return {code, letter(node, code)};
  }
}

Error unknown_root(const TreeNode& root) {
  auto error = permanent_error("actes.read.root",
                               "Ce document n'est pas un message ACTES que la passerelle connaisse.",
                               "This document is no ACTES message that the gateway knows.");
  error.place = root.place();
  return error;
}

/// Whether the message says what it is about; without that nothing can be done with it.
bool understood(const Content& content) {
  if (const auto* message = std::get_if<Message>(&content)) {
    if (const auto* found = std::get_if<Classification>(&message->body))
      return !found->date.empty() && !found->natures.empty();
    if (std::holds_alternative<ClassificationDate>(message->body)) return true;
    const auto about = correlation(*message);
    return !about.id.empty() || !about.number.empty();
  }
  if (const auto* envelope = std::get_if<Envelope>(&content))
    return !envelope->emitter.siren.empty() && !envelope->forms.empty();
  if (const auto* envelope = std::get_if<PrefectureEnvelope>(&content))
    return !envelope->forms.empty() || !envelope->recipient.empty();
  return true;
}

}  // namespace

Result<Read> read(std::string_view bytes) {
  Read found;
  found.encoding = xml::declared_encoding(bytes.substr(0, 1024)).name;
  const auto root = read_tree(bytes, found.remarks);
  if (!root) return failure(root.error());
  if (!root->ns.starts_with(any_actes_ns)) return failure(unknown_root(*root));
  Reader reader(found.remarks);
  if (root->ns != actes_ns) reader.value(*root, "xmlns", root->ns);
  if (const auto code = code_of_root(root->name))
    found.content = reader.message(*root, *code);
  else if (root->name == "EnveloppeCLMISILL")
    found.content = reader.envelope(*root);
  else if (root->name == "EnveloppeMISILLCL")
    found.content = reader.prefecture_envelope(*root);
  else if (root->name == "AnomalieEnveloppe")
    found.content = reader.envelope_anomaly(*root);
  else
    return failure(unknown_root(*root));
  if (understood(found.content)) return found;
  auto error = permanent_error("actes.read.incomplete",
                               "Rien dans ce message ne dit de quel acte ou de quel envoi il s'agit.",
                               "Nothing in this message says which acte or which sending it is about.");
  error.place = root->place();
  return failure(error);
}

namespace {

template <class Wanted>
Result<Wanted> read_as(std::string_view bytes) {
  auto found = read(bytes);
  if (!found) return failure(found.error());
  if (auto* wanted = std::get_if<Wanted>(&found->content)) return std::move(*wanted);
  return failure(permanent_error("actes.read.root",
                                 "Ce document est un message ACTES d'une autre sorte que celle attendue.",
                                 "This document is an ACTES message of another kind than the one expected."));
}

}  // namespace

Result<Message> read_message(std::string_view bytes) {
  return read_as<Message>(bytes);
}

Result<Envelope> read_envelope(std::string_view bytes) {
  return read_as<Envelope>(bytes);
}

}  // namespace demat::actes
