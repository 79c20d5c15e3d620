#include "protocols/actes/assemble.hpp"

#include <algorithm>

#include "protocols/actes/rule_table.hpp"

namespace demat::actes {
namespace {

/// The name that all files of a message share but for typologie, order and extension.
FileName stem_of(const ActeId& id, Code code) {
  FileName name;
  name.department = id.department;
  name.siren = id.siren;
  name.date = id.date;
  name.number = id.number;
  name.nature = id.nature;
  name.code = code;
  return name;
}

std::string form_name(FileName name) {
  name.type.clear();
  name.order = 0;
  name.extension = "xml";
  return file_name(name);
}

/// Names the file `order` of a message and puts it into `into`.
void put_file(Assembled& assembled, std::vector<SignedFile>& into, FileName name, const DossierFile& file) {
  name.type = file.type;
  name.order = static_cast<unsigned>(assembled.file_names.size()) + 1;
  name.extension = extension(file.media);
  assembled.file_names.push_back(file_name(name));
  into.push_back({assembled.file_names.back(), file.signature});
}

/// The IDActe as it is said; one that does not parse gives names without date, number and nature.
ActeId id_of(const std::string& text, const AuthorityId& authority) {
  if (auto id = parse_acte_id(text)) return *std::move(id);
  return {authority.department, authority.siren, {}, {}, {}};
}

/// "07" as "7".
std::string plain_number(const std::string& text) {
  const auto number = integer(text);
  return number ? std::to_string(*number) : text;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace

Assembled assemble(const Dossier& dossier, const std::string& classification_date) {
  Assembled out;
  ActeData data;
  data.date = dossier.date;
  data.number = dossier.number;
  data.nature = plain_number(dossier.nature);
  for (const auto& code : dossier.matieres)
    data.matieres.push_back(plain_number(code));
  data.object = dossier.object;
  data.previous_id = dossier.previous_id;
  data.classification_date =
      dossier.classification_date.empty() ? classification_date : dossier.classification_date;
  data.paper = dossier.paper;
  const auto id =
      predicted_id(dossier.authority, dossier.date, dossier.number, integer(dossier.nature).value_or(0));
  const auto stem = stem_of(id, Code::acte);
  out.form_name = form_name(stem);
  std::vector<SignedFile> documents;
  for (const auto& file : dossier.documents)
    put_file(out, documents, stem, file);
  if (!documents.empty()) data.document = documents.front();
  for (const auto& file : dossier.annexes)
    put_file(out, data.annexes, stem, file);
  data.announced = std::to_string(data.annexes.size());
  out.message = {Code::acte, ActeMessage{std::move(data)}};
  return out;
}

Assembled assemble(const AnswerDossier& answer, const AuthorityId& authority) {
  Assembled out;
  const auto stem = stem_of(id_of(answer.id, authority), answer.code);
  out.form_name = form_name(stem);
  Letter letter{answer.id, answer.letter_date, {}, {}};
  for (const auto& file : answer.documents)
    put_file(out, letter.documents, stem, file);
  out.message = {answer.code, std::move(letter)};
  return out;
}

Assembled assemble_receipt(Code code, const Letter& letter, const AuthorityId& authority) {
  return {{code, Letter{letter.id, letter.letter_date, {}, {}}},
          form_name(stem_of(id_of(letter.id, authority), code)),
          {}};
}

Assembled assemble_cancellation(const std::string& id, const AuthorityId& authority) {
  constexpr auto code = Code::cancellation;
  return {{code, Cancellation{id, {}}}, form_name(stem_of(id_of(id, authority), code)), {}};
}

Assembled assemble_classification_request(const std::string& owned_date, const AuthorityId& authority) {
  constexpr auto code = Code::classification_request;
  return {{code, ClassificationDate{owned_date}}, form_name(stem_of(id_of({}, authority), code)), {}};
}

Envelope assemble_envelope(const AuthorityId& authority, const std::optional<Contact>& contact,
                           const std::vector<std::string>& return_addresses,
                           const std::vector<std::string>& form_names) {
  Envelope envelope;
  envelope.emitter = authority;
  envelope.contact = contact;
  std::vector<std::string> seen;
  for (const auto& address : return_addresses) {
    const auto key = lower(address);
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
    seen.push_back(key);
    envelope.return_addresses.push_back(address);
  }
  for (const auto& name : form_names)
    envelope.forms.push_back({name, {}});
  return envelope;
}

}  // namespace demat::actes
