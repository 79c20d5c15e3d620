#pragma once

#include <concepts>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/base/clock.hpp"
#include "protocols/base/identifiers.hpp"
#include "protocols/base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace demat::store {

/// Carries an expected failure out of the middle of a transaction to the one place that rolls it back and
/// turns it into a Result (Writer, Readers). Thrown only inside this folder; never crosses the Store
/// interface.
class Refusal final : public std::exception {
 public:
  explicit Refusal(Error error) : error_(std::move(error)) {}
  [[nodiscard]] const Error& error() const { return error_; }
  [[nodiscard]] const char* what() const noexcept override { return error_.code.c_str(); }

 private:
  Error error_;
};

/// The value, or its error on the way of a Refusal.
template <class T>
T need(Result<T> result) {
  if (!result) throw Refusal(result.error());
  return std::move(*result);
}
inline void need(const Status& status) {
  if (!status) throw Refusal(status.error());
}

/// Bytes to bind without copying; the caller keeps them until the statement has run.
struct BlobView {
  std::string_view bytes;
};

/// One prepared statement in use; goes back, reset, to its connection's cache when it is dropped.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  ~Statement();
  Statement(Statement&& other) noexcept
      : statement_(std::exchange(other.statement_, nullptr)), column_(other.column_), bound_(other.bound_) {}
  Statement& operator=(Statement&&) = delete;

  /// Binds the next parameters in order.
  template <class... Values>
  Statement& bind(const Values&... values) & {
    (bind_one(values), ...);
    return *this;
  }
  template <class... Values>
  Statement bind(const Values&... values) && {
    (bind_one(values), ...);
    return std::move(*this);
  }

  /// True when there is a row; column reading starts again at the first.
  bool step();
  /// Runs to the end, ignoring rows.
  void run();

  /// The next column of the current row, as T (arithmetic, std::string, Strong, Instant, std::optional).
  template <class T>
  [[nodiscard]] T next() {
    return read(Kind<T>{});
  }
  template <class T>
  void next(T& into) {
    into = read(Kind<T>{});
  }
  [[nodiscard]] bool next_is_null();

 private:
  template <class T>
  struct Kind {};

  void bind_one(std::string_view text);
  void bind_one(std::int64_t number);
  void bind_one(BlobView blob);
  void bind_one(std::nullopt_t);
  template <class T>
  void bind_one(const T& value)
    requires std::integral<T> && (!std::same_as<T, std::int64_t>)
  {
    bind_one(static_cast<std::int64_t>(value));
  }
  template <class Tag>
  void bind_one(const Strong<Tag>& id) {
    bind_one(std::string_view(id.str()));
  }
  void bind_one(Instant at) { bind_one(static_cast<std::int64_t>(at.time_since_epoch().count())); }
  template <class T>
  void bind_one(const std::optional<T>& value) {
    if (value)
      bind_one(*value);
    else
      bind_one(std::nullopt);
  }

  [[nodiscard]] std::int64_t read_integer();
  [[nodiscard]] std::string read_bytes();
  template <std::integral T>
  T read(Kind<T>) {
    return static_cast<T>(read_integer());
  }
  bool read(Kind<bool>) { return read_integer() != 0; }
  std::string read(Kind<std::string>) { return read_bytes(); }
  template <class Tag>
  Strong<Tag> read(Kind<Strong<Tag>>) {
    return Strong<Tag>(read_bytes());
  }
  Instant read(Kind<Instant>) { return Instant(Duration(read_integer())); }
  template <class T>
  std::optional<T> read(Kind<std::optional<T>>) {
    if (next_is_null()) {
      ++column_;
      return std::nullopt;
    }
    return read(Kind<T>{});
  }

  sqlite3_stmt* statement_;
  int column_ = 0;
  int bound_ = 0;
};

/// One connection with its cache of prepared statements. Used by one thread at a time. Failures of SQLite are
/// thrown as Refusal (full, busy, corrupt, input/output); anything else is a broken invariant.
class Connection {
 public:
  enum class Mode { create, write, read };
  Connection(const std::filesystem::path& file, Mode mode);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// `sql` is prepared once per connection.
  [[nodiscard]] Statement prepare(std::string_view sql);
  /// prepare, bind and run.
  template <class... Values>
  void run(std::string_view sql, const Values&... values) {
    prepare(sql).bind(values...).run();
  }
  /// Runs several statements that are not worth keeping (schema, pragmas).
  void execute(const std::string& script);
  /// True between BEGIN and COMMIT or ROLLBACK, an automatic one included.
  [[nodiscard]] bool in_transaction() const;
  /// Copies the database, as this connection sees it, to a new file. `step` is called between two pieces with
  /// pages done and in all; what it throws ends the copy. Inside a read transaction the copy is one moment,
  /// and writers go on. (connection_copy.cpp)
  void copy_to(const std::filesystem::path& file,
               const std::function<void(std::uint64_t, std::uint64_t)>& step) const;
  /// Rows changed by the last statement.
  [[nodiscard]] std::int64_t changes() const;

 private:
  struct Close {
    void operator()(sqlite3* db) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3, Close> db_;
  std::map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, std::less<>> cache_;
};

}  // namespace demat::store
