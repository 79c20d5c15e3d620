#include "gateway/api/report_reply.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "gateway/http/header_value.hpp"
#include "protocols/pes/acquit.hpp"
#include "protocols/pes/anomaly.hpp"
#include "protocols/report/html.hpp"
#include "protocols/report/text.hpp"

namespace demat::api {
namespace {

/// The items of a list header: "text/html;q=0.8".
std::vector<std::string_view> items_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    if (const auto item = http::trimmed(text.substr(0, comma)); !item.empty()) out.push_back(item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return out;
}

/// "0.8" in thousandths; what is no number counts as nothing wanted.
int quality_of(const std::string& text) {
  if (text.empty()) return 1'000;
  double value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end || value < 0 || value > 1) return 0;
  return static_cast<int>(value * 1'000);
}

std::optional<ReportForm> form_of(std::string_view media_type) {
  if (media_type == "text/html") return ReportForm::html;
  if (media_type == "text/plain" || media_type == "text/*") return ReportForm::text;
  if (media_type == "application/json" || media_type == "application/*" || media_type == "*/*")
    return ReportForm::json;
  return std::nullopt;
}

report::Language language_of(const http::Request& request) {
  const auto all = items_of(request.header("accept-language"));
  if (all.empty()) return report::Language::both;
  const auto first = http::lower_case(all.front());
  if (first.starts_with("fr")) return report::Language::french;
  return first.starts_with("en") ? report::Language::english : report::Language::both;
}

/// DomaineAck in the words of findings (schemas 4.1); others keep what they are called.
std::string domaine_word(const std::string& domaine) {
  static constexpr std::array<std::array<std::string_view, 2>, 5> words{
      {{"4", "pj"}, {"5", "depense"}, {"6", "recette"}, {"11", "marche"}, {"12", "facture"}}};
  for (const auto& [value, word] : words)
    if (domaine == value) return std::string(word);
  return std::string(pes::domaine_ack_label(domaine));
}

}  // namespace

ReportForm wanted_form(const http::Request& request) {
  ReportForm best = ReportForm::json;
  int quality = 0;
  for (const auto item : items_of(request.header("accept"))) {
    const auto parsed = http::parse_header_value(item);
    if (!parsed) continue;
    const auto form = form_of(parsed->value);
    const auto wish = quality_of(parsed->parameter("q"));
    if (!form || wish <= quality) continue;
    best = *form;
    quality = wish;
  }
  return best;
}

Report answer_of(const std::vector<flow::AcquitAnomaly>& anomalies) {
  Report out;
  for (const auto& anomaly : anomalies) {
    const auto told = pes::explain(anomaly.num_ano_ack, pes::business_code_of(anomaly.libelle_ano_ack));
    Finding finding{"helios." + anomaly.num_ano_ack, Severity::error, {}, told.meaning.fr, told.meaning.en};
    if (finding.fr.empty()) finding.fr = finding.en = anomaly.libelle_ano_ack;
    finding.subject = {.domaine = domaine_word(anomaly.domaine),
                       .exercice = anomaly.exercice,
                       .bordereau = anomaly.bordereau,
                       .piece = anomaly.piece,
                       .ligne = anomaly.ligne,
                       .pj = anomaly.id_unique};
    finding.value = anomaly.libelle_ano_ack;
    finding.remedy = told.remedy;
    out.add(std::move(finding));
  }
  return out;
}

http::Response report_reply(ReportForm form, const report::Sheet& sheet, const http::Request& request) {
  http::Response out;
  out.status = 200;
  out.with("Vary", "Accept, Accept-Language");
  if (form == ReportForm::html) {
    out.with("Content-Type", "text/html; charset=utf-8");
    out.with("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    out.body = report::to_html(sheet);
    return out;
  }
  out.with("Content-Type", "text/plain; charset=utf-8");
  out.body = report::to_text(sheet, {.language = language_of(request)});
  return out;
}

}  // namespace demat::api
