#pragma once

#include <boost/json/array.hpp>

#include "gateway/api/context.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/api/render.hpp"

namespace demat::api {

/// One page of a list and where the next one is; `render` makes the JSON of an item. What the store refuses
/// is its problem.
template <class T, class Render>
[[nodiscard]] http::Response page_reply(const http::Request& request, const Result<store::Page<T>>& page,
                                        Render render) {
  if (!page) return problem(page.error(), request);
  boost::json::array items;
  for (const auto& item : page->items)
    items.push_back(render(item));
  boost::json::object out{{"items", std::move(items)}};
  if (!page->next.empty()) {
    out["next"] = page->next;
    out["next_url"] = next_url(request, page->next);
  }
  return json_reply(200, out);
}

}  // namespace demat::api
