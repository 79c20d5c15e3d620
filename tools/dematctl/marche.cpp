#include "protocols/marche/decp.hpp"
#include "protocols/pes/header.hpp"
#include "tools/dematctl/commands_marche.hpp"
#include "tools/dematctl/local_file.hpp"
#include "tools/dematctl/marche_text.hpp"

namespace demat::ctl {
namespace {

/// Passes the contracts that were asked for.
class Chosen final : public marche::ContratSink {
 public:
  Chosen(std::string wanted, marche::ContratSink& to) : wanted_(std::move(wanted)), to_(to) {}

  void marche(const marche::Marche& contract) override {
    if (take(contract)) to_.marche(contract);
  }
  void concession(const marche::Concession& contract) override {
    if (take(contract)) to_.concession(contract);
  }
  [[nodiscard]] std::size_t found() const { return found_; }

 private:
  bool take(const marche::Contrat& contract) {
    const bool asked = wanted_.empty() || contract.identifiant.id_contrat.is(wanted_);
    if (asked) ++found_;
    return asked;
  }
  std::string wanted_;
  marche::ContratSink& to_;
  std::size_t found_ = 0;
};

class Shower final : public marche::ContratSink {
 public:
  explicit Shower(Output& out) : out_(out) {}
  void marche(const marche::Marche& contract) override { show(contract); }
  void concession(const marche::Concession& contract) override { show(contract); }

 private:
  template <class Contract>
  void show(const Contract& contract) {
    if (out_.json()) return out_.object(json_of(contract));
    print_sheet(out_, contract);
  }
  Output& out_;
};

Failure refused(Error error) {
  return {Exit::refused, std::move(error), {}};
}

/// Reads one file into `sink`; a failure when it cannot be read or has no such contract.
Answer<std::size_t> read(const std::filesystem::path& file, const std::string& wanted,
                         marche::ContratSink& sink) {
  const auto source = open_local(file);
  if (!source) return fail(source.error());
  Chosen chosen(wanted, sink);
  if (const auto status = marche::read_contrats(**source, chosen); !status)
    return fail(refused(status.error()));
  if (chosen.found() == 0) {
    const std::string name = file.string() + (wanted.empty() ? "" : ", " + wanted);
    return fail({Exit::not_found,
                 permanent_error("ctl.no_contract", name + " : aucun marché ni concession dans ce fichier.",
                                 name + ": no contract in this file."),
                 {}});
  }
  return chosen.found();
}

Answer<marche::DecpGiven> given(const std::vector<std::string>& texts) {
  marche::DecpGiven out;
  for (const auto& text : texts) {
    const auto equals = text.find('=');
    if (equals == std::string::npos)
      return usage_failure("decp.item", "« " + text + " » : il faut donnée=valeur.",
                           "\"" + text + "\": item=value is expected.");
    const auto name = text.substr(0, equals);
    auto value = text.substr(equals + 1);
    if (const auto status = marche::check_given(name, value); !status)
      return fail({Exit::usage, status.error(), {}});
    out[name] = std::move(value);
  }
  return out;
}

void list_missing(Output& out, const std::vector<marche::DecpGap>& gaps) {
  Table table({"contrat", "donnée", "pourquoi", "à donner par"});
  for (const auto& gap : gaps) {
    const std::string by = gap.given_as.empty() ? "" : "--set " + gap.given_as + "=…";
    table.add({gap.contrat, gap.item, gap.why.fr, by});
    out.object({{"contract", gap.contrat},
                {"item", gap.item},
                {"required", true},
                {"why", gap.why.fr},
                {"why_en", gap.why.en},
                {"given_as", gap.given_as}});
  }
  out.table(table);
}

}  // namespace

Exit marche_show(Output& out, const MarcheOptions& options) {
  for (const auto& file : options.files) {
    Shower shower(out);
    if (const auto shown = read(file, options.contract, shower); !shown) return out.failed(shown.error());
  }
  return Exit::ok;
}

Exit marche_decp(Output& out, const MarcheOptions& options) {
  auto items = given(options.given);
  if (!items) return out.failed(items.error());
  const auto& file = options.files.front();
  const auto source = open_local(file);
  if (!source) return out.failed(source.error());
  const auto header = pes::read_header(**source);
  if (!header) return out.failed(refused(header.error()));
  marche::DecpBuilder builder(header->id_coll, std::move(*items));
  if (const auto read_all = read(file, options.contract, builder); !read_all)
    return out.failed(read_all.error());
  const auto decp = builder.take();
  if (!decp.missing.empty()) {
    list_missing(out, decp.missing);
    return out.failed(refused(permanent_error(
        "decp.incomplete",
        "Le PES ne porte pas " + std::to_string(decp.missing.size()) +
            " donnée(s) exigée(s) par le format DECP 2.0.2 ; complétez-les avec --set donnée=valeur.",
        "The PES does not carry " + std::to_string(decp.missing.size()) +
            " item(s) that DECP 2.0.2 requires; complete them with --set item=value.")));
  }
  for (const auto& gap : decp.omitted)
    out.note(gap.contrat + " : " + gap.item + " laissé de côté, " + gap.why.fr + ".",
             gap.contrat + ": " + gap.item + " left out, " + gap.why.en + ".");
  out.bytes(decp.xml);
  return Exit::ok;
}

}  // namespace demat::ctl
