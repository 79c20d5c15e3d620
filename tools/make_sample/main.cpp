#include <fstream>
#include <iostream>
#include <iterator>

#include "tests/support/pes_domains.hpp"
#include "tests/support/pes_samples.hpp"
#include "tools/make_sample/options.hpp"

namespace {

using demat::samples::FlowShape;
using demat::samples::SampleHeader;
using make_sample::Options;
using make_sample::UsageError;

SampleHeader header_of(const Options& options) {
  SampleHeader header;
  header.nom_fic = options.text("nomfic", header.nom_fic);
  header.id_coll = options.text("id-coll", header.id_coll);
  header.cod_col = options.text("cod-col", header.cod_col);
  header.id_post = options.text("id-post", header.id_post);
  header.cod_bud = options.text("cod-bud", header.cod_bud);
  header.date = options.text("date", header.date);
  header.libelle = options.text("libelle", header.libelle);
  const auto encoding = options.text("encoding", "ISO-8859-1");
  if (encoding != "ISO-8859-1" && encoding != "UTF-8") throw UsageError("--encoding is ISO-8859-1 or UTF-8");
  if (encoding == "UTF-8") header.encoding = demat::samples::SampleEncoding::utf8;
  return header;
}

FlowShape shape_of(const Options& options) {
  auto shape = options.flag("size") ? demat::samples::shape_of_size(options.number("size", 0)) : FlowShape{};
  shape.bordereaux = options.number("bordereaux", shape.bordereaux);
  shape.pieces = options.number("pieces", shape.pieces);
  shape.lignes = options.number("lignes", shape.lignes);
  if (shape.bordereaux == 0 || shape.pieces == 0 || shape.lignes == 0)
    throw UsageError("a flow has at least one bordereau, one piece and one line");
  shape.first_bordereau = options.number("first-bordereau", shape.first_bordereau);
  shape.first_piece = options.number("first-piece", shape.first_piece);
  shape.seed = options.number("seed", shape.seed);
  shape.exercice = options.text("exercice", shape.exercice);
  shape.dematerialisee = options.flag("dematerialise");
  shape.bordereau_ids = options.flag("ids");
  shape.root_id = options.flag("root-id");
  return shape;
}

demat::samples::FlowOutline flow_of(const Options& options) {
  const auto path = options.text("for", "");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw UsageError("--for wants a readable flow, not '" + path + "'");
  const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  auto outline = demat::samples::outline_of(demat::xml::MemorySource(bytes));
  if (!outline) throw UsageError(path + ": " + outline.error().en);
  return std::move(*outline);
}

std::string acquit_of(const Options& options) {
  using demat::samples::Verdict;
  const auto flow = flow_of(options);
  const auto verdict = options.text("verdict", "positive");
  const auto version = options.number("version", 2);
  if (version != 1 && version != 2) throw UsageError("--version is 1 or 2");
  if (verdict == "non-acquit") return demat::samples::non_acquit(flow);
  const std::map<std::string, Verdict> verdicts{{"positive", Verdict::positive},
                                                {"mixed", Verdict::mixed},
                                                {"negative", Verdict::negative},
                                                {"box1", Verdict::box1}};
  const auto found = verdicts.find(verdict);
  if (found == verdicts.end()) throw UsageError("unknown verdict " + verdict);
  return demat::samples::acquit(flow, found->second, static_cast<int>(version));
}

std::string retour_of(const Options& options) {
  const auto flow = flow_of(options);
  const bool first_is_depense = flow.bordereaux.empty() || flow.bordereaux.front().depense;
  const auto domain = options.text("domain", first_is_depense ? "depense" : "recette");
  if (domain != "depense" && domain != "recette") throw UsageError("--domain is depense or recette");
  return demat::samples::retour(flow, domain == "depense", options.text("nomfic", ""));
}

demat::samples::AsapShape asap_of(const Options& options) {
  demat::samples::AsapShape shape;
  shape.titres = options.number("pieces", shape.titres);
  shape.lignes = options.number("lignes", shape.lignes);
  shape.bordereau = options.number("first-bordereau", shape.bordereau);
  shape.first_titre = options.number("first-piece", shape.first_titre);
  shape.exercice = options.text("exercice", shape.exercice);
  shape.type = options.text("type", shape.type);
  shape.seed = options.number("seed", shape.seed);
  if (shape.titres == 0 || shape.lignes == 0) throw UsageError("at least one titre and one line");
  return shape;
}

demat::samples::ContractShape contract_of(const Options& options) {
  demat::samples::ContractShape shape;
  shape.id_contrat = options.text("contrat", shape.id_contrat);
  shape.modification = static_cast<unsigned>(options.number("modification", shape.modification));
  shape.sequence = static_cast<unsigned>(options.number("sequence", shape.sequence));
  shape.corrective = options.flag("corrective");
  shape.seed = options.number("seed", shape.seed);
  if (shape.modification > 99 || shape.sequence == 0 || shape.sequence > 999)
    throw UsageError("--modification is at most 99, --sequence between 1 and 999");
  return shape;
}

/// The other domains. False when the command is none of them.
bool write_domain(const Options& options, std::ostream& out) {
  const auto& command = options.command();
  if (command == "facture") {
    out << demat::samples::facture(header_of(options), asap_of(options));
  } else if (command == "asap") {
    out << demat::samples::recette_with_asap(header_of(options), asap_of(options));
  } else if (command == "marche") {
    out << demat::samples::marche(header_of(options), contract_of(options));
  } else if (command == "concession") {
    out << demat::samples::concession(header_of(options), contract_of(options));
  } else if (command == "acquit-retour") {
    const auto name = options.text("retour", "");
    if (name.empty()) throw UsageError("--retour wants the NomFic of a return");
    const auto domain = options.text("domain", "depense");
    if (domain != "depense" && domain != "recette") throw UsageError("--domain is depense or recette");
    out << demat::samples::acquit_retour(header_of(options), name, domain == "depense" ? "13" : "14");
  } else if (command == "asap-retour") {
    out << demat::samples::asap_retour(flow_of(options), options.text("nomfic", ""));
  } else if (command == "client-retour") {
    out << demat::samples::client_retour(flow_of(options), options.number("pieces", 3));
  } else {
    return false;
  }
  return true;
}

void write(const Options& options, std::ostream& out) {
  const auto& command = options.command();
  if (command == "depense") {
    demat::samples::write_depense(out, header_of(options), shape_of(options));
  } else if (command == "recette") {
    const auto attachments = demat::samples::sample_attachments(
        options.number("pj", 0), options.number("pj-size", 20'000), options.number("seed", 1));
    demat::samples::write_recette(out, header_of(options), shape_of(options), attachments);
  } else if (command == "pj") {
    demat::samples::write_pj(out, header_of(options), options.number("size", 20'000),
                             options.number("pj-size", 2'400'000), options.number("seed", 1));
  } else if (command == "acquit") {
    out << acquit_of(options);
  } else if (command == "retour") {
    out << retour_of(options);
  } else if (!write_domain(options, out)) {
    throw UsageError("unknown command " + command);
  }
}

int run(std::span<char*> arguments) {
  const Options options(arguments);
  const auto path = options.text("output", "");
  if (path.empty()) {
    write(options, std::cout);
    std::cout.flush();
    return std::cout ? 0 : 1;
  }
  std::ofstream file(path, std::ios::binary);
  write(options, file);
  file.close();
  if (file) return 0;
  std::cerr << "make_sample: cannot write " << path << '\n';
  return 1;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run(std::span(arguments, static_cast<std::size_t>(count)));
  } catch (const UsageError& wrong) {
    std::cerr << "make_sample: " << wrong.what() << "\n\n" << make_sample::usage;
    return 2;
  } catch (const std::exception& failed) {
    std::cerr << "make_sample: " << failed.what() << '\n';
    return 1;
  }
}
