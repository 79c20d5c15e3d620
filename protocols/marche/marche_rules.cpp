#include "protocols/marche/marche_rules.hpp"

#include "protocols/marche/judging.hpp"
#include "protocols/marche/reader.hpp"

namespace demat::marche {
namespace {

// PES_Aller / PES_PJ / PJ / IdUnique
constexpr std::size_t part_depth = 2;
constexpr std::size_t pj_depth = 3;
constexpr std::size_t pj_leaf_depth = 4;

/// Judges each contract when it has been read.
class Judge final : public ContratSink {
 public:
  explicit Judge(Verdicts& out) : out_(out) {}

  void marche(const Marche& contract) override {
    judge_identity(contract, out_);
    if (contract.dropped > 0) return;  // sums and lists are not whole
    judge_parties(contract, out_);
    judge_amounts(contract, out_);
    judge_conditions(contract, out_);
    judge_dates(contract, out_);
    judge_attachments(contract, out_);
  }

  void concession(const Concession& contract) override {
    judge_identity(contract, out_);
    if (contract.dropped > 0) return;
    judge_parties(contract, out_);
    judge_dates(contract, out_);
  }

 private:
  Verdicts& out_;
};

}  // namespace

struct MarcheRules::Impl {
  explicit Impl(Verdicts& verdicts) : out(verdicts), judge(verdicts), reader(judge) {}

  Verdicts& out;
  Judge judge;
  ContratReader reader;
  std::size_t depth = 0;
  bool in_header = false;
  bool in_pj_domain = false;
  std::string pj_id;
  std::string pj_type;

  Flux& flux() { return out.memory<Flux>(); }

  void keep_pj() {
    auto& kept = flux();
    if (kept.pj.size() < max_attachments)
      kept.pj.try_emplace(std::move(pj_id), std::move(pj_type));
    else
      kept.all_kept = false;
  }
};

MarcheRules::MarcheRules(Verdicts& out) : impl_(std::make_unique<Impl>(out)) {}
MarcheRules::~MarcheRules() = default;

void MarcheRules::start(const xml::StartElement& element, std::string_view path) {
  auto& me = *impl_;
  ++me.depth;
  me.reader.start(element, path);
  if (me.depth == part_depth) {
    me.in_header = element.name == "EnTetePES";
    me.in_pj_domain = element.name == "PES_PJ";
  }
  if (me.in_header && element.name == "CodBud") me.flux().cod_bud = trimmed(element.attribute("V"));
  if (me.in_header && element.name == "IdColl") me.flux().id_coll = trimmed(element.attribute("V"));
  if (!me.in_pj_domain) return;
  if (me.depth == pj_depth) me.pj_id.clear(), me.pj_type.clear();
  if (me.depth != pj_leaf_depth) return;
  if (element.name == "IdUnique") me.pj_id = trimmed(element.attribute("V"));
  if (element.name == "TypePJ") me.pj_type = trimmed(element.attribute("V"));
}

void MarcheRules::end(std::string_view name, std::string_view path) {
  auto& me = *impl_;
  me.reader.end(name, path);
  if (me.depth == pj_depth && me.in_pj_domain && name == "PJ" && !me.pj_id.empty()) me.keep_pj();
  if (me.depth == 1) judge_attachments_of(me.flux(), me.out);
  if (me.depth > 0) --me.depth;
}

std::span<const RuleInfo* const> marche_rules() {
  static const std::vector<const RuleInfo*> all = [] {
    std::vector<const RuleInfo*> out;
    for (const auto& some : {identity_rules(), party_rules(), bank_rules(), amount_rules(), condition_rules(),
                             date_rules(), attachment_rules()})
      out.insert(out.end(), some.begin(), some.end());
    return out;
  }();
  return all;
}

}  // namespace demat::marche
