#include "gateway/papers/pdf_signature.hpp"

#include <algorithm>

#include "gateway/papers/cms.hpp"
#include "gateway/papers/pdf_document.hpp"

namespace demat::papers {

namespace {

constexpr std::size_t most_signatures = 64;  // each means reading the file once
constexpr std::size_t largest_hole = 16'777'216;

using State = CmsOutcome::State;

void add(Report& report, const char* code, Severity severity, std::string_view place, std::string fr,
         std::string en) {
  report.add({code, severity, {0, std::string(place)}, std::move(fr), std::move(en)});
}

void add_broken(Report& report, std::string_view name, const PdfSignature& signature, const char* fr,
                const char* en) {
  const std::string field = signature.field.empty() ? std::string() : " « " + signature.field + " »";
  const std::string field_en = signature.field.empty() ? std::string() : " \"" + signature.field + "\"";
  add(report, "actes.pades.broken", Severity::error, name,
      "La signature" + field + " de ce PDF n'est plus valable : " + fr +
          ". Faites signer de nouveau le document d'origine.",
      "The signature" + field_en + " of this PDF does not hold: " + en +
          ". Have the original document signed again.");
}

struct Layout {
  std::vector<Span> covered;
  std::size_t end = 0;
};

/// [0 before after length], one hole, inside the file (PAdES, ETSI EN 319 142-1 §5.2).
std::optional<Layout> layout_of(const std::vector<long long>& range, std::size_t size) {
  if (range.size() != 4) return std::nullopt;
  const auto limit = static_cast<long long>(size);
  for (const long long number : range)
    if (number < 0 || number > limit) return std::nullopt;
  const auto before = static_cast<std::size_t>(range[1]);
  const auto after = static_cast<std::size_t>(range[2]);
  const auto length = static_cast<std::size_t>(range[3]);
  if (range[0] != 0 || before == 0 || after <= before + 2 || after + length > size) return std::nullopt;
  if (after - before > largest_hole || length == 0) return std::nullopt;
  return Layout{{{0, before}, {after, length}}, after + length};
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The hole must hold the signature and nothing else: anything besides could be changed unseen.
Result<bool> hole_is_contents(const ByteSource& pdf, const Layout& layout, std::string_view contents) {
  const std::size_t start = layout.covered[0].length;
  std::string hole(layout.covered[1].offset - start, '\0');
  for (std::size_t done = 0; done < hole.size();) {
    const auto part = pdf.read(start + done, std::span(hole).subspan(done));
    if (!part) return failure(part.error());
    if (*part == 0) return false;
    done += *part;
  }
  if (hole.front() != '<' || hole.back() != '>') return false;
  const std::string_view digits = std::string_view(hole).substr(1, hole.size() - 2);
  if (digits.size() != 2 * contents.size()) return false;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const int high = digit(digits[2 * i]);
    const int low = digit(digits[2 * i + 1]);
    if (high < 0 || low < 0 || static_cast<char>(high * 16 + low) != contents[i]) return false;
  }
  return true;
}

std::optional<CmsKind> kind_of(std::string_view sub_filter) {
  if (sub_filter == "adbe.pkcs7.detached" || sub_filter == "ETSI.CAdES.detached") return CmsKind::detached;
  if (sub_filter == "adbe.pkcs7.sha1") return CmsKind::sha1_inside;
  if (sub_filter == "ETSI.RFC3161") return CmsKind::stamp_of_time;
  return std::nullopt;
}

void tell(Report& report, std::string_view name, const PdfSignature& signature, State state) {
  switch (state) {
    case State::valid:
    case State::source:
      return;
    case State::altered:
      return add_broken(report, name, signature, "le document a été modifié après la signature",
                        "the document was changed after it was signed");
    case State::bad_value:
      return add_broken(report, name, signature, "sa valeur ne correspond pas au certificat du signataire",
                        "its value does not fit the signer's certificate");
    case State::no_certificate:
      return add_broken(report, name, signature, "le certificat du signataire n'y est pas joint",
                        "the signer's certificate is not inside");
    case State::other_certificate:
      return add_broken(report, name, signature, "elle désigne un autre certificat que celui qui y est joint",
                        "it names another certificate than the one inside");
    case State::unreadable:
      return add_broken(report, name, signature, "son contenu est illisible", "its content cannot be read");
  }
}

/// PAdES says when it was made in the dictionary, which is signed with the rest (EN 319 142-1 5.3).
void take_signers(CmsOutcome& outcome, const SignatureEntry& entry, PdfSignature& signature) {
  if (outcome.signers.empty()) return;
  for (Signer& signer : outcome.signers)
    if (!signer.signed_at) signer.signed_at = read_pdf_date(entry.modified);
  signature.signer = std::move(outcome.signers.front());
  signature.further.assign(std::make_move_iterator(outcome.signers.begin() + 1),
                           std::make_move_iterator(outcome.signers.end()));
}

Result<PdfSignature> check_entry(const ByteSource& pdf, const SignatureEntry& entry, std::string_view name,
                                 Report& report) {
  PdfSignature signature;
  signature.field = entry.field;
  signature.sub_filter = entry.sub_filter;
  const auto layout = layout_of(entry.byte_range, pdf.size());
  if (layout) signature.bytes_after = pdf.size() - layout->end;
  if (entry.contents.empty()) {
    tell(report, name, signature, State::unreadable);
    return signature;
  }
  const auto kind = kind_of(entry.sub_filter);
  if (!kind) {
    add(report, "actes.pades.unsupported", Severity::warning, name,
        "Ce PDF porte une signature d'un genre qui n'est pas vérifié ici (" + entry.sub_filter + ").",
        "This PDF has a signature of a kind that is not checked here (" + entry.sub_filter + ").");
    return signature;
  }
  signature.timestamp = *kind == CmsKind::stamp_of_time;
  const auto hole = layout ? hole_is_contents(pdf, *layout, entry.contents) : Result<bool>(false);
  if (!hole) return failure(hole.error());
  if (!*hole) {
    add_broken(report, name, signature, "elle ne couvre pas le document entier",
               "it does not cover the whole document");
    return signature;
  }
  auto outcome = verify_cms(entry.contents, *kind, pdf, layout->covered);
  if (outcome.state == State::source) return failure(outcome.source_error);
  signature.intact = outcome.state == State::valid;
  take_signers(outcome, entry, signature);
  tell(report, name, signature, outcome.state);
  return signature;
}

/// The file as it was when a signature was made.
class Revision final : public ByteSource {
 public:
  Revision(const ByteSource& whole, std::size_t size) : whole_(whole), size_(size) {}
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    if (offset >= size_) return std::size_t{0};
    return whole_.read(offset, buffer.first(std::min(buffer.size(), size_ - offset)));
  }
  [[nodiscard]] std::size_t size() const override { return size_; }

 private:
  const ByteSource& whole_;
  std::size_t size_;
};

constexpr std::size_t trailing = 16;  // blanks that a mail program or an editor left at the end

/// What is signed and what is shown must not part (the "shadow" attacks): an update may add forms, signatures
/// and evidence, but the pages must draw what they drew. A revision that cannot be read alone counts as
/// changed.
void check_pages(SignatureCheck& check, const ByteSource& pdf, PdfDocument& document, std::string_view name) {
  std::optional<Bytes> now;
  for (PdfSignature& signature : check.signatures) {
    if (!signature.intact || signature.bytes_after <= trailing) continue;
    if (!now) now = document.drawn();
    if (!now) return;  // beyond all budgets: check_pdf says so
    const Revision revision(pdf, pdf.size() - signature.bytes_after);
    auto then = PdfDocument::open(revision);
    if (then && then->drawn() == now) continue;
    signature.intact = false;
    const std::string field = signature.field.empty() ? std::string() : " « " + signature.field + " »";
    const std::string field_en = signature.field.empty() ? std::string() : " \"" + signature.field + "\"";
    add(check.report, "actes.pades.changed", Severity::error, name,
        "Les pages de ce PDF ont été modifiées après la signature" + field +
            " : elle ne porte pas sur ce que l'on voit. Faites signer le document tel qu'il est.",
        "The pages of this PDF were changed after the signature" + field_en +
            ": it is not over what is seen. Have the document signed as it is.");
  }
}

void tell_updates(SignatureCheck& check, std::string_view name) {
  std::ranges::stable_sort(check.signatures, std::ranges::greater{}, &PdfSignature::bytes_after);
  const auto intact = std::ranges::find_if(check.signatures.rbegin(), check.signatures.rend(),
                                           [](const PdfSignature& one) { return one.intact; });
  if (intact == check.signatures.rend() || intact->bytes_after <= trailing) return;
  add(check.report, "actes.pades.updated", Severity::warning, name,
      "Quelque chose a été ajouté à ce PDF après sa dernière signature (formulaire, annotation ou preuves de "
      "validation) : vérifiez que c'est voulu.",
      "Something was added to this PDF after its last signature (form, annotation or validation evidence): "
      "check "
      "that this is meant.");
}

/// DER as it is; PEM without its armour; else base64.
Bytes der_of(std::string_view text) {
  if (!text.empty() && text.front() == '\x30') {
    const auto bytes = as_bytes(text);
    return {bytes.begin(), bytes.end()};
  }
  if (const auto begin = text.find("-----BEGIN "); begin != text.npos) {
    const auto start = text.find('\n', begin);
    const auto end = text.find("-----END ", begin);
    if (start == text.npos || end == text.npos || end < start) return {};
    text = text.substr(start, end - start);
  }
  auto decoded = decode_base64(text);
  return decoded.ok ? std::move(decoded.bytes) : Bytes();
}

void tell_detached(DetachedCheck& check, State state, std::string_view name) {
  if (state == State::unreadable) {
    add(check.report, "actes.pkcs7.unreadable", Severity::error, name,
        "La signature jointe à ce fichier n'est pas un PKCS#7 lisible (DER, PEM ou base64 attendu).",
        "The signature that comes with this file is no readable PKCS#7 (DER, PEM or base64 expected).");
    return;
  }
  const bool altered = state == State::altered;
  const bool no_certificate = state == State::no_certificate;
  const bool other = state == State::other_certificate;
  add(check.report, "actes.pkcs7.broken", Severity::error, name,
      std::string("La signature jointe ne correspond pas à ce fichier : ") +
          (altered          ? "il a été modifié depuis, ou ce n'est pas le bon fichier"
           : no_certificate ? "le certificat du signataire n'y est pas joint"
           : other          ? "elle désigne un autre certificat que celui qui y est joint"
                            : "sa valeur ne correspond pas au certificat du signataire") +
          ". Signez de nouveau le fichier déposé.",
      std::string("The signature does not belong to this file: ") +
          (altered          ? "it was changed since, or it is the wrong file"
           : no_certificate ? "the signer's certificate is not inside"
           : other          ? "it names another certificate than the one inside"
                            : "its value does not fit the signer's certificate") +
          ". Sign the posted file again.");
}

}  // namespace

Result<SignatureCheck> check_signatures(const ByteSource& pdf, std::string_view name) {
  SignatureCheck check;
  auto document = PdfDocument::open(pdf);
  if (!document) {
    if (document.error().trouble == Trouble::source) return failure(document.error().source_error);
    return check;
  }
  auto entries = document->signatures();
  if (document->exhausted())
    if (auto obstacle = document->obstacle({}); obstacle.trouble == Trouble::source)
      return failure(obstacle.source_error);
  if (document->exhausted()) return check;
  if (entries.size() > most_signatures) {
    add(check.report, "actes.pades.too_many", Severity::error, name,
        "Ce PDF porte plus de " + std::to_string(most_signatures) +
            " signatures : elles ne seront pas vérifiées.",
        "This PDF has more than " + std::to_string(most_signatures) +
            " signatures: they will not be checked.");
    return check;
  }
  for (const SignatureEntry& entry : entries) {
    auto signature = check_entry(pdf, entry, name, check.report);
    if (!signature) return failure(signature.error());
    check.signatures.push_back(std::move(*signature));
  }
  check_pages(check, pdf, *document, name);
  tell_updates(check, name);
  return check;
}

Result<DetachedCheck> check_detached(const ByteSource& file, std::string_view pkcs7, std::string_view name) {
  DetachedCheck check;
  const Bytes der = der_of(pkcs7);
  auto outcome = verify_cms(as_text(der), CmsKind::detached, file, {{0, file.size()}});
  if (outcome.state == State::source) return failure(outcome.source_error);
  check.signers = std::move(outcome.signers);
  check.intact = outcome.state == State::valid;
  if (!check.intact) tell_detached(check, outcome.state, name);
  return check;
}

}  // namespace demat::papers
