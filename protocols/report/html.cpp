#include "protocols/report/html.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "protocols/report/titles.hpp"

namespace demat::report {
namespace {

constexpr std::string_view style = R"css(
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.25rem;border-bottom:2px solid #666;margin-top:2rem}h3{font-size:1.05rem;margin-bottom:.25rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.5rem 0}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
.verdict{font-size:1.15rem;font-weight:700;border:2px solid;padding:.5rem 1rem}
.finding{border-left:.4rem solid;padding:.25rem 1rem;margin:.75rem 0;list-style:none}
.findings{padding:0}.tag{font-weight:700}.error{border-color:#b00020}.warning{border-color:#8a5a00}.info{border-color:#005a9c}.good{border-color:#1b6e1b}
.error .tag{color:#b00020}.warning .tag{color:#8a5a00}.info .tag{color:#005a9c}
code{overflow-wrap:anywhere;font-size:.9em}p{margin:.25rem 0}
@media (prefers-color-scheme:dark){body{color:#eee;background:#181818}.error .tag{color:#ff8a8a}.warning .tag{color:#ffc861}.info .tag{color:#8cc8ff}}
@media print{details{display:none}.finding{break-inside:avoid}}
)css";

class Page {
 public:
  std::string write(const Sheet& sheet) && {
    const auto number = counts(sheet.report);
    const auto words = verdict(sheet);
    const auto report = in_order(sheet.report);
    const auto title = escaped(sheet.title.fr);
    out_ = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'\">\n"
        "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<header>\n<h1>{}</h1>\n",
        title, style, title);
    facts(sheet.facts);
    out_ += fmt::format("<p class=\"verdict {}\">{}<br><span lang=\"en\">{}</span></p>\n",
                        number.errors > 0 ? "error" : "good", escaped(words.fr), escaped(words.en));
    if (const auto anomalies = sheet.answer.findings.size(); anomalies > 0)
      out_ += fmt::format("<p class=\"verdict error\"><a href=\"#helios\">Hélios : {} anomalie{}</a></p>\n",
                          anomalies, anomalies > 1 ? "s" : "");
    if (!sheet.note.fr.empty())
      out_ += fmt::format("<p>{} <span lang=\"en\">({})</span></p>\n", escaped(sheet.note.fr),
                          escaped(sheet.note.en));
    out_ += "</header>\n";
    contents(report);
    out_ += "<main>\n";
    findings(report, true);
    if (!sheet.answer.findings.empty()) {
      out_ += "<h2 id=\"helios\">Réponse d'Hélios <span lang=\"en\">(answer of Hélios)</span></h2>\n";
      findings(in_order(sheet.answer), false);
    }
    out_ += "</main>\n</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  void facts(const std::vector<Fact>& facts) {
    std::string rows;
    for (const auto& fact : facts)
      if (!fact.value.empty())
        rows += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escaped(fact.name.fr), escaped(fact.value));
    if (!rows.empty()) out_ += "<dl>\n" + rows + "</dl>\n";
  }

  /// Where each section begins; only where there are several.
  void contents(const Report& report) {
    std::string items;
    std::string section;
    std::size_t number = 0;
    for (const auto& finding : report.findings) {
      const auto here = section_title(finding.subject).fr;
      if (here == section) continue;
      section = here;
      items += fmt::format("<li><a href=\"#s{}\">{}</a></li>\n", ++number, escaped(here));
    }
    if (number > 1) out_ += "<nav aria-label=\"Sommaire\">\n<ul>\n" + items + "</ul>\n</nav>\n";
  }

  void findings(const Report& report, bool with_ids) {
    std::string section;
    std::string part;
    std::size_t number = 0;
    for (const auto& finding : report.findings) {
      const auto here = section_title(finding.subject).fr;
      const auto inside = part_title(finding.subject).fr;
      const bool first = section.empty();
      if (here != section || inside != part) {
        if (!first) out_ += "</ul>\n";
        if (here != section)
          heading(here, with_ids ? fmt::format(" id=\"s{}\"", ++number) : std::string(), with_ids);
        if (!inside.empty()) out_ += fmt::format("<h{0}>{1}</h{0}>\n", with_ids ? 3 : 4, escaped(inside));
        out_ += "<ul class=\"findings\">\n";
      }
      section = here;
      part = inside;
      one(finding);
    }
    if (!section.empty()) out_ += "</ul>\n";
  }

  void heading(const std::string& title, const std::string& id, bool own_section) {
    out_ += fmt::format("<h{0}{1}>{2}</h{0}>\n", own_section ? 2 : 3, id, escaped(title));
  }

  void one(const Finding& finding) {
    const auto word = severity_word(finding.severity);
    out_ += fmt::format("<li class=\"finding {}\">\n<p><span class=\"tag\">{}</span> <code>{}</code>",
                        to_string(finding.severity), escaped(word.fr), escaped(finding.code));
    if (finding.place.line != 0) out_ += fmt::format(", ligne {}", finding.place.line);
    out_ += fmt::format("</p>\n<p>{}</p>\n", escaped(finding.fr));
    std::string rows = row("Trouvé", finding.value) + row("Attendu", finding.expected.fr) +
                       row("À faire", finding.remedy.fr);
    if (!finding.place.path.empty())
      rows += fmt::format("<dt>Où</dt><dd><code>{}</code></dd>\n", escaped(finding.place.path));
    if (!rows.empty()) out_ += "<dl>\n" + rows + "</dl>\n";
    if (!finding.en.empty()) {
      out_ +=
          fmt::format("<details lang=\"en\"><summary>English</summary>\n<p>{}</p>\n", escaped(finding.en));
      const auto english = row("Expected", finding.expected.en) + row("To do", finding.remedy.en);
      if (!english.empty()) out_ += "<dl>\n" + english + "</dl>\n";
      out_ += "</details>\n";
    }
    out_ += "</li>\n";
  }

  static std::string row(std::string_view name, const std::string& value) {
    if (value.empty()) return {};
    return fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, escaped(value));
  }

  std::string out_;
};

}  // namespace

std::string to_html(const Sheet& sheet) {
  return Page().write(sheet);
}

}  // namespace demat::report
