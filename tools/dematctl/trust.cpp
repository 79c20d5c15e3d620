#include <algorithm>
#include <boost/json/serialize.hpp>
#include <fstream>

#include "protocols/trust/flow_report.hpp"
#include "tools/dematctl/commands_trust.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

/// Line by line: names in it come from whoever made the certificates.
void print_text(Session& session, const std::string& text) {
  std::size_t from = 0;
  while (from < text.size()) {
    const auto end = std::min(text.find('\n', from), text.size());
    session.out.line(printable(text.substr(from, end - from)));
    from = end + 1;
  }
}

Exit exit_of(const json::object& report) {
  const auto* verdict = object_of(report, "verdict");
  const std::string indication = verdict == nullptr ? "" : text_of(*verdict, "indication");
  if (indication == "passed") return Exit::ok;
  return indication == "indeterminate" ? Exit::unavailable : Exit::refused;
}

Exit print_report(Session& session, const json::object& report, bool english) {
  session.out.object(report);
  if (session.out.json()) return exit_of(report);
  const auto text = trust::report_text(json::serialize(report),
                                       english ? trust::Language::english : trust::Language::french);
  if (!text) return session.out.failed(Failure{Exit::refused, text.error(), {}});
  print_text(session, *text);
  return exit_of(report);
}

void add_rows(Table& table, const json::object& profile) {
  const std::string name = text_of(profile, "name");
  for (const auto& one : objects_of(profile, "certificates"))
    table.add({name, text_of(one, "part"), text_of(one, "file"), text_of(one, "subject"),
               short_time(text_of(one, "not_after"))});
  for (const auto& one : objects_of(profile, "revocation_lists"))
    table.add({name, "crl " + text_of(one, "number"), text_of(one, "file"), text_of(one, "issuer"),
               short_time(text_of(one, "next_update"))});
  for (const auto& one : objects_of(profile, "ocsp_responses"))
    table.add({name, "ocsp " + text_of(one, "status"), text_of(one, "file"), "n° " + text_of(one, "serial"),
               short_time(text_of(one, "next_update"))});
}

/// Where lists come from, and how that goes.
void print_places(Session& session, const std::vector<json::object>& profiles) {
  Table table({"profil / profile", "liste / list", "n°", "du / of", "demandée / asked", "ensuite / next",
               "erreur / error"});
  bool any = false;
  for (const auto& profile : profiles)
    for (const auto& one : objects_of(profile, "places")) {
      any = true;
      table.add({text_of(profile, "name"), text_of(one, "url"), text_of(one, "number"),
                 short_time(text_of(one, "this_update")), short_time(text_of(one, "last_try")),
                 short_time(text_of(one, "next_try")), text_of(one, "error")});
    }
  if (any) session.out.table(table);
}

void print_certificates(Session& session, const json::object& answer) {
  const auto certificates = objects_of(answer, "certificates");
  if (certificates.empty()) return;
  Table table({"rôle / role", "nom / name", "jusqu'au / until", "jours / days"});
  for (const auto& one : certificates)
    table.add({text_of(one, "role"), text_of(one, "name"), short_time(text_of(one, "not_after")),
               text_of(one, "days_left")});
  session.out.table(table);
}

/// Every place that may be asked has been asked since, and is no longer due; instants are written alike, so
/// that texts compare.
bool all_asked(const std::vector<json::object>& profiles, const std::string& since) {
  return std::ranges::all_of(profiles, [&](const json::object& profile) {
    return std::ranges::all_of(objects_of(profile, "places"), [&](const json::object& one) {
      const auto tried = text_of(one, "last_try");
      return text_of(one, "error") == "trust.fetch_host" ||
             (tried >= since && text_of(one, "next_try") > tried);
    });
  });
}

bool any_failed(const std::vector<json::object>& profiles) {
  return std::ranges::any_of(profiles, [](const json::object& profile) {
    return std::ranges::any_of(objects_of(profile, "places"),
                               [](const json::object& one) { return number_of(one, "failures") > 0; });
  });
}

/// The file as text; DER is written as PEM, for it goes into JSON.
Answer<std::string> pem_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in || bytes.empty())
    return usage_failure("ctl.certificate", "Certificat illisible : " + file.string() + ".",
                         "Cannot read the certificate " + file.string() + ".");
  if (bytes.find("-----BEGIN") != std::string::npos) return bytes;
  return "-----BEGIN CERTIFICATE-----\n" + base64(as_bytes(bytes)) + "\n-----END CERTIFICATE-----\n";
}

/// What the report rests on, beside the report itself; how many files.
Answer<std::size_t> save_evidence(Session& session, const json::object& report,
                                  const SignaturesOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.evidence, error);
  auto beside = options.evidence / "signatures";
  beside += ".json";
  std::ofstream out(beside, std::ios::binary);
  out << json::serialize(report) << "\n";
  if (error || !out.flush())
    return usage_failure("ctl.file", "Impossible d'écrire " + beside.string() + ".",
                         "Cannot write " + beside.string() + ".");
  std::size_t saved = 1;
  for (const auto& one : objects_of(report, "evidence")) {
    const auto name = text_of(one, "sha256");
    if (name.find_first_not_of("0123456789abcdef") != std::string::npos) continue;
    const auto file = options.evidence / (name + "." + (text_of(one, "kind") == "ocsp" ? "ocsp" : "crl"));
    const auto got = session.api.download(
        "/v1/flows/" + percent_encode(options.id) + "/signatures/evidence/" + name, file);
    if (!got) return tl::unexpected(got.error());
    ++saved;
  }
  return saved;
}

}  // namespace

Exit signatures(Session& session, const SignaturesOptions& options) {
  const auto report = session.api.get("/v1/flows/" + percent_encode(options.id) + "/signatures");
  if (!report) return session.out.failed(report.error());
  if (!options.evidence.empty())
    if (const auto saved = save_evidence(session, *report, options); !saved)
      return session.out.failed(saved.error());
  return print_report(session, *report, options.english);
}

Exit verify_file(Session& session, const VerifyFileOptions& options) {
  const auto reply = session.api.upload("/v1/check", options.file);
  if (!reply) return session.out.failed(reply.error());
  const auto* report = object_of(reply->body, "signatures");
  if (report != nullptr) return print_report(session, *report, options.english);
  session.out.object(reply->body);
  session.out.say("Ce fichier ne porte aucune signature qui puisse être vérifiée.",
                  "This file carries no signature that could be verified.");
  session.out.findings(objects_of(reply->body, "findings"));
  return Exit::refused;
}

Exit certs_list(Session& session) {
  const auto answer = session.api.get("/v1/trust");
  if (!answer) return session.out.failed(answer.error());
  const auto profiles = objects_of(*answer, "items");
  if (profiles.empty()) session.out.say("Aucun profil de confiance.", "No trust profile.");
  Table table(
      {"profil / profile", "rôle / part", "fichier / file", "autorité / authority", "jusqu'au / until"});
  for (const auto& profile : profiles) {
    session.out.object(profile);
    add_rows(table, profile);
  }
  if (!profiles.empty()) session.out.table(table);
  print_places(session, profiles);
  print_certificates(session, *answer);
  return Exit::ok;
}

Exit certs_fetch(Session& session) {
  constexpr std::chrono::milliseconds step{500};
  constexpr int patience = 120;
  const auto asked = session.api.post("/v1/trust/fetch", {});
  if (!asked) return session.out.failed(asked.error());
  const std::string since = text_of(asked->body, "asked_at");
  std::vector<json::object> profiles;
  bool done = false;
  for (int turn = 0; !done && turn < patience; ++turn) {
    if (turn > 0) session.sleep(step);
    const auto answer = session.api.get("/v1/trust");
    if (!answer) return session.out.failed(answer.error());
    profiles = objects_of(*answer, "items");
    done = all_asked(profiles, since);
  }
  for (const auto& profile : profiles)
    for (const auto& one : objects_of(profile, "places"))
      session.out.object(one);
  if (number_of(asked->body, "places") == 0)
    session.out.say("Aucune liste à aller chercher (fetch, fetch_hosts).",
                    "No list to fetch (fetch, fetch_hosts).");
  print_places(session, profiles);
  if (!done) session.out.say("Certaines listes se font attendre.", "Some lists are slow to come.");
  return done && !any_failed(profiles) ? Exit::ok : Exit::unavailable;
}

Exit certs_check(Session& session) {
  const auto answer = session.api.get("/v1/trust");
  if (!answer) return session.out.failed(answer.error());
  bool serious = false;
  bool anything = false;
  for (const auto& profile : objects_of(*answer, "items")) {
    const auto findings = objects_of(profile, "findings");
    json::object line{{"profile", text_of(profile, "name")}, {"version", text_of(profile, "version")}};
    line["findings"] = json::array(findings.begin(), findings.end());
    session.out.object(line);
    for (const auto& finding : findings)
      serious = serious || text_of(finding, "severity") == "error";
    anything = anything || !findings.empty();
    if (!findings.empty()) session.out.line(printable(text_of(profile, "name")) + " :");
    session.out.findings(findings);
  }
  if (!anything) session.out.say("Rien à signaler.", "Nothing to report.");
  return serious ? Exit::refused : Exit::ok;
}

Exit certs_explain(Session& session, const ExplainOptions& options) {
  const auto pem = pem_of(options.file);
  if (!pem) return session.out.failed(pem.error());
  json::object body{{"certificate", *pem}};
  if (!options.at.empty()) body["at"] = options.at;
  if (options.client) body["use"] = "client";
  const auto reply = session.api.post("/v1/trust/" + percent_encode(options.profile) + "/explain", body);
  if (!reply) return session.out.failed(reply.error());
  return print_report(session, reply->body, options.english);
}

}  // namespace demat::ctl
