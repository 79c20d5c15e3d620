#pragma once

#include <functional>

#include "protocols/actes/assemble.hpp"
#include "protocols/actes/read.hpp"
#include "protocols/archive/reader.hpp"
#include "protocols/archive/writer.hpp"
#include "road_rig.hpp"

namespace demat::actes_road {

/// A ready-made envelope before it is packed; any part of it may be spoilt.
struct Posted {
  std::string archive_name = "TRI-TACT--123456782--20260220-3.tar.gz";
  std::string envelope_name = "TACT--123456782--20260220-3.xml";
  actes::Envelope envelope;
  std::vector<std::pair<std::string, actes::Message>> forms;
  std::vector<std::pair<std::string, std::string>> files;  ///< name and bytes, beside envelope and messages
  std::function<void(std::vector<std::pair<std::string, std::string>>&)> spoil{};  ///< all members
};

class EnvelopeRig : public RoadRig {
 protected:
  static inline const actes::AuthorityId ours{"123456782", "034", "2", "31"};

  EnvelopeRig() { classification_came(); }

  static Posted nothing() {
    Posted out;
    out.envelope.emitter = ours;
    out.envelope.contact = actes::Contact{"Éditeur", "", "support@editeur.fr"};
    out.envelope.return_addresses = {"editeur@exemple.fr"};
    return out;
  }
  static void add(Posted& posted, actes::Assembled made, const std::vector<std::string>& bytes) {
    posted.envelope.forms.push_back({made.form_name, {}});
    posted.forms.emplace_back(made.form_name, std::move(made.message));
    for (std::size_t i = 0; i < bytes.size(); ++i)
      posted.files.emplace_back(made.file_names.at(i), bytes[i]);
  }
  static actes::Dossier dossier(const std::string& number) {
    actes::Dossier out;
    out.authority = ours;
    out.number = number;
    out.date = "2026-01-15";
    out.nature = "1";
    out.matieres = {"7", "1"};
    out.object = "Vote du budget à l'été";
    out.classification_date = "2026-01-01";
    out.paper = "N";
    out.documents = {{"acte.pdf", 1, actes::Media::pdf, "99_DE", false, {}}};
    return out;
  }
  static void add_acte(Posted& posted, const std::string& number, bool annexe = false) {
    auto of = dossier(number);
    std::vector<std::string> bytes{pdf(number)};
    if (annexe) {
      of.annexes = {{"plan.pdf", 1, actes::Media::pdf, "21_RP", false, {}}};
      bytes.push_back(pdf("plan " + number));
    }
    add(posted, actes::assemble(of, {}), bytes);
  }
  static Posted posted(const std::vector<std::string>& numbers = {"A1"}) {
    auto out = nothing();
    for (const auto& number : numbers)
      add_acte(out, number, true);
    return out;
  }
  static void add_answer(Posted& into, Code code, const std::string& date = "2026-02-01") {
    actes::AnswerDossier answer;
    answer.code = code;
    answer.nature = 1;
    answer.id = acte_id();
    answer.letter_date = date;
    answer.documents = {{"r.pdf", 1, actes::Media::pdf, "99_DE", false, {}}};
    add(into, actes::assemble(answer, ours), {pdf("answer " + date)});
  }

  using Members = std::vector<std::pair<std::string, std::string>>;
  static Members members(const Posted& posted) {
    Members out{{posted.envelope_name, actes::write(posted.envelope).value()}};
    for (const auto& [name, message] : posted.forms)
      out.emplace_back(name, actes::write(message).value());
    out.insert(out.end(), posted.files.begin(), posted.files.end());
    if (posted.spoil) posted.spoil(out);
    return out;
  }
  static std::string packed(const Members& all) {
    std::list<MemorySource> sources;
    std::vector<archive::File> files;
    for (const auto& [name, bytes] : all)
      files.push_back({name, &sources.emplace_back(bytes)});
    std::string out;
    EXPECT_TRUE(archive::write_tar_gz(files, {}, [&](std::string_view piece) {
      out += piece;
      return Status{};
    }));
    return out;
  }
  Taken post(const std::string& name, const std::string& archive) {
    auto submission = by(clerk_);
    submission.file_name = name;
    return intake_->submit_envelope(submission, stage(archive));
  }
  Taken post(const Posted& posted) { return post(posted.archive_name, packed(members(posted))); }

  /// Code of the error and of every finding that refuses.
  static std::set<std::string> said(const Taken& taken) {
    std::set<std::string> out;
    if (taken) return out;
    out.insert(taken.error().error.code);
    for (const auto& finding : taken.error().report.findings)
      if (finding.severity == Severity::error) out.insert(finding.code);
    return out;
  }

  struct Files final : archive::EntrySink {
    Status begin(const archive::Entry& entry) override {
      return members.emplace_back(entry.name, ""), Status{};
    }
    Status piece(std::string_view more) override { return members.back().second.append(more), Status{}; }
    Status end() override { return {}; }
    Members members;
  };
  std::string bytes_of(const Sha256& name) {
    const auto payload = store_->open_payload(name).value();
    std::string out(payload->size(), '\0');
    EXPECT_TRUE(payload->read(0, out));
    return out;
  }
  /// What left, or would.
  Members left(const FlowId& id) {
    const auto payload = store_->open_payload(flow_now(id).outgoing).value();
    Files files;
    EXPECT_TRUE(archive::read_tar_gz(*payload, files));
    return files.members;
  }
  FlowId sent_envelope(const std::vector<std::string>& numbers) {
    const auto id = id_of(post(posted(numbers)));
    send(id);
    return id;
  }
  [[nodiscard]] flow::Acte acte_at(const FlowId& id, std::size_t place) {
    return store_->actes().of_flow(id).value().at(place - 1);
  }
};

}  // namespace demat::actes_road
