#include "tools/dematctl/output.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

std::string shown(const json::object& object, const std::string& field) {
  const std::string text = text_of(object, field);
  if (text == "{}") return {};
  return field.ends_with("_at") || field == "at" || field == "oldest" ? short_time(text) : text;
}

}  // namespace

std::string short_time(const std::string& iso) {
  if (iso.size() < 20 || iso[10] != 'T' || iso.back() != 'Z') return iso;
  return iso.substr(0, 10) + " " + iso.substr(11, 8) + "Z";
}

std::string place_text(std::size_t line, const std::string& path) {
  std::string text = line == 0 ? "" : "ligne " + std::to_string(line);
  if (!path.empty()) text += (text.empty() ? "" : " ") + path;
  return text;
}

void Output::object(const json::object& object) {
  if (json_) out_ << json::serialize(object) << '\n' << std::flush;
}

void Output::line(std::string_view text) {
  if (!json_) out_ << text << '\n' << std::flush;
}

void Output::text(std::string_view lines) {
  if (!json_) out_ << lines << std::flush;
}

void Output::table(const Table& table) {
  if (!json_) out_ << table.str(width_) << std::flush;
}

void Output::say(std::string_view fr, std::string_view en) {
  line(fr);
  line("  " + std::string(en));
}

void Output::note(std::string_view fr, std::string_view en) {
  if (json_)
    err_ << json::serialize(json::object{{"note", fr}, {"note_en", en}}) << '\n' << std::flush;
  else
    err_ << fr << "\n  " << en << '\n' << std::flush;
}

void Output::bytes(std::string_view bytes) {
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out_.flush();
}

void Output::items(const std::vector<json::object>& items, const std::vector<Column>& columns) {
  if (json_) {
    for (const auto& item : items)
      object(item);
    return;
  }
  std::vector<std::string> header;
  for (const Column& column : columns)
    header.push_back(column.title);
  Table rows(std::move(header));
  for (const auto& item : items) {
    std::vector<std::string> row;
    for (const Column& column : columns)
      row.push_back(shown(item, column.field));
    rows.add(std::move(row));
  }
  if (rows.empty())
    say("Rien à montrer.", "Nothing to show.");
  else
    table(rows);
}

void Output::fields(const json::object& object, const std::vector<Column>& columns) {
  if (json_) {
    this->object(object);
    return;
  }
  std::size_t widest = 0;
  for (const Column& column : columns)
    widest = std::max(widest, display_width(column.title));
  for (const Column& column : columns) {
    const std::string value = shown(object, column.field);
    if (!value.empty())
      line(column.title + std::string(widest - display_width(column.title), ' ') + " : " + printable(value));
  }
}

void Output::findings(const std::vector<json::object>& findings, std::ostream* instead) {
  if (findings.empty() || json_) return;
  std::ostream& out = instead == nullptr ? out_ : *instead;
  for (const auto& finding : findings) {
    const auto* place = object_of(finding, "place");
    const std::string where =
        place == nullptr
            ? ""
            : place_text(static_cast<std::size_t>(number_of(*place, "line")), text_of(*place, "path"));
    out << "  - [" << text_of(finding, "severity") << "] " << printable(text_of(finding, "code"))
        << (where.empty() ? "" : "  " + printable(where)) << '\n'
        << "      " << printable(text_of(finding, "fr")) << '\n'
        << "      " << printable(text_of(finding, "en")) << '\n';
  }
  out.flush();
}

Exit Output::failed(const Failure& failure) {
  if (json_) {
    json::object line = failure.problem;
    if (line.empty()) {
      line = {{"code", failure.error.code}, {"detail", failure.error.fr}, {"detail_en", failure.error.en}};
    }
    line["exit"] = static_cast<int>(failure.exit);
    err_ << json::serialize(line) << '\n' << std::flush;
    return failure.exit;
  }
  err_ << "Erreur : " << printable(failure.error.fr) << '\n'
       << "Error: " << printable(failure.error.en) << '\n'
       << "  code " << printable(failure.error.code);
  const std::string where = place_text(failure.error.place.line, failure.error.place.path);
  if (!where.empty()) err_ << "  " << printable(where);
  const std::string flow = text_of(failure.problem, "flow");
  if (!flow.empty()) err_ << "  flux/flow " << printable(flow);
  err_ << '\n' << std::flush;
  findings(objects_of(failure.problem, "findings"), &err_);
  return failure.exit;
}

}  // namespace demat::ctl
