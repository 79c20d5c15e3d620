#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <set>

#include "gateway/store/access.hpp"
#include "gateway/store/uploads.hpp"

namespace demat::store {

class SqliteUploads final : public Uploads {
 public:
  explicit SqliteUploads(const Access& access);

  Result<Upload> create(Upload upload, std::size_t most) override;
  Result<std::optional<Upload>> find(const UploadId& id) override;
  Result<std::unique_ptr<UploadWriter>> open(const UploadId& id, std::uint64_t offset) override;
  Status finish(const UploadId& id) override;
  Status remove(const UploadId& id) override;
  Result<std::size_t> expire(Instant before) override;

 private:
  class Writer;
  /// The uploads that a request has in hand.
  class Hands {
   public:
    [[nodiscard]] bool take(const UploadId& id);
    void give_back(const UploadId& id);
    [[nodiscard]] bool has(const UploadId& id);

   private:
    std::mutex mutex_;
    std::set<UploadId> taken_;
  };

  [[nodiscard]] std::filesystem::path path_of(const UploadId& id) const;
  Status drop_file(const UploadId& id) const;
  Status sweep_strangers();

  const Access& access_;
  std::filesystem::path folder_;
  Hands hands_;
};

}  // namespace demat::store
