#include "protocols/xsd/diff.hpp"

#include <algorithm>
#include <map>

#include "protocols/base/utf8.hpp"
#include "protocols/xsd/values.hpp"

namespace demat::xsd {
namespace {

using ByPath = std::map<std::string_view, const Node*>;

ByPath by_path(const Grammar& grammar) {
  ByPath out;
  for (const auto& node : grammar.nodes)
    out.emplace(node.path, &node);
  return out;
}

std::string cardinality(unsigned least, unsigned most) {
  return std::to_string(least) + ".." + (most == unbounded ? "n" : std::to_string(most));
}

/// Examples as a person reads them: short ones as they are, long ones by their length.
Words examples(const std::vector<std::string>& values) {
  constexpr std::size_t shown = 12;
  constexpr std::size_t longest = 24;
  Words out;
  for (std::size_t i = 0; i < std::min(values.size(), shown); ++i) {
    const auto& value = values[i];
    const auto size = utf8_characters(value);
    const std::string between = i == 0 ? "" : ", ";
    const auto count = std::to_string(size);
    out.fr += between + (size > longest ? count + " caractères" : "« " + value + " »");
    out.en += between + (size > longest ? count + " characters" : "\"" + value + "\"");
  }
  if (values.size() > shown) {
    const auto rest = std::to_string(values.size() - shown);
    out.fr += " et " + rest + " autres essayées";
    out.en += " and " + rest + " more of those tried";
  }
  return out;
}

class Comparison {
 public:
  Comparison(const Grammar& before, const Grammar& after)
      : before_(before), after_(after), then_(by_path(before)), now_(by_path(after)) {}

  std::vector<Change> run() {
    for (const auto& node : after_.nodes) {
      const auto known = then_.find(node.path);
      if (known == then_.end())
        added(node);
      else
        kept(*known->second, node);
    }
    for (const auto& node : before_.nodes)
      if (!now_.contains(node.path)) removed(node);
    return std::move(changes_);
  }

 private:
  void say(std::string code, const std::string& path, Effect effect, std::string fr, std::string en) {
    changes_.push_back({std::move(code), after_.root, path, effect, {std::move(fr), std::move(en)}});
  }

  /// How many elements a part that only one side has holds.
  static std::size_t below(const Grammar& grammar, const std::string& path) {
    return static_cast<std::size_t>(
        std::count_if(grammar.nodes.begin(), grammar.nodes.end(),
                      [&](const Node& n) { return n.path.starts_with(path + "/"); }));
  }
  static std::string inside_fr(std::size_t count) {
    return count == 0 ? "" : ", avec " + std::to_string(count) + " élément(s) à l'intérieur";
  }
  static std::string inside_en(std::size_t count) {
    return count == 0 ? "" : ", with " + std::to_string(count) + " element(s) inside";
  }

  void added(const Node& node) {
    if (!then_.contains(node.parent)) return;  // said with its parent
    const auto count = below(after_, node.path);
    const bool asked = node.least > 0;
    say("element.added", node.path, asked ? Effect::tightens : Effect::widens,
        std::string("élément ajouté, ") + (asked ? "obligatoire" : "facultatif") + inside_fr(count),
        std::string("element added, ") + (asked ? "mandatory" : "optional") + inside_en(count));
  }

  void removed(const Node& node) {
    if (!now_.contains(node.parent)) return;
    const auto count = below(before_, node.path);
    say("element.removed", node.path, Effect::tightens, "élément retiré" + inside_fr(count),
        "element removed" + inside_en(count));
  }

  void kept(const Node& was, const Node& is) {
    cardinality_changed(was, is);
    for (const auto& attribute : is.attributes)
      attribute_changed(was, is, attribute);
    for (const auto& attribute : was.attributes) {
      const bool still = std::any_of(is.attributes.begin(), is.attributes.end(),
                                     [&](const AttributeUse& a) { return a.name == attribute.name; });
      if (!still)
        say("attribute.removed", is.path + "/@" + attribute.name, Effect::tightens, "attribut retiré",
            "attribute removed");
    }
    if (was.text && is.text) value_changed(is.path, *was.text, *is.text);
    if (was.text.has_value() != is.text.has_value())
      say("text.changed", is.path, Effect::both,
          is.text ? "l'élément porte désormais un texte" : "l'élément ne porte plus de texte",
          is.text ? "the element holds text now" : "the element holds no text any more");
    if (was.any != is.any)
      say("any.changed", is.path, is.any ? Effect::widens : Effect::tightens,
          is.any ? "contenu libre admis" : "contenu libre refusé",
          is.any ? "free content admitted" : "free content refused");
    order_changed(is);
    alternatives_changed(is);
  }

  void cardinality_changed(const Node& was, const Node& is) {
    if (was.least == is.least && was.most == is.most) return;
    const bool wider = is.least <= was.least && is.most >= was.most;
    const bool narrower = is.least >= was.least && is.most <= was.most;
    const auto from = cardinality(was.least, was.most);
    const auto to = cardinality(is.least, is.most);
    say("cardinality.changed", is.path,
        wider      ? Effect::widens
        : narrower ? Effect::tightens
                   : Effect::both,
        "présence " + from + " → " + to, "occurrence " + from + " -> " + to);
  }

  void attribute_changed(const Node& was, const Node& is, const AttributeUse& attribute) {
    const auto path = is.path + "/@" + attribute.name;
    const auto known = std::find_if(was.attributes.begin(), was.attributes.end(),
                                    [&](const AttributeUse& a) { return a.name == attribute.name; });
    if (known == was.attributes.end())
      return say("attribute.added", path, attribute.required ? Effect::tightens : Effect::widens,
                 attribute.required ? "attribut ajouté, obligatoire" : "attribut ajouté, facultatif",
                 attribute.required ? "attribute added, mandatory" : "attribute added, optional");
    if (known->required != attribute.required)
      say("attribute.required", path, attribute.required ? Effect::tightens : Effect::widens,
          attribute.required ? "attribut désormais obligatoire" : "attribut désormais facultatif",
          attribute.required ? "attribute mandatory now" : "attribute optional now");
    value_changed(attribute.name == "V" ? is.path : path, known->type, attribute.type);
  }

  void value_changed(const std::string& path, const ValueType& was, const ValueType& is) {
    const auto& change = values_.compare(was, is);
    if (change.none()) return;
    if (change.unknown)
      return say("value.unknown", path, Effect::both, "valeurs définies autrement, sans comparaison possible",
                 "values defined otherwise, which cannot be compared");
    const auto effect = change.lost.empty()     ? Effect::widens
                        : change.gained.empty() ? Effect::tightens
                                                : Effect::both;
    Words what;
    if (!change.gained.empty()) {
      const auto list = examples(change.gained);
      what = {"valeurs admises en plus : " + list.fr, "values admitted now: " + list.en};
    }
    if (!change.lost.empty()) {
      const auto list = examples(change.lost);
      const std::string between = what.fr.empty() ? "" : " ; ";
      what.fr += between + "valeurs qui ne sont plus admises : " + list.fr;
      what.en += (what.en.empty() ? "" : "; ") + std::string("values not admitted any more: ") + list.en;
    }
    say("value.changed", path, effect, std::move(what.fr), std::move(what.en));
  }

  static std::vector<std::string_view> children(const Grammar& grammar, const std::string& path,
                                                const ByPath& other) {
    std::vector<std::string_view> out;
    for (const auto& node : grammar.nodes)
      if (node.parent == path && other.contains(node.path)) out.emplace_back(node.name);
    return out;
  }

  /// Elements that both sides have, in another order. Alternatives have none.
  void order_changed(const Node& is) {
    const auto was = children(before_, is.path, now_);
    const auto now = children(after_, is.path, then_);
    const auto first = std::mismatch(was.begin(), was.end(), now.begin(), now.end());
    if (first.first == was.end() || first.second == now.end()) return;
    const auto pair = std::minmax(*first.first, *first.second);
    if (exclusive(after_, is.path, pair.first, pair.second)) return;
    const std::string name(*first.second);
    say("order.changed", is.path, Effect::both, "ordre des éléments changé à partir de " + name,
        "order of the elements changed from " + name + " on");
  }

  static bool exclusive(const Grammar& grammar, const std::string& path, std::string_view a,
                        std::string_view b) {
    return grammar.exclusive.contains({path, {std::string(a), std::string(b)}}) ||
           grammar.exclusive.contains({path, {std::string(b), std::string(a)}});
  }

  void alternatives_changed(const Node& is) {
    const auto each = [&](const Grammar& from, const Grammar& other, const ByPath& known, Effect effect,
                          const char* fr, const char* en) {
      for (auto at = from.exclusive.lower_bound({is.path, {}});
           at != from.exclusive.end() && at->first == is.path; ++at) {
        const auto& [a, b] = at->second;
        const bool both = known.contains(is.path + "/" + a) && known.contains(is.path + "/" + b);
        if (both && !exclusive(other, is.path, a, b))
          say("choice.changed", is.path, effect, a + " et " + b + fr, a + " and " + b + en);
      }
    };
    each(after_, before_, then_, Effect::tightens, " s'excluent désormais", " exclude each other now");
    each(before_, after_, now_, Effect::widens, " ne s'excluent plus", " may stand together now");
  }

  const Grammar& before_;
  const Grammar& after_;
  ByPath then_;
  ByPath now_;
  ValueComparer values_;
  std::vector<Change> changes_;
};

}  // namespace

const char* to_string(Effect effect) {
  switch (effect) {
    case Effect::widens:
      return "widens";
    case Effect::tightens:
      return "tightens";
    case Effect::both:
      break;
  }
  return "both";
}

std::vector<Change> compare(const Grammar& before, const Grammar& after) {
  return Comparison(before, after).run();
}

}  // namespace demat::xsd
