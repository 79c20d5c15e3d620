#include "gateway/pipeline/inspection.hpp"

#include "gateway/pipeline/tree_in_hand.hpp"
#include "gateway/signing/sealing.hpp"
#include "protocols/base/limits.hpp"
#include "protocols/preflight/preflight.hpp"
#include "protocols/report/subjects.hpp"

namespace demat::pipeline {
namespace {

/// A document-level error becomes a finding; an error that may pass by itself is for the caller.
Finding finding_of(const Error& error) {
  return Finding{error.code, Severity::error, error.place, error.fr, error.en};
}

/// The bytes in one piece, read into `kept` only when the source cannot show them.
Result<std::string_view> whole(const ByteSource& bytes, std::string& kept) {
  const std::string_view seen = bytes.view();
  if (!seen.empty() || bytes.size() == 0) return seen;
  kept.resize(bytes.size());
  std::size_t done = 0;
  while (done < kept.size()) {
    const auto got = bytes.read(done, {kept.data() + done, kept.size() - done});
    if (!got) return failure(got.error());
    if (*got == 0) break;
    done += *got;
  }
  kept.resize(done);
  return std::string_view(kept);
}

/// One inspection in progress.
class Inspector {
 public:
  Inspector(const ByteSource& bytes, const InspectionContext& context, const signing::SigningProfile* signer,
            Instant now, std::chrono::milliseconds patience, KeyUse use, const AuthorityId& authority)
      : bytes_(bytes),
        context_(context),
        pack_in_force_(pack_for(context, authority, now)),
        pack_(*pack_in_force_),
        signer_(signer),
        patience_(patience),
        use_(use),
        weights_(context.rules->weights(authority, now)),
        now_(std::chrono::floor<std::chrono::seconds>(now)) {
    result_.pack = pack_.info().version;
  }

  Result<Inspection> run() {
    if (auto status = check_content(); !status) return document_error(status.error());
    if (result_.report.refused()) return std::move(result_);
    if (auto status = check_signature(); !status) return document_error(status.error());
    return std::move(result_);
  }

 private:
  Result<Inspection> document_error(const Error& error) {
    if (error.outlook == Outlook::waiting) return failure(error);
    Report told{{finding_of(error)}};
    report::name_subjects(told, bytes_);
    result_.report.append(std::move(told));
    return std::move(result_);
  }

  /// Documents up to this size are looked at in one piece; larger ones chunk by chunk, in several passes.
  [[nodiscard]] bool small() const { return bytes_.size() <= limits::max_dom_bytes; }

  /// Header, schema and structural rules in one pass; the tree that a signature needs comes of the same
  /// parse.
  Status check_content() {
    const bool header_first = bytes_.size() > limits::max_header_bytes;
    if (header_first) {
      if (auto status = read_header(); !status) return status;
    }
    if (auto status = show(); !status) return status;
    pes::HeaderVisitor header;
    preflight::Preflight rules({.rules = {pack_.info().version, weights_.severities, weights_.off},
                                .encodings = context_.encodings,
                                .gateway_will_sign = signer_ != nullptr,
                                .pack = pack_in_force_});
    auto visitors = rules.visitors();
    NumbersReader numbers;
    visitors.insert(visitors.begin(), {&header, &numbers});
    Report report;
    if (auto status = pass(std::move(visitors), report); !status) return explained(std::move(status.error()));
    if (!header_first) {
      if (auto status = take_header(header); !status) return status;
    }
    report::name_subjects(report, bytes_);
    result_.report.append(std::move(report));
    result_.report.append(rules.finish(result_.header));
    result_.facts = rules.facts();
    result_.numbers = numbers.take();
    return {};
  }

  Status pass(std::vector<xml::Visitor*> visitors, Report& report) {
    if (!small()) return pack_.validate_stream(bytes_, {}, std::move(visitors), report);
    if (signer_ == nullptr) return pack_.check(text_, std::move(visitors), report);
    if (auto status = reserve(tree_weight(bytes_.size(), TreeUse::signing)); !status) return status;
    auto document = pack_.read(text_, std::move(visitors), report);
    if (!document) return failure(std::move(document.error()));
    document_.emplace(std::move(*document));
    return {};
  }

  /// What is wrong with the header is said first, as at the intake.
  Status explained(Error error) {
    if (error.outlook == Outlook::waiting) return failure(std::move(error));
    auto header = pes::read_header(bytes_);
    if (!header) return failure(std::move(header.error()));
    result_.header = std::move(*header);
    return failure(std::move(error));
  }

  Status take_header(const pes::HeaderVisitor& visitor) {
    if (!visitor.whole()) return read_header();
    auto encoding = pes::declared_encoding_of(bytes_);
    if (!encoding) return failure(std::move(encoding.error()));
    result_.header = visitor.collected();
    result_.header.encoding = std::move(*encoding);
    return {};
  }

  Status read_header() {
    auto header = pes::read_header(bytes_);
    if (!header) return failure(std::move(header.error()));
    result_.header = std::move(*header);
    return {};
  }

  Status check_signature() {
    if (result_.facts.signatures > 0) return verify_received();
    if (signer_ == nullptr || !result_.facts.to_be_signed) return {};
    if (auto status = check_kind(); !status) return status;
    if (use_ == KeyUse::rehearse) return rehearse();
    return small() ? sign() : sign_large();
  }

  /// The key may be meant for one kind of flow only.
  Status check_kind() const {
    for (const auto& domain : result_.facts.domains) {
      const bool has_bordereaux = domain == "PES_DepenseAller" || domain == "PES_RecetteAller";
      if (has_bordereaux && !signer_->domains.empty() && !signer_->domains.contains(domain))
        return failure(waiting_error(
            "signing.flow_not_allowed",
            "La clé de signature de cette collectivité n'est pas prévue pour ce genre de flux (dépense, "
            "recette) : le flux attend l'exploitant.",
            "This authority's signing key is not meant for this kind of flow (dépense, recette): the flow "
            "waits "
            "for the operator.",
            domain));
    }
    return {};
  }

  Status rehearse() {
    if (auto status = load(TreeUse::signing); !status) return status;
    if (auto status = signing::rehearse(*signer_, *document_, bytes_.size(), now_); !status) return status;
    result_.would_sign = true;
    return {};
  }

  Status verify_received() {
    const bool twice = context_.second_opinion && small();
    if (auto status = load(twice ? TreeUse::verifying_twice : TreeUse::verifying); !status) return status;
    xades::VerifyOptions options{now_, context_.policies};
    if (twice) options.engine = xades::Engine::xmlsec;
    options.shelf = context_.signers.get();
    auto verdict = xades::verify_pes(*document_, options);
    if (!verdict) return failure(verdict.error());
    result_.report.append(verdict->findings());
    result_.signatures = std::move(*verdict);
    return {};
  }

  /// Nothing leaves that does not verify: a failed self-check is ours, so the flow waits and a person is
  /// called.
  Status sign() {
    auto sealed = signing::seal(*signer_, *document_, text_, now_);
    if (!sealed) return refused_seal(sealed.error());
    result_.signatures = std::move(sealed->report);
    result_.signed_bytes = std::move(sealed->bytes);
    return {};
  }

  Status sign_large() {
    if (auto status = load(TreeUse::signing); !status) return status;
    auto sealed = signing::seal(*signer_, *document_, bytes_, now_);
    if (!sealed) return refused_seal(sealed.error());
    result_.signatures = std::move(sealed->report);
    result_.signed_source = std::make_unique<const xades::SplicedSource>(std::move(sealed->bytes));
    return {};
  }

  static Status refused_seal(const Error& error) {
    const bool ours = error.code == "xades.self_check" || error.code == "xades.bytes_changed";
    return failure(ours ? own_signature_error(error.code) : error);
  }

  static Error own_signature_error(const std::string& detail) {
    return waiting_error(
        "signing.self_check",
        "La signature apposée par la passerelle n'a pas été confirmée par sa vérification : le flux "
        "attend l'exploitant.",
        "The signature made by the gateway was not confirmed by its own verification: the flow waits "
        "for the operator.",
        detail);
  }

  /// Small documents: their bytes in one piece.
  Status show() {
    if (!small()) return {};
    const auto text = whole(bytes_, kept_);
    if (!text) return failure(text.error());
    text_ = *text;
    return {};
  }

  /// The tree, when the first pass has not made it.
  Status load(TreeUse use) {
    if (document_) return {};
    auto structured = small() ? Result<std::size_t>(bytes_.size()) : xml::structured_bytes(bytes_);
    if (!structured) return failure(std::move(structured.error()));
    if (auto status = reserve(tree_weight(*structured, use)); !status) return status;
    auto document = small() ? xml::parse_borrowed(text_) : xml::parse_lean(bytes_);
    if (!document) return failure(std::move(document.error()));
    document_.emplace(std::move(*document));
    return {};
  }

  Status reserve(std::size_t weight) {
    if (!context_.budget) return {};
    const bool waits = patience_ > std::chrono::milliseconds::zero();
    part_ = waits ? context_.budget->acquire(weight, patience_) : context_.budget->try_acquire(weight);
    return part_ ? Status{} : failure(no_room());
  }

  const ByteSource& bytes_;
  const InspectionContext& context_;
  const PackPtr pack_in_force_;
  const xml::SchemaPack& pack_;
  const signing::SigningProfile* signer_;
  std::chrono::milliseconds patience_;
  KeyUse use_;
  RuleWeights weights_;
  std::chrono::sys_seconds now_;
  WorkBudget::Part part_;  // before what it pays for: given back last
  std::string kept_;
  std::string_view text_;
  std::optional<xml::Document> document_;
  Inspection result_;
};

}  // namespace

std::size_t tree_weight(std::size_t document_bytes, TreeUse use) {
  constexpr std::size_t tree_and_bytes = 8 + 1;
  constexpr std::size_t libxml_tree = 17;
  switch (use) {
    case TreeUse::signing:
      return document_bytes * 2 * tree_and_bytes;
    case TreeUse::verifying_twice:
      return document_bytes * (tree_and_bytes + libxml_tree);
    case TreeUse::verifying:
      break;
  }
  return document_bytes * tree_and_bytes;
}

const PackPtr& pack_for(const InspectionContext& context, const AuthorityId& authority, Instant now) {
  return context.packs ? context.packs->at(authority, now) : context.pack;
}

Result<Inspection> inspect(const ByteSource& bytes, const InspectionContext& context,
                           const signing::SigningProfile* signer, Instant now,
                           std::chrono::milliseconds patience, KeyUse use, const AuthorityId& authority) {
  return Inspector(bytes, context, signer, now, patience, use, authority).run();
}

}  // namespace demat::pipeline
