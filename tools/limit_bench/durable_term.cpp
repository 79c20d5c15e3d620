#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "tools/limit_bench/terms.hpp"

namespace limit_bench {
namespace {

using Database = demat::Owned<sqlite3, sqlite3_close>;
using Statement = demat::Owned<sqlite3_stmt, sqlite3_finalize>;

constexpr const char* tables =
    "CREATE TABLE payload(number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, bytes BLOB);"
    "CREATE TABLE flow(number INTEGER PRIMARY KEY, state TEXT, payload TEXT, next_at INTEGER, detail TEXT);"
    "CREATE INDEX flow_state ON flow(state, next_at);"
    "CREATE TABLE event(number INTEGER PRIMARY KEY, flow INTEGER, code TEXT, detail TEXT, chain BLOB);"
    "CREATE INDEX event_flow ON event(flow);";

/// A folder of its own in the current directory, removed at the end: the disk is the one being measured.
class Folder {
 public:
  Folder() {
    std::string name = "limit-bench-XXXXXX";
    require(mkdtemp(name.data()) != nullptr, "temporary folder");
    path_ = std::filesystem::absolute(name);
  }
  ~Folder() {
    std::error_code ignored;  // nothing to be done about it here
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class Writes {
 public:
  Writes(const std::filesystem::path& folder, std::size_t inline_limit)
      : folder_(folder), inline_limit_(inline_limit) {
    sqlite3* opened = nullptr;
    require(sqlite3_open((folder / "bench.db").c_str(), &opened) == SQLITE_OK, "database");
    db_.reset(opened);
    run("PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA "
        "wal_autocheckpoint=4096; PRAGMA cache_size=-16384");
    run(tables);
    payload_ = prepare("INSERT INTO payload(sha256,bytes) VALUES(?,?)");
    flow_ = prepare("INSERT OR REPLACE INTO flow(number,state,payload,next_at,detail) VALUES(?,?,?,?,?)");
    event_ = prepare("INSERT INTO event(flow,code,detail,chain) VALUES(?,?,?,?)");
  }

  void run(const char* sql) {
    require(sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
  }

  /// One step of one flow: its row, an event, and a payload when there is one.
  void step(sqlite3_int64 flow, const char* state, const std::string& payload) {
    if (!payload.empty()) add_payload(payload);
    const std::string detail(300, 'd');
    const std::string chain(32, 'c');
    sqlite3_bind_int64(flow_.get(), 1, flow);
    text(flow_.get(), 2, state);
    text(flow_.get(), 3, state);
    sqlite3_bind_int64(flow_.get(), 4, flow);
    text(flow_.get(), 5, detail);
    once(flow_.get());
    sqlite3_bind_int64(event_.get(), 1, flow);
    text(event_.get(), 2, state);
    text(event_.get(), 3, detail);
    text(event_.get(), 4, chain);
    once(event_.get());
  }

 private:
  Statement prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    require(sqlite3_prepare_v2(db_.get(), sql, -1, &statement, nullptr) == SQLITE_OK, sql);
    return Statement(statement);
  }
  static void text(sqlite3_stmt* statement, int index, const std::string& value) {
    sqlite3_bind_text(statement, index, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
  }
  void once(sqlite3_stmt* statement) {
    require(sqlite3_step(statement) == SQLITE_DONE, sqlite3_errmsg(db_.get()));
    sqlite3_reset(statement);
  }

  void add_payload(const std::string& bytes) {
    const std::string name = "payload-" + std::to_string(++payloads_);
    text(payload_.get(), 1, name);
    sqlite3_bind_null(payload_.get(), 2);
    if (bytes.size() <= inline_limit_)
      sqlite3_bind_blob64(payload_.get(), 2, bytes.data(), bytes.size(), SQLITE_STATIC);
    else
      write_file(name, bytes);
    once(payload_.get());
  }

  void write_file(const std::string& name, const std::string& bytes) {
    const auto path = folder_ / (name + ".tmp");
    const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    require(file >= 0 && ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
                ::fdatasync(file) == 0 && ::close(file) == 0,
            "payload file");
    std::filesystem::rename(path, folder_ / name);
    const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    require(folder >= 0 && ::fsync(folder) == 0 && ::close(folder) == 0, "folder");
  }

  std::filesystem::path folder_;
  std::size_t inline_limit_;
  Database db_;
  Statement payload_;
  Statement flow_;
  Statement event_;
  std::size_t payloads_ = 0;
};

}  // namespace

double durable_term(const Effort& effort, const std::string& original, const std::string& signed_bytes,
                    const std::string& acquit, std::size_t group, std::size_t inline_limit) {
  const Folder folder;
  Writes writes(folder.path(), inline_limit);
  const std::string none;
  const std::pair<const char*, const std::string*> steps[] = {
      {"received", &original}, {"claimed", &none}, {"ready", &signed_bytes}, {"claimed", &none},
      {"sending", &none},      {"sent", &none},    {"imported", &acquit},    {"acknowledged", &none}};
  sqlite3_int64 first = 1;
  const double cost = micros(effort, CLOCK_PROCESS_CPUTIME_ID, [&] {
    for (const auto& [state, payload] : steps) {
      writes.run("BEGIN IMMEDIATE");
      for (std::size_t i = 0; i < group; ++i)
        writes.step(first + static_cast<sqlite3_int64>(i), state, *payload);
      writes.run("COMMIT");
    }
    first += static_cast<sqlite3_int64>(group);
  });
  return cost / static_cast<double>(group);
}

double payload_term(const Effort& effort, const std::string& original, std::size_t inline_limit) {
  constexpr std::size_t group = 10;
  const Folder folder;
  Writes writes(folder.path(), inline_limit);
  sqlite3_int64 flow = 0;
  const double cost = micros(effort, CLOCK_PROCESS_CPUTIME_ID, [&] {
    writes.run("BEGIN IMMEDIATE");
    for (std::size_t i = 0; i < group; ++i)
      writes.step(++flow, "received", original);
    writes.run("COMMIT");
  });
  return cost / static_cast<double>(group);
}

}  // namespace limit_bench
