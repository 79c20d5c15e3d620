#include "gateway/store/sqlite_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "gateway/store/counters.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/operations.hpp"
#include "gateway/store/readers.hpp"
#include "gateway/store/schema.hpp"
#include "gateway/store/sqlite_actes.hpp"
#include "gateway/store/sqlite_care.hpp"
#include "gateway/store/sqlite_history.hpp"
#include "gateway/store/sqlite_mails.hpp"
#include "gateway/store/sqlite_marches.hpp"
#include "gateway/store/sqlite_outbox.hpp"
#include "gateway/store/sqlite_returns.hpp"
#include "gateway/store/sqlite_signature_requests.hpp"
#include "gateway/store/sqlite_steering.hpp"
#include "gateway/store/sqlite_tickets.hpp"
#include "gateway/store/sqlite_uploads.hpp"

namespace demat::store {
namespace {

namespace fs = std::filesystem;

fs::path database_of(const fs::path& folder) {
  return folder / "dematd.db";
}
fs::path key_of(const fs::path& folder) {
  return folder / "journal.key";
}

/// One daemon per store: held until the descriptor closes, so a killed process leaves no stale lock.
FileDescriptor lock_folder(const fs::path& folder) {
  auto opened = open_file(folder / "lock", O_RDWR | O_CREAT, 0600);
  if (!opened) throw Refusal(opened.error());
  if (::flock(opened->number(), LOCK_EX | LOCK_NB) == 0) return std::move(*opened);
  if (errno == EWOULDBLOCK) throw Refusal(store_locked(folder.string()));
  throw Refusal(system_error(errno, "lock"));
}

/// Store over SQLite. Members are made in the order they need each other and undone in reverse.
class SqliteStore final : public Store {
 public:
  SqliteStore(const SqliteOptions& options, const Clock& clock, FileDescriptor lock)
      : options_(options),
        clock_(clock),
        lock_(std::move(lock)),
        db_(database_of(options.folder), Connection::Mode::write),
        key_(JournalKey::load(key_of(options.folder))),
        journal_((prepare_database(db_, options, clock.now()), db_), key_),
        blobs_(options.folder),
        readers_(database_of(options.folder)),
        writer_(db_, {&journal_, &blobs_, &counters_}) {}

  Result<std::unique_ptr<PayloadWriter>> new_payload() override {
    return make_payload_writer(blobs_.staging(), options_.inline_payload);
  }
  Result<Payload> open_payload(const Sha256& name) override {
    const auto open = [&](Connection& db) { return blobs_.open(db, name); };
    auto seen = access_.read_for_claimant(open);
    // What was purged may have come in again, with the flow that was just claimed.
    if (!seen && seen.error().code == "payload.purged") seen = writer_.run_eagerly(open);
    if (!seen) return failure(std::move(seen.error()));
    if (!*seen) return failure(not_found("payload"));
    return std::move(**seen);
  }

  Result<AcceptOutcome> accept(NewFlow flow, StagedPayload payload) override {
    auto done = write([&](Transaction& tx) { return accept_flow(tx, flow, payload); });
    if (!done) return failure(std::move(done.error()));
    if (auto* same = std::get_if<SameBytes>(&*done)) return AcceptOutcome(std::move(*same));
    if (auto* taken = std::get_if<KeyTaken>(&*done)) return AcceptOutcome(std::move(*taken));
    return AcceptOutcome(make_receipt(std::move(std::get<Accepted>(*done).flow)));
  }
  Result<flow::Flow> replay(NewFlow flow, const Sha256& original, bool even_if_live) override {
    return write([&](Transaction& tx) { return replay_flow(tx, flow, original, even_if_live); });
  }

  Result<std::optional<flow::Flow>> find(const FlowId& id) override {
    return readers_.run([&](Connection& db) -> std::optional<flow::Flow> {
      auto row = find_flow(db, id);
      if (!row) return std::nullopt;
      return std::move(row->flow);
    });
  }
  Result<Page<flow::Flow>> list(const FlowFilter& filter, const std::string& cursor,
                                std::size_t limit) override {
    return readers_.run([&](Connection& db) { return list_flows(db, filter, cursor, limit); });
  }
  Result<std::vector<flow::Event>> events(const FlowId& id) override {
    return readers_.run([&](Connection& db) { return events_of(db, id); });
  }
  Result<std::vector<flow::Attempt>> attempts(const FlowId& id) override {
    return readers_.run([&](Connection& db) { return attempts_of(db, id); });
  }
  Result<std::vector<flow::Document>> documents(const FlowId& id) override {
    auto seen = access_.read_for_claimant([&](Connection& db) {
      auto rows = documents_of(db, id);
      return rows.empty() ? std::nullopt : std::optional(std::move(rows));
    });
    if (!seen) return failure(std::move(seen.error()));
    return std::move(*seen).value_or(std::vector<flow::Document>{});
  }
  Result<Report> findings(const FlowId& id) override {
    return readers_.run([&](Connection& db) { return findings_of(db, id); });
  }
  Result<std::vector<flow::AcquitAnomaly>> anomalies(const FlowId& id) override {
    return readers_.run([&](Connection& db) { return anomalies_of(db, id); });
  }
  Result<std::vector<StateCount>> state_counts() override {
    return readers_.run([](Connection& db) { return count_states(db); });
  }

  Result<std::vector<Claim>> claim(const ClaimRequest& request) override {
    return writer_.run_eagerly([&](Connection& db) {
      auto tx = transaction(db);
      return claim_flows(tx, request);
    });
  }
  Result<std::optional<Instant>> next_due(const std::vector<flow::State>& states) override {
    return readers_.run([&](Connection& db) { return next_due_of(db, states, clock_.now()); });
  }
  Result<flow::Flow> apply(Change change) override {
    return write([&](Transaction& tx) { return apply_change(tx, change); });
  }
  std::vector<Result<flow::Flow>> apply_all(std::vector<Change> changes, Haste haste) override {
    std::vector<flow::Flow> after(changes.size());
    const auto done = write_together(
        changes.size(), [&](Transaction& tx, std::size_t i) { after[i] = apply_change(tx, changes[i]); },
        haste);
    return with_values(done, after);
  }
  Result<std::vector<DestinationName>> destinations_of(flow::State state) override {
    return readers_.run([&](Connection& db) { return destinations_with(db, state); });
  }
  Status renew(const Lease& lease, Instant until) override {
    return write([&](Transaction& tx) { renew_lease(tx, lease, until); });
  }
  Result<std::vector<FlowId>> expire_sends(Instant now) override {
    return write([&](Transaction& tx) { return expire_sends_of(tx, now); });
  }
  Result<std::uint64_t> next_counter(const std::string& key) override {
    return writer_.run_eagerly([&](Connection& db) { return counters_.count_up(db, key); });
  }

  Result<bool> return_known(const DestinationName& destination, const std::string& name, std::uint64_t size,
                            std::optional<Instant> time) override {
    return readers_.run([&](Connection& db) { return answer_known(db, destination, name, size, time); });
  }
  Result<flow::Return> import_return(NewReturn item, StagedPayload&& payload) override {
    return write([&](Transaction& tx) { return import_answer(tx, item, payload); });
  }
  std::vector<Result<flow::Return>> import_returns(std::span<ReturnImport> items) override {
    std::vector<flow::Return> imported(items.size());
    const auto done = write_together(
        items.size(),
        [&](Transaction& tx, std::size_t i) {
          imported[i] = import_answer(tx, items[i].item, items[i].payload);
        },
        Haste::in_company);
    return with_values(done, imported);
  }
  Result<std::vector<flow::Return>> unsettled_returns(std::size_t limit) override {
    return readers_.run([&](Connection& db) { return unsettled_answers(db, limit); });
  }
  Result<std::vector<flow::Flow>> acquit_candidates(const NomFic& nom_fic) override {
    return readers_.run([&](Connection& db) { return acquit_candidates_of(db, nom_fic); });
  }
  Status settle_return(Settlement settlement) override {
    return write([&](Transaction& tx) { settle_answer(tx, settlement); });
  }
  std::vector<Status> settle_returns(std::vector<Settlement> settlements) override {
    return write_together(
        settlements.size(), [&](Transaction& tx, std::size_t i) { settle_answer(tx, settlements[i]); },
        Haste::in_company);
  }
  Result<std::optional<flow::Return>> find_return(const ReturnId& id) override {
    return readers_.run([&](Connection& db) { return find_answer(db, id); });
  }
  Result<Page<flow::Return>> list_returns(const ReturnFilter& filter, const std::string& cursor,
                                          std::size_t limit) override {
    return readers_.run([&](Connection& db) { return list_answers(db, filter, cursor, limit); });
  }
  Status mark_return_read(const ReturnId& id, bool read, const std::string& actor) override {
    return write([&](Transaction& tx) { mark_answer(tx, id, read, actor); });
  }

  Status put_authority(const flow::Authority& authority, const std::string& actor) override {
    return write([&](Transaction& tx) { put_authority_row(tx, authority, actor); });
  }
  Result<std::optional<flow::Authority>> find_authority(const AuthorityId& siren) override {
    return readers_.run([&](Connection& db) { return only_one(authorities_of(db, siren)); });
  }
  Result<std::optional<flow::Authority>> authority_of_siret(const Siret& siret) override {
    return readers_.run([&](Connection& db) -> std::optional<flow::Authority> {
      const auto owner = owner_of(db, siret);
      if (!owner) return std::nullopt;
      return only_one(authorities_of(db, *owner));
    });
  }
  Result<std::vector<flow::Authority>> authorities() override {
    return readers_.run([](Connection& db) { return authorities_of(db, std::nullopt); });
  }
  Status put_route(const flow::Route& route, const std::string& actor) override {
    return write([&](Transaction& tx) { put_route_row(tx, route, actor); });
  }
  Result<std::optional<flow::Route>> find_route(const AuthorityId& authority,
                                                const std::string& protocol) override {
    return readers_.run([&](Connection& db) -> std::optional<flow::Route> {
      for (auto& route : routes_of(db, authority))
        if (route.protocol == protocol) return std::move(route);
      return std::nullopt;
    });
  }
  Result<std::vector<flow::Route>> routes() override {
    return readers_.run([](Connection& db) { return routes_of(db, std::nullopt); });
  }
  Status put_identity(const flow::Identity& identity, const std::string& actor) override {
    return write([&](Transaction& tx) { put_identity_row(tx, identity, actor); });
  }
  Result<std::optional<flow::Identity>> find_identity(const IdentityId& id) override {
    return readers_.run([&](Connection& db) { return only_one(identities_of(db, id)); });
  }
  Result<std::vector<flow::Identity>> identities() override {
    return readers_.run([](Connection& db) { return identities_of(db, std::nullopt); });
  }

  Actes& actes() override { return actes_; }
  Care& care() override { return care_; }
  Mails& mails() override { return mails_; }
  Outbox& outbox() override { return outbox_; }
  History& history() override { return history_; }
  Marches& marches() override { return marches_; }
  Returns& returns() override { return returns_; }
  SignatureRequests& signature_requests() override { return signature_requests_; }
  Steering& steering() override { return steering_; }
  Tickets& tickets() override { return tickets_; }
  Uploads& uploads() override { return uploads_; }

  Result<RecoveryReport> recover(Instant now) override {
    return writer_.run([&](Connection& db) {
      Transaction tx{db, journal_, blobs_, now, options_.environment};
      return recover_store(tx);
    });
  }
  Result<RecoveryReport> reconcile(const std::function<bool()>& go_on) override {
    return reconcile_blobs(access_, go_on);
  }
  Result<JournalCheck> verify_journal() override {
    return readers_.run([&](Connection& db) { return Journal::verify(db, key_); });
  }
  Status writable() override {
    return write([](Transaction& tx) { probe_write(tx); });
  }

 private:
  template <class F>
  auto write(F&& work) -> Result<std::invoke_result_t<F&, Transaction&>> {
    return access_.write(std::forward<F>(work));
  }

  [[nodiscard]] Transaction transaction(Connection& db) {
    return {db, journal_, blobs_, clock_.now(), options_.environment};
  }
  /// `work(Transaction&, i)` for every i below `count`, all in one transaction.
  template <class F>
  std::vector<Status> write_together(std::size_t count, const F& work, Haste haste) {
    std::vector<Writer::Work> works;
    for (std::size_t i = 0; i < count; ++i)
      works.emplace_back([this, &work, i](Connection& db) {
        auto tx = transaction(db);
        work(tx, i);
      });
    const bool waits = haste == Haste::in_company;
    return writer_.run_together(std::move(works),
                                waits ? Writer::Answer::in_company : Writer::Answer::once_durable);
  }

  template <class T>
  static std::vector<Result<T>> with_values(const std::vector<Status>& done, std::vector<T>& values) {
    std::vector<Result<T>> out;
    for (std::size_t i = 0; i < values.size(); ++i)
      out.push_back(done[i] ? Result<T>(std::move(values[i])) : failure(done[i].error()));
    return out;
  }

  template <class T>
  static std::optional<T> only_one(std::vector<T> found) {
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
  }

  static void prepare_database(Connection& db, const SqliteOptions& options, Instant now) {
    if (options.max_pages != 0) db.execute(fmt::format("PRAGMA max_page_count={}", options.max_pages));
    const auto theirs = environment_of(db);
    if (theirs != options.environment) throw Refusal(other_environment(options.environment, theirs));
    migrate(db, now);
  }

  SqliteOptions options_;
  const Clock& clock_;
  FileDescriptor lock_;
  Connection db_;
  JournalKey key_;
  Journal journal_;
  Blobs blobs_;
  Counters counters_;
  Readers readers_;
  Writer writer_;
  Access access_{writer_, readers_, journal_, key_, blobs_, clock_, options_.environment};
  SqliteActes actes_{access_};
  SqliteCare care_{access_, options_.folder};
  SqliteMails mails_{access_};
  SqliteOutbox outbox_{access_};
  SqliteReturns returns_{access_};
  SqliteSignatureRequests signature_requests_{access_};
  SqliteHistory history_{access_};
  SqliteMarches marches_{access_};
  SqliteSteering steering_{access_};
  SqliteTickets tickets_{access_};
  SqliteUploads uploads_{access_};
};

/// Closing the only connection leaves one complete, synced file.
void fill_new_database(const fs::path& file, const std::string& environment) {
  Connection db(file, Connection::Mode::create);
  migrate(db, SystemClock().now());
  db.run("INSERT INTO setting(name,value) VALUES('environment',?)", environment);
  // Closing would do the same, but says nothing when it fails: the renamed file would lack what its log
  // holds.
  auto emptied = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!emptied.step() || emptied.next<bool>()) throw Refusal(busy("the new database's log is in use"));
}

}  // namespace

Status create_sqlite_store(const SqliteOptions& options) try {
  std::error_code error;
  fs::create_directories(options.folder, error);
  if (error) return failure(system_error(error.value(), "create the data folder"));
  // A folder made just now keeps its name only once its parent is synced. A parent that may not be read is
  // none where we could have made one.
  const auto parent = fs::absolute(options.folder, error).parent_path();
  if (::access(parent.c_str(), R_OK) == 0)
    if (auto synced = sync_folder(parent); !synced) return synced;
  if (::chmod(options.folder.c_str(), 0700) != 0)
    return failure(system_error(errno, "chmod the data folder"));
  const auto lock = lock_folder(options.folder);
  if (fs::exists(database_of(options.folder), error)) return failure(store_exists(options.folder.string()));
  const fs::path unfinished = options.folder / "dematd.db.new";
  for (const auto& left : {unfinished, fs::path(unfinished.string() + "-wal"),
                           fs::path(unfinished.string() + "-shm"), key_of(options.folder)})
    fs::remove(left, error);
  if (auto made = Blobs::create_folders(options.folder); !made) return made;
  if (auto made = JournalKey::create(key_of(options.folder)); !made) return made;
  fill_new_database(unfinished, options.environment);
  fs::rename(unfinished, database_of(options.folder), error);
  if (error) return failure(system_error(error.value(), "name the database"));
  return sync_folder(options.folder);
} catch (const Refusal& refusal) {
  return failure(refusal.error());
}

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options, const Clock& clock) try {
  std::error_code error;
  if (!fs::exists(database_of(options.folder), error)) return failure(store_missing(options.folder.string()));
  auto lock = lock_folder(options.folder);
  return std::make_unique<SqliteStore>(options, clock, std::move(lock));
} catch (const Refusal& refusal) {
  return failure(refusal.error());
}

}  // namespace demat::store
