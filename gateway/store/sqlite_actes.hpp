#pragma once

#include "gateway/store/access.hpp"
#include "gateway/store/actes.hpp"

namespace demat::store {

class SqliteActes final : public Actes {
 public:
  explicit SqliteActes(const Access& access) : access_(access) {}

  Result<std::optional<flow::ActesSettings>> settings(const AuthorityId& authority) override;
  Result<std::vector<flow::ActesSettings>> all_settings() override;
  Status put_settings(const flow::ActesSettings& settings, const std::string& actor,
                      const std::string& reason) override;
  Result<std::optional<StoredClassification>> classification(const AuthorityId& authority) override;

  Result<std::vector<flow::Acte>> of_flow(const FlowId& flow) override;
  Result<Page<ActeOnFlow>> list(const ActeFilter& filter, const std::string& cursor,
                                std::size_t limit) override;
  Result<std::vector<ActeOnFlow>> by_id(const std::string& id_acte) override;
  Result<std::vector<ActeOnFlow>> by_number(const AuthorityId& authority, const std::string& number) override;
  Result<std::vector<ActeOnFlow>> by_envelope(const std::string& archive_name) override;
  Result<std::vector<ActeOnFlow>> unanswered(const AuthorityId& authority,
                                             const std::string& message) override;
  Result<std::vector<ActeOnFlow>> about(const FlowId& acte) override;

  Result<std::optional<flow::Letter>> letter(const LetterId& id) override;
  Result<Page<flow::Letter>> letters(const LetterFilter& filter, const std::string& cursor,
                                     std::size_t limit) override;
  Status mark_letter(const LetterId& id, bool read, const std::string& actor) override;

  // sqlite_actes_deadlines.cpp
  Result<std::vector<OverdueCount>> overdue(const ActeLimits& limits) override;
  Result<std::vector<PassedDeadline>> tell_deadlines(const ActeLimits& limits, std::size_t most) override;
  Result<std::vector<ActeLoad>> loads() override;

  Result<std::optional<SeenMail>> seen(const std::string& message_id) override;
  Result<MailOutcome> settle(MailSettlement settlement) override;

 private:
  /// The rows that `rest` selects with its values.
  template <class... Values>
  Result<std::vector<ActeOnFlow>> some(std::string_view rest, const Values&... values);

  const Access& access_;
};

}  // namespace demat::store
