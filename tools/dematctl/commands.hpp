#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tools/dematctl/api.hpp"
#include "tools/dematctl/output.hpp"

/// What each command does, apart from how its line is read (cli.cpp). Every function prints its result or its
/// failure and returns what the program ends with.
namespace demat::ctl {

struct Session {
  Api& api;
  Output& out;
  /// Waits; tests replace it.
  std::function<void(std::chrono::milliseconds)> sleep;
};

using Files = std::vector<std::filesystem::path>;
using Ids = std::vector<std::string>;

// flows.cpp
struct SubmitOptions {
  Files files;
  std::string priority;  ///< low, normal, high; empty: not said
};
[[nodiscard]] Exit submit(Session& session, const SubmitOptions& options);
struct ListOptions {
  std::vector<std::string> states;
  std::string nom_fic;
  std::string from;
  std::string to;
  std::size_t limit = 50;  ///< 0: all
  std::string destination{};
  std::string code{};        ///< of its error group
  std::string older_than{};  ///< "2h": nothing new for so long
  bool overdue = false;
};
[[nodiscard]] Exit list(Session& session, const ListOptions& options);
[[nodiscard]] Exit get(Session& session, const std::string& id);
[[nodiscard]] Exit history(Session& session, const std::string& id, bool transcripts);

// watch.cpp
struct WatchOptions {
  Ids ids;  ///< none: every flow that is not final
  std::chrono::seconds timeout{0};
};
[[nodiscard]] Exit watch(Session& session, const WatchOptions& options);

// fetch.cpp
struct FetchOptions {
  std::string id;
  std::size_t document = 0;  ///< 0: not by number
  bool acquit = false;
  bool list = false;
  bool payload = false;          ///< the default, said aloud
  std::filesystem::path output;  ///< empty: standard output
};
[[nodiscard]] Exit fetch(Session& session, const FetchOptions& options);
/// Bytes at `path` to `output`, whole or not at all; to standard output when it is empty. `sha256` is checked
/// when it is known; `headers` takes those of the answer.
[[nodiscard]] Exit fetch_bytes(Session& session, const std::string& path, const std::filesystem::path& output,
                               const std::string& sha256, HttpHeaders* headers = nullptr);

// verbs.cpp
/// A verb for all flows that a filter finds, the oldest first.
struct Bulk {
  std::string filter;     ///< "state=refused|rejected,code=pes.p2"; empty: no bulk
  bool dry_run = false;   ///< only tell which ones
  std::size_t limit = 0;  ///< 0: all
  std::string rate;       ///< "5/s", "100/min", "20/h"; empty: as fast as the gateway answers
};
struct VerbOptions {
  std::string verb;
  Ids ids;
  std::string reason;
  std::string outcome;  ///< of resolve
  bool accept_duplicate = false;
  std::string priority{};  ///< of priority
  Bulk bulk{};
};
/// The body that the verb's call wants.
[[nodiscard]] boost::json::object verb_body(const VerbOptions& options);
/// On the flows named, or on those that the filter finds.
[[nodiscard]] Exit apply_verb(Session& session, const VerbOptions& options);

// returns.cpp; more in commands_returns.hpp
[[nodiscard]] Exit returns_fetch(Session& session, const std::string& id,
                                 const std::filesystem::path& output);
[[nodiscard]] Exit returns_read(Session& session, const Ids& ids, bool read);
[[nodiscard]] Exit orphans_fetch(Session& session, const std::string& id,
                                 const std::filesystem::path& output);

// authorities.cpp
struct AuthorityOptions {
  std::string siren;
  std::string name;
  std::vector<std::string> sirets;
  int active = -1;  ///< -1: as it is
};
[[nodiscard]] Exit authority_list(Session& session);
/// Fails when it exists already.
[[nodiscard]] Exit authority_add(Session& session, const AuthorityOptions& options);
/// Changes what is given, keeps the rest.
[[nodiscard]] Exit authority_set(Session& session, const AuthorityOptions& options);
[[nodiscard]] Exit siret_add(Session& session, const std::string& siren,
                             const std::vector<std::string>& sirets);
struct RouteOptions {
  std::string siren;
  std::string protocol = "pes";
  std::string destination;
  std::string p_dest;
  std::string signer;
};
[[nodiscard]] Exit route_set(Session& session, const RouteOptions& options);

// identities.cpp
struct IdentityOptions {
  std::string who;  ///< certificate file (PEM or DER), or 64 hexadecimal digits
  std::string name;
  std::vector<std::string> grants;  ///< "SIREN:role"
  bool platform_operator = false;
};
[[nodiscard]] Exit identity_list(Session& session);
[[nodiscard]] Exit identity_add(Session& session, const IdentityOptions& options);
[[nodiscard]] Exit identity_grant(Session& session, const IdentityOptions& options);
[[nodiscard]] Exit identity_disable(Session& session, const std::string& who, bool active);

// platform.cpp
[[nodiscard]] Exit destinations_list(Session& session);
[[nodiscard]] Exit probe(Session& session, const std::string& name);
[[nodiscard]] Exit whoami(Session& session);
[[nodiscard]] Exit status(Session& session);
[[nodiscard]] Exit journal_verify(Session& session);

// schemas.cpp
[[nodiscard]] Exit schemas_list(Session& session, const std::filesystem::path& folder);
[[nodiscard]] Exit schemas_install(Output& out, const std::filesystem::path& pack,
                                   const std::filesystem::path& folder);
[[nodiscard]] Exit schemas_use(Output& out, const std::string& protocol, const std::string& version,
                               const std::filesystem::path& config);
/// schemas_diff.cpp: what `after` changes for documents that `before` admits. Packs by their folder, or as
/// "pes/5.30" below `folder`.
[[nodiscard]] Exit schemas_diff(Output& out, const std::string& before, const std::string& after,
                                const std::filesystem::path& folder);

}  // namespace demat::ctl
