#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/flow/acte.hpp"
#include "gateway/store/actes.hpp"
#include "gateway/store/connection.hpp"
#include "gateway/store/transaction.hpp"

/// Rows of the tables of ACTES. All throw Refusal.
namespace demat::store {

void insert_acte(Connection& db, const flow::Acte& acte);
/// What may change after the acceptance: what the ministry says, and what packaging decides.
void update_acte(Connection& db, const flow::Acte& acte);
[[nodiscard]] std::vector<flow::Acte> actes_of(Connection& db, const FlowId& flow);
/// `rest` follows "FROM acte JOIN flow"; columns of both are at hand as acte.x and flow.x.
[[nodiscard]] std::string select_actes(std::string_view rest);
[[nodiscard]] std::vector<ActeOnFlow> read_actes(Connection& db, Statement& rows);
/// A live flow of this authority with an acte (1-1) of this number (actes 4.1-2, decisions).
[[nodiscard]] std::optional<FlowId> flow_with_number(Connection& db, const AuthorityId& authority,
                                                     const std::string& number);

[[nodiscard]] std::string select_letters(std::string_view rest);
[[nodiscard]] flow::Letter read_letter(Statement& row);
[[nodiscard]] std::optional<flow::Letter> find_letter(Connection& db, const LetterId& id);
void insert_letter(Connection& db, const flow::Letter& letter);
void update_letter(Connection& db, const flow::Letter& letter);
/// The flow that answered them will never be an answer: it was refused, rejected or cancelled.
void reopen_letters(Connection& db, const FlowId& answer);

[[nodiscard]] std::string select_settings(std::string_view rest);
[[nodiscard]] flow::ActesSettings read_settings(Statement& row);
void put_settings_row(Connection& db, const flow::ActesSettings& settings);

/// actes_mail.cpp: applies everything that one mail does.
[[nodiscard]] MailOutcome settle_mail(Transaction& tx, MailSettlement& settlement);

}  // namespace demat::store
