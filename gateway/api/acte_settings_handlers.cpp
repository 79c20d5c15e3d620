#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <tuple>

#include "gateway/api/acte_render.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "gateway/base/paris.hpp"
#include "protocols/actes/classification.hpp"
#include "protocols/actes/naming.hpp"
#include "protocols/actes/rules.hpp"
#include "protocols/mail/compose.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;
using flow::Action;

bool is_digits(std::string_view text, std::size_t count) {
  return text.size() == count &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "034", "02A", "971" (actes 3.1).
bool is_departement(std::string_view text) {
  if (text.size() != 3 || (text[0] != '0' && text[0] != '9') || text[1] < '0' || text[1] > '9') return false;
  return (text[2] >= '0' && text[2] <= '9') || text[2] == 'A' || text[2] == 'B';
}

Result<std::vector<std::string>> words_member(const json::object& from, const std::string& name) {
  std::vector<std::string> out;
  const auto* list = from.if_contains(name);
  if (list == nullptr) return out;
  if (!list->is_array()) return failure(bad_field(name));
  for (const auto& one : list->get_array()) {
    if (!one.is_string()) return failure(bad_field(name));
    std::string word(one.get_string());
    if (word.empty() || word.size() > 250 || word.find_first_of("\r\n") != std::string::npos)
      return failure(bad_field(name));
    out.push_back(std::move(word));
  }
  return out;
}

Result<std::uint32_t> number_member(const json::object& from, const std::string& name, std::uint32_t usual,
                                    std::int64_t most) {
  const auto* value = from.if_contains(name);
  if (value == nullptr) return usual;
  if (!value->is_int64() || value->get_int64() < 0 || value->get_int64() > most)
    return failure(bad_field(name));
  return static_cast<std::uint32_t>(value->get_int64());
}

/// The fields that have a form of their own.
Status check_settings(const flow::ActesSettings& s) {
  if (!is_departement(s.departement)) return failure(bad_field("departement"));
  if (!is_digits(s.arrondissement, 1)) return failure(bad_field("arrondissement"));
  if (!is_digits(s.nature, 2)) return failure(bad_field("nature"));
  if (!s.convention_date.empty() && !paris_day_from(s.convention_date))
    return failure(bad_field("convention_date"));
  for (const auto& nature : s.natures)
    if (!is_digits(nature, 1)) return failure(bad_field("natures"));
  for (const auto& matieres : s.matieres)
    if (!actes::parse_matieres(matieres)) return failure(bad_field("matieres"));
  for (const auto& address : s.addresses)
    if (!actes::is_return_address(address)) return failure(bad_field("addresses"));
  for (const auto& address : s.notify)
    if (!mail::is_address(address)) return failure(bad_field("notify"));
  return {};
}

Result<flow::ActesSettings> read_settings(const json::object& body) {
  flow::ActesSettings s;
  for (const auto& [name, into] : std::initializer_list<std::pair<std::string_view, std::string*>>{
           {"departement", &s.departement},
           {"arrondissement", &s.arrondissement},
           {"nature", &s.nature},
           {"convention_date", &s.convention_date},
           {"paper_reason", &s.paper_reason},
           {"contact_name", &s.contact_name},
           {"contact_phone", &s.contact_phone},
           {"contact_email", &s.contact_email}}) {
    auto text = text_member(body, name, "");
    if (!text) return failure(text.error());
    *into = std::move(*text);
  }
  for (const auto& [name, into] :
       std::initializer_list<std::pair<std::string, std::vector<std::string>*>>{{"natures", &s.natures},
                                                                                {"matieres", &s.matieres},
                                                                                {"addresses", &s.addresses},
                                                                                {"notify", &s.notify}}) {
    auto words = words_member(body, name);
    if (!words) return failure(words.error());
    *into = std::move(*words);
  }
  for (const auto& [name, into] : std::initializer_list<std::pair<std::string_view, bool*>>{
           {"paper", &s.paper}, {"image_document", &s.image_document}, {"pdf_budget", &s.pdf_budget}}) {
    const auto flag = bool_member(body, name, false);
    if (!flag) return failure(flag.error());
    *into = *flag;
  }
  constexpr std::int64_t most_days = 366;
  for (const auto& [name, into, most] :
       std::initializer_list<std::tuple<std::string, std::uint32_t*, std::int64_t>>{
           {"classification_days", &s.classification_days, most_days},
           {"stamp_across", &s.stamp_across, 100},
           {"stamp_down", &s.stamp_down, 100}}) {
    const auto number = number_member(body, name, *into, most);
    if (!number) return failure(number.error());
    *into = *number;
  }
  return s;
}

http::Response get_settings(const Context& context) {
  const auto found = context.services.store.actes().settings(AuthorityId{context.request.capture("siren")});
  if (!found) return problem(found.error(), context.request);
  if (!*found)
    return problem(unknown("Cette collectivité n'est pas décrite pour ACTES.",
                           "This authority is not described for ACTES."),
                   context.request);
  return json_reply(200, to_json(**found));
}

http::Response put_settings(const Context& context) {
  const auto body =
      json_body(context, {"departement", "arrondissement", "nature", "convention_date", "natures", "matieres",
                          "paper", "paper_reason", "contact_name", "contact_phone", "contact_email",
                          "addresses", "notify", "image_document", "pdf_budget", "classification_days",
                          "stamp_across", "stamp_down", "reason"});
  if (!body) return problem(body.error(), context.request);
  auto settings = read_settings(*body);
  if (!settings) return problem(settings.error(), context.request);
  settings->authority = AuthorityId{context.request.capture("siren")};
  if (auto status = check_settings(*settings); !status) return problem(status.error(), context.request);
  const auto reason = text_member(*body, "reason", "");
  if (!reason) return problem(reason.error(), context.request);
  if (auto done = context.services.store.actes().put_settings(*settings, context.identity.name, *reason);
      !done)
    return problem(done.error(), context.request);
  return json_reply(200, to_json(*settings));
}

constexpr std::array rows = {
    Row{"GET", "/v1/authorities/{siren}/actes", Needs::platform, Action::administer, get_settings},
    Row{"PUT", "/v1/authorities/{siren}/actes", Needs::platform, Action::administer, put_settings},
};

}  // namespace

std::span<const Row> acte_settings_rows() {
  return rows;
}

}  // namespace demat::api
