#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <functional>

#include "gateway/base/crash_point.hpp"
#include "gateway/store/actes.hpp"
#include "gateway/store/tickets.hpp"
#include "gateway/store/uploads.hpp"
#include "protocols/base/digest.hpp"
#include "sqlite_host.hpp"

// A child dies of SIGKILL in the middle of an acceptance with an Idempotency-Key, of a piece of an upload, or
// of a mail of the préfecture; the parent repeats the request as a client would.

namespace demat::store {
namespace {

using conformance::content_of;

StagedPayload staged(Store& store, const std::string& bytes) {
  auto writer = std::move(*store.new_payload());
  if (!writer->append(bytes)) std::_Exit(3);
  return std::move(*writer->finish());
}

KeptAnswer words(AcceptedAs as, const flow::Flow& flow) {
  return {as == AcceptedAs::fresh ? 202 : 200, {}, flow.id.str()};
}

const OnceKey key{IdentityId{"me"}, "k", sha256("request")};

NewFlow wanted() {
  NewFlow fresh;
  fresh.flow.authority = AuthorityId{"123456782"};
  fresh.flow.business_key = "K";
  return fresh;
}

/// The wait status of a child that runs `work` on the store and dies at `crash_at`.
int status_of_child(const std::filesystem::path& folder, const char* crash_at,
                    const std::function<void(Store&)>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("DEMAT_CRASH_AT", crash_at, 1);
    const SystemClock clock;
    auto store = open_sqlite_store(options_in(folder), clock);
    if (!store) std::_Exit(2);
    work(**store);
    std::_Exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

bool was_killed(int status) {
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

class OnceCrash : public testing::TestWithParam<const char*> {};

TEST_P(OnceCrash, TheSameKeyMakesOneFlow) {
  if (!crash_points_compiled_in) GTEST_SKIP() << "built without DEMAT_CRASH_POINTS";
  const SystemClock clock;
  SqliteHost host(clock);
  host.close();
  const int status = status_of_child(host.folder(), GetParam(), [](Store& store) {
    static_cast<void>(store.tickets().accept_once(wanted(), staged(store, "<a/>"), key, words));
  });
  ASSERT_TRUE(was_killed(status)) << "the point was never passed";

  auto& store = host.reopen();
  ASSERT_TRUE(store.recover(clock.now()));
  const auto before = store.tickets().remembered(key.identity, key.key, Instant{}).value();
  const auto flows = store.list({}, "", 10).value().items;
  ASSERT_EQ(before.has_value(), flows.size() == 1U) << "flow and answer are there together, or neither is";
  if (before) {
    EXPECT_EQ(before->answer->status, 202);
    EXPECT_EQ(before->answer->body, flows.front().id.str());
  }
  ASSERT_TRUE(store.tickets().accept_once(wanted(), staged(store, "<a/>"), key, words));
  EXPECT_EQ(store.list({}, "", 10).value().items.size(), 1U);
  EXPECT_TRUE(store.verify_journal().value().intact);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, OnceCrash,
                         testing::Values("accept_payload_kept", "accept_written", "once_written",
                                         "before_commit", "after_commit"));

TEST(UploadCrash, WhatWasPromisedIsThereAndWhatWasNotIsCutOff) {
  if (!crash_points_compiled_in) GTEST_SKIP() << "built without DEMAT_CRASH_POINTS";
  const SystemClock clock;
  SqliteHost host(clock);
  Upload wanted_upload;
  wanted_upload.identity = IdentityId{"me"};
  wanted_upload.authority = AuthorityId{"123456782"};
  wanted_upload.size = 9;
  const auto id = host.store().uploads().create(wanted_upload, 5).value().id;
  host.close();
  const int status = status_of_child(host.folder(), "upload_synced:2", [&](Store& store) {
    auto writer = std::move(*store.uploads().open(id, 0));
    if (!writer->append("abc") || !writer->sync()) std::_Exit(3);
    if (!writer->append("xyz") || !writer->sync()) std::_Exit(4);
  });
  ASSERT_TRUE(was_killed(status)) << "the point was never passed";

  auto& store = host.reopen();
  ASSERT_TRUE(store.recover(clock.now()));
  EXPECT_EQ(store.uploads().find(id).value()->offset, 3U);
  auto writer = std::move(*store.uploads().open(id, 3));
  ASSERT_TRUE(writer->append("defghi"));
  ASSERT_EQ(writer->sync().value(), 9U);
  const auto payload = writer->staged();
  ASSERT_TRUE(payload);
  EXPECT_EQ(content_of(payload->bytes()), "abcdefghi");
}

class MailCrash : public testing::TestWithParam<const char*> {
 protected:
  static NewFlow acte(const std::string& message) {
    auto fresh = wanted();
    fresh.flow.protocol = flow::actes_protocol;
    fresh.flow.typ_fic = message;
    fresh.actes.emplace_back();
    fresh.actes.back().authority = fresh.flow.authority;
    fresh.actes.back().message = message;
    fresh.actes.back().number = "A1";
    return fresh;
  }
  static FlowId sent(Store& store) {
    const auto taken = store.accept(acte("1-1"), staged(store, "{}")).value();
    Change change;
    change.flow = std::get<DurableReceipt>(taken).flow().id;
    using enum flow::Trigger;
    for (const auto trigger : {pass_checks, make_ready, begin_send, finish_send})
      change.steps.push_back({.trigger = trigger});
    return store.apply(std::move(change)).value().id;
  }
  /// An AR and a letter with its receipt, in one mail.
  static Status settle(Store& store, const flow::Return& item, const FlowId& id) {
    MailSettlement mail;
    mail.item = item;
    mail.item.state = flow::ReturnState::matched;
    mail.message_id = "m";
    auto& effect = mail.effects.emplace_back();
    effect.flow = id;
    effect.verdict = flow::Verdict::accepted;
    effect.event_code = "acte.ar";
    auto& letter = mail.letters.emplace_back();
    letter.letter.acte = id;
    letter.letter.message = "3-1";
    letter.documents.push_back({"lettre", "l.xml", "application/xml", staged(store, "<l/>")});
    letter.receipt.emplace(NewLetter::Receipt{acte("3-2"), staged(store, "{3-2}")});
    mail.mails.resize(2);
    mail.mails[0].recipients = {"a@exemple.fr", "b@exemple.fr"};
    mail.mails[1].recipients = {"a@exemple.fr"};
    effect.tell = 0;
    letter.tell = 1;
    const auto done = store.actes().settle(std::move(mail));
    return done ? Status{} : failure(done.error());
  }
};

TEST_P(MailCrash, AMailHasAllItsEffectsOnce) {
  if (!crash_points_compiled_in) GTEST_SKIP() << "built without DEMAT_CRASH_POINTS";
  const SystemClock clock;
  SqliteHost host(clock);
  const auto id = sent(host.store());
  NewReturn fetched;
  fetched.remote_name = "1";
  const auto item = host.store().import_return(fetched, staged(host.store(), "mail")).value();
  host.close();
  const int status = status_of_child(host.folder(), GetParam(),
                                     [&](Store& store) { static_cast<void>(settle(store, item, id)); });
  ASSERT_TRUE(was_killed(status)) << "the point was never passed";

  auto& store = host.reopen();
  ASSERT_TRUE(store.recover(clock.now()));
  const bool done = store.find(id).value()->state == flow::State::acknowledged;
  EXPECT_EQ(store.actes().letters({}, "", 9).value().items.size(), done ? 1U : 0U);
  EXPECT_EQ(store.list({}, "", 9).value().items.size(), done ? 2U : 1U) << "the receipt with its letter";
  EXPECT_EQ(store.actes().seen("m").value().has_value(), done);
  EXPECT_EQ(store.unsettled_returns(9).value().empty(), done);
  EXPECT_EQ(store.mails().list({}, "", 9).value().items.size(), done ? 3U : 0U);
  ASSERT_TRUE(settle(store, item, id));
  EXPECT_EQ(store.find(id).value()->state, flow::State::acknowledged);
  EXPECT_EQ(store.actes().letters({}, "", 9).value().items.size(), 1U);
  EXPECT_EQ(store.list({}, "", 9).value().items.size(), 2U);
  EXPECT_EQ(store.mails().list({}, "", 9).value().items.size(), 3U) << "nobody is told twice";
  EXPECT_TRUE(store.verify_journal().value().intact);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, MailCrash,
                         testing::Values("mail_effects_written", "mail_written", "before_commit",
                                         "after_commit"));

}  // namespace
}  // namespace demat::store
