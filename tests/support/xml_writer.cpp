#include "tests/support/xml_writer.hpp"

#include <stdexcept>

namespace demat::samples {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '"')
      out += "&quot;";
    else
      out.push_back(c);
  }
  return out;
}

}  // namespace

std::string to_latin1(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    if (byte < 0x80) {
      out.push_back(utf8[i]);
    } else if ((byte == 0xC2 || byte == 0xC3) && i + 1 < utf8.size()) {
      const auto next = static_cast<unsigned char>(utf8[++i]);
      out.push_back(static_cast<char>(((byte & 0x03U) << 6U) | (next & 0x3FU)));
    } else {
      throw std::invalid_argument("a sample text has a character outside ISO-8859-1");
    }
  }
  return out;
}

XmlWriter::XmlWriter(std::ostream& out, SampleEncoding encoding) : out_(out), encoding_(encoding) {
  out_ << R"(<?xml version="1.0" encoding=")" << (encoding == SampleEncoding::latin1 ? "ISO-8859-1" : "UTF-8")
       << "\"?>\n";
}

void XmlWriter::indent() {
  for (std::size_t i = 0; i < names_.size(); ++i)
    out_ << "  ";
}

void XmlWriter::start_tag(std::string_view name, Attributes attributes, std::string_view end) {
  out_ << '<' << name;
  for (const auto& [key, value] : attributes) {
    if (value.empty()) continue;
    const auto text = escaped(value);
    out_ << ' ' << key << "=\"" << (encoding_ == SampleEncoding::latin1 ? to_latin1(text) : text) << '"';
  }
  out_ << end;
}

void XmlWriter::open(std::string_view name, Attributes attributes) {
  indent();
  start_tag(name, attributes, ">\n");
  names_.emplace_back(name);
}

void XmlWriter::close() {
  if (names_.empty()) throw std::logic_error("nothing is open");
  const auto name = std::move(names_.back());
  names_.pop_back();
  indent();
  out_ << "</" << name << ">\n";
}

void XmlWriter::empty(std::string_view name, Attributes attributes) {
  indent();
  start_tag(name, attributes, "/>\n");
}

}  // namespace demat::samples
