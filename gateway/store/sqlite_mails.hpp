#pragma once

#include "gateway/store/access.hpp"
#include "gateway/store/mails.hpp"

namespace demat::store {

class SqliteMails final : public Mails {
 public:
  explicit SqliteMails(const Access& access) : access_(access) {}

  Result<std::vector<OutgoingMail>> due(Instant now, std::size_t limit) override;
  Result<std::optional<Instant>> next_due() override;
  Status sent(const MailId& id, int reply) override;
  Status failed(const MailId& id, const MailFailure& how) override;
  Result<Page<OutgoingMail>> list(const MailFilter& filter, const std::string& cursor,
                                  std::size_t limit) override;
  Result<std::optional<OutgoingMail>> find(const MailId& id) override;
  Status retry(const MailId& id, const std::string& actor) override;
  Result<std::vector<MailCount>> counts() override;
  Result<std::size_t> forget(Instant before) override;

 private:
  const Access& access_;
};

/// One row per recipient, in the transaction of what the mail tells.
void queue_mail(Transaction& tx, const NewMail& mail);
/// Of a restored store: what waited may have left after the backup, so a person says whether it goes again.
void stop_mails(Transaction& tx);

}  // namespace demat::store
