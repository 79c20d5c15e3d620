#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "gateway/flow/answers.hpp"
#include "gateway/flow/authority.hpp"
#include "gateway/flow/flow.hpp"
#include "gateway/http/message.hpp"
#include "gateway/store/store.hpp"
#include "protocols/base/finding.hpp"

/// Values as the JSON of docs/openapi.yaml. Empty optional members are left out.
namespace demat::api {

[[nodiscard]] boost::json::object to_json(const flow::Flow& flow);
[[nodiscard]] boost::json::object to_json(const flow::Event& event);
[[nodiscard]] boost::json::object to_json(const flow::Attempt& attempt);
[[nodiscard]] boost::json::object to_json(const flow::Document& document);
[[nodiscard]] boost::json::object to_json(const flow::AcquitAnomaly& anomaly);
[[nodiscard]] boost::json::object to_json(const flow::Return& item);
[[nodiscard]] boost::json::object to_json(const flow::Route& route);
[[nodiscard]] boost::json::object to_json(const flow::Identity& identity);
[[nodiscard]] boost::json::object to_json(const Finding& finding);

/// {"items": [...]}
template <class T>
[[nodiscard]] boost::json::object items_json(const std::vector<T>& items) {
  boost::json::array list;
  for (const auto& item : items)
    list.push_back(to_json(item));
  boost::json::object out;
  out["items"] = std::move(list);
  return out;
}

/// 204: done, and nothing to say.
[[nodiscard]] http::Response empty_reply();

/// Application/json with that status. The one place where what is not UTF-8 (a peer's reply in Latin-1, an
/// old row) is replaced by U+FFFD: no value may make a list unreadable.
[[nodiscard]] http::Response json_reply(int status, const boost::json::object& body);

/// The only way to say "accepted": it takes the store's proof (stack rule 13).
[[nodiscard]] http::Response accepted_reply(const store::DurableReceipt& receipt);

/// A flow with its Location.
[[nodiscard]] http::Response located_reply(int status, const flow::Flow& flow);

/// Bytes for download, with their digest as ETag.
[[nodiscard]] http::Response bytes_reply(store::Payload payload, const Sha256& sha256,
                                         std::string_view media_type, std::string_view file_name);

}  // namespace demat::api
