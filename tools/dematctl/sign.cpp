#include <algorithm>
#include <boost/json/array.hpp>

#include "protocols/base/byte_source.hpp"
#include "protocols/base/digest.hpp"
#include "protocols/xml/canonical.hpp"
#include "protocols/xml/parser.hpp"
#include "tools/dematctl/commands_sign.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

tl::unexpected<Failure> distrust(std::string_view what) {
  return fail(
      {Exit::refused,
       permanent_error("ctl.not_what_is_shown",
                       "Ce que la passerelle donne à signer n'est pas le fichier qu'elle montre : rien "
                       "n'est signé. Prévenez l'exploitant.",
                       "What the gateway hands out for signature is not the file it shows: nothing is "
                       "signed. Tell the operator.",
                       what),
       {}});
}

Failure of_error(const Error& error) {
  return {error.outlook == Outlook::waiting ? Exit::unavailable : Exit::refused, error, {}};
}

/// What is to be signed of one element: the bytes for the card.
struct Wanted {
  std::string element;
  std::string signed_info;
};

/// The bytes speak of that very element as it stands in the file: nobody signs blindly (signature RS10).
Answer<Wanted> checked(const json::object& one, const xml::Document& document) {
  Wanted out{text_of(one, "element"), {}};
  const auto decoded = decode_base64(text_of(one, "signed_info"));
  out.signed_info = as_text(decoded.bytes);
  const auto elements = document.with_attribute("Id");
  const auto at = std::find_if(elements.begin(), elements.end(),
                               [&](const xml::Element& e) { return e.attribute("Id") == out.element; });
  if (!decoded.ok || at == elements.end()) return distrust("no such element");
  const auto digest = xml::canonical_digest(document, *at, xml::C14n::exclusive, Digester::Algorithm::sha256);
  if (!digest) return fail(of_error(digest.error()));
  const std::string_view text = out.signed_info;
  const auto reference = text.find(" URI=\"#" + out.element + "\"");
  const auto begin = text.find("DigestValue>", reference);
  const bool whole = text.starts_with("<ds:SignedInfo ") && text.ends_with("</ds:SignedInfo>");
  if (!whole || reference == text.npos || begin == text.npos) return distrust("SignedInfo");
  if (!text.substr(begin).starts_with("DigestValue>" + base64(*digest) + "<")) return distrust("digest");
  return out;
}

Answer<std::vector<Wanted>> checked_all(Session& session, const std::string& id, const json::object& offer) {
  const auto bytes = session.api.download("/v1/flows/" + percent_encode(id) + "/payload", {});
  if (!bytes) return fail(bytes.error());
  if (sha256(*bytes).str() != text_of(offer, "original_sha256")) return distrust("SHA-256 of the file");
  const MemorySource source(*bytes);
  const auto document = xml::parse_lean(source);
  if (!document) return fail(of_error(document.error()));
  std::vector<Wanted> out;
  for (const auto& one : objects_of(offer, "elements")) {
    auto wanted = checked(one, *document);
    if (!wanted) return fail(std::move(wanted.error()));
    out.push_back(std::move(*wanted));
  }
  return out;
}

json::object body_of(const SignOptions& options, const Bytes& certificate) {
  json::object body{{"certificate", base64(certificate)}};
  for (const auto& [name, value] : {std::pair{"role", &options.role},
                                    {"city", &options.city},
                                    {"postal_code", &options.postal_code},
                                    {"country", &options.country}})
    if (!value->empty()) body[name] = *value;
  return body;
}

void show(Session& session, const std::string& id, const json::object& offer) {
  const auto* certificate = object_of(offer, "certificate");
  session.out.say("Flux " + printable(id) + " — à signer par " +
                      printable(certificate == nullptr ? "" : text_of(*certificate, "name")) + ", " +
                      printable(text_of(offer, "role")) + ", " + printable(text_of(offer, "city")) + " :",
                  "to be signed");
  for (const auto& one : objects_of(offer, "elements"))
    for (const auto& line : objects_of(one, "lines"))
      session.out.line("  " + printable(text_of(one, "element")) + "  " + printable(text_of(line, "fr")));
  session.out.findings(objects_of(offer, "findings"));
}

Answer<json::object> signatures_of(const json::object& offer, const std::vector<Wanted>& wanted, Card& card) {
  json::array values;
  for (const auto& one : wanted) {
    const auto value = card.sign(one.signed_info);
    if (!value) return fail(value.error());
    values.push_back({{"element", one.element}, {"value", base64(*value)}});
  }
  return json::object{{"request", text_of(offer, "request")}, {"signatures", std::move(values)}};
}

Answer<json::object> sign_one(Session& session, const std::string& id, const SignOptions& options, Card& card,
                              const std::function<bool(const std::string&)>& asked) {
  const auto certificate = card.certificate();
  if (!certificate) return fail(certificate.error());
  const std::string path = "/v1/flows/" + percent_encode(id);
  const auto offer = session.api.post(path + "/signature-request", body_of(options, *certificate));
  if (!offer) return fail(offer.error());
  const auto wanted = checked_all(session, id, offer->body);
  if (!wanted) return fail(wanted.error());
  show(session, id, offer->body);
  if (!options.yes && !asked("Signer ? / Sign? [o/N] "))
    return fail(
        {Exit::refused, permanent_error("ctl.not_signed", "Rien n'a été signé.", "Nothing was signed."), {}});
  const auto body = signatures_of(offer->body, *wanted, card);
  if (!body) return fail(body.error());
  auto done = session.api.put(path + "/signature", *body);
  if (!done) return fail(done.error());
  return std::move(done->body);
}

}  // namespace

Exit sign_with(Session& session, const SignOptions& options, Card& card,
               const std::function<bool(const std::string&)>& asked) {
  Exit worst = Exit::ok;
  for (const auto& id : options.ids) {
    const auto done = sign_one(session, id, options, card, asked);
    if (!done) {
      const Exit exit = session.out.failed(done.error());
      if (worst == Exit::ok) worst = exit;
      if (exit == Exit::network) return exit;
      continue;
    }
    session.out.object(*done);
    session.out.say("Flux " + printable(id) +
                        " signé : " + std::to_string(texts_of(*done, "elements").size()) +
                        " signature(s), état « " + printable(text_of(*done, "state")) + " ».",
                    "signed");
  }
  return worst;
}

Exit sign(Session& session, const SignOptions& options) {
  if (options.list) return sign_list(session);
  if (options.ids.empty())
    return session.out.failed(usage_failure("ctl.nothing_to_sign", "Donnez un flux à signer, ou --list.",
                                            "Give a flow to sign, or --list.")
                                  .value());
  const auto card = open_card(options);
  if (!card) return session.out.failed(card.error());
  return sign_with(session, options, **card, confirmed);
}

Exit sign_list(Session& session) {
  auto items = session.api.list("/v1/flows", Query().add("state", "to_sign"), 0);
  if (!items) return session.out.failed(items.error());
  std::erase_if(*items,
                [](const json::object& one) { return text_of(one, "waiting_code") != "signature.agent"; });
  session.out.items(*items, {{"id", "id"},
                             {"déposé", "created_at"},
                             {"collectivité", "authority"},
                             {"NomFic", "nom_fic"},
                             {"fichier", "file_name"}});
  return Exit::ok;
}

}  // namespace demat::ctl
