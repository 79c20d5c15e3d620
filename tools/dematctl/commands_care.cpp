#include "tools/dematctl/commands_care.hpp"

#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

Query journal_query(const JournalOptions& o) {
  Query query;
  query.add("flow", o.flow).add("actor", o.actor).add("code", o.code).add("from", o.from).add("to", o.to);
  query.add("first", o.first).add("last", o.last);
  return query;
}

/// Adds the lines of one batch to those of the batches before.
void add_counts(std::vector<json::object>& all, const json::object& report) {
  for (auto& line : objects_of(report, "counts")) {
    json::object* same = nullptr;
    for (auto& one : all)
      if (text_of(one, "what") == text_of(line, "what") &&
          text_of(one, "authority") == text_of(line, "authority"))
        same = &one;
    if (same == nullptr) {
      all.push_back(std::move(line));
      continue;
    }
    for (const auto* field : {"items", "bytes"})
      (*same)[field] = number_of(*same, field) + number_of(line, field);
  }
}

json::object purge_body(const PurgeOptions& options) {
  json::object body{{"dry_run", options.dry_run}};
  if (!options.reason.empty()) body["reason"] = options.reason;
  if (!options.authority.empty()) body["authority"] = options.authority;
  if (options.older_than_days != 0) body["older_than_days"] = options.older_than_days;
  if (!options.states.empty()) {
    json::array states;
    for (const auto& state : options.states)
      states.emplace_back(state);
    body["states"] = std::move(states);
  }
  return body;
}

}  // namespace

Exit traces_list(Session& session, const TraceOptions& options) {
  const auto items =
      session.api.list("/v1/traces", Query().add("from", options.from).add("to", options.to), options.limit);
  if (!items) return session.out.failed(items.error());
  session.out.items(*items, {{"date", "at"},
                             {"sens", "direction"},
                             {"nature", "nature"},
                             {"taille", "size"},
                             {"SHA-1", "sha1"},
                             {"collectivité", "authority"},
                             {"issue", "outcome"},
                             {"nom", "name"}});
  return Exit::ok;
}

Exit traces_export(Session& session, const TraceOptions& options) {
  const auto query =
      Query().add("format", options.format).add("from", options.from).add("to", options.to).str();
  return fetch_bytes(session, "/v1/traces" + query, options.output, {});
}

Exit purge(Session& session, const PurgeOptions& options) {
  std::vector<json::object> counts;
  for (bool more = true; more;) {
    const auto reply = session.api.post("/v1/purge", purge_body(options));
    if (!reply) return session.out.failed(reply.error());
    add_counts(counts, reply->body);
    more = !options.dry_run && flag_of(reply->body, "more");
  }
  session.out.items(
      counts, {{"quoi", "what"}, {"collectivité", "authority"}, {"nombre", "items"}, {"octets", "bytes"}});
  if (options.dry_run)
    session.out.say("Essai : rien n'a été purgé.", "Dry run: nothing was purged.");
  else
    session.out.say("Purge faite ; les traces restent.", "Purged; the traces stay.");
  return Exit::ok;
}

Exit journal_search(Session& session, const JournalOptions& options) {
  const auto items = session.api.list("/v1/journal", journal_query(options), options.limit);
  if (!items) return session.out.failed(items.error());
  session.out.items(*items, {{"n°", "sequence"},
                             {"date", "at"},
                             {"code", "code"},
                             {"acteur", "actor"},
                             {"flux", "flow"},
                             {"raison", "reason"}});
  return Exit::ok;
}

Exit journal_export(Session& session, const JournalOptions& options) {
  return fetch_bytes(session, "/v1/journal/export" + journal_query(options).str(), options.output, {});
}

Exit journal_anchors(Session& session, const JournalOptions& options) {
  const auto items = session.api.list("/v1/journal/anchors", Query(), options.limit);
  if (!items) return session.out.failed(items.error());
  session.out.items(*items, {{"n°", "sequence"}, {"date", "at"}, {"chaîne", "chain"}, {"sceau", "mac"}});
  return Exit::ok;
}

Exit journal_anchor(Session& session) {
  const auto reply = session.api.post("/v1/journal/anchors", {});
  if (!reply) return session.out.failed(reply.error());
  session.out.fields(reply->body,
                     {{"n°", "sequence"}, {"date", "at"}, {"chaîne", "chain"}, {"sceau", "mac"}});
  return Exit::ok;
}

}  // namespace demat::ctl
