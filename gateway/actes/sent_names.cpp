#include "gateway/actes/sent_names.hpp"

#include <algorithm>

#include "protocols/actes/read.hpp"
#include "protocols/archive/reader.hpp"

namespace demat::actes_road {
namespace {

constexpr std::size_t largest_message = 4'000'000;  ///< bytes of a business XML

/// Takes the first business message out of an archive, and lets the reading end there.
class FirstMessage final : public archive::EntrySink {
 public:
  Status begin(const archive::Entry& entry) override {
    reads_ = entry.name.ends_with(".xml") && entry.size <= largest_message;
    bytes_.clear();
    return {};
  }
  Status piece(std::string_view bytes) override {
    if (reads_) bytes_ += bytes;
    return {};
  }
  Status end() override {
    if (!reads_) return {};
    const auto read = actes::read_message(bytes_);
    if (!read) return {};
    for (const auto& file : actes::files_of(*read))
      names.push_back(file.name);
    found = true;
    return failure(permanent_error("stopped", "Lecture achevée.", "The reading is done."));
  }

  std::vector<std::string> names;
  bool found = false;  ///< then the failure of the reading is our own

 private:
  bool reads_ = false;
  std::string bytes_;
};

}  // namespace

Result<std::vector<std::string>> sent_names(store::Store& store,
                                            const std::vector<flow::Document>& documents) {
  const auto envelope = std::find_if(documents.rbegin(), documents.rend(),
                                     [](const flow::Document& one) { return one.role == "envelope"; });
  if (envelope == documents.rend()) return std::vector<std::string>();
  const auto payload = store.open_payload(envelope->sha256);
  if (!payload) return failure(payload.error());
  FirstMessage message;
  const auto read = archive::read_tar_gz(**payload, message);
  if (!read && !message.found) return failure(read.error());
  return std::move(message.names);
}

}  // namespace demat::actes_road
