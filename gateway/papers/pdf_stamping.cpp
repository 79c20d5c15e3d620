#include "gateway/papers/pdf_stamping.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>

#include "gateway/papers/content_balance.hpp"
#include "gateway/papers/qpdf_headers.hpp"

namespace demat::papers {

namespace {

constexpr double margin = 14;         // points between stamp and edge, before scaling
constexpr double widest_part = 0.55;  // of the page's width
constexpr double tallest_part = 0.3;  // of the page's height
constexpr double a4_short_side = 595;

constexpr std::size_t content_bytes = 67'108'864;  // decoded in order to look at what pages leave open
constexpr int most_states = 1'000;

/// Operators before and after a page's content.
struct Around {
  std::string before = "q\n";
  std::string after = "\nQ\n";
};

Around around(const ContentBalance& balance) {
  Around out;
  out.before.clear();
  out.after = balance.in_text() ? "\nET\n" : "\n";
  for (int i = 0; i <= std::min(balance.too_many(), most_states); ++i)
    out.before += "q\n";
  for (int i = 0; i <= std::min(balance.left_open(), most_states); ++i)
    out.after += "Q\n";
  return out;
}

std::string operators_of(const Placement& p, const std::string& name) {
  std::array<char, 256> text{};
  // An artifact: what a reader for the blind reads is the act itself.
  std::snprintf(text.data(), text.size(),
                "/Artifact <</Type /Pagination /Subtype /Header>> BDC\nq %.5f %.5f %.5f %.5f %.4f %.4f cm "
                "%s Do Q\nEMC\n",
                p.a, p.b, p.c, p.d, p.e, p.f, name.c_str());
  return text.data();
}

/// Reads decoded content.
class BalancePipe final : public Pipeline {
 public:
  explicit BalancePipe(ContentBalance& balance) : Pipeline("balance", nullptr), balance_(balance) {}
  void write(unsigned char const* data, std::size_t length) override {
    balance_.feed({reinterpret_cast<const char*>(data), length});
  }
  void finish() override {}

 private:
  ContentBalance& balance_;
};

/// The streams that go round a page's own content; the same text becomes one object only.
class Wrapping {
 public:
  Wrapping(QPDF& qpdf, QPDFObjectHandle form) : qpdf_(qpdf), form_(std::move(form)) {}

  void put(QPDFObjectHandle& page, const Placement& placement) {
    auto resources = dictionary_in(page, "/Resources");
    auto objects = dictionary_in(resources, "/XObject");
    const std::string name = free_name(objects);
    objects.replaceKey(name, form_);
    std::vector<QPDFObjectHandle> own;
    append_streams(own, page.getKey("/Contents"));
    const Around operators = look_at(own);
    std::vector<QPDFObjectHandle> streams{stream(operators.before)};
    streams.insert(streams.end(), own.begin(), own.end());
    streams.push_back(stream(operators.after + operators_of(placement, name)));
    page.replaceKey("/Contents", QPDFObjectHandle::newArray(streams));
  }

 private:
  /// Dictionaries shared by several pages get the name once: they stay shared.
  static QPDFObjectHandle dictionary_in(QPDFObjectHandle& holder, const char* key) {
    auto found = holder.getKey(key);
    if (found.isDictionary()) return found;
    auto made = QPDFObjectHandle::newDictionary();
    holder.replaceKey(key, made);
    return made;
  }

  std::string free_name(QPDFObjectHandle& objects) const {
    std::string name = "/DematTampon";
    for (int i = 2; taken(objects.getKey(name)); ++i)
      name = "/DematTampon" + std::to_string(i);
    return name;
  }
  [[nodiscard]] bool taken(const QPDFObjectHandle& present) const {
    return !QPDFObjectHandle(present).isNull() && !QPDFObjectHandle(present).isSameObjectAs(form_);
  }

  static void append_streams(std::vector<QPDFObjectHandle>& streams, QPDFObjectHandle contents) {
    if (contents.isStream()) streams.push_back(contents);
    if (!contents.isArray()) return;
    for (int i = 0; i < contents.getArrayNItems(); ++i)
      if (auto one = contents.getArrayItem(i); one.isStream()) streams.push_back(one);
  }

  /// What cannot be decoded, or costs too much, is taken to be in order.
  Around look_at(std::vector<QPDFObjectHandle>& contents) {
    const DecodingScope scope(content_budget_);
    ContentBalance balance;
    BalancePipe pipe(balance);
    for (QPDFObjectHandle& one : contents) {
      bool decoded = false;
      const bool read = one.pipeStreamData(&pipe, &decoded, 0, qpdf_dl_generalized, true);
      if (!read || !decoded || content_budget_.exhausted) return {};
      balance.end_of_stream();
    }
    return around(balance);
  }

  QPDFObjectHandle stream(const std::string& text) {
    auto& known = streams_[text];
    if (!known.isInitialized()) known = qpdf_.newStream(text);
    return known;
  }

  static ReadingBudget for_contents() {
    ReadingBudget budget;
    budget.decoded_left = content_bytes;
    return budget;
  }

  QPDF& qpdf_;
  QPDFObjectHandle form_;
  ReadingBudget content_budget_ = for_contents();
  std::map<std::string, QPDFObjectHandle> streams_;
};

QPDFObjectHandle form_from(QPDF& qpdf, const std::string& stamp_pdf) {
  QPDF drawn;
  drawn.setSuppressWarnings(true);
  drawn.setImmediateCopyFrom(true);  // `drawn` goes before the document is written
  drawn.processMemoryFile("stamp", stamp_pdf.data(), stamp_pdf.size());
  auto page = drawn.getRoot().getKey("/Pages").getKey("/Kids").getArrayItem(0);
  return qpdf.copyForeignObject(QPDFPageObjectHelper(page).getFormXObjectForPage());
}

/// Hands on what the writer makes; after the sink's first error nothing more. Throws never: the writer
/// finishes its pipes in destructors.
class SinkPipe final : public Pipeline {
 public:
  explicit SinkPipe(const ByteSink& sink) : Pipeline("sink", nullptr), sink_(sink) {}
  void write(unsigned char const* data, std::size_t length) override {
    for (std::size_t done = 0; done < length;) {
      const std::size_t part = std::min(length - done, buffer_bytes - buffer_.size());
      buffer_.append(reinterpret_cast<const char*>(data) + done, part);
      done += part;
      if (buffer_.size() == buffer_bytes) flush();
    }
  }
  void finish() override { flush(); }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  static constexpr std::size_t buffer_bytes = 65'536;
  void flush() {
    if (const auto taken = error_ ? Status{} : sink_(buffer_); !taken) error_ = taken.error();
    buffer_.clear();
  }
  const ByteSink& sink_;
  std::string buffer_;
  std::optional<Error> error_;
};

void write(QPDF& qpdf, SinkPipe& pipe) {
  QPDFWriter writer(qpdf);
  writer.setOutputPipeline(&pipe);
  writer.setStreamDataMode(qpdf_s_preserve);
  writer.setMinimumPDFVersion("1.4");  // the stamp's veil is transparent
  writer.setDeterministicID(true);
  writer.write();
}

Error failed(const PdfDocument& document, const SinkPipe& pipe, const std::string& why) {
  if (pipe.error()) return *pipe.error();
  if (auto obstacle = document.obstacle(why); obstacle.trouble == Trouble::source)
    return obstacle.source_error;
  return waiting_error(
      "papers.stamp_failed",
      "Le tampon n'a pu être apposé sur ce PDF : le document d'origine reste disponible. "
      "Prévenez l'exploitant.",
      "The stamp could not be put on this PDF: the original document remains available. Tell "
      "the operator.",
      why);
}

}  // namespace

Placement place(const DrawnStamp& stamp, const VisiblePage& page, const StampPosition& position) {
  const bool sideways = page.rotate == 90 || page.rotate == 270;
  const double width = sideways ? page.top - page.bottom : page.right - page.left;
  const double height = sideways ? page.right - page.left : page.top - page.bottom;
  const double larger = std::sqrt(std::max(1.0, std::min(width, height) * page.unit / (2 * a4_short_side)));
  const double scale =
      std::min({larger / page.unit, widest_part * width / stamp.width, tallest_part * height / stamp.height});
  const double edge = margin * scale;
  const double across = std::clamp(position.across, 0.0, 100.0) / 100;
  const double down = std::clamp(position.down, 0.0, 100.0) / 100;
  // From the left and the bottom of the page as shown.
  const double x = edge + across * std::max(0.0, width - stamp.width * scale - 2 * edge);
  const double y = edge + (1 - down) * std::max(0.0, height - stamp.height * scale - 2 * edge);
  switch (page.rotate) {
    case 90:
      return {0, scale, -scale, 0, page.right - y, page.bottom + x};
    case 180:
      return {-scale, 0, 0, -scale, page.right - x, page.top - y};
    case 270:
      return {0, -scale, scale, 0, page.left + y, page.top - x};
    default:
      return {scale, 0, 0, scale, page.left + x, page.bottom + y};
  }
}

Status write_stamped(PdfDocument& document, const DrawnStamp& stamp, const StampPosition& position,
                     const ByteSink& sink) {
  SinkPipe pipe(sink);
  std::string why;
  std::optional<Wrapping> wrapping;
  bool done = document.attempt([&](QPDF& qpdf) { wrapping.emplace(qpdf, form_from(qpdf, stamp.pdf)); }, why);
  if (!done) return failure(failed(document, pipe, why));
  document.visit_pages([&](QPDFObjectHandle& page, const VisiblePage& box) {
    wrapping->put(page, place(stamp, box, position));
  });
  done = !document.exhausted() && document.attempt([&](QPDF& qpdf) { write(qpdf, pipe); }, why);
  if (!done || document.exhausted() || pipe.error()) return failure(failed(document, pipe, why));
  return {};
}

}  // namespace demat::papers
