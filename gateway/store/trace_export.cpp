#include <fmt/format.h>

#include <array>
#include <vector>

#include "gateway/base/csv.hpp"
#include "gateway/store/traces.hpp"
#include "protocols/base/utf8.hpp"

namespace demat::store {
namespace {

constexpr std::string_view xml_namespace = "urn:dematd:traces:1";

/// The columns of the register, in order; the names of the XML elements too.
constexpr std::array columns = {"direction",   "at",      "ended_at", "nature",  "name",
                                "nom_fic",     "size",    "sha1",     "sha256",  "authority",
                                "destination", "outcome", "subject",  "attempt", "purged_at"};

std::string optional_time(const std::optional<Instant>& at) {
  return at ? to_iso8601_paris(*at) : std::string();
}

std::array<std::string, columns.size()> cells_of(const Trace& t) {
  return {std::string(to_string(t.direction)),
          to_iso8601_paris(t.at),
          optional_time(t.ended_at),
          t.nature,
          t.name,
          t.nom_fic.str(),
          std::to_string(t.size),
          t.sha1.str(),
          t.sha256.str(),
          t.authority.str(),
          t.destination.str(),
          t.outcome,
          t.subject,
          t.attempt == 0 ? std::string() : std::to_string(t.attempt),
          optional_time(t.purged_at)};
}

std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (static_cast<unsigned char>(c) < 0x20 && c != '\t')
      out += "\xEF\xBF\xBD";  // not allowed in XML at all
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string trace_head(TraceFormat format, const TraceFilter& filter, const std::string& environment,
                       Instant now) {
  if (format == TraceFormat::csv) {
    const std::vector<std::string> names(columns.begin(), columns.end());
    return csv_mark + csv_line(names);
  }
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<traces xmlns=\"{}\" environment=\"{}\" made_at=\"{}\"",
      xml_namespace, xml_text(environment), to_iso8601_paris(now));
  if (filter.authority) out += fmt::format(" authority=\"{}\"", xml_text(filter.authority->str()));
  if (filter.from) out += fmt::format(" from=\"{}\"", to_iso8601_paris(*filter.from));
  if (filter.to) out += fmt::format(" to=\"{}\"", to_iso8601_paris(*filter.to));
  return out + ">\n";
}

std::string trace_text(TraceFormat format, const Trace& trace) {
  const auto cells = cells_of(trace);
  if (format == TraceFormat::csv) return csv_line(cells);
  std::string out = "<trace>";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells.at(i).empty()) continue;
    out += fmt::format("<{0}>{1}</{0}>", columns.at(i), xml_text(utf8_replaced(cells.at(i))));
  }
  return out + "</trace>\n";
}

std::string trace_foot(TraceFormat format) {
  return format == TraceFormat::csv ? std::string() : std::string("</traces>\n");
}

}  // namespace demat::store
