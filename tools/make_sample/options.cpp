#include "tools/make_sample/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace make_sample {
namespace {

constexpr std::array<std::string_view, 19> valued{
    "nomfic",     "id-coll", "cod-col", "id-post",         "cod-bud",     "date", "encoding",
    "bordereaux", "pieces",  "lignes",  "first-bordereau", "first-piece", "seed", "size",
    "pj",         "pj-size", "for",     "verdict",         "version"};
constexpr std::array<std::string_view, 9> more_valued{
    "output", "exercice", "domain", "libelle", "type", "contrat", "modification", "sequence", "retour"};
constexpr std::array<std::string_view, 4> flags{"dematerialise", "ids", "root-id", "corrective"};

template <class Names>
bool among(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const std::string_view usage = R"(make_sample: writes sample PES V2 files with invented values.

  make_sample depense [flow options]         bordereaux of expense
  make_sample recette [flow options] [--pj N] [--pj-size BYTES]
                                             bordereaux of revenue, with N attachments
  make_sample pj --size BYTES [--pj-size BYTES]
                                             attachments only
  make_sample acquit --for FLOW [--verdict positive|mixed|negative|box1|non-acquit] [--version 1|2]
  make_sample retour --for FLOW [--domain depense|recette]
  make_sample facture [--pieces N] [--lignes N] [--type 09|10]
                                             avis des sommes à payer alone
  make_sample asap [--pieces N] [--lignes N]  titres, each with its avis as an attachment
  make_sample marche|concession [--contrat ID] [--modification N] [--sequence N] [--corrective]
                                             one sending of a contract
  make_sample acquit-retour --retour NOMFIC [--domain depense|recette]
  make_sample asap-retour --for FLOW          what became of the avis of an asap flow
  make_sample client-retour --for FLOW [--pieces N]
                                             what N clients still owe

Flow options: --bordereaux N --pieces N --lignes N (or --size BYTES: about so long)
  --first-bordereau N --first-piece N --exercice YEAR --seed N
  --dematerialise (InfoDematerialisee = 1)  --ids (Id on bordereaux)  --root-id (Id on the root)
Header: --nomfic --id-coll --cod-col --id-post --cod-bud --date --libelle --encoding ISO-8859-1|UTF-8
Output: -o FILE (standard output otherwise)
)";

Options::Options(std::span<char*> arguments) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--help" || argument == "-h") throw UsageError("how to use it:");
    if (!argument.starts_with('-')) {
      if (!command_.empty()) throw UsageError("one command only: " + std::string(argument));
      command_ = argument;
      continue;
    }
    const std::string_view name =
        argument == "-o" ? "output" : argument.substr(std::min<std::size_t>(argument.size(), 2));
    if (among(flags, name)) {
      values_[std::string(name)] = "1";
    } else if (among(valued, name) || among(more_valued, name)) {
      if (++i == arguments.size()) throw UsageError("a value is missing after " + std::string(argument));
      values_[std::string(name)] = arguments[i];
    } else {
      throw UsageError("unknown option " + std::string(argument));
    }
  }
  if (command_.empty()) throw UsageError("no command");
}

std::string Options::text(const std::string& name, std::string_view otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string(otherwise) : found->second;
}

std::uint64_t Options::number(const std::string& name, std::uint64_t otherwise) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return otherwise;
  const auto& text = found->second;
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end)
    throw UsageError("--" + name + " wants a whole number, not " + text);
  return value;
}

}  // namespace make_sample
