#include "gateway/pipeline/inspection.hpp"

#include "gateway/signing/sealing.hpp"
#include "protocols/base/limits.hpp"

namespace demat::pipeline {
namespace {

/// A document-level error becomes a finding; an error that may pass by itself is for the caller.
Finding finding_of(const Error& error) {
  return Finding{error.code, Severity::error, error.place, error.fr, error.en};
}

Error no_room() {
  return waiting_error(
      "busy.memory",
      "De grands documents occupent la mémoire réservée aux contrôles. Réessayez dans quelques secondes.",
      "Large documents fill the memory set aside for checks. Try again in a few seconds.");
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
            Instant now, std::chrono::milliseconds patience)
      : bytes_(bytes),
        context_(context),
        signer_(signer),
        patience_(patience),
        now_(std::chrono::floor<std::chrono::seconds>(now)) {}

  Result<Inspection> run() {
    auto header = pes::read_header(bytes_);
    if (!header) return document_error(header.error());
    result_.header = std::move(*header);
    if (auto status = check_content(); !status) return document_error(status.error());
    if (result_.report.refused()) return std::move(result_);
    if (auto status = check_signature(); !status) return document_error(status.error());
    return std::move(result_);
  }

 private:
  Result<Inspection> document_error(const Error& error) {
    if (error.outlook == Outlook::waiting) return failure(error);
    result_.report.add(finding_of(error));
    return std::move(result_);
  }

  /// Schema and structural rules in one pass: by DOM when it will be needed or is cheap, else by the
  /// streaming road.
  Status check_content() {
    pes::StructuralRules rules(result_.header,
                               {.encodings = context_.encodings, .gateway_will_sign = signer_ != nullptr});
    if (bytes_.size() <= limits::max_dom_bytes) {
      if (auto status = load(); !status) return status;
      result_.report.append(context_.pack->validate(*document_));
      document_->visit(rules);
    } else {
      const auto status = context_.pack->validate_stream(bytes_, {}, {&rules}, result_.report);
      if (!status) return status;
    }
    result_.report.append(rules.finish());
    result_.facts = rules.facts();
    return {};
  }

  Status check_signature() {
    if (result_.facts.signatures > 0) return verify_received();
    if (signer_ == nullptr || !result_.facts.has_depense_or_recette) return {};
    return sign();
  }

  Status verify_received() {
    if (auto status = load(); !status) return status;
    xades::VerifyOptions options{now_, context_.policies};
    auto verdict = xades::verify_pes(*document_, options);
    if (!verdict) return failure(verdict.error());
    result_.report.append(verdict->findings());
    result_.signatures = std::move(*verdict);
    return {};
  }

  /// Nothing leaves that does not verify: a failed self-check is ours, so the flow waits and a person is
  /// called.
  Status sign() {
    if (auto status = load(); !status) return status;
    auto sealed = signing::seal(*signer_, *document_, text_, now_);
    if (!sealed) {
      const std::string& code = sealed.error().code;
      const bool ours = code == "xades.self_check" || code == "xades.bytes_changed";
      return failure(ours ? own_signature_error(code) : sealed.error());
    }
    result_.signatures = std::move(sealed->report);
    result_.signed_bytes = std::move(sealed->bytes);
    return {};
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

  Status load() {
    if (document_) return {};
    if (auto status = reserve(); !status) return status;
    const auto text = whole(bytes_, kept_);
    if (!text) return failure(text.error());
    text_ = *text;
    auto document = xml::parse(text_);
    if (!document) return failure(document.error());
    document_.emplace(std::move(*document));
    return {};
  }

  Status reserve() {
    if (!context_.budget) return {};
    const auto weight = tree_weight(bytes_.size(), signer_ != nullptr);
    const bool waits = patience_ > std::chrono::milliseconds::zero();
    part_ = waits ? context_.budget->acquire(weight, patience_) : context_.budget->try_acquire(weight);
    return part_ ? Status{} : failure(no_room());
  }

  const ByteSource& bytes_;
  const InspectionContext& context_;
  const signing::SigningProfile* signer_;
  std::chrono::milliseconds patience_;
  std::chrono::sys_seconds now_;
  WorkBudget::Part part_;  // before what it pays for: given back last
  std::string kept_;
  std::string_view text_;
  std::optional<xml::Document> document_;
  Inspection result_;
};

}  // namespace

std::size_t tree_weight(std::size_t document_bytes, bool signing) {
  constexpr std::size_t tree_factor = 17;
  return document_bytes * tree_factor * (signing ? 2 : 1);
}

Result<Inspection> inspect(const ByteSource& bytes, const InspectionContext& context,
                           const signing::SigningProfile* signer, Instant now,
                           std::chrono::milliseconds patience) {
  return Inspector(bytes, context, signer, now, patience).run();
}

}  // namespace demat::pipeline
