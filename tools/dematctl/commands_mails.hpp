#pragma once

#include "tools/dematctl/commands.hpp"

/// Mails that the gateway sends to people (mails.cpp). As commands.hpp.
namespace demat::ctl {

struct MailListOptions {
  std::string state;  ///< waiting, sent, failed; empty: all
  std::string flow;
  std::size_t limit = 50;  ///< 0: all
};
[[nodiscard]] Exit mail_list(Session& session, const MailListOptions& options);
[[nodiscard]] Exit mail_retry(Session& session, const Ids& ids);

}  // namespace demat::ctl
