#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/config/settings.hpp"
#include "gateway/store/actes.hpp"
#include "protocols/actes/codes.hpp"

namespace demat::actes_road {

/// One thing that the ministry said, as people are told of it.
struct Told {
  std::optional<actes::Code> message{};  ///< unset: the anomaly of a whole envelope
  std::string date{};                    ///< that it gives, "YYYY-MM-DD": of reception, of the letter
  std::string reason{};                  ///< of an anomaly
  bool classification_outdated = false;  ///< the anomaly says so
};

/// Who is told, and in whose name.
struct Audience {
  AuthorityId authority;
  std::string name;  ///< of the authority
  std::vector<std::string> recipients;
  std::string environment;
  config::Mail mail;
};

/// The mail, in French: authority, acts with number, object, nature, date and IDActe, the event, what to do.
/// Neither files nor the words of a letter: these are for who may read them in the gateway. Nothing in it can
/// add a line to a header, whatever the object holds.
[[nodiscard]] store::NewMail notice(const Audience& audience, const Told& told,
                                    const std::vector<store::ActeOnFlow>& actes);

/// Adds that mail to a settlement and gives its place there; nothing when mails are off or the authority has
/// no address to notify. Errors: those of the store.
[[nodiscard]] Result<std::optional<std::size_t>> announce(store::Store& store,
                                                          const config::Settings& settings,
                                                          store::MailSettlement& settlement,
                                                          const AuthorityId& authority, const Told& told,
                                                          const std::vector<store::ActeOnFlow>& actes);

}  // namespace demat::actes_road
