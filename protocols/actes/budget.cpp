#include "protocols/actes/budget.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include "protocols/actes/canonical_text.hpp"
#include "protocols/base/digest.hpp"
#include "protocols/xml/canonical.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::actes {
namespace {

constexpr std::string_view seal_name = "Scellement";
constexpr std::string_view budget_root = "DocumentBudgetaire";
constexpr std::string_view single_account_root = "CompteFinancierUnique";

/// The seal of these documents is MD5 and SHA-1: a check of wholeness, no protection.
std::string md5_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_md5(), nullptr) != 1)
    throw std::runtime_error("MD5 is not available");
  return hex({digest.data(), length});
}

bool same_hex(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

std::optional<xml::Element> child(const xml::Element& parent, std::string_view name) {
  for (const auto& element : parent.children())
    if (element.name() == name) return element;
  return std::nullopt;
}

/// The value of the leaf at `path` below `from`: its attribute V.
std::string value_at(const xml::Element& from, std::initializer_list<std::string_view> path) {
  std::optional<xml::Element> at = from;
  for (const auto name : path) {
    at = child(*at, name);
    if (!at) return {};
  }
  return at->attribute("V");
}

bool is_budget(const xml::Element& root) {
  return (root.name() == budget_root && root.ns() == budget_ns) || root.name() == single_account_root;
}

Error not_budget() {
  return permanent_error("actes.budget.not_budget",
                         "Ce XML n'est pas un document budgétaire (racine attendue : DocumentBudgetaire).",
                         "This XML is no budget document (expected root: DocumentBudgetaire).");
}

Seal digests_of(std::string_view sealed) {
  return {md5_hex(sealed), sha1(sealed).str(), {}};
}

Result<std::string> canonical_of(const xml::Document& document) {
  return xml::canonical(document, document.root(), xml::C14n::inclusive_with_comments);
}

bool same(const Seal& a, const Seal& b) {
  return same_hex(a.md5, b.md5) && same_hex(a.sha1, b.sha1);
}

/// The form after re-serialisation is the rule; a file that nothing has touched since it was sealed holds the
/// sealed form itself, whatever the sealing program's ways with white space.
Result<bool> seal_matches(const xml::Document& document, const Seal& seal) {
  const auto text = canonical_of(document);
  if (!text) return failure(text.error());
  return same(seal, digests_of(indented_without(*text, seal_name))) ||
         same(seal, digests_of(without(*text, seal_name)));
}

std::optional<Seal> seal_in(const xml::Element& root) {
  const auto found = child(root, seal_name);
  if (!found) return std::nullopt;
  return Seal{found->attribute("md5"), found->attribute("sha1"), found->attribute("date")};
}

/// BlocBudget and the budget's own header; the first budget speaks for the document.
void read_first_budget(const xml::Element& budget, Budget& into) {
  into.nature = value_at(budget, {"BlocBudget", "NatDec"});
  into.year = value_at(budget, {"BlocBudget", "Exer"});
  into.function = value_at(budget, {"BlocBudget", "NatFonc"});
  into.nomenclature = value_at(budget, {"EnTeteBudget", "Nomenclature"});
  into.siret = value_at(budget, {"EnTeteBudget", "IdEtab"});
}

Result<Budget> budget_of(const xml::Document& document) {
  const auto root = document.root();
  if (!is_budget(root)) return failure(not_budget());
  Budget found;
  found.single_account = root.name() == single_account_root;
  found.schema_version = value_at(root, {"VersionSchema"});
  found.label = value_at(root, {"EnTeteDocBudgetaire", "LibelleColl"});
  for (const auto& element : root.children()) {
    if (element.name() != "Budget") continue;
    if (++found.budgets == 1) read_first_budget(element, found);
  }
  if (found.siret.empty()) found.siret = value_at(root, {"EnTeteDocBudgetaire", "IdColl"});
  found.seal = seal_in(root);
  if (!found.seal) return found;
  const auto matches = seal_matches(document, *found.seal);
  if (!matches) return failure(matches.error());
  found.seal_matches = *matches;
  return found;
}

Finding finding(std::string_view code, std::string_view name, std::string fr, std::string en) {
  return {std::string{code}, Severity::error, {0, std::string{name}}, std::move(fr), std::move(en)};
}

}  // namespace

Result<Budget> read_budget(std::string_view xml) {
  const auto document = xml::parse_borrowed(xml);
  if (!document) return failure(document.error());
  return budget_of(*document);
}

Result<Seal> budget_seal(std::string_view xml) {
  const auto document = xml::parse_borrowed(xml);
  if (!document) return failure(document.error());
  if (!is_budget(document->root())) return failure(not_budget());
  const auto text = canonical_of(*document);
  if (!text) return failure(text.error());
  return digests_of(indented_without(*text, seal_name));
}

Result<std::string> seal_budget(std::string_view xml, std::string_view date) {
  const auto document = xml::parse_borrowed(xml);
  if (!document) return failure(document.error());
  const auto root = document->root();
  if (!is_budget(root)) return failure(not_budget());
  std::string out{xml};
  if (const auto old = child(root, seal_name)) {
    const auto span = document->span(*old);
    if (!span) return failure(not_budget());
    out.erase(span->begin, span->end - span->begin);
  }
  // The seal is dropped with the text after it, so an empty one already gives the digests of the final one.
  const auto close = out.rfind("</");
  const auto prefix_end = out.find(root.name(), close);
  const auto prefix = out.substr(close + 2, prefix_end - close - 2);
  const auto with = [&](const Seal& seal) {
    auto sealed = out;
    sealed.insert(close, "<" + prefix + "Scellement md5=\"" + seal.md5 + "\" sha1=\"" + seal.sha1 +
                             "\" date=\"" + std::string{date} + "\"/>");
    return sealed;
  };
  const auto seal = budget_seal(with({}));
  if (!seal) return failure(seal.error());
  return with(*seal);
}

Report check_budget(std::string_view xml, std::string_view name, BudgetPlace place) {
  Report report;
  const auto document = xml::parse_borrowed(xml);
  if (!document) {
    auto malformed =
        finding("actes.budget.malformed", name,
                "Le document budgétaire « " + std::string{name} +
                    " » n'est pas un XML lisible : " + document.error().fr,
                "The budget document '" + std::string{name} + "' is no readable XML: " + document.error().en);
    malformed.place.line = document.error().place.line;
    report.add(std::move(malformed));
    return report;
  }
  if (place == BudgetPlace::annexe && !is_budget(document->root())) return report;
  const auto budget = budget_of(*document);
  if (!budget) {
    report.add(finding(budget.error().code, name, budget.error().fr, budget.error().en));
    return report;
  }
  if (!budget->single_account && (budget->budgets == 0 || !child(document->root(), "EnTeteDocBudgetaire")))
    report.add(
        finding("actes.budget.structure", name,
                "Le document budgétaire n'a pas d'en-tête (EnTeteDocBudgetaire) ou ne contient aucun budget.",
                "The budget document has no header (EnTeteDocBudgetaire) or holds no budget."));
  if (!budget->seal)
    report.add(finding(
        "actes.budget.not_sealed", name,
        "Le document budgétaire n'est pas scellé : scellez-le dans TotEM, ou dans votre logiciel, avant de "
        "l'envoyer.",
        "The budget document is not sealed: seal it in TotEM, or in your software, before sending it."));
  else if (!budget->seal_matches)
    report.add(finding("actes.budget.seal", name,
                       "Le document budgétaire a été modifié après son scellement : scellez-le de nouveau.",
                       "The budget document was changed after it was sealed: seal it again."));
  return report;
}

}  // namespace demat::actes
