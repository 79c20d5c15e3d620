#pragma once

#include <boost/json/object.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tools/dematctl/failure.hpp"
#include "tools/dematctl/table.hpp"

namespace demat::ctl {

/// What commands print with: tables and French-first sentences for people, one JSON object per line for
/// scripts. Errors go to `err`, in JSON too when it was asked for.
class Output {
 public:
  /// `width`: columns of the terminal, 0 when it is none (nothing is cut then).
  /// `colour`: whether that terminal is to be given colours.
  Output(std::ostream& out, std::ostream& err, bool json, std::size_t width, bool colour = false)
      : out_(out), err_(err), json_(json), width_(width), colour_(colour) {}

  [[nodiscard]] bool json() const { return json_; }
  [[nodiscard]] bool colour() const { return colour_; }
  /// One line of JSON; nothing for people.
  void object(const boost::json::object& object);
  /// For people only.
  void line(std::string_view text);
  /// For people only: lines that end themselves and are safe to show.
  void text(std::string_view lines);
  void table(const Table& table);
  /// A bilingual sentence for people: French, then English.
  void say(std::string_view fr, std::string_view en);
  /// Something to know beside the result, on the error output: it never mixes with bytes or objects.
  void note(std::string_view fr, std::string_view en);
  /// Bytes as they are, whatever the mode.
  void bytes(std::string_view bytes);
  /// Each object as a line of JSON, or all as a table of the named fields.
  struct Column {
    std::string title;
    std::string field;
  };
  void items(const std::vector<boost::json::object>& items, const std::vector<Column>& columns);
  /// "name: value" for the named fields that are there; the whole object in JSON.
  void fields(const boost::json::object& object, const std::vector<Column>& columns);
  /// Prints why a command ends, findings included, and gives its exit.
  Exit failed(const Failure& failure);
  /// Findings of a report or a problem, as a table.
  void findings(const std::vector<boost::json::object>& findings, std::ostream* instead = nullptr);

 private:
  std::ostream& out_;
  std::ostream& err_;
  bool json_;
  std::size_t width_;
  bool colour_;
};

/// "2026-03-01 12:34:56Z" of the API's times; other text as it is.
[[nodiscard]] std::string short_time(const std::string& iso);
/// "ligne 12 /PES_Aller/…" of a place object's members.
[[nodiscard]] std::string place_text(std::size_t line, const std::string& path);

}  // namespace demat::ctl
