#include "envelope_rig.hpp"
#include "gateway/actes/carried.hpp"
#include "gateway/actes/papers.hpp"
#include "protocols/actes/budget.hpp"
#include "tests/support/shared.hpp"

namespace demat::actes_road {
namespace {

using flow::State;
using flow::Verdict;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;

class Envelopes : public EnvelopeRig {};

TEST_F(Envelopes, AreKeptAsTheyCameWithTheirFilesAndActes) {
  const auto posted = EnvelopeRig::posted({"A1", "A2"});
  const auto archive = packed(members(posted));
  const auto id = id_of(post(posted.archive_name, archive));
  EXPECT_EQ(woken_, 1);
  EXPECT_THAT(roles(id), ElementsAre("original", "acte", "annexe", "acte", "annexe", "message", "message",
                                     "envelope_xml"));
  const auto flow = flow_now(id);
  EXPECT_EQ(bytes_of(flow.original), archive);
  EXPECT_EQ(flow.file_name, posted.archive_name);
  EXPECT_EQ(flow.typ_fic, "1-1");
  const auto documents = store_->documents(id).value();
  EXPECT_EQ(documents[0].media_type, "application/gzip");
  EXPECT_EQ(documents[1].media_type, "application/pdf");
  EXPECT_EQ(bytes_of(documents[3].sha256), pdf("A2"));
  const auto second = acte_at(id, 2);
  EXPECT_EQ(second.number, "A2");
  EXPECT_EQ(second.objet, "Vote du budget à l'été");
  EXPECT_EQ(second.matieres, "7.1");
  EXPECT_EQ(second.classification_date, "2026-01-01");
  EXPECT_EQ(second.id_acte, acte_id("A2"));
  EXPECT_TRUE(std::holds_alternative<store::SameBytes>(post(posted.archive_name, archive).value()));
  EXPECT_TRUE(std::holds_alternative<store::KeyTaken>(post(EnvelopeRig::posted({"A3", "A2"})).value()));
  EXPECT_TRUE(std::holds_alternative<store::KeyTaken>(submit(deposit("A2"), {pdf()}).value()));
}

TEST_F(Envelopes, LeaveUnderOurNameWithOurAddress) {
  const auto posted = EnvelopeRig::posted({"A1", "A2"});
  const auto before = members(posted);
  const auto id = id_of(post(posted));
  ASSERT_EQ(check(id)->state, State::ready);
  EXPECT_EQ(flow_now(id).remote_name, "TRI-TACT--123456782--20260225-1.tar.gz");
  const auto after = left(id);
  ASSERT_EQ(after.size(), before.size());
  EXPECT_EQ(after[0].first, "TACT--123456782--20260225-1.xml");
  const auto envelope = actes::read_envelope(after[0].second).value();
  EXPECT_THAT(envelope.return_addresses, ElementsAre("passerelle@exemple.fr", "editeur@exemple.fr"));
  EXPECT_EQ(envelope.contact, posted.envelope.contact);
  EXPECT_EQ(envelope.forms, posted.envelope.forms);
  Report against;
  EXPECT_TRUE(pack()->check(after[0].second, {}, against));
  EXPECT_THAT(codes(against), IsEmpty());
  // Message by message, byte for byte.
  EXPECT_THAT(Members(after.begin() + 1, after.end()),
              ElementsAre(before[1], before[3], before[4], before[2], before[5], before[6]));
  for (const std::size_t place : {1U, 2U}) {
    EXPECT_EQ(acte_at(id, place).envelope, flow_now(id).remote_name);
    EXPECT_EQ(acte_at(id, place).classification_date, "2026-01-01");
  }
}

TEST_F(Envelopes, LeaveAsTheSameBytesForTheSameNameAndTime) {
  const auto id = id_of(post(posted()));
  const auto found = members_of(*store_, id).value();
  const auto envelope = understand_stored(*store_, flow_now(id).file_name, found, *pack()).value();
  const auto own = settings_of(town);
  const PackagingContext context{own,
                                 *prefecture_,
                                 {},
                                 clock_.now(),
                                 [](const std::string&) { return Result<std::uint64_t>(7); },
                                 [this] { return store_->new_payload(); },
                                 [this](const Sha256& name) { return store_->open_payload(name); }};
  const auto first = package(envelope, found, context).value();
  const auto second = package(envelope, found, context).value();
  EXPECT_EQ(first.archive_name, "TRI-TACT--123456782--20260225-7.tar.gz");
  EXPECT_EQ(first.archive.sha256(), second.archive.sha256());
}

/// Letters that hardly compress.
std::string noise(std::size_t size) {
  std::string out;
  std::uint32_t state = 1;
  while (out.size() < size)
    out += static_cast<char>('a' + ((state = state * 1'664'525U + 1'013'904'223U) >> 28U));
  return out;
}

struct Fault {
  std::set<std::string> codes;
  std::function<void(Posted&)> change;
};

TEST_F(Envelopes, ThatAreNotAsTheyShouldBeAreRefusedAtTheDoor) {
  const std::string refused = "actes.envelope.refused";
  const std::vector<Fault> faults{
      {{refused, "actes.import.emitter"}, [](Posted& p) { p.envelope.emitter.siren = "987654324"; }},
      {{refused, "actes.import.emitter"}, [](Posted& p) { p.envelope.emitter.department = "035"; }},
      {{refused, "actes.import.emitter"}, [](Posted& p) { p.envelope.emitter.nature = "41"; }},
      {{refused, "actes.import.archive_name"},
       [](Posted& p) { p.archive_name = "XYZ-TACT--123456782--20260220-3.tar.gz"; }},
      {{refused, "actes.import.archive_name"}, [](Posted& p) { p.archive_name = "acte.tar.gz"; }},
      {{refused, "actes.import.archive_name", "actes.import.envelope_name"},
       [](Posted& p) { p.archive_name = "TRI-EACT--123456782--20260220-3.tar.gz"; }},
      {{refused, "xsd.invalid", "actes.address.missing"},
       [](Posted& p) { p.envelope.return_addresses.clear(); }},
      {{refused, "xsd.invalid", "actes.address.invalid"},
       [](Posted& p) { p.envelope.return_addresses = {"a+b@exemple.fr"}; }},
      {{refused, "actes.import.file_missing", "actes.file.empty"}, [](Posted& p) { p.files.pop_back(); }},
      {{refused, "actes.import.file_unused"}, [](Posted& p) { p.files.emplace_back("x.pdf", pdf()); }},
      {{refused, "actes.import.file_missing"}, [](Posted& p) { p.forms.clear(); }},
      {{refused, "actes.import.no_envelope"}, [](Posted& p) { p.envelope_name = "enveloppe.xml"; }},
      {{refused, "actes.import.extension"}, [](Posted& p) { p.files[1].second = "\x89PNG\r\n\x1a\n rest"; }},
      {{refused, "actes.import.extension", "actes.document.image"},
       [](Posted& p) { p.files[0].second = "\xFF\xD8\xFF\xE0 jpeg"; }},
      {{refused, "actes.file.empty"}, [](Posted& p) { p.files[1].second.clear(); }},
      {{refused, "actes.file.media"}, [](Posted& p) { p.files[1].second = "text"; }},
      {{refused, "actes.convention.scope"},
       [](Posted& p) {
         std::get<actes::ActeMessage>(p.forms[0].second.body).acte.matieres = {"8", "1"};
       }},
      {{refused, "actes.classification.outdated"},
       [](Posted& p) {
         std::get<actes::ActeMessage>(p.forms[0].second.body).acte.classification_date = "2020-01-01";
       }},
      {{refused, "actes.paper"},
       [](Posted& p) { std::get<actes::ActeMessage>(p.forms[0].second.body).acte.paper = "0"; }},
      {{refused, "actes.import.not_an_envelope"},
       [](Posted& p) { p.spoil = [](Members& m) { m[0].second = m[1].second; }; }},
      {{refused, "actes.import.not_a_message"},
       [](Posted& p) { p.spoil = [](Members& m) { m[1].second = m[0].second; }; }},
      {{refused, "actes.import.message_too_large"},
       [](Posted& p) { p.spoil = [](Members& m) { m[1].second += noise(8'500'000); }; }},
      {{refused, "xml.doctype"},
       [](Posted& p) {
         p.spoil = [](Members& m) { m[1].second.insert(m[1].second.find("?>") + 2, "<!DOCTYPE a>"); };
       }},
      {{refused, "xml.malformed"}, [](Posted& p) { p.spoil = [](Members& m) { m[1].second.resize(400); }; }},
      {{refused, "xml.malformed"}, [](Posted& p) { p.spoil = [](Members& m) { m[0].second.resize(400); }; }},
  };
  auto settings = settings_of(town);
  settings.matieres = {"7"};
  put(settings);
  for (const auto& fault : faults) {
    auto item = posted();
    fault.change(item);
    EXPECT_EQ(said(post(item)), fault.codes);
  }
  EXPECT_EQ(woken_, 0);
  EXPECT_THAT(messages("1-1"), IsEmpty());
}

TEST_F(Envelopes, ThatAreNoArchivesAreRefused) {
  EXPECT_EQ(refusal(post("TRI-TACT--123456782--20260220-3.tar.gz", "nothing")), "archive.not_gzip");
  auto archive = packed(members(posted()));
  archive.resize(archive.size() - 30);
  EXPECT_EQ(refusal(post("TRI-TACT--123456782--20260220-3.tar.gz", archive)), "archive.truncated");
  auto many = posted();
  for (std::size_t i = 0; i < max_members; ++i)
    many.files.emplace_back(std::to_string(i), "x");
  EXPECT_EQ(refusal(post(many)), "archive.too_many_entries");
}

TEST_F(Envelopes, NameTheFileAndTheFieldAtFault) {
  auto item = posted({"A1", "A2"});
  std::get<actes::ActeMessage>(item.forms[1].second.body).acte.date = "2027-01-01";
  const auto taken = post(item);
  ASSERT_FALSE(taken);
  ASSERT_EQ(taken.error().report.findings.size(), 1U);
  EXPECT_EQ(taken.error().report.findings[0].place.path, item.forms[1].first + ": date");
}

TEST_F(Envelopes, NeedRightsAConventionAndSchemas) {
  auto settings = settings_of(town);
  settings.convention_date.clear();
  put(settings);
  EXPECT_EQ(refusal(post(posted())), "actes.no_convention");
  put(settings_of(town));
  clerk_.grants = {{town, flow::Role::reader}};
  EXPECT_EQ(refusal(post(posted())), "access.denied");
  clerk_.grants = {{town, flow::Role::depositor}};
  EXPECT_EQ(flow_now(id_of(post(posted()))).state, State::held);
  ActesIntake bare(*store_, *classifications_, clock_, [] {});
  auto submission = by(clerk_);
  const auto taken = bare.submit_envelope(submission, stage("x"));
  EXPECT_EQ(refusal(taken), "actes.schema_missing");
  EXPECT_EQ(taken.error().error.outlook, Outlook::waiting);
}

TEST_F(Envelopes, AreJudgedAgainWhereTheyGo) {
  prefecture_.reset();  // the door does not know where the acts of this town go
  auto item = posted();
  item.archive_name = "XYZ-TACT--123456782--20260220-3.tar.gz";
  const auto id = id_of(post(item));
  EXPECT_EQ(check(id)->state, State::refused);
  EXPECT_THAT(codes(store_->findings(id).value()), Contains("actes.import.archive_name"));
}

TEST_F(Envelopes, AreLookedIntoBeforeTheyLeave) {
  auto corrupt = posted();
  corrupt.files[1].second = "%PDF-1.4 nothing more";
  auto id = id_of(post(corrupt));
  EXPECT_EQ(check(id)->state, State::refused);
  EXPECT_THAT(codes(store_->findings(id).value()), Contains("actes.pdf.corrupt"));
  auto infected = posted({"A2"});
  infected.files[1].second = pdf("EICAR");
  id = id_of(post(infected));
  scanner_down_ = true;
  const auto waiting = check(id);
  ASSERT_FALSE(waiting);
  EXPECT_EQ(waiting.error().outlook, Outlook::waiting);
  scanner_down_ = false;
  EXPECT_EQ(check(id)->state, State::refused);
  EXPECT_THAT(codes(store_->findings(id).value()), Contains("antivirus.infected"));
  // The XML is scanned, too.
  auto words = posted({"A3"});
  std::get<actes::ActeMessage>(words.forms[0].second.body).acte.object = "EICAR";
  id = id_of(post(words));
  EXPECT_EQ(check(id)->state, State::refused);
}

TEST_F(Envelopes, CarryBudgetsWhoseSealHolds) {
  const std::string plain =
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"
      "<DocumentBudgetaire xmlns=\"http://www.minefi.gouv.fr/cp/demat/docbudgetaire\"><EnTeteDocBudgetaire/>"
      "<Budget/></DocumentBudgetaire>\n";
  const auto budget = [&](const std::string& number, const std::string& bytes) {
    auto of = dossier(number);
    of.nature = "5";
    of.documents[0].media = actes::Media::xml;
    of.documents[0].type = "99_BU";
    auto out = nothing();
    add(out, actes::assemble(of, {}), {bytes});
    return flow_now(id_of(post(out))).id;
  };
  const auto open = budget("B1", plain);
  EXPECT_EQ(check(open)->state, State::refused);
  EXPECT_THAT(codes(store_->findings(open).value()), Contains("actes.budget.not_sealed"));
  EXPECT_EQ(check(budget("B2", actes::seal_budget(plain, "2026-02-25").value()))->state, State::ready);
}

TEST_F(Envelopes, CarryDetachedSignaturesThatAreVerified) {
  auto item = posted();
  std::get<actes::ActeMessage>(item.forms[0].second.body).acte.document.signature = "TUlJ";
  const auto id = id_of(post(item));
  EXPECT_EQ(check(id)->state, State::refused);
  EXPECT_THAT(codes(store_->findings(id).value()), Contains("actes.pkcs7.unreadable"));
}

TEST_F(Envelopes, OfSeveralActesHaveAVerdictForEach) {
  const auto id = sent_envelope({"A1", "A2"});
  mail_in("ar 2", {envelope_to(town), ar("A2")});
  EXPECT_EQ(flow_now(id).state, State::sent) << "the other is awaited";
  EXPECT_EQ(acte_at(id, 1).verdict, Verdict::none);
  EXPECT_TRUE(acte_at(id, 2).id_confirmed);
  mail_in("letter about 2",
          {envelope_to(town),
           xml_file("034-123456782-20260115-A2-DE-3-1_0.xml",
                    actes::Message{Code::pieces_request,
                                   actes::Letter{acte_id("A2"), "2026-02-01", "Le plan", {}}})});
  ASSERT_EQ(letters().size(), 1U);
  EXPECT_EQ(letters()[0].id_acte, acte_id("A2"));
  EXPECT_EQ(messages("3-2").at(0).id_acte, acte_id("A2"));
  EXPECT_EQ(refusal(intake_->annul(by(clerk_), id, 1)), "actes.not_annullable");
  EXPECT_EQ(refusal(intake_->annul(by(clerk_), id, 3)), "store.not_found");
  mail_in("ar 1", {envelope_to(town), ar("A1")});
  EXPECT_EQ(flow_now(id).state, State::acknowledged);
  // Each is annulled by itself.
  const auto second = id_of(intake_->annul(by(clerk_), id, 2));
  const auto first = id_of(intake_->annul(by(clerk_), id, 1));
  EXPECT_EQ(acte_now(second).id_acte, acte_id("A2"));
  EXPECT_EQ(acte_now(first).id_acte, acte_id("A1"));
  EXPECT_TRUE(std::holds_alternative<store::SameBytes>(intake_->annul(by(clerk_), id, 2).value()));
}

TEST_F(Envelopes, AreRejectedAsAWhole) {
  const auto id = sent_envelope({"A1", "A2"});
  actes::EnvelopeAnomaly anomaly;
  anomaly.date = "2026-02-25";
  anomaly.nature = "5";
  anomaly.detail = "PREF-VERIF-02 : SIREN inconnu";
  anomaly.received.emitter = ours;
  anomaly.received.return_addresses = {"a@b.fr"};
  anomaly.received.forms = {{"x.xml", {}}};
  mail_in("ano", {xml_file("ANO_TACT--123456782--20260225-1.xml", anomaly)});
  EXPECT_EQ(flow_now(id).state, State::rejected);
  EXPECT_EQ(acte_at(id, 2).verdict, Verdict::rejected);
  EXPECT_TRUE(std::holds_alternative<store::DurableReceipt>(post(posted({"A2"})).value()));
}

TEST_F(Envelopes, MayAnnulAndAnswer) {
  const auto acte = sent_acte("A1");
  auto answers = nothing();
  add(answers, actes::assemble_cancellation(acte_id(), ours), {});
  EXPECT_EQ(said(post(answers)),
            (std::set<std::string>{"actes.envelope.refused", "actes.import.not_annullable"}));
  mail_in("ar", {envelope_to(town), ar()});
  add_answer(answers, Code::letter_answer);
  EXPECT_EQ(said(post(answers)),
            (std::set<std::string>{"actes.envelope.refused", "actes.import.letter_unknown"}));
  mail_in("letter", {envelope_to(town),
                     xml_file("034-123456782-20260115-A1-DE-2-1_0.xml",
                              actes::Message{Code::letter, actes::Letter{acte_id(), "2026-02-01", "", {}}})});
  add(answers, actes::assemble_classification_request("2026-01-01", ours), {});
  const auto id = id_of(post(answers));
  const auto found = store_->actes().of_flow(id).value();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].message, "6-1");
  EXPECT_EQ(found[0].about, acte);
  EXPECT_EQ(found[1].message, "2-2");
  EXPECT_EQ(found[1].letter, letters()[0].id);
  EXPECT_EQ(found[2].message, "7-1");
  EXPECT_EQ(letters()[0].state, flow::LetterState::answered);
  EXPECT_EQ(letters()[0].answered_by, id);
  EXPECT_EQ(flow_now(id).typ_fic, "6-1") << "of those that are answered, the first";
  send(id);

  auto again = nothing();
  add_answer(again, Code::letter_answer);
  EXPECT_EQ(said(post(again)),
            (std::set<std::string>{"actes.envelope.refused", "actes.import.already_answered"}));
  EXPECT_TRUE(std::holds_alternative<store::KeyTaken>(intake_->annul(by(clerk_), acte).value()));
  auto both = nothing();
  add(both, actes::assemble_cancellation(acte_id(), ours), {});
  add_acte(both, "A9");
  EXPECT_TRUE(std::holds_alternative<store::KeyTaken>(post(both).value()));

  // 2-2 is never answered: the other two decide.
  mail_in("6-2", {envelope_to(town), xml_file("034-123456782-20260115-A1-DE-6-2_0.xml",
                                              actes::Message{Code::cancellation_receipt,
                                                             actes::Cancellation{acte_id(), "2026-02-25"}})});
  EXPECT_EQ(acte_now(acte).annulled_on, "2026-02-25");
  EXPECT_EQ(flow_now(id).state, State::sent);
  mail_in("7-3", {envelope_to(town), xml_file("034-123456782----7-3_1.xml",
                                              actes::Message{Code::classification_unchanged,
                                                             actes::ClassificationDate{"2026-01-01"}})});
  EXPECT_EQ(flow_now(id).state, State::acknowledged);
}

TEST_F(Envelopes, SpeakOfActesThatWeSent) {
  auto unknown = nothing();
  add(unknown, actes::assemble_cancellation(acte_id("NEVER"), ours), {});
  EXPECT_THAT(said(post(unknown)), Contains("actes.import.acte_unknown"));
  auto receipt = nothing();
  add(receipt, actes::assemble_receipt(Code::pieces_request_receipt, {acte_id(), "2026-02-01", {}, {}}, ours),
      {});
  EXPECT_THAT(said(post(receipt)), Contains("actes.import.automatic"));
  auto twice = nothing();
  add(twice, actes::assemble_cancellation(acte_id(), ours), {});
  auto other = actes::assemble_cancellation(acte_id(), ours);
  other.form_name = "034-123456782-20260115-A1-DE-6-1_1.xml";
  add(twice, other, {});
  EXPECT_THAT(said(post(twice)), Contains("actes.import.same_aim"));
}

TEST_F(Envelopes, AReplayHasTheirFiles) {
  const auto id = sent_envelope({"A1", "A2"});
  mail_in("1-3",
          {envelope_to(town),
           xml_file("034-123456782----1-3_1.xml",
                    actes::Message{Code::acte_anomaly,
                                   actes::ActeAnomaly{"2026-02-25", "002", "?", echo("A1"), "2026-01-01"}})});
  mail_in("1-3 too",
          {envelope_to(town),
           xml_file("034-123456782----1-3_2.xml",
                    actes::Message{Code::acte_anomaly,
                                   actes::ActeAnomaly{"2026-02-25", "002", "?", echo("A2"), "2026-01-01"}})});
  ASSERT_EQ(flow_now(id).state, State::rejected);
  store::NewFlow fresh;
  fresh.flow = flow_now(id);
  fresh.flow.replay_of = id;
  const auto again = store_->replay(std::move(fresh), flow_now(id).original, false);
  ASSERT_TRUE(again) << again.error().code;
  EXPECT_THAT(roles(again->id), ElementsAre("original", "acte", "annexe", "acte", "annexe", "message",
                                            "message", "envelope_xml"));
  EXPECT_EQ(check(again->id)->state, State::ready);
}

TEST_F(Envelopes, TheirPapersAreOfEachActe) {
  const auto id = sent_envelope({"A1", "A2"});
  const auto flow = flow_now(id);
  const auto carried = carried_files(*store_, flow, store_->documents(id).value()).value();
  ASSERT_EQ(carried.size(), 4U);
  EXPECT_EQ(carried.at(2).place, 1U);
  EXPECT_EQ(carried.at(2).type, "99_DE");
  EXPECT_EQ(carried.at(5).place, 2U);
  EXPECT_EQ(carried.at(5).type, "21_RP");
  const ActesPapers papers(*store_, *classifications_, clock_, "test", "Opérateur");
  EXPECT_EQ(papers.main_document(flow, 1).value(), 2U);
  EXPECT_EQ(papers.main_document(flow, 2).value(), 4U);
  EXPECT_FALSE(papers.main_document(flow, 3));
  EXPECT_NE(papers.bordereau(flow, 1)->sha256, papers.bordereau(flow, 2)->sha256);
  EXPECT_FALSE(papers.bordereau(flow, 3));
  EXPECT_NE(papers.stamped(flow, 2, {})->sha256, papers.stamped(flow, 4, {})->sha256);
  EXPECT_FALSE(papers.stamped(flow, 6, {})) << "a message is no file of an acte";
  EXPECT_TRUE(papers.evidence(flow));
  // A deposit by metadata says it by its manifest.
  const auto plain = flow_now(sent_acte("B1"));
  EXPECT_EQ(carried_files(*store_, plain, store_->documents(plain.id).value()).value().at(2).type, "99_DE");
}

/// The envelopes of the reference material, posted in an archive of their own name: the schema says of them
/// what the manifest states, whatever the rules add.
TEST_F(Envelopes, OfTheReferenceMaterialHaveTheStatedVerdict) {
  const auto shared = samples::shared_folder(DEMAT_SOURCE_DIR);
  if (!shared) GTEST_SKIP() << "no folder of reference material";
  std::istringstream manifest(samples::read_file(*shared / "fixtures/MANIFEST.tsv"));
  std::size_t seen = 0;
  for (std::string line; std::getline(manifest, line);) {
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, '\t');)
      cells.push_back(cell);
    if (cells.size() < 18 || cells[1] != "actes-envelope") continue;
    ++seen;
    auto item = posted();
    item.spoil = [&](Members& m) { m[0].second = samples::read_file(*shared / "fixtures" / cells[0]); };
    const auto codes = said(post(item));
    const std::string verdict =
        codes.contains("xsd.invalid") || codes.contains("xsd.unknown_root") ? "invalid"
        : std::any_of(codes.begin(), codes.end(), [](const auto& c) { return c.starts_with("xml."); })
            ? "not-wf"
            : "valid";
    EXPECT_EQ(verdict, cells[17]) << cells[0] << testing::PrintToString(codes);
    EXPECT_TRUE(codes.contains("actes.envelope.refused")) << "it is another authority's, at least";
  }
  EXPECT_EQ(seen, 18U);
}

TEST_F(Envelopes, TheArchivesOfTheReferenceMaterialAreUnderstoodAndRefused) {
  const auto shared = samples::shared_folder(DEMAT_SOURCE_DIR);
  if (!shared) GTEST_SKIP() << "no folder of reference material";
  const auto folder = *shared / "fixtures/archives";
  const std::string name = "SIC-EACT--210600730--20180115-1.tar.gz";
  EXPECT_THAT(said(post(name, samples::read_file(folder / name))),
              IsSupersetOf({"actes.import.archive_name", "actes.import.emitter", "actes.import.encoding",
                            "actes.document.image", "actes.type.not_allowed", "actes.paper"}));
  const std::string answer = "reponse_prefecture.tar.gz";
  EXPECT_THAT(said(post(answer, samples::read_file(folder / answer))),
              Contains("actes.import.not_an_envelope"));
}

}  // namespace
}  // namespace demat::actes_road
