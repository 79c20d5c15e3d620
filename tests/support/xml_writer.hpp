#pragma once

#include <cstddef>
#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace demat::samples {

enum class SampleEncoding { latin1, utf8 };

/// ISO-8859-1 bytes of a UTF-8 text. Throws std::invalid_argument for a character that has none: samples are
/// ours.
[[nodiscard]] std::string to_latin1(std::string_view utf8);

/// Writes indented XML to a stream, values given in UTF-8. Throws std::logic_error when `close` has nothing
/// to close.
class XmlWriter {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// Writes the XML declaration. `out` must outlive the writer.
  XmlWriter(std::ostream& out, SampleEncoding encoding);

  void open(std::string_view name, Attributes attributes = {});
  void close();
  /// An empty element; attributes with an empty value are left out.
  void empty(std::string_view name, Attributes attributes);
  /// A PES leaf: the value is the attribute V.
  void leaf(std::string_view name, std::string_view value) { empty(name, {{"V", value}}); }
  /// The same unless the value is empty.
  void optional_leaf(std::string_view name, std::string_view value) {
    if (!value.empty()) leaf(name, value);
  }
  /// ASCII text inside the open element, as it is.
  void raw(std::string_view ascii) { out_ << ascii; }

 private:
  void start_tag(std::string_view name, Attributes attributes, std::string_view end);
  void indent();

  std::ostream& out_;
  SampleEncoding encoding_;
  std::vector<std::string> names_;
};

}  // namespace demat::samples
