#include <algorithm>
#include <fstream>

#include "tools/dematctl/commands_tickets.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

constexpr std::size_t piece_size = 8'000'000;
constexpr int most_trials = 12;  ///< in a row without progress
constexpr std::chrono::seconds longest_pause{30};

/// Worth another try: the line, a busy gateway, or a request of ours that it still believes alive.
bool may_pass(const Failure& failure) {
  return failure.exit == Exit::network || failure.exit == Exit::unavailable ||
         failure.error.code == "upload.busy" || failure.error.code == "upload.offset";
}

Answer<std::string> read_piece(const std::filesystem::path& file, std::int64_t offset) {
  std::ifstream in(file, std::ios::binary);
  in.seekg(offset);
  std::string bytes(piece_size, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  if (in.bad())
    return usage_failure("ctl.file", "Fichier illisible : " + file.string(),
                         "Unusable file: " + file.string());
  return bytes;
}

/// Pauses longer and longer while nothing moves.
class Patience {
 public:
  explicit Patience(Session& session) : session_(session) {}
  void progress() { trials_ = 0; }
  [[nodiscard]] bool wait() {
    if (++trials_ > most_trials) return false;
    session_.sleep(
        std::min<std::chrono::seconds>(std::chrono::seconds(1 << std::min(trials_, 6)), longest_pause));
    return true;
  }

 private:
  Session& session_;
  int trials_ = 0;
};

}  // namespace

Answer<Api::Reply> upload_resumable(Session& session, const std::filesystem::path& file,
                                    const std::vector<std::pair<std::string, std::string>>& headers) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error)
    return usage_failure("ctl.file", "Fichier illisible : " + file.string(),
                         "Unusable file: " + file.string());
  const auto made =
      session.api.post("/v1/uploads", {{"size", size}, {"file_name", file.filename().string()}});
  if (!made) return fail(made.error());
  const std::string path = "/v1/uploads/" + percent_encode(text_of(made->body, "id"));
  Patience patience(session);
  for (std::int64_t offset = 0;;) {
    const auto piece = read_piece(file, offset);
    if (!piece) return fail(piece.error());
    auto reply = session.api.patch(path, offset, *piece, headers);
    if (reply && reply->status != 204) return reply;
    if (reply) {
      offset += static_cast<std::int64_t>(piece->size());
      patience.progress();
      continue;
    }
    if (!may_pass(reply.error()) || !patience.wait()) return reply;
    const auto now = session.api.get(path);
    if (now) offset = number_of(*now, "offset");
    if (!now && !may_pass(now.error())) return fail(now.error());
  }
}

}  // namespace demat::ctl
