#include "gateway/store/sqlite_uploads.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "gateway/base/random.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/upload_errors.hpp"
#include "gateway/store/upload_file.hpp"

namespace demat::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view select_upload =
    "SELECT id,identity,authority,file_name,size,sha256,offset,finished,created_at,touched_at FROM upload"
    " WHERE id=?";

std::optional<Upload> find_row(Connection& db, const UploadId& id) {
  auto row = db.prepare(select_upload).bind(id);
  if (!row.step()) return std::nullopt;
  Upload out;
  row.next(out.id);
  row.next(out.identity);
  row.next(out.authority);
  row.next(out.file_name);
  row.next(out.size);
  auto digest = row.next<Sha256>();
  if (!digest.empty()) out.sha256 = std::move(digest);
  row.next(out.offset);
  row.next(out.finished);
  row.next(out.created_at);
  row.next(out.touched_at);
  return out;
}

std::uint64_t count_open(Connection& db, const IdentityId& identity) {
  auto row = db.prepare("SELECT count(*) FROM upload WHERE identity=? AND finished=0").bind(identity);
  static_cast<void>(row.step());
  return row.next<std::uint64_t>();
}

}  // namespace

bool SqliteUploads::Hands::take(const UploadId& id) {
  const std::lock_guard lock(mutex_);
  return taken_.insert(id).second;
}

void SqliteUploads::Hands::give_back(const UploadId& id) {
  const std::lock_guard lock(mutex_);
  taken_.erase(id);
}

bool SqliteUploads::Hands::has(const UploadId& id) {
  const std::lock_guard lock(mutex_);
  return taken_.contains(id);
}

/// The bytes are in an UploadFile; the row says how far they are durable.
class SqliteUploads::Writer final : public UploadWriter {
 public:
  /// Has taken `upload` in hand; gives it back.
  Writer(SqliteUploads& owner, Upload upload, UploadFile file)
      : owner_(owner), upload_(std::move(upload)), file_(std::move(file)), end_(upload_.offset) {}
  ~Writer() override {
    // What came before the client went away need not come again; when this fails, it must.
    if (end_ != upload_.offset) static_cast<void>(sync());
    owner_.hands_.give_back(upload_.id);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Status append(std::string_view bytes) override {
    if (bytes.size() > upload_.size - end_) return failure(upload_too_long(upload_.size));
    if (auto written = file_.write(end_, bytes); !written) return written;
    end_ += bytes.size();
    return {};
  }

  Result<std::uint64_t> sync() override {
    if (auto synced = file_.sync(); !synced) return failure(synced.error());
    auto noted = owner_.access_.write([&](Transaction& tx) {
      tx.db.run("UPDATE upload SET offset=?,touched_at=? WHERE id=?", end_, tx.now, upload_.id);
    });
    if (!noted) return failure(std::move(noted.error()));
    upload_.offset = end_;
    return end_;
  }

  const Upload& upload() const override { return upload_; }

  Result<StagedPayload> staged() override {
    if (upload_.offset != upload_.size) return failure(upload_incomplete());
    const auto& blobs = owner_.access_.blobs;
    auto payload = file_.stage(upload_.size, blobs.staging());
    if (payload && upload_.sha256 && payload->sha256() != *upload_.sha256) return failure(upload_digest());
    return payload;
  }

 private:
  SqliteUploads& owner_;
  Upload upload_;
  UploadFile file_;
  std::uint64_t end_;
};

SqliteUploads::SqliteUploads(const Access& access)
    : access_(access), folder_(access.blobs.staging()->path().parent_path() / "uploads") {}

fs::path SqliteUploads::path_of(const UploadId& id) const {
  return folder_ / (id.str() + ".part");
}

Result<Upload> SqliteUploads::create(Upload upload, std::size_t most) {
  return access_.write([&](Transaction& tx) {
    if (count_open(tx.db, upload.identity) >= most) throw Refusal(upload_too_many(most));
    upload.id = UploadId{make_uuid_v7(tx.now)};
    upload.created_at = tx.now;
    upload.touched_at = tx.now;
    tx.db.run(
        "INSERT INTO "
        "upload(id,identity,authority,file_name,size,sha256,offset,finished,created_at,touched_at)"
        " VALUES(?,?,?,?,?,?,0,0,?,?)",
        upload.id, upload.identity, upload.authority, upload.file_name, upload.size,
        upload.sha256.value_or(Sha256{}), tx.now, tx.now);
    return upload;
  });
}

Result<std::optional<Upload>> SqliteUploads::find(const UploadId& id) {
  return access_.read([&](Connection& db) { return find_row(db, id); });
}

Result<std::unique_ptr<UploadWriter>> SqliteUploads::open(const UploadId& id, std::uint64_t offset) {
  if (!hands_.take(id)) return failure(upload_busy());
  const auto give_up = [&](Error error) {
    hands_.give_back(id);
    return failure(std::move(error));
  };
  auto found = find(id);
  if (!found) return give_up(std::move(found.error()));
  if (!*found || (*found)->finished) return give_up(upload_unknown());
  if ((*found)->offset != offset) return give_up(upload_offset((*found)->offset));
  auto file = UploadFile::open(path_of(id), offset);
  if (!file) return give_up(std::move(file.error()));
  return std::make_unique<Writer>(*this, std::move(**found), std::move(*file));
}

Status SqliteUploads::drop_file(const UploadId& id) const {
  if (::unlink(path_of(id).c_str()) == 0 || errno == ENOENT) return {};
  return failure(system_error(errno, "remove an upload"));
}

Status SqliteUploads::finish(const UploadId& id) {
  auto done = access_.write([&](Transaction& tx) {
    tx.db.run("UPDATE upload SET finished=1,touched_at=? WHERE id=?", tx.now, id);
  });
  if (!done) return done;
  return drop_file(id);
}

Status SqliteUploads::remove(const UploadId& id) {
  if (!hands_.take(id)) return failure(upload_busy());
  auto done = access_.write([&](Transaction& tx) { tx.db.run("DELETE FROM upload WHERE id=?", id); });
  if (done) done = drop_file(id);
  hands_.give_back(id);
  return done;
}

Result<std::size_t> SqliteUploads::expire(Instant before) {
  auto old = access_.read([&](Connection& db) {
    std::vector<UploadId> ids;
    auto rows = db.prepare("SELECT id FROM upload WHERE touched_at<? ORDER BY touched_at LIMIT 1000");
    rows.bind(before);
    while (rows.step())
      ids.push_back(rows.next<UploadId>());
    return ids;
  });
  if (!old) return failure(std::move(old.error()));
  std::size_t dropped = 0;
  for (const auto& id : *old) {
    if (hands_.has(id)) continue;
    auto removed = remove(id);
    if (removed)
      ++dropped;
    else if (removed.error().code != upload_busy().code)
      return failure(std::move(removed.error()));
  }
  if (auto swept = sweep_strangers(); !swept) return failure(std::move(swept.error()));
  return dropped;
}

/// A crash between the end of a row and that of its file leaves a file that nobody will ask for.
Status SqliteUploads::sweep_strangers() {
  std::error_code error;
  if (!fs::exists(folder_, error)) return {};
  for (fs::directory_iterator at(folder_, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    const UploadId id{at->path().stem().string()};
    if (hands_.has(id)) continue;
    const auto row = find(id);
    if (!row) return failure(row.error());
    if (*row && !(*row)->finished) continue;
    if (auto dropped = drop_file(id); !dropped) return dropped;
  }
  if (error) return failure(system_error(error.value(), "look through the uploads"));
  return {};
}

}  // namespace demat::store
