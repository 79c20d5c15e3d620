#include "gateway/pipeline/history_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "gateway/base/paris.hpp"
#include "gateway/pipeline/marche_order.hpp"
#include "gateway/pipeline/return_acquits.hpp"
#include "gateway/store/history.hpp"
#include "gateway/store/returns.hpp"
#include "protocols/preflight/preflight.hpp"
#include "protocols/rules/verdicts.hpp"

namespace demat::pipeline {
namespace {

using flow::NumberKind;

const rules::RuleInfo& rule(std::string_view code) {
  const auto* found = preflight::find_rule(code);
  if (found == nullptr) throw std::logic_error("a rule that is not in the table");
  return *found;
}

/// The earlier flow, in words; its id is what people look it up by.
Words earlier(const FlowId& id, const NomFic& name, flow::State state, Instant at) {
  const std::chrono::year_month_day date{std::chrono::sys_days(paris_day(at).time_since_epoch())};
  const auto day = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                               static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return {fmt::format("flux {} (« {} », déposé le {}, {})", id.str(), name.str(), day, to_string(state)),
          fmt::format("flow {} (\"{}\", posted on {}, {})", id.str(), name.str(), day, to_string(state))};
}

std::string_view code_of(NumberKind kind) {
  switch (kind) {
    case NumberKind::pj:
      return "pes.p11.history";
    case NumberKind::bordereau:
      return "pes.p24.history";
    case NumberKind::signed_:
      return "pes.signature.history";
    case NumberKind::retour:
      return second_acquit;
    case NumberKind::marche:
      break;
  }
  return "pes.marche.sequence_sent";
}

Subject subject_of(const flow::Number& number) {
  Subject out;
  if (number.kind == NumberKind::pj) {
    out.domaine = "pj";
    out.pj = number.key;
  } else if (number.kind == NumberKind::bordereau) {
    auto bordereau = flow::bordereau_of(number.key);
    out.domaine = std::move(bordereau.domaine);
    out.exercice = std::move(bordereau.exercice);
    out.bordereau = std::move(bordereau.numero);
  } else if (number.kind == NumberKind::marche) {
    out.domaine = "marche";
    out.marche = flow::marche_of(number.key).contrat;
  } else if (number.kind == NumberKind::retour) {
    out.domaine = flow::retour_domaine_of(number.key);
  }
  return out;
}

std::string contract(std::string_view contrat, unsigned sequence) {
  return fmt::format("{}-{:03}", contrat, sequence);
}

std::string value_of(const flow::Number& number) {
  if (number.kind == NumberKind::bordereau) return flow::bordereau_of(number.key).numero;
  if (number.kind != NumberKind::marche) return number.key;
  const auto marche = flow::marche_of(number.key);
  return contract(marche.contrat, marche.sequence);
}

/// One look at one flow.
class LookUp {
 public:
  LookUp(store::Store& store, const flow::Flow& flow, flow::Numbers numbers)
      : store_(store), flow_(flow), verdicts_({}) {
    out_.recorded.numbers = std::move(numbers);
  }

  Result<HistoryVerdict> run() {
    if (auto status = returns(); !status) return failure(status.error());
    if (auto status = names(); !status) return failure(status.error());
    if (auto status = taken(); !status) return failure(status.error());
    if (auto status = predecessors(); !status) return failure(status.error());
    const auto& numbers = out_.recorded.numbers;
    if (numbers.left_out > 0)
      verdicts_.add(rule("pes.history.partial"), {{}, {}, std::to_string(numbers.left_out), {}});
    out_.report = verdicts_.take();
    // What should be there is nothing that a report could show: the text names the earlier flow.
    for (auto& finding : out_.report.findings)
      finding.expected = {};
    return std::move(out_);
  }

 private:
  Status names() {
    const auto same = store_.history().same_name(flow_);
    if (!same) return failure(same.error());
    for (const auto& one : *same)
      verdicts_.add(rule("pes.nom_fic.live"),
                    {{}, {}, flow_.nom_fic.str(), earlier(one.id, one.nom_fic, one.state, one.created_at)});
    return {};
  }

  /// Which returns an acquit speaks of. Of one that never came through here nothing is known.
  Status returns() {
    auto& numbers = out_.recorded.numbers;
    std::map<std::string, std::optional<Sha256>, std::less<>> asked;  // by name: thousands may say the same
    for (const auto& one : numbers.returns) {
      const auto [known, fresh] = asked.try_emplace(one.nom_fic);
      if (fresh) {
        const auto named = store_.returns().named(flow_.authority, one.nom_fic, flow_.created_at);
        if (!named) return failure(named.error());
        if (!named->empty()) known->second = meant(*named).sha256;
      }
      if (!known->second) continue;
      auto key = flow::retour_key(one.domaine, *known->second);
      if (names_.emplace(key, one.nom_fic).second)
        numbers.numbers.push_back({NumberKind::retour, std::move(key), one.place});
    }
    return {};
  }

  /// The latest of that name, unless our own acquit says whose it is.
  [[nodiscard]] const flow::Return& meant(const std::vector<flow::Return>& named) const {
    const auto ours = std::find_if(named.begin(), named.end(), [&](const flow::Return& item) {
      return flow_.nom_fic.str() == acquit_name(item.sha256, flow_.cod_col, flow_.cod_bud);
    });
    return ours == named.end() ? named.front() : *ours;
  }

  [[nodiscard]] std::string value_of(const flow::Number& number) const {
    const auto name = names_.find(number.key);
    return number.kind == NumberKind::retour && name != names_.end() ? name->second
                                                                     : pipeline::value_of(number);
  }

  Status taken() {
    const auto& numbers = out_.recorded.numbers.numbers;
    if (numbers.empty()) return {};
    auto taken = store_.history().taken(flow_, out_.recorded.numbers);
    if (!taken) return failure(taken.error());
    for (const auto& one : *taken) {
      const auto& number = numbers[one.index];
      auto subject = subject_of(number);
      verdicts_.add(rule(code_of(number.kind)), {number.place, std::move(subject), value_of(number),
                                                 earlier(one.flow, one.nom_fic, one.state, one.created_at)});
    }
    out_.recorded.known = std::move(*taken);
    return {};
  }

  Status predecessors() {
    const auto& numbers = out_.recorded.numbers;
    if (numbers.marches.empty()) return {};
    const auto order =
        order_of(store_, flow_, [&] { return store_.marches().standing(flow_, numbers.marches); });
    if (!order) return failure(order.error());
    for (const auto& one : order->unknown) {
      const auto key = flow::marche_key(one.contrat, one.sequence);
      const auto number = std::find_if(numbers.numbers.begin(), numbers.numbers.end(),
                                       [&](const flow::Number& n) { return n.key == key; });
      Subject subject;
      subject.domaine = "marche";
      subject.marche = one.contrat;
      verdicts_.add(rule("pes.marche.predecessor_unknown"),
                    {number == numbers.numbers.end() ? Place{} : number->place,
                     std::move(subject),
                     contract(one.contrat, one.sequence),
                     {}});
    }
    return {};
  }

  store::Store& store_;
  const flow::Flow& flow_;
  std::map<std::string, std::string> names_;  ///< of returns, by key
  rules::Verdicts verdicts_;
  HistoryVerdict out_;
};

}  // namespace

Result<HistoryVerdict> look_up(store::Store& store, const flow::Flow& flow, flow::Numbers numbers) {
  return LookUp(store, flow, std::move(numbers)).run();
}

}  // namespace demat::pipeline
