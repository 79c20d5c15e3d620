#include "protocols/actes/write.hpp"

#include <fmt/format.h>

#include "protocols/actes/latin1.hpp"

namespace demat::actes {
namespace {

/// Writes indented elements of the prefix "actes"; keeps the first fault.
class Writer {
 public:
  using Attributes = std::vector<std::pair<std::string_view, std::string_view>>;  ///< with their prefix

  /// `then` writes the content; without any the element is one empty tag.
  template <class Then>
  void element(std::string_view name, const Attributes& attributes, Then then) {
    open(name, attributes, ">\n");
    const auto opened = out_.size();
    ++depth_;
    then();
    --depth_;
    if (out_.size() == opened)
      out_.replace(opened - 2, 2, "/>\n");
    else
      close(name, depth_);
  }
  void element(std::string_view name, const Attributes& attributes) { open(name, attributes, "/>\n"); }
  void text(std::string_view name, std::string_view value) {
    open(name, {}, ">");
    escape(value, false);
    close(name, 0);
  }
  /// Nothing when the value is empty.
  void optional_text(std::string_view name, std::string_view value) {
    if (!value.empty()) text(name, value);
  }
  template <class Then>
  Result<std::string> document(std::string_view root, Attributes attributes, Then then) {
    attributes.insert(
        attributes.begin(),
        {{"xmlns:actes", actes_ns},
         {"xmlns:insee", insee_ns},
         {"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"},
         {"xsi:schemaLocation", "http://www.interieur.gouv.fr/ACTES#v1.1-20040216 actesv1_1.xsd"}});
    out_ = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n";
    element(root, attributes, then);
    if (fault_) return failure(*fault_);
    return std::move(out_);
  }

 private:
  void open(std::string_view name, const Attributes& attributes, std::string_view end) {
    out_.append(depth_ * 2, ' ');
    out_ += "<actes:";
    out_ += name;
    for (const auto& [attribute, value] : attributes) {
      out_ += ' ';
      out_ += attribute;
      out_ += "=\"";
      escape(value, true);
      out_ += '"';
    }
    out_ += end;
  }
  void close(std::string_view name, std::size_t depth) {
    out_.append(depth * 2, ' ');
    out_ += "</actes:";
    out_ += name;
    out_ += ">\n";
  }
  void escape(std::string_view value, bool attribute);

  std::string out_;
  std::size_t depth_ = 0;
  std::optional<Error> fault_;
};

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  return first < 0x20U || first == 0x7FU;
}

Error fault_of(const std::vector<std::string>& characters) {
  for (const auto& character : characters)
    if (is_control(character))
      return permanent_error("actes.write.character",
                             "Un texte contient un caractère de contrôle : ressaisissez-le.",
                             "A text contains a control character: type it again.");
  std::string all;
  for (const auto& character : characters)
    all += (all.empty() ? "" : " ") + character;
  return permanent_error("actes.write.latin1",
                         "Un texte contient des caractères que le ministère n'admet pas : " + all + ".",
                         "A text contains characters that the ministry does not accept: " + all + ".");
}

/// White space other than the space would be changed by attribute normalisation, a carriage return by the end
/// of line rule: both are written as references.
void Writer::escape(std::string_view value, bool attribute) {
  if (const auto wrong = not_latin1(value); !wrong.empty()) {
    if (!fault_) fault_ = fault_of(wrong);
    return;
  }
  for (const char c : to_latin1(value)) {
    if (c == '&')
      out_ += "&amp;";
    else if (c == '<')
      out_ += "&lt;";
    else if (c == '>')
      out_ += "&gt;";
    else if (c == '"' && attribute)
      out_ += "&quot;";
    else if (c == '\r' || (attribute && (c == '\n' || c == '\t')))
      out_ += fmt::format("&#{};", static_cast<int>(c));
    else
      out_ += c;
  }
}

void write_file(Writer& out, std::string_view name, const SignedFile& file) {
  out.element(name, {}, [&] {
    out.text("NomFichier", file.name);
    out.optional_text("Signature", file.signature);
  });
}

void write_contact(Writer& out, const std::optional<Contact>& contact) {
  if (!contact) return;
  out.element("Referent", {}, [&] {
    out.optional_text("Nom", contact->name);
    out.optional_text("Telephone", contact->phone);
    out.optional_text("Email", contact->email);
  });
}

void write_forms(Writer& out, const std::vector<SignedFile>& forms) {
  out.element("FormulairesEnvoyes", {}, [&] {
    for (const auto& form : forms)
      write_file(out, "Formulaire", form);
  });
}

Writer::Attributes attributes_of(const ActeData& data) {
  return {
      {"actes:Date", data.date}, {"actes:NumeroInterne", data.number}, {"actes:CodeNatureActe", data.nature}};
}

void write_data(Writer& out, const ActeData& data) {
  for (std::size_t i = 0; i < data.matieres.size(); ++i)
    out.element(fmt::format("CodeMatiere{}", i + 1), {{"actes:CodeMatiere", data.matieres[i]}});
  out.text("Objet", data.object);
  if (!data.previous_id.empty())
    out.element("PrecedentIdentifiantActe", {{"actes:IDActe", data.previous_id}});
  out.text("ClassificationDateVersion", data.classification_date);
  write_file(out, "Document", data.document);
  const auto count = std::to_string(data.annexes.size());
  out.element("Annexes", {{"actes:Nombre", count}}, [&] {
    for (const auto& annex : data.annexes)
      write_file(out, "Annexe", annex);
  });
  out.text("DocumentPapier", data.paper);
}

void write_matieres(Writer& out, const std::vector<Matiere>& matieres, int level) {
  for (const auto& matiere : matieres) {
    const auto name = fmt::format("Matiere{}", level);
    const auto code = std::to_string(matiere.code);
    const Writer::Attributes attributes{{"actes:CodeMatiere", code}, {"actes:Libelle", matiere.label}};
    out.element(name, attributes, [&] { write_matieres(out, matiere.children, level + 1); });
  }
}

void write_natures(Writer& out, const std::vector<Nature>& natures) {
  for (const auto& nature : natures) {
    const auto code = std::to_string(nature.code);
    const Writer::Attributes attributes{{"actes:CodeNatureActe", code},
                                        {"actes:Libelle", nature.label},
                                        {"actes:TypeAbrege", nature.abbreviation}};
    out.element("NatureActe", attributes, [&] {
      for (const auto& type : nature.types)
        out.element("TypePJNatureActe", {{"actes:CodeTypePJ", type.code}, {"actes:Libelle", type.label}});
    });
  }
}

/// Writes the body of each kind of message below its root element.
struct BodyWriter {
  const CodeInfo& row;
  Writer out{};

  Result<std::string> operator()(const ActeMessage& body) {
    return out.document(row.root, attributes_of(body.acte), [&] { write_data(out, body.acte); });
  }
  Result<std::string> operator()(const ActeReceipt& body) {
    return out.document(
        row.root, {{"actes:IDActe", body.id}, {"actes:DateReception", body.reception_date}}, [&] {
          out.element("ActeRecu", attributes_of(body.received), [&] { write_data(out, body.received); });
          out.text("ClassificationDateVersionEnCours", body.classification_date);
        });
  }
  Result<std::string> operator()(const ActeAnomaly& body) {
    return out.document(row.root, {}, [&] {
      out.text("Date", body.date);
      out.text("Nature", body.nature);
      out.optional_text("Detail", body.detail);
      out.element("ActeRecu", attributes_of(body.received), [&] { write_data(out, body.received); });
      out.text("ClassificationDateVersionEnCours", body.classification_date);
    });
  }
  Result<std::string> operator()(const Letter& body) {
    return out.document(row.root, {{"actes:IDActe", body.id}, {"actes:DateCourrierPref", body.letter_date}},
                        [&] {
                          if (row.code == Code::pieces_request) out.text("DescriptionPieces", body.text);
                          if (row.code == Code::observations) out.text("Motif", body.text);
                          const auto documents = [&] {
                            for (const auto& document : body.documents)
                              write_file(out, "Document", document);
                          };
                          if (row.code == Code::pieces)
                            out.element("Documents", {}, documents);
                          else
                            documents();
                        });
  }
  Result<std::string> operator()(const AnswerReceipt& body) {
    return out.document(row.root, {{"actes:DateReception", body.reception_date}}, [&] {
      out.element("InfosCourrierPref",
                  {{"actes:IDActe", body.id}, {"actes:DateCourrierPref", body.letter_date}});
    });
  }
  Result<std::string> operator()(const Referral& body) {
    return out.document(row.root, {{"actes:IDActe", body.id}}, [&] {
      out.text("DateDepot", body.deposit_date);
      out.text("NatureIllegalite", body.reason);
      out.element("PiecesJointes", {}, [&] {
        for (const auto& document : body.documents)
          write_file(out, "PieceJointe", document);
      });
    });
  }
  Result<std::string> operator()(const Cancellation& body) {
    Writer::Attributes attributes{{"actes:IDActe", body.id}};
    if (row.code == Code::cancellation_receipt)
      attributes.emplace_back("actes:DateReception", body.reception_date);
    return out.document(row.root, attributes, [] {});
  }
  Result<std::string> operator()(const ClassificationDate& body) {
    return out.document(row.root, {}, [&] { out.optional_text("DateClassification", body.date); });
  }
  Result<std::string> operator()(const Classification& body) {
    return out.document(row.root, {}, [&] {
      out.text("DateClassification", body.date);
      out.element("NaturesActes", {}, [&] { write_natures(out, body.natures); });
      out.element("Matieres", {}, [&] { write_matieres(out, body.matieres, 1); });
    });
  }
};

void write_envelope(Writer& out, const Envelope& envelope) {
  const auto& id = envelope.emitter;
  out.element("Emetteur", {}, [&] {
    out.element("IDCL", {{"insee:SIREN", id.siren},
                         {"actes:Departement", id.department},
                         {"actes:Arrondissement", id.arrondissement},
                         {"actes:Nature", id.nature}});
    write_contact(out, envelope.contact);
  });
  out.element("AdressesRetour", {}, [&] {
    for (const auto& address : envelope.return_addresses)
      out.text("Email", address);
  });
  write_forms(out, envelope.forms);
}

void write_office(Writer& out, const PrefectureEnvelope& envelope) {
  using Office = PrefectureEnvelope::Office;
  switch (envelope.office) {
    case Office::sgar:
      return out.element("IDSGAR", {{"actes:Departement", envelope.department}});
    case Office::prefecture:
      return out.element("IDPref", {{"actes:Departement", envelope.department}});
    case Office::sous_prefecture:
      return out.element("IDSousPref", {{"actes:Departement", envelope.department},
                                        {"actes:Arrondissement", envelope.arrondissement}});
  }
}

}  // namespace

Result<std::string> write(const Message& message) {
  return std::visit(BodyWriter{info(message.code)}, message.body);
}

Result<std::string> write(const Envelope& envelope) {
  Writer out;
  return out.document("EnveloppeCLMISILL", {}, [&] { write_envelope(out, envelope); });
}

Result<std::string> write(const PrefectureEnvelope& envelope) {
  Writer out;
  return out.document("EnveloppeMISILLCL", {}, [&] {
    out.element("Emetteur", {}, [&] {
      write_office(out, envelope);
      write_contact(out, envelope.contact);
    });
    write_forms(out, envelope.forms);
    out.element("Destinataire", {{"insee:SIREN", envelope.recipient}});
  });
}

Result<std::string> write(const EnvelopeAnomaly& anomaly) {
  Writer out;
  return out.document("AnomalieEnveloppe", {}, [&] {
    out.text("Date", anomaly.date);
    out.text("Nature", anomaly.nature);
    out.optional_text("Detail", anomaly.detail);
    out.element("EnveloppeRecue", {}, [&] { write_envelope(out, anomaly.received); });
  });
}

Result<std::string> write(const Content& content) {
  return std::visit([](const auto& value) { return write(value); }, content);
}

}  // namespace demat::actes
