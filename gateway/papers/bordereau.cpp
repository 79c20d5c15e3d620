#include "gateway/papers/bordereau.hpp"

#include <algorithm>

#include "gateway/papers/french.hpp"
#include "gateway/papers/paper_flow.hpp"

namespace demat::papers {

namespace {

// What a cell may hold at most, so that a row never outgrows a page.
constexpr std::size_t longest_value = 1'000;
constexpr std::size_t longest_name = 300;
constexpr std::size_t longest_message = 1'500;

constexpr TextStyle value_style{.size = 9};
constexpr TextStyle strong_style{.size = 9, .bold = true};
constexpr TextStyle cell_style{.size = 7.8, .narrow = true};
constexpr TextStyle cell_strong{.size = 7.8, .bold = true, .narrow = true};
constexpr TextStyle cell_quiet{.size = 6.8, .colour = quiet, .narrow = true};
constexpr TextStyle name_style{.size = 7.8, .narrow = true, .break_anywhere = true};
constexpr TextStyle sent_style{.size = 6.8, .colour = quiet, .narrow = true, .break_anywhere = true};
constexpr TextStyle digest_style{.size = 5.7, .colour = quiet, .mono = true, .break_anywhere = true};

constexpr const char* title = "Bordereau d’acquittement de transaction";

std::string value(std::string_view text, std::size_t most = longest_value) {
  return french_text(one_line(text, most));
}

std::string spaced_siren(const std::string& siren) {
  if (siren.size() != 9) return siren;
  return siren.substr(0, 3) + "\u00a0" + siren.substr(3, 3) + "\u00a0" + siren.substr(6);
}

/// The first page opens with the authority and the title; returns where the text goes on.
double first_header(Canvas& canvas, const Bordereau& b, bool draw) {
  const std::string authority = value(b.authority, longest_name);
  const TextStyle name{.size = 12, .bold = true};
  const double width = 330;
  double y = 44;
  if (draw) canvas.text(paper_left, y, authority, name, width);
  y += canvas.measure(authority, name, width).height + 2;
  if (!b.siren.empty() && draw)
    canvas.text(paper_left, y, "SIREN\u00a0: " + spaced_siren(b.siren), {.size = 9, .colour = quiet});
  y += b.siren.empty() ? 14 : 28;
  const TextStyle big{.size = 17, .bold = true, .colour = blue};
  if (draw) canvas.text(paper_left, y, title, big, paper_right - paper_left);
  y += canvas.measure(title, big, paper_right - paper_left).height + 4;
  return y;
}

void environment_mark(Canvas& canvas, const Bordereau& b) {
  const std::string mark = one_line(b.environment, 40);
  if (mark.empty()) return;
  const TextStyle style{.size = 9.5, .bold = true, .colour = white};
  const Extent extent = canvas.measure(mark, style);
  const double width = extent.width + 16;
  canvas.fill({paper_right - width, 26, width, extent.height + 7}, red);
  canvas.text(paper_right - width + 8, 29.5, mark, style);
}

void running_header(Canvas& canvas, const Bordereau& b) {
  const std::string left = std::string(title) + (b.id_acte.empty() ? "" : " – " + one_line(b.id_acte, 60));
  canvas.text(paper_left, 33, left, {.size = 8, .colour = quiet, .narrow = true});
  canvas.line(paper_left, 50, paper_right, 50, hairline, 0.6);
}

void footer(Canvas& canvas, const Bordereau& b, std::size_t page, std::size_t pages) {
  constexpr double y = a4_height - 38;
  const TextStyle style{.size = 7.6, .colour = quiet, .narrow = true};
  canvas.line(paper_left, y - 5, paper_right, y - 5, hairline, 0.6);
  if (!b.operator_name.empty())
    canvas.text(paper_left, y, "Opérateur de transmission\u00a0: " + value(b.operator_name, 120), style,
                paper_right - paper_left - 70);
  canvas.text(paper_left, y + 11, "Édité le " + french_moment(b.made_at), style);
  TextStyle right = style;
  right.align = TextStyle::Align::right;
  canvas.text(paper_right - 70, y, "Page " + std::to_string(page) + " / " + std::to_string(pages), right, 70);
}

std::string classification(const Bordereau& b) {
  const std::string code = one_line(b.classification, 30);
  const std::string label = value(b.classification_label, 500);
  return label.empty() || code.empty() ? code + label : code + " – " + label;
}

void add_parameters(PaperFlow& flow, const Bordereau& b) {
  flow.heading("Transaction");
  flow.label_and_value("Type", value(b.type), value_style);
  flow.label_and_value("Identifiant de l’acte", one_line(b.id_acte, 60), strong_style);
  flow.label_and_value("Numéro de l’acte", one_line(b.number, 60), value_style);
  flow.label_and_value("Nature", value(b.nature), value_style);
  flow.label_and_value("Objet", value(b.object), strong_style);
  flow.label_and_value("Classification", classification(b), value_style);
  flow.label_and_value("Date de la décision", b.decided ? french_day(*b.decided) : "", value_style);
  if (b.paper)
    flow.label_and_value("Envoi complété par papier", *b.paper ? "oui (multi-canal)" : "non", value_style);
  for (const BordereauLine& line : b.more)
    flow.label_and_value(value(line.label, 120), value(line.value), value_style);
  flow.label_and_value("Déposé par", value(b.user, 200), value_style);
  flow.label_and_value("Opérateur de transmission", value(b.operator_name, 200), value_style);
}

/// "PDF" says more to people than application/pdf.
std::string media_word(const std::string& type) {
  for (const auto& [known, word] :
       {std::pair{"application/pdf", "PDF"}, std::pair{"image/jpeg", "JPEG"}, std::pair{"image/png", "PNG"},
        std::pair{"application/xml", "XML"}, std::pair{"text/xml", "XML"}})
    if (type == known) return word;
  return one_line(type, 60);
}

std::vector<Cell> file_row(const BordereauFile& file, std::size_t number) {
  std::string sent = one_line(file.sent_name, longest_name);
  if (!sent.empty()) sent = "transmis\u00a0: " + sent;
  return {{{std::to_string(number), {.size = 7.8, .colour = quiet, .narrow = true}}},
          {{value(file.role, 60), cell_strong}},
          {{one_line(file.typologie, 20), cell_style}, {value(file.typologie_label, 120), cell_quiet}},
          {{one_line(file.posted_name, longest_name), name_style},
           {sent, sent_style},
           {one_line(file.sha256, 64), digest_style}},
          {{media_word(file.media_type), cell_style}},
          {{french_size(file.size), cell_style}}};
}

void add_files(PaperFlow& flow, const Bordereau& b) {
  if (b.files.empty()) return;
  flow.heading(b.files.size() == 1 ? "Fichier transmis"
                                   : "Fichiers transmis (" + french_number(b.files.size()) + ")");
  using Align = TextStyle::Align;
  const std::vector<Column> columns{
      {"N°", 26, Align::right},        {"Rôle", 60, Align::left},
      {"Typologie", 100, Align::left}, {"Nom du fichier, empreinte SHA-256", 0, Align::left},
      {"Format", 42, Align::left},     {"Taille", 52, Align::right}};
  auto sized = columns;
  double others = 0;
  for (const Column& column : columns)
    others += column.width;
  sized[3].width = paper_right - paper_left - others;
  std::vector<std::vector<Cell>> rows;
  for (std::size_t i = 0; i < b.files.size(); ++i)
    rows.push_back(file_row(b.files[i], i + 1));
  flow.table(sized, rows);
}

void add_steps(PaperFlow& flow, const Bordereau& b) {
  if (b.steps.empty()) return;
  flow.heading("Cycle de vie");
  const double date = 142;
  const double state = 140;
  const std::vector<Column> columns{
      {"Date (heure de Paris)", date, TextStyle::Align::left},
      {"État", state, TextStyle::Align::left},
      {"Message", paper_right - paper_left - date - state, TextStyle::Align::left}};
  std::vector<std::vector<Cell>> rows;
  for (const BordereauStep& step : b.steps)
    rows.push_back({{{french_moment(step.at), cell_style}},
                    {{value(step.state, 120), cell_strong}},
                    {{value(step.message, longest_message), cell_style}}});
  flow.table(columns, rows);
}

}  // namespace

Result<std::string> draw_bordereau(const Bordereau& b) {
  Canvas canvas(
      {.title = "Bordereau d’acquittement" + (b.id_acte.empty() ? "" : " " + one_line(b.id_acte, 60)),
       .author = one_line(b.operator_name, 200),
       .subject = one_line(b.object, 500),
       .made_at = b.made_at});
  constexpr double next_top = 62;
  constexpr double bottom = a4_height - 52;
  PaperFlow flow(canvas, first_header(canvas, b, false), next_top, bottom);
  add_parameters(flow, b);
  add_files(flow, b);
  add_steps(flow, b);
  flow.finish([&](std::size_t page, std::size_t pages) {
    environment_mark(canvas, b);
    if (page == 1)
      first_header(canvas, b, true);
    else
      running_header(canvas, b);
    footer(canvas, b, page, pages);
  });
  return canvas.finish();
}

}  // namespace demat::papers
