#include <fstream>

#include "protocols/report/html.hpp"
#include "protocols/report/json.hpp"
#include "protocols/report/text.hpp"
#include "tools/dematctl/commands_check.hpp"
#include "tools/dematctl/json_fields.hpp"
#include "tools/dematctl/safe_folder.hpp"

namespace demat::ctl {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

Failure cannot_write(const fs::path& file) {
  const std::string name = file.string();
  return {Exit::usage,
          permanent_error("ctl.file", name + " : ne peut être écrit", name + ": cannot be written"),
          {}};
}

/// Where the pages of files go: several need a folder, and a name each, also where files of several folders
/// have the same.
class Pages {
 public:
  explicit Pages(const CheckOptions& options)
      : wanted_(options.report.html), several_(options.files.size() > 1) {}
  /// Empty: no page is wanted.
  [[nodiscard]] fs::path of(const fs::path& file) {
    std::error_code error;
    if (wanted_.empty() || (!several_ && !fs::is_directory(wanted_, error))) return wanted_;
    return wanted_ / names_.next(file.filename().string() + ".html");
  }

 private:
  fs::path wanted_;
  bool several_;
  GivenNames names_;
};

Answer<void> write_page(const fs::path& to, const report::Sheet& sheet) {
  std::error_code error;  // told by the file that then cannot be written
  if (to.has_parent_path()) fs::create_directories(to.parent_path(), error);
  std::ofstream out(to, std::ios::binary);
  out << report::to_html(sheet);
  out.close();
  if (!out) return fail(cannot_write(to));
  return {};
}

/// Text, or a page; nothing in JSON, which was printed.
Exit show(Session& session, const report::Sheet& sheet, const ReportOptions& options, const fs::path& page) {
  if (!page.empty()) {
    if (auto written = write_page(page, sheet); !written) return session.out.failed(written.error());
    session.out.line(printable(page.string()) + "  " + report::verdict(report::counts(sheet.report)).fr);
    return Exit::ok;
  }
  session.out.text(report::to_text(
      sheet, {.colour = session.out.colour(), .language = report::language_of(options.language)}));
  return Exit::ok;
}

report::Sheet sheet_of(const fs::path& file, const json::object& reply) {
  const auto name = file.filename().string();
  report::Sheet out;
  out.title = {"Contrôle de " + name, "Check of " + name};
  out.facts = {{{"NomFic", "NomFic"}, text_of(reply, "nom_fic")},
               {{"collectivité", "authority"}, text_of(reply, "authority")},
               {{"environnement", "environment"}, text_of(reply, "environment")},
               {{"schémas", "schemas"}, text_of(reply, "pack")}};
  out.report = report::report_from(reply);
  if (flag_of(reply, "would_sign"))
    out.note = {"La passerelle signerait ce flux.", "The gateway would sign this flow."};
  return out;
}

Exit check_one(Session& session, const ReportOptions& options, Pages& pages, const fs::path& file,
               const report::Sheet& sheet, json::object reply) {
  reply["file"] = file.string();
  session.out.object(reply);
  const auto shown = show(session, sheet, options, pages.of(file));
  if (shown != Exit::ok) return shown;
  return sheet.report.refused() ? Exit::refused : Exit::ok;
}

Exit check_offline(Session& session, const CheckOptions& options) {
  const auto offline = OfflineCheck::with(options.without);
  if (!offline) return session.out.failed(offline.error());
  Pages pages(options);
  Exit worst = Exit::ok;
  for (const auto& file : options.files) {
    const auto sheet = offline->check(file);
    const Exit exit =
        sheet ? check_one(session, options.report, pages, file, *sheet, report::to_json(sheet->report))
              : session.out.failed(sheet.error());
    if (worst == Exit::ok) worst = exit;
  }
  return worst;
}

report::Sheet sheet_of(const std::string& id, const json::object& flow_report, const json::object& flow) {
  const auto name = text_of(flow, "nom_fic");
  report::Sheet out;
  out.title = {"Flux " + name, "Flow " + name};
  out.facts = {{{"identifiant", "id"}, id},
               {{"fichier", "file"}, text_of(flow, "file_name")},
               {{"collectivité", "authority"}, text_of(flow, "authority")},
               {{"déposé", "deposited"}, short_time(text_of(flow, "created_at"))},
               {{"état", "state"}, text_of(flow_report, "state")}};
  out.report = report::report_from(flow_report);
  out.answer = report::report_from(flow_report, "answer");
  return out;
}

}  // namespace

Exit check(Session& session, const CheckOptions& options) {
  if (options.without.offline) return check_offline(session, options);
  Pages pages(options);
  Exit worst = Exit::ok;
  for (const auto& file : options.files) {
    auto reply = session.api.upload("/v1/check", file);
    Exit exit = Exit::ok;
    if (reply)
      exit = check_one(session, options.report, pages, file, sheet_of(file, reply->body), reply->body);
    else
      exit = session.out.failed(reply.error());
    if (worst == Exit::ok) worst = exit;
    if (exit == Exit::network) return exit;
  }
  return worst;
}

Exit report(Session& session, const std::string& id, const ReportOptions& options) {
  const std::string path = "/v1/flows/" + percent_encode(id);
  const auto found = session.api.get(path + "/report");
  if (!found) return session.out.failed(found.error());
  session.out.object(*found);
  if (session.out.json() && options.html.empty()) return Exit::ok;
  const auto flow = session.api.get(path);
  if (!flow) return session.out.failed(flow.error());
  return show(session, sheet_of(id, *found, *flow), options, options.html);
}

}  // namespace demat::ctl
