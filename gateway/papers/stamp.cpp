#include "gateway/papers/stamp.hpp"

#include <algorithm>
#include <vector>

#include "gateway/papers/drawing.hpp"
#include "gateway/papers/french.hpp"
#include "gateway/papers/pdf_stamping.hpp"

namespace demat::papers {

namespace {

constexpr double padding = 8;
constexpr double bar = 3.5;  // the coloured edge on the left
constexpr double gap = 2.2;  // between lines
constexpr double frame = 0.9;
constexpr TextStyle line_style{.size = 8.5};
constexpr TextStyle value_style{.size = 8.5, .bold = true};
constexpr TextStyle id_style{.size = 7.6, .bold = true, .colour = blue, .narrow = true};
constexpr TextStyle mark_style{.size = 8.5, .bold = true, .colour = white, .align = TextStyle::Align::centre};

struct Row {
  std::string label;
  std::string value;
};

std::vector<Row> rows_of(const Stamp& stamp) {
  std::vector<Row> rows;
  if (stamp.sent) rows.push_back({"Envoyé en préfecture le ", french_day(*stamp.sent)});
  if (stamp.received) rows.push_back({"Reçu en préfecture le ", french_day(*stamp.received)});
  if (stamp.published) rows.push_back({"Publié le ", french_day(*stamp.published)});
  return rows;
}

std::string id_line(const Stamp& stamp) {
  return stamp.id_acte.empty() ? std::string() : "ID\u00a0: " + one_line(stamp.id_acte, 60);
}

/// The stamp measured, then drawn at a place.
class Drawing {
 public:
  Drawing(Canvas& canvas, const Stamp& stamp)
      : canvas_(canvas), rows_(rows_of(stamp)), id_(id_line(stamp)), mark_(one_line(stamp.environment, 40)) {
    Extent inner{120, 0};
    for (const Row& row : rows_) {
      const Extent label = canvas.measure(row.label, line_style);
      const Extent value = canvas.measure(row.value, value_style);
      inner.width = std::max(inner.width, label.width + value.width);
      inner.height += label.height + gap;
    }
    if (!id_.empty()) {
      const Extent id = canvas.measure(id_, id_style);
      inner.width = std::max(inner.width, id.width);
      inner.height += id.height + gap;
    }
    inner.height -= gap;
    if (!mark_.empty()) mark_height_ = canvas.measure(mark_, mark_style).height + 5;
    extent_ = {inner.width + 2 * padding + bar, std::max(inner.height, 0.0) + 2 * padding - 2 + mark_height_};
  }

  [[nodiscard]] Extent extent() const { return extent_; }

  void draw(double x, double y) {
    const Box box{x, y, extent_.width, extent_.height};
    canvas_.fill(box, white, 0.86);  // what lies under it stays visible
    const Colour edge = mark_.empty() ? blue : red;
    canvas_.fill({x, y, bar, extent_.height}, edge);
    canvas_.outline({x + frame / 2, y + frame / 2, extent_.width - frame, extent_.height - frame}, edge,
                    frame);
    double line = y + padding - 1.5;
    if (!mark_.empty()) {
      canvas_.fill({x, y, extent_.width, mark_height_}, red);
      canvas_.text(x, y + 2.5, mark_, mark_style, extent_.width);
      line += mark_height_;
    }
    const double left = x + bar + padding;
    for (const Row& row : rows_) {
      const Extent label = canvas_.measure(row.label, line_style);
      canvas_.text(left, line, row.label, line_style);
      canvas_.text(left + label.width, line, row.value, value_style);
      line += label.height + gap;
    }
    if (!id_.empty()) canvas_.text(left, line, id_, id_style);
  }

 private:
  Canvas& canvas_;
  std::vector<Row> rows_;
  std::string id_;
  std::string mark_;
  double mark_height_ = 0;
  Extent extent_;
};

Result<DrawnStamp> draw_stamp(const Stamp& stamp, const StampedFile& file) {
  Canvas canvas({.title = {}, .author = {}, .subject = {}, .made_at = file.made_at});
  Drawing drawing(canvas, stamp);
  const Extent extent = drawing.extent();
  canvas.start_page(extent.width, extent.height);
  drawing.draw(0, 0);
  auto pdf = canvas.finish();
  if (!pdf) return failure(pdf.error());
  return DrawnStamp{std::move(*pdf), extent.width, extent.height};
}

/// Bytes of one stream: the writer holds it up to three times.
constexpr std::size_t most_of_stream = 50'331'648;

const char* explanation(SeparateReason reason) {
  switch (reason) {
    case SeparateReason::signed_document:
      return "Ce document porte une signature électronique, que toute modification invaliderait. Il est donc "
             "délivré tel quel, et son tampon sur cette page séparée.";
    case SeparateReason::not_a_pdf:
      return "Ce document n'est pas un PDF. Il est délivré tel quel, et son tampon sur cette page séparée.";
    case SeparateReason::locked:
      return "Ce document est protégé contre la modification. Il est délivré tel quel, et son tampon sur "
             "cette "
             "page séparée.";
    case SeparateReason::too_large:
      return "Ce document contient un élément trop volumineux pour être réécrit avec le tampon. Il est "
             "délivré tel quel, et "
             "son tampon sur cette page séparée.";
    case SeparateReason::unreadable:
    case SeparateReason::none:
      return "Le tampon n'a pu être apposé sur ce document. Il est délivré tel quel, et son tampon sur cette "
             "page "
             "séparée.";
  }
  return "";
}

Result<Stamped> on_its_own(const Stamp& stamp, const StampedFile& file, SeparateReason reason) {
  auto page = stamp_page(stamp, file, reason);
  if (!page) return failure(page.error());
  return Stamped{StampOutcome::separate_page, reason, std::move(*page)};
}

/// A labelled value of the separate page; returns where the next one goes.
double entry(Canvas& canvas, double y, const char* label, std::string_view value, const TextStyle& style) {
  constexpr double left = 56;
  constexpr double width = 595 - 2 * left;
  canvas.text(left, y, label, {.size = 8.5, .colour = quiet});
  y += 13;
  canvas.text(left, y, value, style, width);
  return y + canvas.measure(value, style, width).height + 12;
}

}  // namespace

Result<std::string> stamp_page(const Stamp& stamp, const StampedFile& file, SeparateReason reason) {
  constexpr double width = 595.28;
  constexpr double height = 841.89;
  constexpr double left = 56;
  Canvas canvas({.title = "Tampon de " + one_line(file.name, 200),
                 .author = file.authority,
                 .subject = "Page de tampon",
                 .made_at = file.made_at});
  Drawing drawing(canvas, stamp);
  canvas.start_page(width, height);
  drawing.draw(width - 40 - drawing.extent().width, 40);
  double y = std::max(150.0, 40 + drawing.extent().height + 50);
  canvas.text(left, y, "Page de tampon", {.size = 20, .bold = true, .colour = blue});
  y += 34;
  canvas.line(left, y, width - left, y, hairline, 0.8);
  y += 18;
  if (!file.authority.empty())
    y = entry(canvas, y, "Collectivité", french_text(one_line(file.authority, 300)),
              {.size = 11, .bold = true});
  y = entry(canvas, y, "Document", one_line(file.name, 300), {.size = 11, .break_anywhere = true});
  if (!file.sha256.empty())
    y = entry(canvas, y, "Empreinte SHA-256 du document", file.sha256,
              {.size = 8.5, .mono = true, .break_anywhere = true});
  if (!stamp.id_acte.empty())
    y = entry(canvas, y, "Identifiant de l’acte", one_line(stamp.id_acte, 60), {.size = 11});
  canvas.text(left, y + 6, french_text(explanation(reason)), {.size = 10}, width - 2 * left);
  return canvas.finish();
}

Result<Stamped> stamp_pdf(const ByteSource& act, const Stamp& stamp, const StampPosition& position,
                          const StampedFile& file, const ByteSink& sink) {
  auto document = PdfDocument::open(act);
  if (!document) {
    const Obstacle& obstacle = document.error();
    if (obstacle.trouble == Trouble::source) return failure(obstacle.source_error);
    return on_its_own(
        stamp, file,
        obstacle.trouble == Trouble::password ? SeparateReason::locked : SeparateReason::unreadable);
  }
  if (document->locked()) return on_its_own(stamp, file, SeparateReason::locked);
  const bool is_signed = !document->signatures().empty();
  if (is_signed) return on_its_own(stamp, file, SeparateReason::signed_document);
  const std::size_t pages = document->visit_pages([](QPDFObjectHandle&, const VisiblePage&) {});
  // Only a large document can hold a large stream: the others are spared the walk.
  const bool too_large = act.size() > most_of_stream && document->largest_stream() > most_of_stream;
  if (document->exhausted()) {
    if (auto obstacle = document->obstacle({}); obstacle.trouble == Trouble::source)
      return failure(obstacle.source_error);
  }
  if (document->exhausted() || pages == 0) return on_its_own(stamp, file, SeparateReason::unreadable);
  if (too_large) return on_its_own(stamp, file, SeparateReason::too_large);
  const auto drawn = draw_stamp(stamp, file);
  if (!drawn) return failure(drawn.error());
  if (const auto written = write_stamped(*document, *drawn, position, sink); !written)
    return failure(written.error());
  return Stamped{};
}

}  // namespace demat::papers
