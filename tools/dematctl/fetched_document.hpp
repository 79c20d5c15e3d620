#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tools/dematctl/api.hpp"
#include "tools/dematctl/commands_show.hpp"
#include "tools/dematctl/local_file.hpp"

namespace demat::ctl {

/// The last document of that role in a list of them; null: there is none.
[[nodiscard]] const boost::json::object* last_of(const std::vector<boost::json::object>& documents,
                                                 std::string_view role);

/// The documents of a flow, brought to the disk when they are asked for, into a folder that goes with this.
class FetchedDocuments {
 public:
  FetchedDocuments(std::string flow, std::vector<boost::json::object> documents, TemporaryFolder folder)
      : flow_(std::move(flow)), documents_(std::move(documents)), folder_(std::move(folder)) {}
  [[nodiscard]] bool has(std::string_view role) const;
  /// The last document of that role ("original": what was deposited). Failures: the gateway's, `ctl.damaged`,
  /// `ctl.no_document`.
  [[nodiscard]] Answer<std::unique_ptr<ByteSource>> open(Api& api, std::string_view role) const;

 private:
  std::string flow_;
  std::vector<boost::json::object> documents_;
  TemporaryFolder folder_;
};
[[nodiscard]] Answer<FetchedDocuments> fetch_documents(Api& api, const std::string& flow);

/// A return of the State, on the disk.
struct FetchedReturn {
  TemporaryFolder folder;
  std::unique_ptr<ByteSource> bytes;
};
[[nodiscard]] Answer<FetchedReturn> fetch_return(Api& api, const std::string& id);

}  // namespace demat::ctl
