#include "gateway/store/blobs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include "gateway/base/crash_point.hpp"
#include "gateway/base/random.hpp"
#include "gateway/store/errors.hpp"
#include "protocols/base/digest.hpp"

namespace demat::store {
namespace {

namespace fs = std::filesystem;

bool is_name(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// Small payloads, and what is read whole: the bytes with their owner.
class OwnedSource final : public ByteSource {
 public:
  explicit OwnedSource(std::string bytes) : bytes_(std::move(bytes)), source_(bytes_) {}
  Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    return source_.read(offset, buffer);
  }
  std::size_t size() const override { return bytes_.size(); }
  std::string_view view() const override { return bytes_; }

 private:
  std::string bytes_;
  MemorySource source_;
};

constexpr std::string_view named_file =
    "SELECT 1 FROM payload WHERE sha256=? AND bytes IS NULL AND purged_at IS NULL";

void require(const Status& status) {
  if (!status) throw Refusal(status.error());
}

/// Visits a folder. Throws Refusal, never what a range loop over the iterator would: a folder that cannot be
/// read half-way is an expected failure of the disk.
template <class Iterator, class Visit>
void walk(const fs::path& folder, const char* doing, const Visit& visit) {
  std::error_code error;
  for (Iterator at(folder, error); !error && at != Iterator(); at.increment(error))
    visit(*at);
  if (error) throw Refusal(system_error(error.value(), doing));
}

/// How the names of this process's temporary files begin.
std::string mark_of_run() {
  std::array<std::uint8_t, 8> random{};
  random_bytes(random);
  return hex(random) + "-";
}

bool remove_file(const fs::path& path, const char* doing) {
  std::error_code error;
  const bool removed = fs::remove(path, error);
  if (error) throw Refusal(system_error(error.value(), doing));
  return removed;
}

}  // namespace

Blobs::Blobs(const fs::path& folder)
    : blobs_(folder / "blobs"), staging_(std::make_shared<StagingFolder>(folder / "tmp", mark_of_run())) {}

Status Blobs::create_folders(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder / "tmp", error);
  for (unsigned first = 0; first < 256 && !error; ++first)
    fs::create_directories(folder / "blobs" / fmt::format("{:02x}", first), error);
  if (error) return failure(system_error(error.value(), "create the blob folders"));
  if (auto synced = sync_folder(folder / "blobs"); !synced) return synced;
  return sync_folder(folder);
}

fs::path Blobs::path_of(const Sha256& name) const {
  // The name becomes a path: nothing but a digest may get there.
  if (!is_name(name.str())) throw Refusal(not_found("payload"));
  return blobs_ / name.str().substr(0, 2) / name.str().substr(2);
}

void Blobs::keep(Connection& db, StagedPayload& payload) {
  auto* const file = dynamic_cast<FileBacking*>(&payload.backing());
  auto known = db.prepare("SELECT bytes IS NULL,purged_at IS NOT NULL FROM payload WHERE sha256=?");
  if (known.bind(payload.sha256()).step()) {
    const bool in_file = known.next<bool>();
    if (known.next<bool>()) return revive(db, payload, file);
    // A file that went missing is healed by the same bytes coming again.
    if (in_file && file != nullptr && !has_file(payload.sha256(), payload.size()))
      publish(*file, payload.sha256());
    return;
  }
  constexpr std::string_view insert = "INSERT INTO payload(sha256,sha1,size,bytes) VALUES(?,?,?,?)";
  if (file != nullptr) {
    publish(*file, payload.sha256());
    db.run(insert, payload.sha256(), payload.sha1(), payload.size(), std::nullopt);
    return;
  }
  const auto view = payload.bytes().view();
  if (view.size() != payload.size()) throw std::logic_error("a staged payload of another store");
  db.run(insert, payload.sha256(), payload.sha1(), payload.size(), BlobView{view});
}

/// Bytes that were purged come in anew.
void Blobs::revive(Connection& db, const StagedPayload& payload, FileBacking* file) {
  constexpr std::string_view update =
      "UPDATE payload SET bytes=?,purged_at=NULL,purged_why='' WHERE sha256=?";
  if (file != nullptr) {
    publish(*file, payload.sha256());
    db.run(update, std::nullopt, payload.sha256());
    return;
  }
  db.run(update, BlobView{payload.bytes().view()}, payload.sha256());
}

void Blobs::discard(const Sha256& name) {
  discarded_.push_back(name);
}

void Blobs::publish(FileBacking& staged, const Sha256& name) {
  const auto path = path_of(name);
  crash_point("before_blob_rename");
  if (::rename(staged.path().c_str(), path.c_str()) != 0)
    throw Refusal(system_error(errno, "rename a payload to its blob"));
  staged.given_away();
  fresh_.push_back(name);
  unsynced_.insert(path.parent_path());
  crash_point("blob_renamed");
}

std::optional<Payload> Blobs::open(Connection& db, const Sha256& name) const {
  auto row = db.prepare("SELECT purged_at,purged_why,bytes IS NULL,size,bytes FROM payload WHERE sha256=?")
                 .bind(name);
  if (!row.step()) return std::nullopt;
  const auto purged_at = row.next<std::optional<Instant>>();
  const auto purged_why = row.next<std::string>();
  if (purged_at) throw Refusal(payload_purged(*purged_at, purged_why));
  const bool in_file = row.next<bool>();
  const auto size = row.next<std::size_t>();
  if (!in_file) return std::make_shared<OwnedSource>(row.next<std::string>());
  auto file = open_file(path_of(name), O_RDONLY | O_NOFOLLOW);
  if (!file) {
    if (!has_file(name, size)) throw Refusal(corrupt("blob missing: " + name.str()));
    throw Refusal(file.error());
  }
  return std::make_shared<FileSource>(std::move(*file), size);
}

bool Blobs::has_file(const Sha256& name, std::uint64_t size) const {
  struct stat status {};
  return ::stat(path_of(name).c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         static_cast<std::uint64_t>(status.st_size) == size;
}

std::size_t Blobs::sweep_temporary() const {
  constexpr const char* doing = "sweep the temporary files";
  std::size_t swept = 0;
  walk<fs::directory_iterator>(staging_->path(), doing, [&](const fs::directory_entry& entry) {
    if (entry.path().filename().string().starts_with(staging_->mark())) return;
    if (remove_file(entry.path(), doing)) ++swept;
  });
  return swept;
}

void Blobs::visit(std::size_t piece, const std::function<bool(const std::vector<Sha256>&)>& visitor) const {
  std::vector<Sha256> names;
  for (unsigned first = 0; first < 256; ++first) {
    const auto folder = blobs_ / fmt::format("{:02x}", first);
    walk<fs::directory_iterator>(folder, "look through the blobs", [&](const fs::directory_entry& entry) {
      names.emplace_back(folder.filename().string() + entry.path().filename().string());
    });
    if (names.size() < piece && first < 255) continue;
    if (!visitor(std::exchange(names, {}))) return;
  }
}

bool Blobs::is_named(Connection& db, const Sha256& name) {
  return db.prepare(named_file).bind(name).step();
}

std::vector<Sha256> Blobs::unnamed(Connection& db, const std::vector<Sha256>& names) {
  std::vector<Sha256> out;
  std::copy_if(names.begin(), names.end(), std::back_inserter(out),
               [&](const Sha256& name) { return !is_named(db, name); });
  return out;
}

std::size_t Blobs::remove_unnamed(Connection& db, const std::vector<Sha256>& names) const {
  std::size_t removed = 0;
  for (const auto& name : names) {
    if (is_named(db, name)) continue;
    const auto path = blobs_ / name.str().substr(0, 2) / name.str().substr(2);
    if (remove_file(path, "remove an orphan")) ++removed;
  }
  return removed;
}

void Blobs::remove_if_unnamed(Connection& db, const Sha256& name) {
  if (is_named(db, name)) return;
  if (::unlink(path_of(name).c_str()) != 0 && errno != ENOENT) stubborn_.insert(name);
}

void Blobs::item_begins() {
  mark_ = fresh_.size();
  discarded_mark_ = discarded_.size();
}

void Blobs::item_undone() {
  abandoned_.insert(abandoned_.end(), fresh_.begin() + static_cast<std::ptrdiff_t>(mark_), fresh_.end());
  fresh_.resize(mark_);
  discarded_.resize(discarded_mark_);
}

void Blobs::before_commit(Connection&) {
  for (const auto& folder : unsynced_)
    require(sync_folder(folder));
  if (!unsynced_.empty()) crash_point("blob_folders_synced");
  unsynced_.clear();
}

void Blobs::committed(Connection& db) {
  if (!discarded_.empty()) crash_point("before_blob_unlink");
  for (const auto& name : discarded_)
    remove_if_unnamed(db, name);
  for (const auto& name : abandoned_)
    remove_if_unnamed(db, name);
  if (!stubborn_.empty()) {
    // As long as the disk keeps one, the others wait for a later commit.
    auto again = std::exchange(stubborn_, {});
    while (!again.empty() && stubborn_.empty())
      remove_if_unnamed(db, again.extract(again.begin()).value());
    stubborn_.merge(again);
  }
  forget();
}

void Blobs::undone(Connection& db, bool unsure) {
  if (!unsure) {
    abandoned_.insert(abandoned_.end(), fresh_.begin(), fresh_.end());
    for (const auto& name : abandoned_)
      remove_if_unnamed(db, name);
  }
  forget();
}

void Blobs::forget() {
  fresh_.clear();
  discarded_.clear();
  abandoned_.clear();
  unsynced_.clear();
  mark_ = 0;
  discarded_mark_ = 0;
}

}  // namespace demat::store
