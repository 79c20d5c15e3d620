#include <sqlite3.h>

#include "gateway/store/connection.hpp"
#include "gateway/store/errors.hpp"

namespace demat::store {
namespace {

struct Close {
  void operator()(sqlite3* db) const { static_cast<void>(sqlite3_close(db)); }
};
struct Finish {
  void operator()(sqlite3_backup* backup) const { static_cast<void>(sqlite3_backup_finish(backup)); }
};

[[noreturn]] void fail(sqlite3* to) {
  const std::string detail = std::string("copy the database: ") + sqlite3_errmsg(to);
  if ((sqlite3_errcode(to) & 0xFF) == SQLITE_FULL) throw Refusal(disk_full(detail));
  throw Refusal(input_output(detail));
}

}  // namespace

void Connection::copy_to(const std::filesystem::path& file,
                         const std::function<void(std::uint64_t, std::uint64_t)>& step) const {
  constexpr int pages_at_once = 512;
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(
      file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  const std::unique_ptr<sqlite3, Close> to(raw);
  if (opened != SQLITE_OK) throw Refusal(input_output("open the copy of the database"));
  const std::unique_ptr<sqlite3_backup, Finish> backup(sqlite3_backup_init(raw, "main", db_.get(), "main"));
  if (!backup) fail(raw);
  for (;;) {
    const int code = sqlite3_backup_step(backup.get(), pages_at_once);
    if (code == SQLITE_DONE) return;
    if (code != SQLITE_OK) fail(raw);
    const auto total = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup.get()));
    step(total - static_cast<std::uint64_t>(sqlite3_backup_remaining(backup.get())), total);
  }
}

}  // namespace demat::store
