#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>

#include "gateway/actes/road.hpp"
#include "gateway/store/sqlite_store.hpp"
#include "pdf_kit.hpp"
#include "protocols/actes/write.hpp"
#include "protocols/mail/compose.hpp"

namespace demat::actes_road {

using actes::Code;

class HandClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return Instant(Duration(micros_.load())); }
  void advance(Duration by) { micros_ += by.count(); }

 private:
  std::atomic<std::int64_t> micros_{1'772'000'000'000'000};  // 25 February 2026
};

inline std::string pdf(const std::string& text = "Bonjour") {
  papers::kit::PageSpec page;
  page.content = "BT /F1 14 Tf 60 400 Td (" + text + ") Tj ET";
  return papers::kit::document({page}).build();
}

inline std::string classification_xml(const std::string& date) {
  auto said = actes::builtin_classification();
  said.date = date;
  return actes::write(actes::Message{Code::classification, said}).value();
}

/// The value of a temporary Result, for a loop over it.
template <class T>
[[nodiscard]] T taken(Result<T> result) {
  return std::move(result.value());
}

/// A file of a mail.
using MailFile = mail::OutgoingFile;
inline MailFile xml_file(const std::string& name, const actes::Content& content) {
  return {name, "text/xml", actes::write(content).value()};
}

/// A store with one town and a destination of the préfecture, and the road over them.
class RoadRig : public testing::Test {
 protected:
  static inline const AuthorityId town{"123456782"};
  static inline const AuthorityId village{"987654324"};

  RoadRig() {
    const store::SqliteOptions options{
        .folder = folder_.path() / "data", .environment = "test", .inline_payload = 4096};
    if (auto made = store::create_sqlite_store(options); !made) throw std::runtime_error(made.error().detail);
    store_ = store::open_sqlite_store(options, clock_).value();
    auto settings = std::make_shared<config::Settings>();
    auto& destination = settings->destinations.emplace_back();
    destination.name = "prefecture";
    destination.mode = config::LinkMode::prefecture;
    destination.prefecture.trigramme = "TRI";
    destination.prefecture.quadrigramme = "TACT";
    destination.prefecture.return_addresses = {"passerelle@exemple.fr"};
    prefecture_ = destination.prefecture;
    settings_ = settings;
    for (const auto& siren : {town, village}) {
      flow::Authority authority;
      authority.siren = siren;
      authority.name = "Ville";
      EXPECT_TRUE(store_->put_authority(authority, "test"));
      put(settings_of(siren));
    }
    logger_ = observe::Logger::create(observe::Level::error, folder_.path() / "log");
    recorder_ = std::make_unique<pipeline::Recorder>(*logger_, metrics_);
    classifications_ = std::make_unique<Classifications>(store_->actes());
    intake_ = std::make_unique<ActesIntake>(
        *store_, *classifications_, clock_, [this] { ++woken_; },
        EnvelopeRules{pack(), [this](const AuthorityId&) { return prefecture_; }});
    deps_ = std::make_unique<RoadDependencies>(
        RoadDependencies{*store_, clock_, *recorder_, [this] { return settings_of_a_moment(); },
                         [this](const ByteSource& bytes) { return scan(bytes); }, *classifications_, *intake_,
                         [this] { ++woken_; }});
    road_ = std::make_unique<ActesRoad>(*deps_);
    clerk_.id = IdentityId{"c1"};
    clerk_.name = "mairie";
    clerk_.grants = {{town, flow::Role::transmitter}};
  }

  /// As if a reload came right after each look: what nobody holds on to is gone.
  [[nodiscard]] std::shared_ptr<const config::Settings> settings_of_a_moment() const {
    return {new config::Settings(*settings_), [](config::Settings* gone) {
              gone->destinations.clear();
              delete gone;
            }};
  }
  static flow::ActesSettings settings_of(const AuthorityId& siren) {
    flow::ActesSettings out;
    out.authority = siren;
    out.departement = "034";
    out.arrondissement = "2";
    out.nature = "31";
    out.convention_date = "2020-01-01";
    out.addresses = {"mairie@exemple.fr"};
    return out;
  }
  void put(const flow::ActesSettings& settings) {
    EXPECT_TRUE(store_->actes().put_settings(settings, "test", "test"));
  }
  void classification_came(const std::string& date = "2026-01-01") {
    mail_in("7-2 " + date, {envelope_to(town), xml_file("034-123456782----7-2_1.xml", [&] {
                              auto said = actes::builtin_classification();
                              said.date = date;
                              return actes::Content(actes::Message{Code::classification, said});
                            }())});
  }

  static std::shared_ptr<const xml::SchemaPack> pack() {
    static const auto loaded = xml::SchemaPack::load(DEMAT_SOURCE_DIR "/schemas/actes/2.2").value();
    return loaded;
  }

  // --- deposits
  static Deposit deposit(const std::string& number = "A1") {
    Deposit out;
    out.number = number;
    out.date = "2026-01-15";
    out.nature = "1";
    out.matieres = "7.1";
    out.object = "Vote du budget";
    out.files = {{"acte", "acte.pdf", "99_DE", {}, 0, {}}};
    return out;
  }
  store::StagedPayload stage(std::string_view bytes) {
    auto writer = store_->new_payload().value();
    EXPECT_TRUE(writer->append(bytes));
    return std::move(*writer->finish());
  }
  Submitted with(Deposit deposit, const std::vector<std::string>& files) {
    Submitted out{std::move(deposit), {}};
    for (const auto& bytes : files)
      out.files.push_back(stage(bytes));
    return out;
  }
  [[nodiscard]] intake::Submission by(const flow::Identity& identity) const {
    intake::Submission out;
    out.identity = identity;
    out.authority = town;
    return out;
  }
  Taken submit(const Deposit& deposit, const std::vector<std::string>& files) {
    return intake_->submit(by(clerk_), with(deposit, files));
  }
  static FlowId id_of(const Taken& taken) {
    if (!taken)
      throw std::runtime_error(
          taken.error().error.code + " " +
          (taken.error().report.findings.empty() ? "" : taken.error().report.findings[0].code));
    return std::get<store::DurableReceipt>(*taken).flow().id;
  }
  static std::string refusal(const Taken& taken) { return taken ? "accepted" : taken.error().error.code; }
  static std::vector<std::string> codes(const Report& report) {
    std::vector<std::string> out;
    for (const auto& finding : report.findings)
      out.push_back(finding.code);
    return out;
  }

  // --- the way out
  Result<flow::Flow> check(const FlowId& id) {
    store::ClaimRequest request;
    request.states = {flow::State::received, flow::State::checked};
    request.limit = 100;
    request.owner = "w";
    request.now = clock_.now();
    request.lease_for = std::chrono::minutes(1);
    for (auto& claim : taken(store_->claim(request))) {
      if (claim.flow.id != id) continue;
      const auto original = store_->open_payload(claim.flow.original).value();
      auto change = road_->check(claim, original, {town, "actes", DestinationName{"prefecture"}, {}, {}});
      clock_.advance(std::chrono::minutes(2));
      if (!change) return failure(change.error());
      return store_->apply(std::move(*change));
    }
    throw std::runtime_error("nothing to claim");
  }
  void send(const FlowId& id) {
    const auto ready = check(id);
    if (!ready || ready->state != flow::State::ready)
      throw std::runtime_error("not ready: " +
                               (ready ? std::string(flow::to_string(ready->state)) : ready.error().code));
    store::Change change{.flow = id};
    change.steps = {{.trigger = flow::Trigger::begin_send}};
    change.open_attempt = store::OpenAttempt{DestinationName{"prefecture"}, ready->remote_name};
    ASSERT_TRUE(store_->apply(std::move(change)));
    store::Change sent{.flow = id};
    sent.steps = {{.trigger = flow::Trigger::finish_send}};
    sent.close_attempt = store::CloseAttempt{flow::AttemptOutcome::sent, "", ""};
    ASSERT_TRUE(store_->apply(std::move(sent)));
  }
  FlowId sent_acte(const std::string& number = "A1") {
    const auto id = id_of(submit(deposit(number), {pdf(number)}));
    send(id);
    return id;
  }
  [[nodiscard]] flow::Flow flow_now(const FlowId& id) { return store_->find(id).value().value(); }
  [[nodiscard]] flow::Acte acte_now(const FlowId& id) { return store_->actes().of_flow(id).value().at(0); }

  // --- the way back
  static MailFile envelope_to(const AuthorityId& siren) {
    actes::PrefectureEnvelope envelope;
    envelope.department = "034";
    envelope.recipient = siren.str();
    return xml_file("EACT--SPREF0342-" + siren.str() + "-20260226-1.xml", envelope);
  }
  static actes::ActeData echo(const std::string& number = "A1") {
    actes::ActeData out;
    out.date = "2026-01-15";
    out.number = number;
    out.nature = "1";
    out.matieres = {"7", "1"};
    out.object = "Vote du budget";
    out.classification_date = "2026-01-01";
    out.document = {"99_DE-034-123456782-20260115-" + number + "-DE-1-1_1.pdf", {}};
    out.paper = "N";
    return out;
  }
  static std::string acte_id(const std::string& number = "A1") {
    return "034-123456782-20260115-" + number + "-DE";
  }
  static MailFile ar(const std::string& number = "A1") {
    return xml_file("034-123456782-20260115-" + number + "-DE-1-2_0.xml",
                    actes::Message{Code::acte_receipt, actes::ActeReceipt{acte_id(number), "2026-01-16",
                                                                          echo(number), "2026-01-01"}});
  }
  flow::Return import_mail(const std::string& raw) {
    store::NewReturn item;
    item.destination = DestinationName{"prefecture"};
    item.remote_name = "mail-" + std::to_string(++mails_);
    item.kind = "actes_mail";
    item.received_at = clock_.now();
    return store_->import_return(item, stage(raw)).value();
  }
  /// Composed, imported and settled; the row as it is then.
  flow::Return mail_in(const std::string& message_id, std::vector<MailFile> files,
                       const std::string& text = "Bonjour") {
    mail::Outgoing out;
    out.from = {"", "ministere@interieur.example"};
    out.to = {{"", "passerelle@exemple.fr"}};
    out.subject = "ACTES";
    out.text = text;
    out.files = std::move(files);
    std::string id = message_id;
    std::replace(id.begin(), id.end(), ' ', '.');
    out.message_id = id + "@interieur.example";
    out.boundary_seed = "seed" + std::to_string(mails_);
    return settle(import_mail(mail::compose(out).value()));
  }
  flow::Return settle(const flow::Return& item, const pipeline::Hand& hand = {}) {
    const auto done = road_->settle(item, hand);
    EXPECT_TRUE(done) << done.error().code << " " << done.error().detail;
    return store_->find_return(item.id).value().value();
  }
  [[nodiscard]] std::vector<flow::Letter> letters() {
    return store_->actes().letters({}, "", 50).value().items;
  }
  [[nodiscard]] std::vector<flow::Acte> messages(const std::string& message) {
    std::vector<flow::Acte> out;
    for (auto& one : taken(store_->actes().list({.message = message}, "", 50)).items)
      out.push_back(one.acte);
    return out;
  }
  [[nodiscard]] std::vector<std::string> roles(const FlowId& id) {
    std::vector<std::string> out;
    for (const auto& document : taken(store_->documents(id)))
      out.push_back(document.role);
    return out;
  }
  Result<std::string> scan(const ByteSource& bytes) {
    if (scanner_down_) return failure(waiting_error("antivirus.down", "antivirus", "antivirus"));
    std::string text(bytes.size(), '\0');
    EXPECT_TRUE(bytes.read(0, text));
    return text.find("EICAR") == std::string::npos ? std::string() : std::string("Eicar-Signature");
  }

  HandClock clock_;
  rig::TempFolder folder_;
  std::unique_ptr<store::Store> store_;
  std::shared_ptr<const config::Settings> settings_;
  std::optional<config::Prefecture> prefecture_;  ///< as far as the door knows it
  std::unique_ptr<observe::Logger> logger_;
  observe::Metrics metrics_;
  std::unique_ptr<pipeline::Recorder> recorder_;
  std::unique_ptr<Classifications> classifications_;
  std::unique_ptr<ActesIntake> intake_;
  std::unique_ptr<RoadDependencies> deps_;
  std::unique_ptr<ActesRoad> road_;
  flow::Identity clerk_;
  int woken_ = 0;
  int mails_ = 0;
  bool scanner_down_ = false;
};

}  // namespace demat::actes_road
