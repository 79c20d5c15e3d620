#include "protocols/report/json.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <string_view>

namespace demat::report {
namespace {

namespace json = boost::json;

struct SubjectField {
  std::string_view name;
  std::string Subject::*member;
};
constexpr std::array<SubjectField, 8> subject_fields{{{"domaine", &Subject::domaine},
                                                      {"exercice", &Subject::exercice},
                                                      {"bordereau", &Subject::bordereau},
                                                      {"piece", &Subject::piece},
                                                      {"ligne", &Subject::ligne},
                                                      {"pj", &Subject::pj},
                                                      {"marche", &Subject::marche},
                                                      {"facture", &Subject::facture}}};

json::object words_json(const Words& words) {
  return {{"fr", words.fr}, {"en", words.en}};
}

json::object place_json(const Place& place) {
  json::object out;
  if (place.line != 0) out["line"] = place.line;
  if (!place.path.empty()) out["path"] = place.path;
  return out;
}

json::object subject_json(const Subject& subject) {
  json::object out;
  for (const auto& field : subject_fields)
    if (!(subject.*field.member).empty()) out[field.name] = subject.*field.member;
  return out;
}

std::string text_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

const json::object& object_at(const json::object& object, std::string_view name) {
  static const json::object none;
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : none;
}

Words words_at(const json::object& object, std::string_view name) {
  const auto& words = object_at(object, name);
  return {text_at(words, "fr"), text_at(words, "en")};
}

std::size_t whole_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_number()) return 0;
  boost::system::error_code error;
  const auto number = value->to_number<std::size_t>(error);
  return error ? 0 : number;
}

Severity severity_from(std::string_view word) {
  if (word == "info") return Severity::info;
  return word == "warning" ? Severity::warning : Severity::error;
}

}  // namespace

json::object to_json(const Finding& finding) {
  json::object out{{"code", finding.code},
                   {"severity", to_string(finding.severity)},
                   {"fr", finding.fr},
                   {"en", finding.en}};
  if (finding.place != Place{}) out["place"] = place_json(finding.place);
  if (finding.subject != Subject{}) out["subject"] = subject_json(finding.subject);
  if (!finding.value.empty()) out["value"] = finding.value;
  if (finding.expected != Words{}) out["expected"] = words_json(finding.expected);
  if (finding.remedy != Words{}) out["remedy"] = words_json(finding.remedy);
  return out;
}

json::object to_json(const Report& report) {
  const auto number = counts(report);
  json::array findings;
  for (const auto& finding : in_order(report).findings)
    findings.push_back(to_json(finding));
  return {{"accepted", !report.refused()},
          {"verdict", words_json(verdict(number))},
          {"counts",
           json::object{{"errors", number.errors}, {"warnings", number.warnings}, {"infos", number.infos}}},
          {"findings", std::move(findings)}};
}

Finding finding_from(const json::object& object) {
  Finding out;
  out.code = text_at(object, "code");
  out.severity = severity_from(text_at(object, "severity"));
  out.fr = text_at(object, "fr");
  out.en = text_at(object, "en");
  const auto& place = object_at(object, "place");
  out.place = {whole_at(place, "line"), text_at(place, "path")};
  const auto& subject = object_at(object, "subject");
  for (const auto& field : subject_fields)
    out.subject.*field.member = text_at(subject, field.name);
  out.value = text_at(object, "value");
  out.expected = words_at(object, "expected");
  out.remedy = words_at(object, "remedy");
  return out;
}

Report report_from(const json::object& object, std::string_view member) {
  Report out;
  const auto* list = object.if_contains(member);
  if (list == nullptr || !list->is_array()) return out;
  for (const auto& one : list->get_array())
    if (one.is_object()) out.add(finding_from(one.get_object()));
  return out;
}

}  // namespace demat::report
