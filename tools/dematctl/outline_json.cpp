#include "tools/dematctl/outline_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "protocols/base/utf8.hpp"
#include "protocols/rules/values.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;
using pes::Part;
using pes::PartKind;

constexpr std::size_t held_bytes = 65'536;

void add_fields(json::object& out, const Part& part, std::size_t from) {
  for (std::size_t i = from; i < part.fields.size(); ++i) {
    const auto& field = part.fields[i];
    out[field.key] = utf8_replaced(field.value);
    if (field.fr.empty()) continue;
    out[std::string(field.key) + "_fr"] = field.fr;
    out[std::string(field.key) + "_en"] = field.en;
  }
}

void add_count(json::object& out, std::string_view key, std::size_t count) {
  if (count > 0) out[key] = count;
}

json::object sums_json(const pes::PartSums& sums) {
  json::object out;
  add_count(out, "bordereaux", sums.bordereaux);
  add_count(out, "pieces", sums.pieces);
  add_count(out, "lignes", sums.lignes);
  add_count(out, "pj", sums.pj);
  add_count(out, "factures", sums.factures);
  add_count(out, "marches", sums.marches);
  add_count(out, "autres", sums.others);
  add_count(out, "signatures", sums.signatures);
  if (sums.lignes > 0 && sums.readable) {
    out["ht"] = rules::decimal(sums.ht);
    out["tva"] = rules::decimal(sums.tva);
  }
  return out;
}

json::object inner_json(const Part& part) {
  json::object out{{"kind", pes::to_string(part.kind)}};
  add_fields(out, part, 0);
  return out;
}

void add_end(json::object& out, const Part& part) {
  if (!part.inner.empty()) {
    json::array inner;
    for (const auto& one : part.inner)
      inner.push_back(inner_json(one));
    out["inner"] = std::move(inner);
    add_count(out, "inner_left_out", part.inner_left_out);
  }
  const bool sums = part.kind == PartKind::document || part.kind == PartKind::domaine ||
                    part.kind == PartKind::bordereau || part.kind == PartKind::piece;
  if (sums) out["totaux"] = sums_json(part.sums);
  if (part.kind != PartKind::pj) return;
  out["references"] = part.references;
  add_count(out, "packed_size", part.content.packed);
  if (part.broken.code.empty())
    add_count(out, "size", part.content.content);
  else
    out["broken"] = json::object{{"code", part.broken.code}, {"fr", part.broken.fr}, {"en", part.broken.en}};
}

/// The members of an object, without its braces.
std::string members(const json::object& object) {
  const std::string text = json::serialize(object);
  return text.substr(1, text.size() - 2);
}

}  // namespace

void OutlineJson::hold(std::string_view text) {
  held_ += text;
  if (held_.size() < held_bytes) return;
  out_.bytes(held_);
  held_.clear();
}

void OutlineJson::open(const Part& part) {
  if (part.kind == PartKind::ligne && !lignes_) return;
  begun_ = true;
  if (!levels_.empty()) {
    hold(levels_.back().parts ? "," : ",\"parts\":[");
    levels_.back().parts = true;
  }
  json::object out{{"kind", pes::to_string(part.kind)}, {"element", utf8_replaced(part.element)}};
  out["line"] = part.line;
  add_fields(out, part, 0);
  hold("{" + members(out));
  levels_.push_back({part.fields.size(), false});
}

void OutlineJson::close(const Part& part) {
  if (part.kind == PartKind::ligne && !lignes_) return;
  if (levels_.back().parts) hold("]");
  json::object out;
  add_fields(out, part, levels_.back().fields);
  add_end(out, part);
  if (!out.empty()) hold("," + members(out));
  hold("}");
  levels_.pop_back();
}

void OutlineJson::finish(const Error* why) {
  if (!begun_) hold("null");
  for (; !levels_.empty(); levels_.pop_back()) {
    if (levels_.back().parts) hold("]");
    hold(",\"incomplete\":true");
    if (levels_.size() == 1 && why != nullptr)
      hold("," + members({{"error", {{"code", why->code}, {"fr", why->fr}, {"en", why->en}}}}));
    hold("}");
  }
  out_.bytes(held_);
  held_.clear();
}

}  // namespace demat::ctl
