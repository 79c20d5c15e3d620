#include <optional>

#include "protocols/base/file_name.hpp"
#include "protocols/base/utf8.hpp"
#include "protocols/pes/outline.hpp"
#include "tools/dematctl/fetched_document.hpp"
#include "tools/dematctl/json_fields.hpp"
#include "tools/dematctl/outline_text.hpp"
#include "tools/dematctl/safe_folder.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

/// Unpacked bytes of one document, all attachments together: forty full flows.
constexpr std::size_t max_total = 4'000'000'000;

Error over_total() {
  return permanent_error("pj.too_large",
                         "Les pièces jointes sont trop grosses, ensemble, une fois décompressées.",
                         "The attachments are too large together once unpacked.");
}

/// Takes each attachment out as it passes; tells of each when its name is known.
class Extraction final : public pes::OutlineSink {
 public:
  /// `folder`: null to list only.
  Extraction(Output& out, SafeFolder* folder) : out_(out), folder_(folder) {}

  void open(const pes::Part& /*part*/) override {}
  void close(const pes::Part& part) override {
    if (part.kind == pes::PartKind::pj) attachment(part);
  }
  void begin_content() override {
    if (folder_ == nullptr || wrong_) return;
    if (auto begun = folder_->begin(); !begun) wrong_ = begun.error();
  }
  [[nodiscard]] Status content(std::string_view bytes) override {
    total_ += bytes.size();
    if (total_ > max_total) wrong_ = over_total();
    if (wrong_) return failure(*wrong_);
    if (folder_ == nullptr) return {};
    auto written = folder_->write(bytes);
    if (!written) wrong_ = written.error();
    return written;
  }
  [[nodiscard]] bool wants_more() const override { return !wrong_; }

  /// What makes going on useless: the disk, the sum of all sizes.
  [[nodiscard]] const std::optional<Error>& wrong() const { return wrong_; }
  [[nodiscard]] std::size_t broken() const { return broken_; }
  [[nodiscard]] std::size_t seen() const { return seen_; }

 private:
  void attachment(const pes::Part& part);
  void tell(const pes::Part& part, const Error* broken, const std::string& file);

  Output& out_;
  SafeFolder* folder_;
  std::optional<Error> wrong_;
  std::size_t total_ = 0;
  std::size_t seen_ = 0;
  std::size_t broken_ = 0;
};

Error no_content() {
  return permanent_error("pj.empty", "La pièce jointe est vide. Joignez le document.",
                         "The attachment is empty. Attach the document.");
}

void Extraction::attachment(const pes::Part& part) {
  if (wrong_) return;
  ++seen_;
  std::optional<Error> broken;
  if (!part.broken.code.empty())
    broken = part.broken;
  else if (part.content.content == 0)
    broken = no_content();
  std::string file;
  if (broken) {
    ++broken_;
    if (folder_ != nullptr) folder_->drop();
  } else if (folder_ != nullptr) {
    const std::string otherwise = "piece-jointe-" + std::string(part["id_unique"]);
    const auto kept = folder_->keep(safe_file_name(part["nom"], otherwise));
    if (!kept) {
      wrong_ = kept.error();
      return;
    }
    file = *kept;
  }
  tell(part, broken ? &*broken : nullptr, file);
}

void Extraction::tell(const pes::Part& part, const Error* broken, const std::string& file) {
  json::object line{{"id_unique", utf8_replaced(std::string(part["id_unique"]))},
                    {"nom", utf8_replaced(std::string(part["nom"]))},
                    {"type", utf8_replaced(std::string(part["type"]))},
                    {"packed_size", part.content.packed},
                    {"references", part.references}};
  if (broken == nullptr)
    line["size"] = part.content.content;
  else
    line["broken"] = json::object{{"code", broken->code}, {"fr", broken->fr}, {"en", broken->en}};
  if (!file.empty()) line["file"] = file;
  out_.object(line);
  const auto* type = part.field("type");
  out_.line(
      printable(std::string(part["id_unique"]) + "  " + (file.empty() ? std::string(part["nom"]) : file) +
                (type == nullptr || type->fr.empty() ? "" : "  (" + std::string(type->fr) + ")") + "  " +
                (broken == nullptr ? size_text(part.content.content)
                                   : "ILLISIBLE : " + broken->fr + " (" + broken->code + ")")));
}

Exit extract_from(Output& out, const ByteSource& source, SafeFolder* folder) {
  Extraction extraction(out, folder);
  const auto read = pes::read_outline(source, extraction);
  if (extraction.wrong())
    return out.failed(
        {extraction.wrong()->code == "ctl.file" ? Exit::usage : Exit::refused, *extraction.wrong(), {}});
  if (!read) return out.failed({Exit::refused, read.error(), {}});
  if (extraction.seen() == 0)
    out.say("Ce document ne porte aucune pièce jointe.", "This document holds no attachment.");
  return extraction.broken() == 0 ? Exit::ok : Exit::refused;
}

Exit extract_to(Output& out, const ByteSource& source, const ExtractOptions& options) {
  if (options.list) return extract_from(out, source, nullptr);
  auto folder = SafeFolder::open(options.to);
  if (!folder) return out.failed(folder.error());
  return extract_from(out, source, &*folder);
}

}  // namespace

Exit extract(Session& session, const ExtractOptions& options) {
  if (is_local(options.what)) {
    const auto source = open_local(options.what);
    return source ? extract_to(session.out, **source, options) : session.out.failed(source.error());
  }
  const auto documents = fetch_documents(session.api, options.what);
  if (!documents) return session.out.failed(documents.error());
  const auto source = documents->open(session.api, "original");
  return source ? extract_to(session.out, **source, options) : session.out.failed(source.error());
}

}  // namespace demat::ctl
