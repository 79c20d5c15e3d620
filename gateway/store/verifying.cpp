#include "gateway/store/verifying.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "gateway/store/errors.hpp"
#include "gateway/store/journal_reading.hpp"
#include "protocols/base/digest.hpp"

namespace demat::store {
namespace {

void add_trouble(VerifyReport& report, std::string code, std::string detail) {
  constexpr std::size_t told = 100;
  ++report.trouble_count;
  if (report.troubles.size() < told) report.troubles.push_back({std::move(code), std::move(detail)});
}

/// Keeps a reader from taking the disk for itself.
class Pace {
 public:
  explicit Pace(std::uint64_t bytes_per_second) : rate_(bytes_per_second) {}
  void spend(std::uint64_t bytes) {
    if (rate_ == 0) return;
    spent_ += bytes;
    const auto due = began_ + std::chrono::milliseconds(spent_ * 1000 / rate_);
    std::this_thread::sleep_until(std::min(due, std::chrono::steady_clock::now() + std::chrono::seconds(1)));
  }

 private:
  std::uint64_t rate_;
  std::uint64_t spent_ = 0;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// The structure of the database, its indexes when `depth` is full, its references.
void check_database(Connection& db, Depth depth, VerifyReport& report) {
  auto rows = db.prepare(depth == Depth::full ? "PRAGMA integrity_check(20)" : "PRAGMA quick_check(20)");
  while (rows.step()) {
    if (auto line = rows.next<std::string>(); line != "ok") add_trouble(report, "verify.database", line);
  }
  auto references = db.prepare("PRAGMA foreign_key_check");
  while (references.step())
    add_trouble(report, "verify.reference", "a row of table " + references.next<std::string>());
  auto counts = db.prepare(
      "SELECT state,flows FROM state_count WHERE flows<>(SELECT count(*) FROM flow f WHERE"
      " f.state=state_count.state)");
  while (counts.step())
    add_trouble(report, "verify.count", "flows in state " + counts.next<std::string>());
}

struct PayloadRow {
  std::int64_t number = 0;
  Sha256 name;
  std::uint64_t size = 0;
  bool in_file = false;
  std::string bytes;  ///< of a small one, when every byte is to be read
};

std::vector<PayloadRow> payloads_after(Connection& db, std::int64_t number, bool with_bytes) {
  auto rows =
      db.prepare(with_bytes ? "SELECT number,sha256,size,bytes IS NULL,bytes FROM payload WHERE number>?"
                              " AND purged_at IS NULL ORDER BY number LIMIT 32"
                            : "SELECT number,sha256,size,bytes IS NULL,NULL FROM payload WHERE number>?"
                              " AND purged_at IS NULL ORDER BY number LIMIT 1000");
  rows.bind(number);
  std::vector<PayloadRow> out;
  while (rows.step()) {
    auto& one = out.emplace_back();
    rows.next(one.number);
    rows.next(one.name);
    rows.next(one.size);
    rows.next(one.in_file);
    rows.next(one.bytes);
  }
  return out;
}

/// A purge may have come between the row and its file.
bool still_there(const Access& access, const Sha256& name) {
  return need(access.read([&](Connection& db) {
    return db.prepare("SELECT 1 FROM payload WHERE sha256=? AND purged_at IS NULL").bind(name).step();
  }));
}

void check_file(const Access& access, const PayloadRow& row, Depth depth, VerifyReport& report) {
  if (!access.blobs.has_file(row.name, row.size)) {
    if (still_there(access, row.name)) add_trouble(report, "verify.blob_missing", row.name.str());
    return;
  }
  if (depth == Depth::quick) return;
  try {
    if (digest_of(access.blobs.path_of(row.name)).sha256 == row.name) return;
  } catch (const Refusal& refusal) {
    if (!still_there(access, row.name)) return;
    add_trouble(report, "verify.blob_damaged", row.name.str() + ": " + refusal.error().detail);
    return;
  }
  add_trouble(report, "verify.blob_damaged", row.name.str());
}

void check_payload(const Access& access, const PayloadRow& row, Depth depth, VerifyReport& report) {
  ++report.payloads;
  if (row.in_file) {
    check_file(access, row, depth, report);
  } else if (depth == Depth::full && (row.bytes.size() != row.size || sha256(row.bytes) != row.name)) {
    add_trouble(report, "verify.payload", row.name.str());
  }
  if (depth == Depth::full) report.bytes += row.size;
}

void check_payloads(const Access& access, Depth depth, Pace& pace, const Progress& progress,
                    VerifyReport& report, const Told& told) {
  const auto total = need(access.read([](Connection& db) {
    auto row = db.prepare("SELECT count(*) FROM payload WHERE number>0 AND purged_at IS NULL");
    return row.step() ? row.next<std::uint64_t>() : std::uint64_t{0};
  }));
  std::int64_t last = 0;
  for (;;) {
    const auto rows =
        need(access.read([&](Connection& db) { return payloads_after(db, last, depth == Depth::full); }));
    if (rows.empty()) return;
    for (const auto& row : rows) {
      check_payload(access, row, depth, report);
      if (depth == Depth::full) pace.spend(row.size);
      last = row.number;
    }
    told(report);
    progress("payloads", report.payloads, total);
  }
}

void check_orphans(const Access& access, const Progress& progress, VerifyReport& report) {
  access.blobs.visit(1000, [&](const std::vector<Sha256>& names) {
    report.orphans += need(access.read([&](Connection& db) { return Blobs::unnamed(db, names).size(); }));
    progress("files", 0, 0);
    return true;
  });
}

void check_journal(const Access& access, VerifyReport& report) {
  const auto verdict = need(access.read([&](Connection& db) { return verify_all(db, access.key); }));
  report.events = verdict.check.events;
  if (verdict.check.intact) return;
  add_trouble(report, "verify.journal",
              verdict.trouble.empty() ? fmt::format("event {}", verdict.check.first_bad) : verdict.trouble);
}

}  // namespace

VerifyReport verify_everything(const Access& access, Depth depth, std::uint64_t bytes_per_second,
                               const Progress& progress, const Told& told) {
  VerifyReport report;
  report.depth = depth;
  report.began_at = access.clock.now();
  Pace pace(bytes_per_second);
  progress("database", 0, 0);
  need(access.read([&](Connection& db) {
    check_database(db, depth, report);
    return true;
  }));
  told(report);
  check_payloads(access, depth, pace, progress, report, told);
  check_orphans(access, progress, report);
  progress("journal", 0, 0);
  check_journal(access, report);
  report.ended_at = access.clock.now();
  told(report);
  return report;
}

}  // namespace demat::store
