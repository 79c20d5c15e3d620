#include "gateway/api/acte_render.hpp"

#include <boost/json/array.hpp>

#include "gateway/api/render.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;

void put(json::object& out, std::string_view key, const std::string& value) {
  if (!value.empty()) out[key] = value;
}

json::array words(const std::vector<std::string>& values) {
  json::array out;
  for (const auto& value : values)
    out.emplace_back(value);
  return out;
}

json::array matieres_json(const std::vector<actes::Matiere>& matieres) {
  json::array out;
  for (const auto& matiere : matieres) {
    json::object one{{"code", matiere.code}, {"label", matiere.label}};
    if (!matiere.children.empty()) one["children"] = matieres_json(matiere.children);
    out.emplace_back(std::move(one));
  }
  return out;
}

}  // namespace

json::object to_json(const flow::Acte& acte) {
  json::object out{{"message", acte.message}, {"place", acte.place}};
  put(out, "number", acte.number);
  put(out, "nature", acte.nature);
  put(out, "date", acte.decision_date);
  put(out, "matieres", acte.matieres);
  put(out, "object", acte.objet);
  out["paper"] = acte.papier;
  put(out, "classification_date", acte.classification_date);
  put(out, "id_acte", acte.id_acte);
  out["id_confirmed"] = acte.id_confirmed;
  out["verdict"] = flow::to_string(acte.verdict);
  put(out, "received_on", acte.received_on);
  put(out, "annulled_on", acte.annulled_on);
  if (acte.message == "1-1") put(out, "control_ends_on", actes_road::end_of_control(acte.received_on));
  put(out, "about", acte.about.str());
  put(out, "letter", acte.letter.str());
  put(out, "envelope", acte.envelope);
  return out;
}

json::object to_json(const store::ActeOnFlow& item, const std::vector<actes_road::Deadline>& deadlines) {
  auto acte = to_json(item.acte);
  json::array times;
  for (const auto& one : deadlines)
    times.emplace_back(json::object{{"kind", one.kind}, {"due", one.due}, {"passed", one.passed}});
  if (!times.empty()) acte["deadlines"] = std::move(times);
  put(acte, "overdue", std::string(actes_road::late_for(deadlines)));
  auto out = to_json(item.flow);
  out["acte"] = std::move(acte);
  return out;
}

json::object to_json(const flow::Letter& letter, const std::optional<Instant>& answer_due, Instant now) {
  json::object out{{"id", letter.id.str()},
                   {"authority", letter.authority.str()},
                   {"flow", letter.acte.str()},
                   {"message", letter.message},
                   {"id_acte", letter.id_acte},
                   {"state", flow::to_string(letter.state)},
                   {"received_at", to_iso8601(letter.received_at)}};
  put(out, "date", letter.date);
  put(out, "text", letter.text);
  put(out, "mail", letter.mail.str());
  json::array documents;
  for (const auto number : letter.documents)
    documents.emplace_back(number);
  out["documents"] = std::move(documents);
  put(out, "acknowledged_by", letter.acknowledged_by.str());
  put(out, "answered_by", letter.answered_by.str());
  if (answer_due) {
    out["answer_due"] = to_iso8601(*answer_due);
    out["overdue"] = *answer_due < now;
  }
  return out;
}

json::object to_json(const flow::ActesSettings& s) {
  json::object out{{"authority", s.authority.str()},       {"departement", s.departement},
                   {"arrondissement", s.arrondissement},   {"nature", s.nature},
                   {"convention_date", s.convention_date}, {"natures", words(s.natures)},
                   {"matieres", words(s.matieres)},        {"paper", s.paper}};
  put(out, "paper_reason", s.paper_reason);
  put(out, "contact_name", s.contact_name);
  put(out, "contact_phone", s.contact_phone);
  put(out, "contact_email", s.contact_email);
  out["addresses"] = words(s.addresses);
  out["notify"] = words(s.notify);
  out["image_document"] = s.image_document;
  out["pdf_budget"] = s.pdf_budget;
  out["classification_days"] = s.classification_days;
  out["stamp_across"] = s.stamp_across;
  out["stamp_down"] = s.stamp_down;
  return out;
}

json::object to_json(const actes_road::ClassificationPlan& plan, std::uint32_t every_days) {
  json::object out{{"every_days", every_days}};
  const auto moment = [&out](std::string_view name, const std::optional<Instant>& at) {
    if (at) out[name] = to_iso8601(*at);
  };
  moment("received_at", plan.received_at);
  moment("asked_at", plan.asked_at);
  put(out, "under_way", plan.under_way.str());
  moment("next_at", plan.next_at);
  return out;
}

json::object to_json(const actes::Classification& c) {
  json::array natures;
  for (const auto& nature : c.natures) {
    json::array types;
    for (const auto& type : c.types(nature.code))
      types.emplace_back(json::object{{"code", type.code}, {"label", type.label}});
    natures.emplace_back(json::object{{"code", nature.code},
                                      {"label", nature.label},
                                      {"abbreviation", nature.abbreviation},
                                      {"default_type", c.default_type(nature.code)},
                                      {"types", std::move(types)}});
  }
  json::object out;
  put(out, "date", c.date);
  out["natures"] = std::move(natures);
  out["matieres"] = matieres_json(c.matieres);
  return out;
}

}  // namespace demat::api
