#include <algorithm>
#include <array>

#include "protocols/xml/schema_pack.hpp"
#include "protocols/xsd/diff.hpp"
#include "tools/dematctl/commands.hpp"

namespace demat::ctl {
namespace {

namespace fs = std::filesystem;

/// A pack by its folder, or by "pes/5.30" below the folder of packs.
Result<xml::PackInfo> find_pack(const std::string& named, const fs::path& folder) {
  std::error_code error;
  if (fs::exists(fs::path(named) / "pack.toml", error) || folder.empty()) return xml::read_pack_info(named);
  return xml::read_pack_info(folder / named);
}

std::string title(const xml::PackEntry& entry) {
  return entry.root + " (" + entry.ns + ")";
}

const xml::PackEntry* same_entry(const xml::PackInfo& pack, const xml::PackEntry& wanted) {
  const auto found = std::find_if(pack.entries.begin(), pack.entries.end(), [&](const xml::PackEntry& entry) {
    return entry.root == wanted.root && entry.ns == wanted.ns;
  });
  return found == pack.entries.end() ? nullptr : &*found;
}

std::string_view effect_fr(xsd::Effect effect) {
  switch (effect) {
    case xsd::Effect::widens:
      return "élargit  ";
    case xsd::Effect::tightens:
      return "RESTREINT";
    case xsd::Effect::both:
      break;
  }
  return "CHANGE   ";
}

class Differences {
 public:
  explicit Differences(Output& out) : out_(out) {}

  void add(const xml::PackEntry& entry, const xsd::Change& change) {
    ++counts_[static_cast<std::size_t>(change.effect)];
    out_.object({{"root", entry.root},
                 {"namespace", entry.ns},
                 {"path", change.path},
                 {"change", change.code},
                 {"effect", xsd::to_string(change.effect)},
                 {"fr", change.what.fr},
                 {"en", change.what.en}});
    lines_.push_back(std::string(effect_fr(change.effect)) + "  " + change.path);
    lines_.push_back("           " + change.what.fr);
  }

  void entry_only(const xml::PackEntry& entry, bool now) {
    add(entry, {now ? "entry.added" : "entry.removed",
                entry.root,
                entry.root,
                now ? xsd::Effect::widens : xsd::Effect::tightens,
                {now ? "genre de document ajouté" : "genre de document retiré",
                 now ? "kind of document added" : "kind of document removed"}});
  }

  void close_entry(const xml::PackEntry& entry) {
    out_.line(title(entry) + (lines_.empty() ? " : aucune différence" : ""));
    for (const auto& line : lines_)
      out_.line(printable(line));
    out_.line("");
    lines_.clear();
  }

  void say_total() {
    const auto [widens, tightens, both] = counts_;
    out_.say(std::to_string(widens) + " changement(s) élargissent, " + std::to_string(tightens) +
                 " restreignent, " + std::to_string(both) + " font les deux.",
             std::to_string(widens) + " change(s) widen, " + std::to_string(tightens) + " tighten, " +
                 std::to_string(both) + " do both.");
  }

 private:
  Output& out_;
  std::vector<std::string> lines_;
  std::array<std::size_t, 3> counts_{};
};

}  // namespace

Exit schemas_diff(Output& out, const std::string& before, const std::string& after, const fs::path& folder) {
  const auto was = find_pack(before, folder);
  if (!was) return out.failed({Exit::not_found, was.error(), {}});
  const auto is = find_pack(after, folder);
  if (!is) return out.failed({Exit::not_found, is.error(), {}});
  Differences differences(out);
  for (const auto& entry : is->entries) {
    const auto* known = same_entry(*was, entry);
    if (known == nullptr) {
      differences.entry_only(entry, true);
    } else {
      const auto then = xsd::read_grammar(was->folder, *known);
      if (!then) return out.failed({Exit::refused, then.error(), {}});
      const auto now = xsd::read_grammar(is->folder, entry);
      if (!now) return out.failed({Exit::refused, now.error(), {}});
      for (const auto& change : xsd::compare(*then, *now))
        differences.add(entry, change);
    }
    differences.close_entry(entry);
  }
  for (const auto& entry : was->entries) {
    if (same_entry(*is, entry) != nullptr) continue;
    differences.entry_only(entry, false);
    differences.close_entry(entry);
  }
  differences.say_total();
  return Exit::ok;
}

}  // namespace demat::ctl
