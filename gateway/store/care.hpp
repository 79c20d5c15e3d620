#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gateway/flow/flow.hpp"
#include "gateway/store/payload.hpp"
#include "gateway/store/store.hpp"

namespace demat::store {

/// One file that crossed the gateway. Made from the rows themselves, so that nothing can cross without
/// its trace; it stays when the bytes are purged.
struct Trace {
  enum class Direction { deposited, sent, received };
  Direction direction = Direction::deposited;
  Instant at{};                     ///< deposit, begin of the transmission, reception
  std::optional<Instant> ended_at;  ///< of a transmission
  std::string nature;               ///< TypFic of a flow, kind of a return
  std::string name;                 ///< remote name, or the depositor's
  NomFic nom_fic;
  std::uint64_t size = 0;
  Sha1 sha1;
  Sha256 sha256;
  AuthorityId authority;  ///< empty: a file of the State that belongs to nobody known
  DestinationName destination;
  std::string outcome;        ///< state of the flow or return; outcome of the transmission
  std::string subject;        ///< id of the flow or return
  std::uint32_t attempt = 0;  ///< of a transmission
  std::optional<Instant> purged_at;
};
[[nodiscard]] std::string_view to_string(Trace::Direction direction);

struct TraceFilter {
  std::optional<AuthorityId> authority;  ///< unset only for the platform
  std::optional<Instant> from;           ///< at >=
  std::optional<Instant> to;             ///< at <
};
enum class TraceFormat { csv, xml };

/// What may be purged now. A limit that is not set purges nothing of its kind.
struct PurgePlan {
  std::optional<Instant> succeeded_before;  ///< bytes of flows acknowledged, partly_rejected, sent_final
  std::optional<Instant> failed_before;     ///< bytes of flows refused, rejected, cancelled
  std::optional<Instant> returns_before;    ///< bytes of returns that were read, or ignored
  std::optional<Instant> traces_before;     ///< rows and events; never younger than `traces_floor`
  std::optional<AuthorityId> authority;     ///< only this one's bytes; rows and events are never of one alone
  std::vector<flow::State> states;          ///< only flows in these
  std::string actor = "gateway";
  std::string reason;
};
///
inline constexpr std::chrono::hours traces_floor = std::chrono::hours(24) * 2922;

struct PurgeCount {
  std::string what;  ///< state of flows, "return", "row", "event"
  AuthorityId authority;
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
  std::vector<std::string> examples;  ///< ids, a few
};
struct PurgeReport {
  std::vector<PurgeCount> counts;
  bool more = false;  ///< the limit was reached: purge again
};

struct JournalFilter {
  std::optional<FlowId> flow;
  std::optional<std::string> actor;
  std::optional<std::string> code;
  std::optional<Instant> from;
  std::optional<Instant> to;
  std::optional<std::uint64_t> first;  ///< sequence >=
  std::optional<std::uint64_t> last;   ///< sequence <=
};
struct JournalLine {
  flow::Event event;
  std::string payloads;  ///< SHA-256 of what came with it, comma separated
  std::string chain;     ///< 32 bytes
};
/// A point of the chain written down aside: who keeps a copy elsewhere can prove later that the past up to it
/// was not rewritten, even by somebody who has the key.
struct Anchor {
  std::uint64_t sequence = 0;
  Instant at{};
  std::string chain;  ///< 32 bytes
  std::string mac;    ///< by the journal key, over sequence, time and chain
};
/// Where a purge cut the chain: the events up to `sequence` are gone, the chain goes on from `chain`.
struct Checkpoint {
  std::uint64_t sequence = 0;
  Instant at{};
  std::string chain;
  std::string actor;
  std::string reason;
  std::string mac;
};
struct JournalVerdict {
  JournalCheck check;
  std::vector<Checkpoint> checkpoints;
  std::uint64_t anchors = 0;
  std::string trouble;  ///< what is wrong, when it is not an event: "anchor 12", "checkpoint 7"
};

struct BackupOptions {
  std::filesystem::path folder;  ///< must not exist, or be empty
  bool with_key = false;         ///< journal.key too: the backup is then a secret
  std::string actor = "gateway";
};
struct BackupInfo {
  std::string name;  ///< last part of its folder
  Instant taken_at{};
  std::string environment;
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;  ///< of the journal
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  bool with_key = false;
};

/// How much of the store a verification reads.
enum class Depth {
  quick,  ///< database structure, journal, names and sizes of files
  full,   ///< also every index and every byte
};
struct Trouble {
  std::string code;  ///< verify.database, verify.reference, verify.payload, verify.blob_missing...
  std::string detail;
};
struct VerifyReport {
  Depth depth = Depth::quick;
  Instant began_at{};
  std::optional<Instant> ended_at;
  std::uint64_t payloads = 0;  ///< looked at so far
  std::uint64_t bytes = 0;
  std::uint64_t events = 0;
  std::uint64_t orphans = 0;      ///< files that no row names: harmless, removed at the next start
  std::vector<Trouble> troubles;  ///< the first hundred
  std::uint64_t trouble_count = 0;
  [[nodiscard]] bool sound() const { return trouble_count == 0; }
};

/// Something long that runs beside the traffic.
struct Chore {
  std::string kind;   ///< "backup", "verify", "scrub"; empty: none was ever started
  std::string phase;  ///< "database", "blobs", "journal"...
  bool running = false;
  Instant began_at{};
  std::optional<Instant> ended_at;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::optional<Error> error;
};

/// A client certificate that was not let in. No name of a person.
struct RefusedClient {
  std::string certificate;  ///< SHA-256 of its DER, hexadecimal
  std::string serial;       ///< hexadecimal
  std::string issuer;       ///< RFC 2253; empty when it is of no authority we know
  std::string profile;
  std::string check;  ///< code of the check that decided
};

/// Looking after the store: trace register, retention and purge, journal, backup, verification. A part of
/// Store: same durability, thread-safety and errors.
class Care {
 public:
  virtual ~Care() = default;

  // --- trace register (R-09..R-12)
  /// Oldest first.
  [[nodiscard]] virtual Result<Page<Trace>> traces(const TraceFilter& filter, const std::string& cursor,
                                                   std::size_t limit) = 0;
  /// The whole register of a period, in a file that has no name and goes when it is dropped.
  [[nodiscard]] virtual Result<Payload> export_traces(const TraceFilter& filter, TraceFormat format) = 0;

  // --- retention
  /// What `purge` would take, changing nothing.
  [[nodiscard]] virtual Result<PurgeReport> preview(const PurgePlan& plan, Instant now) = 0;
  /// One batch of at most `limit` flows, returns or events in one transaction. Never what is not final or
  /// not answered, nor an orphan. Error: `store.backup_runs` (waiting).
  [[nodiscard]] virtual Result<PurgeReport> purge(const PurgePlan& plan, Instant now, std::size_t limit) = 0;

  // --- journal
  /// Newest first. A page looks at a bounded number of events: it may be short, even empty, and have a next.
  [[nodiscard]] virtual Result<Page<JournalLine>> search(const JournalFilter& filter,
                                                         const std::string& cursor, std::size_t limit) = 0;
  /// Oldest first, one JSON object per line, with anchors, checkpoints and the head.
  [[nodiscard]] virtual Result<Payload> export_journal(const JournalFilter& filter) = 0;
  [[nodiscard]] virtual Result<Page<Anchor>> anchors(const std::string& cursor, std::size_t limit) = 0;
  /// Anchors the head now.
  [[nodiscard]] virtual Result<Anchor> anchor_now() = 0;
  [[nodiscard]] virtual Result<JournalVerdict> verify_chain() = 0;
  /// One event `access.certificate_refused` for each, in one transaction.
  [[nodiscard]] virtual Status note_refused(const std::vector<RefusedClient>& clients) = 0;

  // --- chores: one at a time, each on a thread of its own
  /// A consistent copy while the gateway runs. Errors: `backup.folder`, `store.chore_runs`.
  [[nodiscard]] virtual Status start_backup(const BackupOptions& options) = 0;
  /// Reads the store again (B21, R4), at most `bytes_per_second` (0: as fast as it goes). Error:
  /// `store.chore_runs`.
  [[nodiscard]] virtual Status start_verify(Depth depth, std::uint64_t bytes_per_second,
                                            const std::string& actor) = 0;
  [[nodiscard]] virtual Chore chore() const = 0;
  /// The last verification, running or ended.
  [[nodiscard]] virtual std::optional<VerifyReport> last_verify() const = 0;
  /// When every byte was last read and found right; kept over restarts.
  [[nodiscard]] virtual Result<std::optional<Instant>> last_scrub() = 0;

  /// Grows by one with each restore.
  [[nodiscard]] virtual Result<std::uint64_t> epoch() = 0;
  /// Bytes free on the disk of the store, for those who are not root.
  [[nodiscard]] virtual Result<std::uint64_t> free_disk() = 0;
};

}  // namespace demat::store
