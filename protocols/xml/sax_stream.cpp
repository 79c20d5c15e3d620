#include "protocols/xml/sax_stream.hpp"

#include <libxml/parserInternals.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdint>
#include <exception>
#include <optional>
#include <vector>

#include "protocols/xml/encoding.hpp"
#include "protocols/xml/libxml.hpp"
#include "protocols/xml/markup_scanner.hpp"
#include "protocols/xml/parse_errors.hpp"

namespace demat::xml::detail {
namespace {

/// libxml2 asks for some 4 KB at a time; files are read by larger pieces.
constexpr std::size_t chunk_bytes = 65'536;

/// Different names of elements, attributes and namespaces in one document; those of a PES are some hundred.
/// libxml2 looks for a name among the others of a table of fixed size: millions of them would be quadratic.
constexpr int max_names = 250'000;

/// One parse: what the C callbacks see through the parser's `_private`.
class Run {
 public:
  explicit Run(EventSink& sink) : sink_(sink) {}

  /// Chunk by chunk; null guard: the bytes were checked before.
  [[nodiscard]] Status over(const ByteSource& source, MarkupScanner* guard, std::span<const Hole> holes,
                            DictPtr* names);
  /// All at once; the bytes were checked before.
  [[nodiscard]] Status over(std::string_view bytes, DictPtr* names);

 private:
  static Run& self(void* user_data) {
    return *static_cast<Run*>(static_cast<xmlParserCtxt*>(user_data)->_private);
  }

  /// Exceptions must not cross C frames: kept here, thrown again at the end.
  template <class Action>
  static void guarded(void* user_data, Action action) {
    auto& run = self(user_data);
    if (run.stopped_) return;
    try {
      action(run);
      if (!run.sink_.wants_more()) run.stop(user_data);
    } catch (...) {
      run.thrown_ = std::current_exception();
      run.stop(user_data);
    }
  }

  void stop(void* user_data) {
    stopped_ = true;
    xmlStopParser(static_cast<xmlParserCtxt*>(user_data));
  }

  int read(char* buffer, std::size_t size);
  [[nodiscard]] Result<std::size_t> read_around_holes(std::span<char> buffer);
  [[nodiscard]] Result<std::size_t> read_ahead(std::span<char> buffer);
  [[nodiscard]] Status parse(xmlParserCtxt* parser, DictPtr* names);
  static int on_read(void* user_data, char* buffer, int size) {
    return static_cast<Run*>(user_data)->read(buffer, static_cast<std::size_t>(size));
  }
  /// Refuses the document once it has too many names.
  static void count_names(void* user_data) {
    auto* parser = static_cast<xmlParserCtxt*>(user_data);
    if (xmlDictSize(parser->dict) <= max_names || self(user_data).refused_) return;
    auto error = permanent_error("xml.too_many_names", "Trop de noms différents d'éléments ou d'attributs",
                                 "Too many different names of elements or attributes");
    if (parser->input != nullptr) error.place.line = static_cast<std::size_t>(parser->input->line);
    self(user_data).refused_ = std::move(error);
    xmlStopParser(parser);
  }
  static void on_start(void* user_data, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri,
                       int namespace_count, const xmlChar** namespaces, int attribute_count,
                       int /*defaulted*/, const xmlChar** attributes) {
    count_names(user_data);
    guarded(user_data, [&](Run& run) {
      const auto* input = static_cast<xmlParserCtxt*>(user_data)->input;
      const auto line = input == nullptr ? 0 : static_cast<std::size_t>(input->line);
      while (run.passed_ < run.holes_.size() && run.holes_[run.passed_].owner < run.elements_)
        run.hidden_lines_ += run.holes_[run.passed_++].lines;
      ++run.elements_;
      run.sink_.start({name, prefix, uri, namespace_count, namespaces, attribute_count, attributes,
                       line + run.hidden_lines_});
    });
  }
  static void on_end(void* user_data, const xmlChar*, const xmlChar*, const xmlChar*) {
    guarded(user_data, [](Run& run) { run.sink_.end(); });
  }
  static void on_text(void* user_data, const xmlChar* text, int size) {
    guarded(user_data, [&](Run& run) { run.sink_.text(view(text, text + size)); });
  }
  static void on_comment(void* user_data, const xmlChar* text) {
    guarded(user_data, [&](Run& run) { run.sink_.comment(view(text)); });
  }
  static void on_instruction(void* user_data, const xmlChar* target, const xmlChar* text) {
    count_names(user_data);
    guarded(user_data, [&](Run& run) { run.sink_.instruction(target, view(text)); });
  }
  static void on_doctype(void* user_data, const xmlChar*, const xmlChar*, const xmlChar*) {
    self(user_data).refused_ = permanent_error("xml.doctype", "Déclaration DOCTYPE interdite.",
                                               "A DOCTYPE declaration is forbidden.");
    xmlStopParser(static_cast<xmlParserCtxt*>(user_data));
  }
  static void on_error(void* user_data, xmlErrorPtr error) {
    auto& run = self(user_data);
    if (error != nullptr && !run.stopped_) run.errors_.add(*error);
  }
  static xmlSAXHandler handler();

  EventSink& sink_;
  const ByteSource* source_ = nullptr;
  MarkupScanner* guard_ = nullptr;
  std::span<const Hole> holes_;
  Conversion conversion_ = Conversion::library;
  EncodingCheck encoding_{{}};
  ParseErrors errors_;
  std::string raw_;            ///< bytes to be converted
  std::vector<char> chunk_;    ///< read ahead of the parser
  std::size_t held_ = 0;       ///< bytes in it
  std::size_t given_ = 0;      ///< of them to the parser
  std::size_t offset_ = 0;     ///< of the next byte to read
  std::size_t next_hole_ = 0;  ///< not read past yet
  std::size_t passed_ = 0;     ///< holes whose owner has been seen
  std::size_t hidden_lines_ = 0;
  std::uint32_t elements_ = 0;
  std::optional<Error> refused_;  ///< by the guard or the source
  std::exception_ptr thrown_;
  bool stopped_ = false;
};

xmlSAXHandler Run::handler() {
  xmlSAXHandler sax{};
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = on_start;
  sax.endElementNs = on_end;
  sax.characters = on_text;
  sax.ignorableWhitespace = on_text;
  sax.cdataBlock = on_text;
  sax.comment = on_comment;
  sax.processingInstruction = on_instruction;
  sax.internalSubset = on_doctype;
  sax.serror = on_error;
  return sax;
}

Result<std::size_t> Run::read_around_holes(std::span<char> buffer) {
  if (next_hole_ < holes_.size() && offset_ == holes_[next_hole_].begin) offset_ = holes_[next_hole_++].end;
  if (next_hole_ < holes_.size())
    buffer = buffer.first(std::min(buffer.size(), holes_[next_hole_].begin - offset_));
  auto got = source_->read(offset_, buffer);
  if (got) offset_ += *got;
  return got;
}

/// The guard and the parser still see the document piece by piece, so that whoever stops early is not refused
/// for what comes later.
Result<std::size_t> Run::read_ahead(std::span<char> buffer) {
  if (!source_->view().empty()) return read_around_holes(buffer);
  if (given_ == held_) {
    chunk_.resize(chunk_bytes);
    auto got = read_around_holes(chunk_);
    if (!got) return got;
    held_ = *got;
    given_ = 0;
  }
  const auto size = std::min(buffer.size(), held_ - given_);
  std::copy_n(chunk_.begin() + static_cast<std::ptrdiff_t>(given_), size, buffer.begin());
  given_ += size;
  return size;
}

int Run::read(char* buffer, std::size_t size) {
  if (refused_ || stopped_) return -1;
  const bool converts = conversion_ == Conversion::latin1;
  if (converts) raw_.resize(std::max<std::size_t>(size / 2, 1));
  const std::span<char> target = converts ? std::span<char>(raw_) : std::span<char>(buffer, size);
  const auto got = read_ahead(target);
  if (!got) {
    refused_ = got.error();
    return -1;
  }
  const std::string_view bytes(target.data(), *got);
  if (guard_ != nullptr) {
    auto status = encoding_.feed(bytes);
    if (status) status = guard_->feed(bytes);
    if (!status) {
      refused_ = std::move(status.error());
      return -1;
    }
  }
  return static_cast<int>(converts ? latin1_to_utf8(bytes, buffer) : bytes.size());
}

Status Run::parse(xmlParserCtxt* parser, DictPtr* names) {
  parser->_private = this;
  const int converted = conversion_ == Conversion::library ? 0 : XML_PARSE_IGNORE_ENC;
  xmlCtxtUseOptions(parser, parse_options | converted);
  const int rc = xmlParseDocument(parser);
  if (thrown_) std::rethrow_exception(thrown_);
  if (refused_ && !stopped_) return failure(std::move(*refused_));
  if (stopped_) return {};
  if (rc != 0 || errors_.any() || parser->wellFormed != 1) return failure(errors_.take());
  if (names != nullptr) {
    xmlDictReference(parser->dict);
    names->reset(parser->dict);
  }
  return {};
}

Status Run::over(const ByteSource& source, MarkupScanner* guard, std::span<const Hole> holes,
                 DictPtr* names) {
  std::array<char, declaration_window> head{};
  const auto got = source.read(0, head);
  if (!got) return failure(got.error());
  const std::string_view first(head.data(), *got);
  if (auto status = check_encoding(first); !status) return status;
  source_ = &source;
  guard_ = guard;
  holes_ = holes;
  encoding_ = EncodingCheck(first);
  conversion_ = conversion_of(first);

  auto sax = handler();
  const ParserPtr parser{
      xmlCreateIOParserCtxt(&sax, nullptr, on_read, nullptr, this, XML_CHAR_ENCODING_NONE)};
  if (!parser) {
    if (refused_) return failure(std::move(*refused_));
    return failure(errors_.take());
  }
  return parse(parser.get(), names);
}

Status Run::over(std::string_view bytes, DictPtr* names) {
  conversion_ = conversion_of(bytes.substr(0, declaration_window));
  std::unique_ptr<char[]> converted;
  if (conversion_ == Conversion::latin1 && !is_ascii(bytes)) {
    // NOLINTNEXTLINE(modernize-make-unique): make_unique would write zeros over it first
    converted.reset(new char[bytes.size() * 2]);
    bytes = {converted.get(), latin1_to_utf8(bytes, converted.get())};
  }
  if (bytes.size() > static_cast<std::size_t>(INT_MAX))
    return failure(permanent_error("xml.too_large", "Fichier trop volumineux.", "The file is too large."));
  const ParserPtr parser{xmlCreateMemoryParserCtxt(bytes.data(), static_cast<int>(bytes.size()))};
  if (!parser) return failure(errors_.take());
  *parser->sax = handler();
  return parse(parser.get(), names);
}

}  // namespace

Status run_sax(const ByteSource& source, const ParseLimits& limits, EventSink& sink) {
  ensure_libxml();
  MarkupScanner guard(limits);
  return Run(sink).over(source, &guard, {}, nullptr);
}

Status run_sax(std::string_view bytes, MarkupScanner& guard, EventSink& sink, DictPtr* names) {
  ensure_libxml();
  const auto head = bytes.substr(0, declaration_window);
  if (auto status = check_encoding(head); !status) return status;
  if (auto status = EncodingCheck(head).feed(bytes); !status) return status;
  if (auto status = guard.feed(bytes); !status) return status;
  return Run(sink).over(bytes, names);
}

Status run_sax(const ByteSource& source, std::span<const Hole> holes, EventSink& sink, DictPtr* names) {
  ensure_libxml();
  return Run(sink).over(source, nullptr, holes, names);
}

}  // namespace demat::xml::detail

namespace demat::xml {

Status stream(const ByteSource& source, Visitor& visitor, const ParseLimits& limits) {
  detail::VisitorSink sink({&visitor});
  return detail::run_sax(source, limits, sink);
}

}  // namespace demat::xml
