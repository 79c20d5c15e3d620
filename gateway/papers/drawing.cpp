#include "gateway/papers/drawing.hpp"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "protocols/base/owned.hpp"
#include "protocols/base/utf8.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
/// Fontconfig forgets a few hundred bytes when it reads its configuration, once in a process.
extern "C" const char* __lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libfontconfig";
}
#endif
#endif

namespace demat::papers {

namespace {

constexpr const char* family = "DejaVu Sans";
constexpr const char* mono_family = "DejaVu Sans Mono";
constexpr double narrowing = 0.88;

using Surface = Owned<cairo_surface_t, cairo_surface_destroy>;
using Context = Owned<cairo_t, cairo_destroy>;
using Layout = Owned<PangoLayout, g_object_unref>;
using Text = Owned<PangoContext, g_object_unref>;
using Font = Owned<PangoFont, g_object_unref>;
using Description = Owned<PangoFontDescription, pango_font_description_free>;
using Options = Owned<cairo_font_options_t, cairo_font_options_destroy>;
using Attributes = Owned<PangoAttrList, pango_attr_list_unref>;

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

Description describe(const TextStyle& style) {
  Description description(pango_font_description_new());
  pango_font_description_set_family(description.get(), style.mono ? mono_family : family);
  pango_font_description_set_weight(description.get(), style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_absolute_size(description.get(), style.size * PANGO_SCALE);
  return description;
}

/// Glyphs where the font puts them, not on a pixel grid that paper does not have.
Text text_context(PangoFontMap* fonts) {
  Text context(pango_font_map_create_context(fonts));
  const Options options(cairo_font_options_create());
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options(context.get(), options.get());
  pango_cairo_context_set_resolution(context.get(), 72);
  pango_context_set_round_glyph_positions(context.get(), FALSE);
  pango_context_set_language(context.get(), pango_language_from_string("fr"));
  pango_context_set_base_dir(context.get(), PANGO_DIRECTION_LTR);
  return context;
}

/// A missing font gives no error but an ugly replacement.
bool font_is_there(PangoFontMap* fonts, PangoContext* context, const TextStyle& style) {
  const auto wanted = describe(style);
  const Font font(pango_font_map_load_font(fonts, context, wanted.get()));
  if (!font) return false;
  const Description found(pango_font_describe(font.get()));
  const char* name = pango_font_description_get_family(found.get());
  return name && std::string_view(name) == pango_font_description_get_family(wanted.get());
}

void rounded(cairo_t* cairo, const Box& box, double radius) {
  if (radius <= 0) {
    cairo_rectangle(cairo, box.x, box.y, box.width, box.height);
    return;
  }
  constexpr double quarter = std::numbers::pi / 2;
  const double right = box.x + box.width - radius;
  const double bottom = box.y + box.height - radius;
  cairo_new_sub_path(cairo);
  cairo_arc(cairo, right, box.y + radius, radius, -quarter, 0);
  cairo_arc(cairo, right, bottom, radius, 0, quarter);
  cairo_arc(cairo, box.x + radius, bottom, radius, quarter, 2 * quarter);
  cairo_arc(cairo, box.x + radius, box.y + radius, radius, 2 * quarter, 3 * quarter);
  cairo_close_path(cairo);
}

/// Controls have no glyph, and a NUL would end the text.
std::string drawable(std::string_view text) {
  std::string clean = utf8_replaced(std::string(text));
  std::replace_if(
      clean.begin(), clean.end(), [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; }, ' ');
  return clean;
}

PangoAlignment alignment(TextStyle::Align align) {
  switch (align) {
    case TextStyle::Align::right:
      return PANGO_ALIGN_RIGHT;
    case TextStyle::Align::centre:
      return PANGO_ALIGN_CENTER;
    case TextStyle::Align::left:
      return PANGO_ALIGN_LEFT;
  }
  return PANGO_ALIGN_LEFT;
}

}  // namespace

struct Canvas::Impl {
  std::string bytes;
  PangoFontMap* fonts = nullptr;  ///< Pango's own for this thread: looking for fonts costs milliseconds
  Text context;
  Surface surface;
  Context cairo;
  bool fonts_there = true;
  bool page_open = false;

  Layout layout(std::string_view text, const TextStyle& style, double width) const {
    Layout made(pango_layout_new(context.get()));
    const auto description = describe(style);
    pango_layout_set_font_description(made.get(), description.get());
    pango_layout_set_wrap(made.get(), style.break_anywhere ? PANGO_WRAP_CHAR : PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(made.get(), alignment(style.align));
    const double inner = width / (style.narrow ? narrowing : 1);
    pango_layout_set_width(made.get(), width > 0 ? static_cast<int>(inner * PANGO_SCALE) : -1);
    const Attributes attributes(pango_attr_list_new());
    pango_attr_list_insert(attributes.get(), pango_attr_insert_hyphens_new(FALSE));
    pango_layout_set_attributes(made.get(), attributes.get());
    const auto clean = drawable(text);
    pango_layout_set_text(made.get(), clean.data(), static_cast<int>(clean.size()));
    return made;
  }
};

Canvas::Canvas(const PaperFacts& facts) : impl_(std::make_unique<Impl>()) {
  impl_->fonts = pango_cairo_font_map_get_default();
  impl_->context = text_context(impl_->fonts);
  for (const bool bold : {false, true})
    impl_->fonts_there &= font_is_there(impl_->fonts, impl_->context.get(), {.bold = bold});
  impl_->fonts_there &= font_is_there(impl_->fonts, impl_->context.get(), {.mono = true});
  impl_->surface.reset(cairo_pdf_surface_create_for_stream(append, &impl_->bytes, 595, 842));
  cairo_surface_t* surface = impl_->surface.get();
  const auto say = [surface](cairo_pdf_metadata_t what, const std::string& text) {
    if (!text.empty()) cairo_pdf_surface_set_metadata(surface, what, drawable(text).c_str());
  };
  say(CAIRO_PDF_METADATA_TITLE, facts.title);
  say(CAIRO_PDF_METADATA_AUTHOR, facts.author);
  say(CAIRO_PDF_METADATA_SUBJECT, facts.subject);
  say(CAIRO_PDF_METADATA_CREATOR, "dematd");
  say(CAIRO_PDF_METADATA_CREATE_DATE, to_iso8601(facts.made_at).substr(0, 19) + "Z");
  impl_->cairo.reset(cairo_create(surface));
}

Canvas::~Canvas() = default;
Canvas::Canvas(Canvas&&) noexcept = default;

void Canvas::start_page(double width, double height) {
  if (impl_->page_open) cairo_show_page(impl_->cairo.get());
  cairo_pdf_surface_set_size(impl_->surface.get(), width, height);
  impl_->page_open = true;
}

Extent Canvas::measure(std::string_view text, const TextStyle& style, double width) {
  const auto layout = impl_->layout(text, style, width);
  int w = 0;
  int h = 0;
  pango_layout_get_size(layout.get(), &w, &h);
  const double squeeze = style.narrow ? narrowing : 1;
  return {static_cast<double>(w) / PANGO_SCALE * squeeze, static_cast<double>(h) / PANGO_SCALE};
}

void Canvas::text(double x, double y, std::string_view text, const TextStyle& style, double width) {
  cairo_t* cairo = impl_->cairo.get();
  cairo_save(cairo);
  cairo_translate(cairo, x, y);
  if (style.narrow) cairo_scale(cairo, narrowing, 1);
  cairo_set_source_rgb(cairo, style.colour.red, style.colour.green, style.colour.blue);
  const auto layout = impl_->layout(text, style, width);
  pango_cairo_show_layout(cairo, layout.get());
  cairo_restore(cairo);
}

void Canvas::fill(const Box& box, Colour colour, double opacity, double radius) {
  cairo_t* cairo = impl_->cairo.get();
  rounded(cairo, box, radius);
  if (opacity < 1)
    cairo_set_source_rgba(cairo, colour.red, colour.green, colour.blue, opacity);
  else
    cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue);
  cairo_fill(cairo);
}

void Canvas::outline(const Box& box, Colour colour, double thickness, double radius) {
  cairo_t* cairo = impl_->cairo.get();
  rounded(cairo, box, radius);
  cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue);
  cairo_set_line_width(cairo, thickness);
  cairo_stroke(cairo);
}

void Canvas::line(double x1, double y1, double x2, double y2, Colour colour, double thickness) {
  cairo_t* cairo = impl_->cairo.get();
  cairo_move_to(cairo, x1, y1);
  cairo_line_to(cairo, x2, y2);
  cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue);
  cairo_set_line_width(cairo, thickness);
  cairo_stroke(cairo);
}

Result<std::string> Canvas::finish() {
  if (!impl_->fonts_there)
    return failure(
        waiting_error("papers.font_missing",
                      "La police DejaVu manque sur le serveur : le document ne peut être dessiné. "
                      "L'exploitant doit installer fonts-dejavu-core.",
                      "The DejaVu font is missing on the server: the document cannot be drawn. The "
                      "operator has to install fonts-dejavu-core."));
  if (impl_->page_open) cairo_show_page(impl_->cairo.get());
  const auto drawn = cairo_status(impl_->cairo.get());
  cairo_surface_finish(impl_->surface.get());
  const auto written = cairo_surface_status(impl_->surface.get());
  if (drawn != CAIRO_STATUS_SUCCESS || written != CAIRO_STATUS_SUCCESS)
    return failure(waiting_error("papers.drawing",
                                 "Le document PDF n'a pu être dessiné. Prévenez l'exploitant.",
                                 "The PDF document could not be drawn. Tell the operator.",
                                 cairo_status_to_string(drawn != CAIRO_STATUS_SUCCESS ? drawn : written)));
  return std::move(impl_->bytes);
}

}  // namespace demat::papers
