#include <algorithm>
#include <boost/json/serialize.hpp>
#include <optional>

#include "protocols/xml/parser.hpp"
#include "tools/dematctl/acquit_view.hpp"
#include "tools/dematctl/fetched_document.hpp"
#include "tools/dematctl/json_fields.hpp"
#include "tools/dematctl/outline_json.hpp"
#include "tools/dematctl/outline_text.hpp"

namespace demat::ctl {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

/// Sees the root of a document and stops.
class RootName final : public xml::Visitor {
 public:
  void start(const xml::StartElement& element, std::string_view /*path*/) override { name = element.name; }
  void end(std::string_view /*name*/, std::string_view /*path*/) override {}
  [[nodiscard]] bool wants_more() const override { return name.empty(); }
  std::string name;
};

Failure of_document(const Error& error) {
  return {error.outlook == Outlook::waiting ? Exit::unavailable : Exit::refused, error, {}};
}

/// For programs, a document that cannot be shown is null: the object around it stays whole.
Exit cannot_show(Output& out, const Failure& failure) {
  if (out.json()) out.bytes("null");
  return out.failed(failure);
}

Failure not_pes(const std::string& root) {
  return {Exit::usage,
          permanent_error("ctl.not_pes", "Ce n'est pas un document PES : sa racine est « " + root + " ».",
                          "This is no PES document: its root is \"" + root + "\"."),
          {}};
}

bool is_acquit(std::string_view root) {
  return root == "PES_ACQUIT" || root == "PES_NonAcquit";
}

/// The tree of a document, as people or programs read it.
Exit show_outline(Output& out, const ByteSource& source, bool lignes) {
  OutlineText text(out, lignes);
  OutlineJson object(out, lignes);
  pes::OutlineSink& sink = out.json() ? static_cast<pes::OutlineSink&>(object) : text;
  const auto read = pes::read_outline(source, sink);
  if (out.json()) object.finish(read ? nullptr : &read.error());
  text.flush();
  return read ? Exit::ok : out.failed(of_document(read.error()));
}

/// Reads the sent flow for what it says of the rejected things; an unreadable one says nothing.
SentParts sent_parts(const pes::Acquit& acquit, const ByteSource& flow) {
  SentParts sent(rejections_of(acquit));
  pes::OutlineOptions options;
  options.read_content = false;
  static_cast<void>(pes::read_outline(flow, sent, options));
  return sent;
}

Exit show_acquit(Output& out, const ByteSource& source, const ByteSource* flow) {
  const auto acquit = pes::decode_acquit(source);
  if (!acquit) return cannot_show(out, of_document(acquit.error()));
  std::optional<SentParts> sent;
  if (flow != nullptr) sent = sent_parts(*acquit, *flow);
  const SentParts* seen = sent ? &*sent : nullptr;
  if (out.json())
    out.bytes(json::serialize(acquit_json(*acquit, seen)));
  else
    print_acquit(out, *acquit, seen);
  return Exit::ok;
}

/// Without the end of line that JSON needs: something may follow in the same object.
Exit show_document(Output& out, const ByteSource& source, bool lignes) {
  RootName root;
  const auto read = xml::stream(source, root);
  if (!read && root.name.empty()) return cannot_show(out, of_document(read.error()));
  if (is_acquit(root.name)) return show_acquit(out, source, nullptr);
  if (root.name == "PES_Aller" || root.name == "PES_Retour" || root.name == "PES_ACQUIT_RETOUR")
    return show_outline(out, source, lignes);
  return cannot_show(out, not_pes(root.name));
}

void json_only(Output& out, std::string_view text = "\n") {
  if (out.json()) out.bytes(text);
}

Exit show_local(Output& out, const fs::path& file, bool lignes) {
  const auto source = open_local(file);
  if (!source) return out.failed(source.error());
  const Exit exit = show_document(out, **source, lignes);
  json_only(out);
  return exit;
}

void print_flow(Output& out, const json::object& flow) {
  out.line("Flux " + printable(text_of(flow, "id")) +
           " — état / state : " + printable(text_of(flow, "state")));
  const std::string sent = short_time(text_of(flow, "sent_at"));
  out.line(
      "  déposé le " + printable(short_time(text_of(flow, "created_at"))) +
      (sent.empty() ? "" : ", envoyé le " + printable(sent)) +
      (text_of(flow, "waiting_code").empty() ? "" : ", attend " + printable(text_of(flow, "waiting_code"))));
  out.line("");
}

/// The documents of a flow, all of them at hand before anything is printed.
struct AtHand {
  std::unique_ptr<ByteSource> file;
  std::unique_ptr<ByteSource> acquit;  ///< null: none has come
};
Answer<AtHand> bring(Api& api, const ShowOptions& options) {
  const auto documents = fetch_documents(api, options.what);
  if (!documents) return fail(documents.error());
  if (options.acquit && !documents->has("acquit")) return fail(no_acquit());
  AtHand out;
  auto file = documents->open(api, options.signed_file ? "signed" : "original");
  if (!file) return fail(file.error());
  out.file = std::move(*file);
  if (!documents->has("acquit")) return out;
  auto acquit = documents->open(api, "acquit");
  if (!acquit) return fail(acquit.error());
  out.acquit = std::move(*acquit);
  return out;
}

/// A flow of the gateway: its state, what its acquit rejects, its tree.
Exit show_flow(Session& session, const json::object& flow, const ShowOptions& options) {
  Output& out = session.out;
  if (const auto protocol = text_of(flow, "protocol"); !protocol.empty() && protocol != "pes")
    return out.failed(not_pes(protocol));
  const auto documents = bring(session.api, options);
  if (!documents) return out.failed(documents.error());
  json_only(out, "{\"flow\":" + json::serialize(flow));
  if (!out.json()) print_flow(out, flow);
  Exit exit = Exit::ok;
  if (documents->acquit != nullptr) {
    json_only(out, ",\"acquit\":");
    exit = show_acquit(out, *documents->acquit, documents->file.get());
    out.line("");
  }
  if (!options.acquit) {
    json_only(out, ",\"document\":");
    exit = std::max(exit, show_document(out, *documents->file, options.lignes));
  }
  json_only(out, "}\n");
  return exit;
}

Exit show_return(Session& session, const std::string& id, bool lignes) {
  const auto source = fetch_return(session.api, id);
  if (!source) {
    auto error = source.error();
    // A flow was looked for before.
    if (error.error.code == "return.unknown")
      error.error =
          permanent_error("return.unknown", "Aucun de vos flux ni de vos retours ne porte cet identifiant.",
                          "None of your flows or returns has this id.");
    return session.out.failed(error);
  }
  const Exit exit = show_document(session.out, *source->bytes, lignes);
  json_only(session.out);
  return exit;
}

}  // namespace

Exit show(Session& session, const ShowOptions& options) {
  if (is_local(options.what)) return show_local(session.out, options.what, options.lignes);
  const auto flow = session.api.get("/v1/flows/" + percent_encode(options.what));
  if (!flow && flow.error().exit == Exit::not_found && !options.acquit)
    return show_return(session, options.what, options.lignes);
  if (!flow) return session.out.failed(flow.error());
  return show_flow(session, *flow, options);
}

}  // namespace demat::ctl
