#pragma once

#include "tools/dematctl/commands.hpp"

/// What callers hold and what they are told: tokens, webhooks, orphans, uploads. As commands.hpp.
namespace demat::ctl {

// tokens.cpp
struct TokenOptions {
  std::string name;
  std::vector<std::string> grants;  ///< "SIREN:role"
  std::size_t days = 90;
};
[[nodiscard]] Exit token_create(Session& session, const TokenOptions& options);
[[nodiscard]] Exit token_list(Session& session);
[[nodiscard]] Exit token_revoke(Session& session, const Ids& ids);

// webhooks.cpp
[[nodiscard]] Exit webhook_add(Session& session, const std::string& url);
[[nodiscard]] Exit webhook_list(Session& session);
[[nodiscard]] Exit webhook_remove(Session& session, const Ids& ids);
[[nodiscard]] Exit webhook_deliveries(Session& session, const std::string& id, std::size_t limit);
[[nodiscard]] Exit webhook_redeliver(Session& session, const std::string& id, const std::string& delivery);

// orphans.cpp
struct AttachOptions {
  std::string id;
  std::string to;  ///< a flow's id, or a SIREN
  std::string reason;
};
[[nodiscard]] Exit orphans_attach(Session& session, const AttachOptions& options);
[[nodiscard]] Exit orphans_ignore(Session& session, const Ids& ids, const std::string& reason);
/// All of them when no id is given.
[[nodiscard]] Exit orphans_reanalyse(Session& session, const Ids& ids, const std::string& reason);

// resumable.cpp
inline constexpr std::uintmax_t resumable_from = 16'000'000;  ///< bytes
/// Deposits a file in pieces; a broken line is taken up again where it broke, for some minutes.
[[nodiscard]] Answer<Api::Reply> upload_resumable(
    Session& session, const std::filesystem::path& file,
    const std::vector<std::pair<std::string, std::string>>& headers);

}  // namespace demat::ctl
