#include "gateway/store/journal.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

#include "gateway/base/random.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/file.hpp"
#include "gateway/store/mac_bytes.hpp"
#include "protocols/base/digest.hpp"

namespace demat::store {
namespace {

constexpr std::size_t key_bytes = 32;

struct MacFree {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
};
struct ContextFree {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MAC_CTX, ContextFree>;

std::string link_bytes(std::string_view before, std::uint64_t sequence, const JournalEntry& entry,
                       std::string_view from, std::string_view to) {
  std::string out;
  out.reserve(256 + entry.detail.size() + entry.reason.size());
  add_text(out, before);
  add_number(out, sequence);
  add_text(out, entry.flow.str());
  add_number(out, static_cast<std::uint64_t>(entry.at.time_since_epoch().count()));
  add_text(out, entry.code);
  add_text(out, from);
  add_text(out, to);
  add_text(out, entry.actor);
  add_text(out, entry.reason);
  add_text(out, entry.detail);
  add_text(out, entry.payloads);
  return out;
}

std::string head_bytes(std::uint64_t sequence, std::string_view chain) {
  std::string out = "head";
  add_number(out, sequence);
  add_text(out, chain);
  return out;
}

}  // namespace

/// A context with the key in place, to be copied for each computation.
struct JournalKey::Impl {
  Context keyed;
};

Status JournalKey::create(const std::filesystem::path& file) {
  std::array<std::uint8_t, key_bytes> key{};
  random_bytes(key);
  auto opened = open_file(file, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!opened) return failure(opened.error());
  const Status written = write_all(opened->number(), as_text(key));
  OPENSSL_cleanse(key.data(), key.size());
  if (!written) return written;
  if (auto synced = sync_file(opened->number()); !synced) return synced;
  return sync_folder(file.parent_path());
}

JournalKey JournalKey::load(const std::filesystem::path& file) {
  const auto opened = open_file(file, O_RDONLY);
  if (!opened) throw Refusal(opened.error());
  std::array<char, key_bytes + 1> key{};
  const auto got = read_at(opened->number(), 0, key);
  if (!got) throw Refusal(got.error());
  if (*got != key_bytes) throw Refusal(corrupt("the journal key does not have 32 bytes"));
  const std::unique_ptr<EVP_MAC, MacFree> hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  auto impl = std::make_shared<Impl>();
  impl->keyed.reset(hmac ? EVP_MAC_CTX_new(hmac.get()) : nullptr);
  std::string digest = "SHA256";
  const std::array params = {OSSL_PARAM_construct_utf8_string("digest", digest.data(), 0),
                             OSSL_PARAM_construct_end()};
  const bool ready = impl->keyed && EVP_MAC_init(impl->keyed.get(), as_bytes({key.data(), key_bytes}).data(),
                                                 key_bytes, params.data()) == 1;
  OPENSSL_cleanse(key.data(), key.size());
  if (!ready) throw std::runtime_error("HMAC-SHA256 is not available");
  return JournalKey(std::move(impl));
}

std::string JournalKey::mac(std::string_view data) const {
  const Context context(EVP_MAC_CTX_dup(impl_->keyed.get()));
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  std::size_t size = 0;
  if (!context || EVP_MAC_update(context.get(), as_bytes(data).data(), data.size()) != 1 ||
      EVP_MAC_final(context.get(), out.data(), &size, out.size()) != 1)
    throw std::runtime_error("HMAC-SHA256 failed");
  return std::string(as_text({out.data(), size}));
}

Journal::Journal(Connection& db, JournalKey key) : key_(std::move(key)) {
  auto last = db.prepare("SELECT sequence,chain,at FROM event ORDER BY sequence DESC LIMIT 1");
  if (last.step()) {
    last.next(head_.sequence);
    last.next(head_.chain);
    last.next(head_.at);
  }
  saved_ = head_;
  auto anchor =
      db.prepare("SELECT sequence,at FROM anchor WHERE sequence=(SELECT max(sequence) FROM anchor)");
  if (anchor.step()) {
    anchor.next(anchored_.sequence);
    anchor.next(anchored_.at);
  }
  saved_anchor_ = anchored_;
}

void Journal::append(Connection& db, const JournalEntry& entry) {
  const auto from = to_string(entry.from);
  const auto to = to_string(entry.to);
  const std::uint64_t sequence = head_.sequence + 1;
  std::string chain = key_.mac(link_bytes(head_.chain, sequence, entry, from, to));
  db.run(
      "INSERT INTO event(sequence,flow,at,code,from_state,to_state,actor,reason,detail,payloads,chain)"
      " VALUES(?,?,?,?,?,?,?,?,?,?,?)",
      sequence, entry.flow, entry.at, entry.code, from, to, entry.actor, entry.reason, entry.detail,
      entry.payloads, BlobView{chain});
  head_.sequence = sequence;
  head_.chain = std::move(chain);
  head_.at = entry.at;
}

void Journal::before_commit(Connection& db) {
  if (head_.sequence == saved_.sequence) return;
  const std::string mac = key_.mac(head_bytes(head_.sequence, head_.chain));
  db.run("UPDATE journal_head SET sequence=?,mac=?", head_.sequence, BlobView{mac});
  if (anchor_due()) anchor(db, head_.at);
}

JournalCheck Journal::verify(Connection& db, const JournalKey& key) {
  JournalCheck check;
  const auto start = chain_start(db, key);
  if (!start.sound) {
    check.first_bad = start.sequence;
    return check;
  }
  std::string chain = start.chain;
  auto rows = db.prepare(
      "SELECT sequence,flow,at,code,from_state,to_state,actor,reason,detail,payloads,chain FROM event"
      " ORDER BY sequence");
  while (rows.step()) {
    const auto sequence = rows.next<std::uint64_t>();
    JournalEntry entry;
    rows.next(entry.flow);
    rows.next(entry.at);
    rows.next(entry.code);
    const auto from = rows.next<std::string>();
    const auto to = rows.next<std::string>();
    rows.next(entry.actor);
    rows.next(entry.reason);
    rows.next(entry.detail);
    rows.next(entry.payloads);
    const auto expected = key.mac(link_bytes(chain, start.sequence + check.events + 1, entry, from, to));
    ++check.events;
    const auto due = start.sequence + check.events;
    if (sequence != due || rows.next<std::string>() != expected) {
      check.first_bad = due;
      return check;
    }
    chain = expected;
  }
  auto head = db.prepare("SELECT sequence,mac FROM journal_head");
  const bool found = head.step();
  const auto sequence = found ? head.next<std::uint64_t>() : 0;
  const auto mac = found ? head.next<std::string>() : std::string();
  const auto last = start.sequence + check.events;
  check.intact = found && sequence == last &&
                 (sequence == 0 ? mac.empty() : mac == key.mac(head_bytes(sequence, chain)));
  if (!check.intact) check.first_bad = last + 1;
  return check;
}

}  // namespace demat::store
