#include "protocols/xml/sax_stream.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>

#include "protocols/xml/encoding.hpp"
#include "protocols/xml/libxml.hpp"
#include "protocols/xml/markup_scanner.hpp"
#include "protocols/xml/parse_errors.hpp"

namespace demat::xml::detail {
namespace {

/// One streaming parse: what the C callbacks see through the parser's `_private`.
class Run {
 public:
  Run(const ByteSource& source, const ParseLimits& limits, EventSink& sink)
      : source_(source), sink_(sink), guard_(limits), encoding_({}) {}

  [[nodiscard]] Status execute();

 private:
  static Run& self(void* user_data) {
    return *static_cast<Run*>(static_cast<xmlParserCtxt*>(user_data)->_private);
  }

  /// Exceptions must not cross C frames: kept here, thrown again by execute().
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
  static int on_read(void* user_data, char* buffer, int size) {
    return static_cast<Run*>(user_data)->read(buffer, static_cast<std::size_t>(size));
  }
  static void on_start(void* user_data, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri,
                       int namespace_count, const xmlChar** namespaces, int attribute_count,
                       int /*defaulted*/, const xmlChar** attributes) {
    guarded(user_data, [&](Run& run) {
      const auto* input = static_cast<xmlParserCtxt*>(user_data)->input;
      const auto line = input == nullptr ? 0 : static_cast<std::size_t>(input->line);
      run.sink_.start({name, prefix, uri, namespace_count, namespaces, attribute_count, attributes, line});
    });
  }
  static void on_end(void* user_data, const xmlChar*, const xmlChar*, const xmlChar*) {
    guarded(user_data, [](Run& run) { run.sink_.end(); });
  }
  static void on_text(void* user_data, const xmlChar* text, int size) {
    guarded(user_data, [&](Run& run) { run.sink_.text(view(text, text + size)); });
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

  const ByteSource& source_;
  EventSink& sink_;
  MarkupScanner guard_;
  EncodingCheck encoding_;
  ParseErrors errors_;
  std::size_t offset_ = 0;
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
  sax.internalSubset = on_doctype;
  sax.serror = on_error;
  return sax;
}

int Run::read(char* buffer, std::size_t size) {
  if (refused_ || stopped_) return -1;
  auto got = source_.read(offset_, {buffer, size});
  if (!got) {
    refused_ = std::move(got.error());
    return -1;
  }
  offset_ += *got;
  auto status = encoding_.feed({buffer, *got});
  if (status) status = guard_.feed({buffer, *got});
  if (status) return static_cast<int>(*got);
  refused_ = std::move(status.error());
  return -1;
}

Status Run::execute() {
  std::array<char, declaration_window> head{};
  const auto got = source_.read(0, head);
  if (!got) return failure(got.error());
  if (auto status = check_encoding({head.data(), *got}); !status) return status;

  encoding_ = EncodingCheck({head.data(), *got});

  auto sax = handler();
  const ParserPtr parser{
      xmlCreateIOParserCtxt(&sax, nullptr, on_read, nullptr, this, XML_CHAR_ENCODING_NONE)};
  if (!parser) {
    if (refused_) return failure(std::move(*refused_));
    return failure(errors_.take());
  }
  parser->_private = this;
  xmlCtxtUseOptions(parser.get(), parse_options);
  const int rc = xmlParseDocument(parser.get());
  if (thrown_) std::rethrow_exception(thrown_);
  if (refused_ && !stopped_) return failure(std::move(*refused_));
  if (stopped_) return {};
  if (rc != 0 || errors_.any() || parser->wellFormed != 1) return failure(errors_.take());
  return {};
}

}  // namespace

Status run_sax(const ByteSource& source, const ParseLimits& limits, EventSink& sink) {
  ensure_libxml();
  Run run(source, limits, sink);
  return run.execute();
}

}  // namespace demat::xml::detail

namespace demat::xml {

Status stream(const ByteSource& source, Visitor& visitor, const ParseLimits& limits) {
  detail::VisitorSink sink({&visitor});
  return detail::run_sax(source, limits, sink);
}

}  // namespace demat::xml
