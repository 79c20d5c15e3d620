#include "gateway/store/errors.hpp"
#include "gateway/store/operations.hpp"
#include "protocols/base/digest.hpp"

namespace demat::store {
namespace {

/// A JSON string; names are given by people and may hold anything.
std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00" + hex({&byte, 1});
    } else {
      out += c;
    }
  }
  return out + '"';
}

void note(Transaction& tx, std::string code, const std::string& actor, std::string detail) {
  JournalEntry entry;
  entry.at = tx.now;
  entry.code = std::move(code);
  entry.actor = actor;
  entry.detail = std::move(detail);
  tx.journal.append(tx.db, entry);
}

flow::Role role_in_row(const std::string& text) {
  const auto role = flow::role_from(text);
  if (!role) throw Refusal(corrupt("unknown role in a row: " + text));
  return *role;
}

}  // namespace

void note_refused_clients(Transaction& tx, const std::vector<RefusedClient>& clients) {
  for (const auto& one : clients)
    note(tx, "access.certificate_refused", "gateway",
         "{\"certificate\":" + json_text(one.certificate) + ",\"serial\":" + json_text(one.serial) +
             ",\"issuer\":" + json_text(one.issuer) + ",\"profile\":" + json_text(one.profile) +
             ",\"because\":" + json_text(one.check) + "}");
}

void put_authority_row(Transaction& tx, const flow::Authority& authority, const std::string& actor) {
  tx.db.run(
      "INSERT INTO authority(siren,name,active) VALUES(?,?,?)"
      " ON CONFLICT(siren) DO UPDATE SET name=excluded.name,active=excluded.active",
      authority.siren, authority.name, authority.active);
  tx.db.run("DELETE FROM siret WHERE authority=?", authority.siren);
  std::string sirets;
  for (const auto& siret : authority.sirets) {
    if (const auto owner = owner_of(tx.db, siret); owner && *owner != authority.siren)
      throw Refusal(siret_taken(siret.str()));
    tx.db.run("INSERT OR IGNORE INTO siret(siret,authority) VALUES(?,?)", siret, authority.siren);
    sirets += (sirets.empty() ? "" : ",") + json_text(siret.str());
  }
  note(tx, "authority.put", actor,
       "{\"siren\":" + json_text(authority.siren.str()) + ",\"name\":" + json_text(authority.name) +
           ",\"sirets\":[" + sirets + "],\"active\":" + (authority.active ? "true}" : "false}"));
}

std::vector<flow::Authority> authorities_of(Connection& db, const std::optional<AuthorityId>& only) {
  auto rows =
      db.prepare("SELECT siren,name,active FROM authority WHERE ?1 IS NULL OR siren=?1 ORDER BY siren");
  rows.bind(only);
  std::vector<flow::Authority> out;
  while (rows.step()) {
    auto& authority = out.emplace_back();
    rows.next(authority.siren);
    rows.next(authority.name);
    rows.next(authority.active);
  }
  for (auto& authority : out) {
    auto sirets = db.prepare("SELECT siret FROM siret WHERE authority=? ORDER BY siret");
    sirets.bind(authority.siren);
    while (sirets.step())
      authority.sirets.push_back(sirets.next<Siret>());
  }
  return out;
}

std::optional<AuthorityId> owner_of(Connection& db, const Siret& siret) {
  auto row = db.prepare("SELECT authority FROM siret WHERE siret=?");
  if (!row.bind(siret).step()) return std::nullopt;
  return row.next<AuthorityId>();
}

void put_route_row(Transaction& tx, const flow::Route& route, const std::string& actor) {
  if (authorities_of(tx.db, route.authority).empty()) throw Refusal(not_found("authority"));
  tx.db.run(
      "INSERT INTO route(authority,protocol,destination,p_dest,signer) VALUES(?,?,?,?,?)"
      " ON CONFLICT(authority,protocol) DO UPDATE SET "
      "destination=excluded.destination,p_dest=excluded.p_dest,"
      "signer=excluded.signer",
      route.authority, route.protocol, route.destination, route.p_dest, route.signer);
  note(tx, "route.put", actor,
       "{\"siren\":" + json_text(route.authority.str()) + ",\"protocol\":" + json_text(route.protocol) +
           ",\"destination\":" + json_text(route.destination.str()) +
           ",\"p_dest\":" + json_text(route.p_dest) + ",\"signer\":" + json_text(route.signer) + "}");
}

std::vector<flow::Route> routes_of(Connection& db, const std::optional<AuthorityId>& only) {
  auto rows = db.prepare(
      "SELECT authority,protocol,destination,p_dest,signer FROM route WHERE ?1 IS NULL OR authority=?1"
      " ORDER BY authority,protocol");
  rows.bind(only);
  std::vector<flow::Route> out;
  while (rows.step()) {
    auto& route = out.emplace_back();
    rows.next(route.authority);
    rows.next(route.protocol);
    rows.next(route.destination);
    rows.next(route.p_dest);
    rows.next(route.signer);
  }
  return out;
}

void put_identity_row(Transaction& tx, const flow::Identity& identity, const std::string& actor) {
  tx.db.run(
      "INSERT INTO identity(id,name,active) VALUES(?,?,?)"
      " ON CONFLICT(id) DO UPDATE SET name=excluded.name,active=excluded.active",
      identity.id, identity.name, identity.active);
  tx.db.run("DELETE FROM identity_grant WHERE identity=?", identity.id);
  std::string grants;
  for (const auto& grant : identity.grants) {
    tx.db.run("INSERT INTO identity_grant(identity,authority,role) VALUES(?,?,?)", identity.id,
              grant.authority, to_string(grant.role));
    grants += (grants.empty() ? "" : ",") +
              json_text(grant.authority.str() + ":" + std::string(to_string(grant.role)));
  }
  note(tx, "identity.put", actor,
       "{\"identity\":" + json_text(identity.id.str()) + ",\"grants\":[" + grants +
           "],\"active\":" + (identity.active ? "true}" : "false}"));
}

std::vector<flow::Identity> identities_of(Connection& db, const std::optional<IdentityId>& only) {
  auto rows = db.prepare("SELECT id,name,active FROM identity WHERE ?1 IS NULL OR id=?1 ORDER BY name,id");
  rows.bind(only);
  std::vector<flow::Identity> out;
  while (rows.step()) {
    auto& identity = out.emplace_back();
    rows.next(identity.id);
    rows.next(identity.name);
    rows.next(identity.active);
  }
  for (auto& identity : out) {
    auto grants = db.prepare("SELECT authority,role FROM identity_grant WHERE identity=?");
    grants.bind(identity.id);
    while (grants.step()) {
      flow::Grant grant;
      grants.next(grant.authority);
      grant.role = role_in_row(grants.next<std::string>());
      identity.grants.insert(std::move(grant));
    }
  }
  return out;
}

}  // namespace demat::store
