#include "gateway/store/connection.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <stdexcept>

#include "gateway/store/errors.hpp"

namespace demat::store {
namespace {

bool out_of_space(int number) {
  return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

[[noreturn]] void fail(sqlite3* db, int code, std::string_view doing) {
  const int primary = code & 0xFF;
  const std::string detail = fmt::format("sqlite {} ({}): {}", code, doing,
                                         db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code));
  switch (primary) {
    case SQLITE_FULL:
      throw Refusal(disk_full(detail));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Refusal(busy(detail));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      throw Refusal(corrupt(detail));
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      if (db != nullptr && out_of_space(sqlite3_system_errno(db))) throw Refusal(disk_full(detail));
      throw Refusal(input_output(detail));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_NOMEM:
      throw Refusal(input_output(detail));
    default:
      throw std::logic_error(detail);
  }
}

/// Nobody asks SQLite for its statistics of memory, and each allocation would pass through one lock for them.
/// Effective before its first use only; later it would only be refused.
void spare_statistics() {
  static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(once);
}

}  // namespace

Statement::~Statement() {
  if (statement_ == nullptr) return;
  // The code repeats what step() already reported.
  static_cast<void>(sqlite3_reset(statement_));
  static_cast<void>(sqlite3_clear_bindings(statement_));
}

bool Statement::step() {
  column_ = 0;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  fail(sqlite3_db_handle(statement_), sqlite3_extended_errcode(sqlite3_db_handle(statement_)),
       sqlite3_sql(statement_));
}

void Statement::run() {
  while (step()) {
  }
}

void Statement::bind_one(std::string_view text) {
  // An empty view may have no data, which SQLite would take for NULL.
  const char* data = text.empty() ? "" : text.data();
  const int code =
      sqlite3_bind_text64(statement_, ++bound_, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) fail(sqlite3_db_handle(statement_), code, "bind");
}

void Statement::bind_one(std::int64_t number) {
  const int code = sqlite3_bind_int64(statement_, ++bound_, number);
  if (code != SQLITE_OK) fail(sqlite3_db_handle(statement_), code, "bind");
}

void Statement::bind_one(BlobView blob) {
  const char* data = blob.bytes.empty() ? "" : blob.bytes.data();
  const int code = sqlite3_bind_blob64(statement_, ++bound_, data, blob.bytes.size(), SQLITE_STATIC);
  if (code != SQLITE_OK) fail(sqlite3_db_handle(statement_), code, "bind");
}

void Statement::bind_one(std::nullopt_t) {
  const int code = sqlite3_bind_null(statement_, ++bound_);
  if (code != SQLITE_OK) fail(sqlite3_db_handle(statement_), code, "bind");
}

std::int64_t Statement::read_integer() {
  return sqlite3_column_int64(statement_, column_++);
}

std::string Statement::read_bytes() {
  const int column = column_++;
  const void* data = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return size == 0 ? std::string() : std::string(static_cast<const char*>(data), size);
}

bool Statement::next_is_null() {
  return sqlite3_column_type(statement_, column_) == SQLITE_NULL;
}

void Connection::Close::operator()(sqlite3* db) const {
  static_cast<void>(sqlite3_close_v2(db));
}

void Connection::Finalize::operator()(sqlite3_stmt* statement) const {
  static_cast<void>(sqlite3_finalize(statement));
}

Connection::Connection(const std::filesystem::path& file, Mode mode) {
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE |
                    (mode == Mode::create ? SQLITE_OPEN_CREATE : 0);
  spare_statistics();
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
  db_.reset(raw);
  if (code != SQLITE_OK) fail(raw, code, "open");
  static_cast<void>(sqlite3_busy_timeout(raw, 5000));
  // Small pieces come from a slab of the connection; when it cannot be had, from the heap as before.
  constexpr int slot_bytes = 1200;
  const int slots = mode == Mode::read ? 100 : 400;
  static_cast<void>(sqlite3_db_config(raw, SQLITE_DBCONFIG_LOOKASIDE, nullptr, slot_bytes, slots));
  if (mode == Mode::create) execute("PRAGMA page_size=4096");
  execute("PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY");
  if (mode == Mode::read) {
    execute("PRAGMA query_only=ON");
  } else {
    // The log is kept up to 32 MiB between two checkpoints, so that one copy serves many small commits.
    execute(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4096;"
        "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-16384");
  }
}

Connection::~Connection() = default;

Statement Connection::prepare(std::string_view sql) {
  auto found = cache_.find(sql);
  if (found == cache_.end()) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    std::unique_ptr<sqlite3_stmt, Finalize> statement(raw);
    if (code != SQLITE_OK) fail(db_.get(), code, sql);
    found = cache_.emplace(std::string(sql), std::move(statement)).first;
  }
  if (sqlite3_stmt_busy(found->second.get()) != 0)
    throw std::logic_error(fmt::format("statement used inside itself: {}", sql));
  return Statement(found->second.get());
}

void Connection::execute(const std::string& script) {
  const int code = sqlite3_exec(db_.get(), script.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(db_.get(), code, script.substr(0, 60));
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(db_.get()) == 0;
}

std::int64_t Connection::changes() const {
  return sqlite3_changes64(db_.get());
}

}  // namespace demat::store
